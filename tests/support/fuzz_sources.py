"""A source of some length in each language: ordinary code, with what its grammar finds hard."""

# ruff: noqa: E501 -- lines are as long as they are in such code

from __future__ import annotations

from pathlib import Path
from typing import Final

_ROOT: Final = Path(__file__).parents[2]
_REAL: Final = {  # of this repository
    "python": "context/inglenook_context/resolve.py",
    "typescript": "editors/vscode/src/extension.ts",
    "toml": "pyproject.toml",
    "json": "editors/vscode/package.json",
    "markdown": "ARCHITECTURE.md",
}
_SIZE: Final = 6_000  # characters

_GO: Final = """// Package store keeps rows.
package store

import (
	"context"
	"fmt"
	money "example.org/shop/pkg/go-money/v2"
	. "example.org/shop/pkg/dot"
	_ "embed"
)

//go:embed rows.sql
var query string

const (
	Small = iota
	Large
)

type ID string

// Row is one.
type Row struct {
	ID   ID `json:"id"`
	Next *Row
	*money.Cents
	tags map[string][]chan<- struct{}
}

type Shape[T any] interface {
	~int | ~string
	Area(x, y T) (float64, error)
}

type Store struct {
	rows  []*Row
	shape Shape[int]
}

func Open(name string, rows ...*Row) (_ *Store, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v: `%q`", r, '\\'')
		}
	}()
	s := &Store{rows: rows}
	for i, row := range s.rows {
		next := row.Next
		s.put(i, next)
	}
	return s, nil
}

func (s *Store) Load(ctx context.Context, id ID) (*Row, error) {
	var found *Row
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	default:
	}
	switch v := any(id).(type) {
	case ID:
		found = s.rows[0]
	case fmt.Stringer:
		goto end
	}
end:
	return found, nil
}

func (s Store) put(_ int, row *Row) { go func() { s.rows = append(s.rows, row) }() }

func Map[K comparable, V any](in map[K]V, f func(K, V) V) []V {
	out := make([]V, 0, len(in))
	for k, v := range in {
		out = append(out, f(k, v))
	}
	return out
}

var shared, _ = Open(`a
b`)
"""

_RUST: Final = """//! Rows.
#![allow(dead_code)]
use std::{collections::HashMap, fmt::{self, Display as _}, sync::Arc};
use crate::money::{self, Cents, Kind::*};
pub use self::inner::Deep as Deeper;
pub(crate) mod disk;
mod inner { pub struct Deep { pub d: super::Store<u8> } }

/// One row.
#[derive(Clone, Debug)]
pub struct Row<'a, T: 'a + ?Sized = str> {
    pub id: &'a T,
    next: Option<Box<Row<'a, T>>>,
    pub(super) price: Cents,
}

pub struct Unit;
pub struct Pair(pub i32, String);

pub enum Kind { Plain, Wide(Row<'static>), Named { x: u8, y: [u8; 4] } = 3 }

pub trait Shape: Send + Sync {
    type Out: Display;
    const SIDES: usize = 4;
    fn area(&self) -> f64;
    fn name(&self) -> String { String::from(r#"a "quoted" name"#) }
}

impl<'a, T> Row<'a, T>
where
    T: fmt::Debug + ?Sized,
{
    pub fn new(id: &'a T) -> Self { Self { id, next: None, price: Cents::default() } }

    pub async fn load<F>(&mut self, rows: Vec<Arc<Row<'a, T>>>, f: F) -> Result<&Self, Box<dyn Error>>
    where
        F: Fn(&str) -> bool,
    {
        let held = self.cache.lock().await?.find::<u8>(1)?;
        if let Some(first) = rows.first() {
            for (at, each) in rows.iter().enumerate() {
                let next = each.next.as_ref().unwrap();
                run(|x: Cents, y| x.add(y));
            }
        }
        match held {
            Kind::Named { x, .. } if x > 1 => unsafe { *ptr = 'x' },
            Wide(row) | Other(row) => return Err("no \\" row".into()),
            _ => loop { break 'outer },
        }
        Ok(self)
    }
}

impl Shape for Unit { type Out = u8; fn area(&self) -> f64 { 1.0e-3_f64 } }

macro_rules! rows {
    ($($id:expr),* $(,)?) => { vec![$(Row::new($id)),*] };
}

static SHARED: Lazy<HashMap<String, Row<'static>>> = Lazy::new(|| HashMap::new());
pub type Rows<'a> = Vec<Row<'a>>;
extern "C" { fn put(x: *const u8) -> i32; }

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn opens() { assert_eq!(rows!["a", "b"].len(), 2); /* a /* nested */ comment */ }
}
"""

