"""Edits that are good: small ones as commits have them, and what the refactors compute.

`drawn` are cases that are written out; the others are made from real functions.
"""

from __future__ import annotations

import ast
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from inglenook_context.refactor.edits import Refactoring, applied
from inglenook_context.refactor.python.extract_function import extract_function
from inglenook_context.refactor.python.extract_variable import extract_variable
from inglenook_context.refactor.python.inline_variable import inline_variable
from inglenook_context.refactor.python.rename_local import rename_local
from inglenook_context.text import Text
from inglenook_context.verify.task import Purpose, Task
from tests.context.verify.broken_python import body_line, inserted, margin, with_line
from tests.context.verify.broken_script import added
from tests.context.verify.places import (
    OWN_SCRIPTS,
    Place,
    chosen,
    python_places,
    script_places,
)
from tests.support.parsed import parsed

_CASES: Final = Path(__file__).parent / "cases"
Shape = Callable[[Place, random.Random], str | None]


@dataclass(frozen=True)
class Example:
    """An edit and what it is an example of."""

    name: str
    path: Path
    before: str
    after: str
    task: Task


def drawn(language: str) -> Iterator[Example]:
    """The cases of `cases/good_<language>.txt`: a line that tells the task, before, after."""
    text = (_CASES / f"good_{language}.txt").read_text("utf-8").removesuffix("\n")
    for number, case in enumerate(text.split("\n------\n"), 1):
        head, _, rest = case.partition("\n")
        before, arrow, after = rest.partition("\n->\n")
        assert arrow, f"a case without an arrow: {case[:60]}"
        words = head.split()
        pairs = [word.split("=") for word in words[1:] if "=" in word]
        task = Task(
            language,
            (0, len(before) + 1),
            Purpose(words[0]),
            signature_may_change="signature" in words,
            may_remove="remove" in words,
            gone=frozenset([pair[0] for pair in pairs] + [w[1:] for w in words if w[0] == "-"]),
            come=frozenset([pair[1] for pair in pairs] + [w[1:] for w in words if w[0] == "+"]),
        )
        path = python_places()[0].path if language == "python" else OWN_SCRIPTS / "case.ts"
        yield Example(f"case {number}", path, before + "\n", after + "\n", task)


# Small edits of any function


def _arguments(place: Place) -> list[str]:
    return [each.arg for each in place.tree.args.args if each.arg not in ("self", "cls")]


def _guard(place: Place, chance: random.Random) -> str | None:
    names = _arguments(place)
    at = body_line(place, chance)
    if not names or at is None:
        return None
    name = chance.choice(names)
    text = [
        f"if {name} is None:\n    raise ValueError('{name} is missing')",
        f"assert {name} is not None, 'a value is needed'",
        f"if not {name}:\n    # nothing to do\n    {name} = None",
        f"if isinstance({name}, (bytes, bytearray)):\n    {name} = bytes({name})",
    ]
    return inserted(place, at, chance.choice(text))


def _logging(place: Place, chance: random.Random) -> str | None:
    at = body_line(place, chance)
    if at is None:
        return None
    text = [
        "import logging as log_\n\nlog_.getLogger(__name__).debug('here: %s', 1)",
        "from warnings import warn as warn_\n\nwarn_('this is slow', stacklevel=2)",
        "print(f'at {__name__}')",
        "import os.path as path_\n\nassert path_.sep",
        "from time import perf_counter as clock_\nbegan_ = clock_()\nprint(clock_() - began_)",
        "from collections import OrderedDict as Ordered_, deque\nqueue_ = deque(Ordered_())",
    ]
    return inserted(place, at, chance.choice(text).replace("\n\n", "\n"))


def _code(place: Place, chance: random.Random) -> str | None:
    at = body_line(place, chance)
    if at is None:
        return None
    text = [
        "count_ = 0\nfor index_ in range(3):\n    count_ += index_",
        "pairs_ = {key_: len(key_) for key_ in ('a', 'b')}\nassert pairs_",
        "with open(__file__) as file_:\n    first_ = file_.readline()\n    print(first_)",
        "def helper_(value_, *rest_, **more_):\n    return value_, rest_, more_\nhelper_(1)",
        "try:\n    n_ = int('3')\nexcept (TypeError, ValueError) as error_:\n    print(error_)",
        "while True:\n    step_ = 1\n    if step_:\n        break",
        "first_, *others_ = [1, 2, 3]\nothers_.append(first_)",
        "# The order matters here, as the first one wins.",
        "if (size_ := len(__name__)) > 3:\n    size_ -= 1",
        "keys_ = sorted({'a': 1}, key=lambda key_: (len(key_), key_))\nkeys_.reverse()",
    ]
    return inserted(place, at, chance.choice(text))


