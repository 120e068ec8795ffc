"""A file with a NUL character, drawn as ␀: no grammar is believed there, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from inglenook_context.refactor.edits import Refactoring, Refusal
from inglenook_context.refactor.python import extract_function as functions
from inglenook_context.refactor.python import extract_variable as variables
from inglenook_context.refactor.python import inline_variable as inlined
from inglenook_context.refactor.python import rename_local as renamed
from inglenook_context.refactor.typescript import extract_variable as constants
from inglenook_context.refactor.typescript import inline_variable as inlined_constants
from inglenook_context.refactor.typescript import rename_local as renamed_constants
from inglenook_context.syntax import Syntax
from inglenook_context.text import Text
from tests.support.parsed import parsed

_REFUSAL = Refusal("The file has a NUL character: remove it first.")
_PYTHON = """\
def first(a):
    return a

def total(items):
    net = 0
    for item in items:
        net += item.price  # each
    return net
"""
_SCRIPT = """\
function first(a) { return a }

function total(items) {
  const note = "text";
  for (const item of items) {
    use(item.price, note); // each
  }
}
"""

Compute = Callable[[Syntax, int, int], Refactoring | Refusal]
_COMPUTED: list[tuple[str, str, str, Compute]] = [
    ("python", _PYTHON, "item.price", functions.extract_function),
    (
        "python",
        _PYTHON,
        "for item in items:\n        net += item.price",
        functions.extract_function,
    ),
    ("python", _PYTHON, "item.price", variables.extract_variable),
    ("python", _PYTHON, "item.price", partial(variables.extract_variable, everywhere=True)),
    ("python", _PYTHON, "net", lambda syntax, at, _: inlined.inline_variable(syntax, at)),
    ("python", _PYTHON, "net", lambda syntax, at, _: renamed.rename_local(syntax, at, "new")),
    ("javascript", _SCRIPT, "item.price", constants.extract_variable),
    (
        "javascript",
        _SCRIPT,
        "note",
        lambda syntax, at, _: inlined_constants.inline_variable(syntax, at),
    ),
    (
        "javascript",
        _SCRIPT,
        "note",
        lambda syntax, at, _: renamed_constants.rename_local(syntax, at, "new"),
    ),
]


@pytest.mark.parametrize(("language", "source", "selected", "compute"), _COMPUTED)
def test_nothing_is_computed_wherever_it_stands(
    language: str, source: str, selected: str, compute: Compute
) -> None:
    place = source.index(selected)
    for at in range(len(source) + 1):
        if place < at < place + len(selected):
            continue  # the selection would be another
        start = place + (at <= place)
        text = Text.of(f"{source[:at]}\0{source[at:]}")
        syntax = parsed(text, language)
        assert syntax is not None
        found = compute(syntax, start, start + len(selected))
        assert isinstance(found, Refusal), f"{source[:at]}␀{source[at:]}"


def test_the_refusal_says_what_to_do() -> None:
    source = "def f(xs):\n    print(xs)\n    # a\0b\n    return 1\n"
    syntax = parsed(Text.of(source))
    assert syntax is not None
    start = source.index("print")
    assert functions.extract_function(syntax, start, start + len("print(xs)")) == _REFUSAL