_JAVA: Final = '''/* Rows. */
package com.acme.shop;

import java.util.*;
import static com.acme.shop.Limits.*;
import com.acme.rows.Row;
import com.acme.rows.Row.Mode;

/** A store of rows. */
@Service(name = "store", value = {1, 2})
public sealed abstract class Store<T extends Comparable<? super T> & Sized> extends Shelf<Row>
        implements Sized, AutoCloseable permits Small, Large {
    private static final Map<String, List<Row>> ALL = new HashMap<>();
    protected final T row;
    int[] sizes = {1, 2, 3};

    static { ALL.put("x", List.of()); }

    public enum Mode { FAST("f") { @Override void go() {} }, SLOW; Mode(String... names) {} void go() {} }

    public record Point(int x, int y) { Point { if (x < 0) throw new IllegalArgumentException("""
            no "negative" x"""); } }

    @interface Marked { String value() default ""; }

    public Store(String name, T row) throws Failure {
        super(name);
        this.row = row;
    }

    public <R> Optional<R> load(final String id, Map<String, Row> byName,
                                Function<? super Row, ? extends R> with) {
        var found = byName.get(id);
        for (Row each : ALL.getOrDefault(id, List.of())) {
            each.next().ifPresent(next -> { put(next); });
        }
        try (var in = open(id); Reader other = new Reader(in)) {
            return switch (found.mode()) {
                case FAST, SLOW -> Optional.of(with.apply(found));
                default -> { yield Optional.empty(); }
            };
        } catch (Failure | Other failed) {
            if (failed instanceof Wide wide && wide.more()) throw failed;
        } finally {
            synchronized (this) { sizes[0]++; }
        }
        return Optional.<R>empty();
    }

    abstract double area();
    default int none() { return '\\u0041' + 0x1F; }
    interface Inner<A> { A get(); }
}
'''

_CPP: Final = """#pragma once
#include <map>
#define MAX(a, b) \\
    ((a) > (b) ? (a) : (b))
#ifdef DEBUG
namespace shop::rows {
#else
namespace shop { namespace rows {
#endif
template <typename T, int N = 3> class Row final : public Base<T>, private virtual Other {
 public:
  explicit Row(T id) noexcept : id_{id}, next_(nullptr) {}
  virtual ~Row() = default;
  Row& operator=(const Row&) = delete;
  auto area() const -> double override { return 1.0f; }
  static constexpr int kMost = 1'000;
  friend std::ostream& operator<<(std::ostream& out, const Row& row);
 private:
  T id_; Row* next_;
  std::map<std::string, std::vector<T>> tags_;
};
enum class Kind : unsigned { Plain, Wide = 3 };
struct Point { int x, y; union { float f; char c[4]; }; };
typedef int (*callback)(const char* name, void* data);
using Rows = std::vector<Row<int>>;
extern "C" int put(int count, ...);
static inline int load(const Point* p) {
  auto find = [&, p](auto&& each) mutable { return each == p->x; };
  for (const auto& [key, value] : all) if (find(value)) goto end;
  switch (p->x) { case 'a': return R"x(raw )" text)x"[0]; default: throw std::runtime_error("no"); }
end:
  return MAX(1, 2);
}
template <> Row<int>::Row(int id) try : id_(id) {} catch (...) {}
concept Sized = requires(T t) { t.size(); };
} }
int main(int argc, char** argv) { return shop::rows::load(nullptr); }
"""