def _condition(place: Place, chance: random.Random) -> str | None:
    at = body_line(place, chance, "if")
    if at is None:
        return None
    line = place.lines[at].rstrip("\n")
    match = re.match(r"^(\s*)(if|elif) (.+):$", line)
    if match is None or "#" in line or ":=" in line:
        return None
    new = chance.choice([f"not ({match[3]})", f"({match[3]}) and __debug__", f"bool({match[3]})"])
    return with_line(place, at, f"{match[1]}{match[2]} {new}:")


def _string(place: Place, chance: random.Random) -> str | None:
    at = body_line(place, chance)
    if at is None:
        return None
    line = place.lines[at]
    new = re.sub(r"(?<![\w\\])'(\w[\w ]*)'", r"'\1 (new)'", line, count=1)
    return None if new == line else with_line(place, at, new.rstrip("\n"))


def _number(place: Place, chance: random.Random) -> str | None:
    at = body_line(place, chance)
    line = place.lines[at] if at is not None else ""
    new = re.sub(r"(?<![\w.'\"])(\d)(?![\w.'\"])", lambda m: str(int(m[1]) + 1), line, count=1)
    return None if at is None or new == line else with_line(place, at, new.rstrip("\n"))


def _wrapped(place: Place, chance: random.Random) -> str | None:
    at = body_line(place, chance, "call")
    if at is None:
        return None
    line = place.lines[at].rstrip("\n")
    own = line[: len(line) - len(line.lstrip())]
    code = line.strip()
    if not code.endswith(")"):
        return None
    new = f"{own}try:\n{own}    {code}\n{own}except OSError:\n{own}    raise"
    return with_line(place, at, new)


def _comment(place: Place, chance: random.Random) -> str | None:
    at = body_line(place, chance)
    if at is None:
        return None
    text = [
        "# Note that this must come first.",
        "# XXX: what about empty input?",
        "# This is only needed on Windows, see the documentation.",
        "# Here we know that the list is sorted.",
        "# We can't use a set, for the order matters...",
        "# The following lines are slow",
    ]
    return inserted(place, at, chance.choice(text))


SMALL: Final[tuple[Shape, ...]] = (
    _guard,
    _logging,
    _code,
    _condition,
    _string,
    _number,
    _wrapped,
    _comment,
)


# Whole purposes


def _docstring(place: Place, chance: random.Random) -> str | None:
    tree = place.tree
    if ast.get_docstring(tree) is not None:
        return None
    shift = 2 if margin(place) else 1
    at = tree.body[0].lineno - shift
    if at < 1 or not place.lines[at - 1].rstrip().endswith(":"):
        return None
    text = [
        '"""Do what the name says."""',
        '"""Return the result.\n\nNote that nothing is changed in place.\n"""',
        '"""This function will do it.\n\nArgs:\n    x: Here is the value.\n"""',
    ]
    return inserted(place, at, chance.choice(text))


def _types(place: Place, chance: random.Random) -> str | None:
    tree = place.tree
    header_end = tree.body[0].lineno - (2 if margin(place) else 1)
    header = "".join(place.lines[:header_end])
    if "->" in header or "\\" in header or header.count("\n") != 1 or "#" in header:
        return None
    new = header
    for each in tree.args.args:
        if each.arg not in ("self", "cls"):
            kind = chance.choice(["int", "str | None", "object", "list[str]", "bytes"])
            new = re.sub(rf"(?<=[(, ]){each.arg}(?=[,)=])", f"{each.arg}: {kind}", new, count=1)
    new = re.sub(r"\):\n$", f") -> {chance.choice(['None', 'object', 'tuple[int, ...]'])}:\n", new)
    return None if new == header else new + "".join(place.lines[header_end:])


def computed(seed: int, number: int) -> Iterator[Example]:
    """What the refactors of Python make of real functions."""
    chance = random.Random(seed)
    kinds = [Purpose.RENAME, Purpose.EXTRACT, Purpose.EXTRACT, Purpose.INLINE]
    count = 0
    for place in chosen(python_places(), seed):
        kind = kinds[count % len(kinds)]
        found = _refactoring(place, kind, chance, count)
        if found is not None:
            count += 1
            yield found
        if count == number:
            return


