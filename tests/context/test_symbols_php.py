from __future__ import annotations

from tests.support.outline import names, outline

PHP = """\
<?php
namespace Shop\\Data;

use Other\\Thing;

const LIMIT = 5;

/**
 * Keeps.
 */
#[Entity]
abstract class Store extends Base implements Kept, Shown
{
    use Counted;

    const FIRST = 1, SECOND = 2;
    /** How many. */
    public int $size = 1;
    private $rest;

    public function __construct(private Db $db, string $name)
    {
        $local = 1;
    }

    abstract public static function find(?int $id = null): ?Row;
}
interface Kept extends Shown { public function keep(): void; }
trait Counted { protected function count() {} }
enum Suit: string implements Shown { case Hearts = 'H'; const Wild = self::Hearts; }
// Makes one.
function make(int ...$sizes): Store { return new Store(); }
if (true) { function late() {} }
"""
PHP_SHOWN = """\
namespace Shop\\Data | namespace Shop\\Data
variable LIMIT | const LIMIT = 5
class Store (Base, Kept, Shown) | abstract class Store extends Base implements Kept, Shown | Keeps.
field Store.FIRST | const FIRST = 1
field Store.SECOND | const SECOND = 2
field Store.size: int | public int $size = 1 | How many.
field Store.rest | private $rest
method Store.__construct | public function __construct(private Db $db, string $name) {}
field Store.db: Db | db: Db
method Store.find: ?Row | abstract public static function find(?int $id = null): ?Row
interface Kept (Shown) | interface Kept extends Shown
method Kept.keep: void | public function keep(): void
class Counted | trait Counted
method Counted.count | protected function count() {}
enum Suit (Shown) | enum Suit: string implements Shown
field Suit.Hearts | case Hearts = 'H'
field Suit.Wild | const Wild = self::Hearts
function make: Store | function make(int ...$sizes): Store | Makes one.
function late | function late()
"""


def test_what_a_file_of_php_defines() -> None:
    assert outline(PHP, "php") == PHP_SHOWN


def test_what_stands_in_a_page_is_found() -> None:
    source = "<h1>x</h1>\n<?php function f() {} ?>\n<p>\n<?php class A {}\n"
    assert names(source, "php") == ["f", "A"]