_C: Final = """#include <stdio.h>
#define EACH(x) for (int i = 0; i < (x); i++)
struct row { int id; struct row *next; unsigned flag : 1; char name[]; };
typedef struct { double x, y; } point;
enum kind { PLAIN, WIDE = 1 << 3 };
static const char *names[] = { [0] = "a", "b\\n" "c" };
int (*handlers[3])(struct row *, int);
extern int open_store(const char *path, ...);
/* Load it. */
static int load(struct row *row, int (*with)(point)) {
#if defined(A) && B > 1
    do { row = row->next; } while (row && row->id != 'x');
#endif
    EACH(3) { if (with((point){ .x = 1.5e3, .y = 2 })) goto out; }
    switch (row->id) { case 1 ... 3: break; default: return -1; }
out:
    return sizeof(struct row) > 3 ? 1 : 0;
}
old_style(a, b) int a; char b; { return a; }
int main(void) { return load(&(struct row){0}, 0); }
"""

_CSHARP: Final = """#nullable enable
using System; using static System.Math; using Rows = System.Collections.Generic.List<Shop.Row>;
namespace Shop;
/// <summary>A row.</summary>
[Serializable, Obsolete("no")]
public partial class Row<T> : Base, IRow<T> where T : class, new()
{
    public const int Most = 3;
    private readonly Dictionary<string, List<T?>> all = new();
    public event EventHandler? Changed;
    public string Name { get; private set; } = $"a {1 + 1:N2} {{b}}";
    public int this[int at] => at;
    public Row(string name) : base(name) { }
    ~Row() { }
    public static Row<T> operator +(Row<T> a, Row<T> b) => a;
    public async Task<T?> LoadAsync(string id, params int[] more)
    {
        var found = await all[id].FirstOrDefaultAsync(each => each is { Length: > 1 } x && x != null);
        using var file = File.Open(@"c:\\a""b", FileMode.Open);
        foreach (var (key, value) in all) yield return value;
        try { checked { more[0]++; } } catch (Exception e) when (e.Message == "x") { throw; } finally { }
        return found switch { null => default, Row<T> r => r.Next, _ => throw new Exception() };
    }
    public enum Kind : byte { Plain, Wide = 1 }
    public record struct Point(int X, int Y);
    public delegate void Handler(object sender);
    interface IInner { void Go() { } }
}
"""

_RUBY: Final = """# frozen_string_literal: true
require "set"
module Shop
  # A row.
  class Row < Base::Thing
    include Comparable
    attr_reader :id, :next
    MOST = %w[a b].freeze
    def initialize(id, *rest, name: nil, **more, &block)
      @id = id || raise(ArgumentError, "no #{id.inspect} \\" row")
      @next = nil
    end
    def <=>(other) = id <=> other.id
    def self.open(path) = new(path)
    class << self
      def load(id:) ; find { |each| each.id =~ /a[\\/]b#{id}/i } ; end
    end
    def each
      return to_enum unless block_given?
      until done? do yield(self) end
      case self when Row then 1 in {id: Integer => x} then x else 2 end
    rescue Failure, Other => error
      retry if error.again?
    ensure
      puts <<~TEXT, <<-'RAW'
        row #{@id}
      TEXT
        raw #{no}
      RAW
    end
    private def hidden!; @hidden ||= ->(x) { x + 1 } end
  end
end
__END__
rest
"""

_PHP: Final = """<!doctype html><?= $title ?>
<?php declare(strict_types=1);
namespace Shop\\Rows;
use Shop\\{Base, Money as Cents}; use function Shop\\open;
#[Attribute]
final class Row extends Base implements \\Countable, Sized {
    use Named, Tagged { Named::name insteadof Tagged; }
    public const MOST = 3;
    private static ?array $all = [1, 'a' => [2]];
    public function __construct(private readonly string $id, protected ?Row $next = null) {}
    public function load(int|string $id, callable ...$more): static|null {
        foreach (self::$all as $key => [$a, $b]) { $a?->next()->{"x$b"}($key); }
        $f = fn(Row $row): int => $row->id <=> "{$this->id} ${id}";
        return match (true) { $id > 1, default => new class($id) extends Row {} };
    }
    abstract protected function area(): float;
}
enum Kind: string { case Plain = 'p'; case Wide = 'w'; }
trait Named { public function name() { return <<<"EOT"
  a $this->id {$x['y']}
  EOT; } }
function open(string $path, &$out = null) { goto end; end: return $path; }
?>
<p><?php if ($x): ?>yes<?php else: ?>no<?php endif; ?></p>
"""