def _refactoring(place: Place, kind: Purpose, chance: random.Random, count: int) -> Example | None:
    syntax = parsed(Text.of(place.text))
    assert syntax is not None
    tree = place.tree
    at = body_line(place, chance, "assign" if kind is not Purpose.EXTRACT else "call")
    if at is None:
        return None
    line = place.lines[at]
    offset = place.start + sum(map(len, place.lines[:at])) + len(line) - len(line.lstrip())
    end = offset + len(line.strip())
    gone: set[str] = set()
    if kind is Purpose.RENAME:
        made = rename_local(syntax, offset, "renamed_value")
        gone = {re.split(r"\W", line.strip())[0]}
    elif kind is Purpose.INLINE:
        made = inline_variable(syntax, offset)
        gone = {re.split(r"\W", line.strip())[0]}
    elif count % 2:
        made = extract_function(syntax, offset, end, "extracted_part")
    else:
        equal = line.find(" = ")
        start = offset - (len(line) - len(line.lstrip())) + equal + 3 if equal > 0 else offset
        made = extract_variable(syntax, start, end, "extracted_value")
    if not isinstance(made, Refactoring):
        return None
    del tree
    target = (
        min(place.start, made.changes[0].start),
        max(place.stop, made.changes[-1].stop),
    )
    come = {made.name} if made.name and kind is not Purpose.INLINE else set()
    task = Task("python", target, kind, gone=frozenset(gone), come=frozenset(come))
    name = f"computed {kind.value} {place.path.name}:{place.name}"
    return Example(name, place.path, place.text, applied(place.text, made.changes), task)


_SCRIPT_SMALL: Final[tuple[Shape, ...]] = (
    added(
        "if (Math.random() < 0) {\n  throw new Error('never');\n}",
        "console.debug('here');",
        "// The order matters here, as the first one wins.",
        "const now_ = Date.now();\nvoid now_;",
        "for (const [key_, value_] of Object.entries({ a: 1 })) {\n  console.log(key_, value_);\n}",
        "const double_ = (n_: number): number => n_ * 2;\ndouble_(2);",
        "try {\n  JSON.parse('1');\n} catch (error_) {\n  console.warn(error_);\n}",
        "const { a_, ...rest_ } = { a_: 1, b_: 2 };\nconsole.log(a_, rest_);",
        "type Pair_<T> = [T, T];\nconst pair_: Pair_<string> = ['a', 'b'];\npair_.reverse();",
        "let text_ = `${[1, 2].map((n_) => `<${n_}>`).join('')}`;\ntext_ = text_.trim();",
        "outer_: for (;;) {\n  break outer_;\n}",
        "const set_ = new Set<string>();\nset_.add('a');",
        "function inner_(value_?: unknown): asserts value_ {\n  void value_;\n}\ninner_(1);",
        "class Local_ {\n  #n = 1;\n  get n() {\n    return this.#n;\n  }\n}\nvoid new Local_();",
    ),
)


def small(seed: int, number: int) -> Iterator[Example]:
    """Small edits of Python and TypeScript, four to one."""
    chance = random.Random(seed)
    python, script = chosen(python_places(), seed), chosen(script_places(), seed)
    count = 0
    while count < number:
        if count % 5 == 4:
            place, shapes = next(script), _SCRIPT_SMALL
        else:
            place, shapes = next(python), SMALL
        shape = shapes[count % len(shapes)]
        purpose = chance.choice([Purpose.EDIT, Purpose.FIX])
        if place.language == "python" and count % 7 == 3:
            shape, purpose = _docstring, Purpose.DOCSTRING
        elif place.language == "python" and count % 7 == 5:
            shape, purpose = _types, Purpose.TYPES
        new = shape(place, chance)
        if new is None or new == place.target:
            continue
        count += 1
        name = f"{shape.__name__.strip('_')} {place.path.name}:{place.name}"
        yield Example(name, place.path, place.text, place.with_target(new), place.task(purpose))


def good(seed: int) -> list[Example]:
    return [
        *drawn("python"),
        *drawn("typescript"),
        *computed(seed, 60),
        *small(seed, 120),
    ]
