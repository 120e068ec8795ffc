"""Code that does not parse, and did before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inglenook.review.checks.looked import Looked
from inglenook.review.values import Finding, Rule, Severity
from inglenook_context.parse import Parse
from inglenook_context.syntax import Syntax
from inglenook_context.text import Text

RULE: Final = Rule("code/parse-error", "The code does not parse.", Severity.ERROR)
# Whose grammars know all of the language. (What a preprocessor reads is not what is written.)
LANGUAGES: Final = frozenset(
    "python javascript javascriptreact typescript typescriptreact json go java rust".split()
)
_STEPS: Final = 400
_STEP_MS: Final = 10.0


def parsed(language: str, text: str) -> Syntax | None:
    """The tree of a text; None if there is none, or not within 4 s."""
    parse = Parse(language, Text.of(text))
    for _ in range(_STEPS):
        if parse.advance(_STEP_MS):
            return parse.tree()
    return None


def find(looked: Looked, syntax: Syntax | None) -> Iterator[Finding]:
    """The first error, if the file had none before: what follows it is mostly due to it."""
    changed = looked.changed
    if syntax is None or changed.partial or looked.language not in LANGUAGES:
        return
    line = _first_error(syntax)
    if line is None:
        return
    if changed.old_text is not None:
        before = parsed(looked.language, changed.old_text)
        if before is None or before.tree.root_node.has_error:
            return
    elif not changed.whole and changed.old_path is not None:
        return  # its old side is not known
    line = min(max(line, 1), looked.lines.count)
    yield looked.finding(
        RULE,
        line,
        "The code does not parse here, and did before."
        if changed.old_text
        else "The code does not parse here.",
    )


def _first_error(syntax: Syntax) -> int | None:
    """The line of the first error in a tree, from 1."""
    cursor = syntax.tree.walk()
    node = cursor.node
    if node is None or not node.has_error:
        return None
    while node is not None and not node.is_error and not node.is_missing:
        if not cursor.goto_first_child():
            break
        while (node := cursor.node) is not None and not node.has_error and not node.is_missing:
            if not cursor.goto_next_sibling():
                break
    return None if node is None else node.start_point.row + 1