_SHELL: Final = """#!/usr/bin/env bash
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
declare -A rows=([a]=1 ["b c"]=2)
readonly MOST=$((1 << 3))
# Load it.
load() {
  local id="${1:?no id}" name=${2:-"x ${3//a/b}"}
  if [[ $id =~ ^[0-9]+$ && -f "$name" ]]; then
    while IFS= read -r line; do echo "$line" | tr a-z A-Z; done < <(cat "$name")
  elif (( id > 3 )); then return 1; else :; fi
  case "$id" in a|b) echo one ;; *) echo 'it'"'"'s' ;& esac
  cat <<EOT >&2
row $id `date` $(load "$(load 2)")
EOT
}
function put { for x in "${!rows[@]}" {1..3}; do trap 'rm -f "$x"' EXIT; done; }
select each in a b; do break; done
put && load 1 || exit $?
"""

_HTML: Final = """<!doctype html>
<html lang=en><head><title>Rows &amp; more</title>
<style>.row { color: red } </style><script type="module">if (a < b) { run("</b>"); }</script></head>
<body class='a b' hidden data-x="1"><!-- a -- comment --><p>one<p>two<br/><img src=x alt>
<table><tr><td>1<td>2</table><custom-row :x.y="z" @click="go()"><slot/></custom-row>
<textarea><p></textarea><svg viewBox="0 0 1 1"><path d="M0"/></svg></body></html>
"""
_CSS: Final = """@charset "utf-8"; @import url("a.css") screen;
:root { --row: 1px; --empty:; } /* comment */
a:not(.b, #c)::before > p ~ q + r[href^="x" i] , .x\\:y { content: "\\201C"; width: calc(1px + 2%); }
@media (min-width: 10em) and (hover) { .row { & .in { color: rgb(0 0 0 / 50%) !important } } }
@keyframes k { from { top: 0 } 50% { top: -1.5e3px } }
@font-face { font-family: X; src: url(data:font/woff;base64,AA==) }
"""
_YAML: Final = """%YAML 1.2
---
rows: &rows
  - {id: 1, name: "a: b", more: [1, 2.5e3, ~, yes]}
  - ? complex key
    : |+
      text
       more

  - !tag 'it''s'
  - <<: *rows
    "quoted": >-
      folded
...
--- # second
a: b
"""
_JSX: Final = """import React, { useState as state } from 'react';
import type { Row } from "./row";
export * from './other';
/** A list. */
export default function List<T extends Row>({ rows, onPick: pick = () => {} }) {
  const [open, setOpen] = state(false);
  const found = rows?.filter((row) => /a[/]b/u.test(row.id)) ?? [];
  return (
    <>
      {open && <ul className={`x ${open ? 'a' : "b"}`} {...rest} onClick={async () => pick(await load())}>
        {found.map(({ id, ...more }) => <li key={id}>text &nbsp; {/* c */}<Shop.Row a:b="1" /></li>)}
      </ul>}
    </>
  );
}
export class Store extends Base { static #all = new Map(); get first() { return this.#all?.[0]; } *each() { yield* this; } }
label: for (const x of y) { if (x) continue label; else break; }
export const { a, b: [c] } = await import('./x.js'), d = class {}, e = function* () {};
"""

DRAWN: Final = {
    "go": _GO,
    "rust": _RUST,
    "java": _JAVA,
    "c": _C,
    "cpp": _CPP,
    "csharp": _CSHARP,
    "ruby": _RUBY,
    "php": _PHP,
    "shellscript": _SHELL,
    "html": _HTML,
    "css": _CSS,
    "yaml": _YAML,
    "javascriptreact": _JSX,
}
_LIKE: Final = {"javascript": "javascriptreact", "typescriptreact": "javascriptreact"}


def source_of(language: str) -> str:
    """Ordinary text of a language; of one that is not known here, of all of them."""
    language = {"jsonc": "json"}.get(language, _LIKE.get(language, language))
    if language in _REAL:
        return (_ROOT / _REAL[language]).read_text(encoding="utf-8")[:_SIZE]
    return DRAWN.get(language) or "\n".join(DRAWN.values())[:_SIZE]
