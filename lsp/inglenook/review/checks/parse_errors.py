"""Code that does not parse, and did before.

A grammar knows the language of its day. So what does not parse is read in other ways before it is
called a mistake, and where nothing shows that the grammar understands a file it is less sure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from inglenook.review.checks.dialects import is_strange, readings
from inglenook.review.checks.looked import Looked
from inglenook.review.values import Finding, Rule, Severity
from inglenook_context.parse import Parse
from inglenook_context.syntax import Syntax
from inglenook_context.text import Text

RULE: Final = Rule("code/parse-error", "The code does not parse.", Severity.ERROR)
# Whose grammars know the language but for what `dialects` has. (What a preprocessor reads is not
# what is written.)
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
    """The first error, if the file had none before: what follows it is mostly due to it.

    Without an old side that parsed it is a warning only.
    """
    changed, language = looked.changed, looked.language
    if syntax is None or changed.partial or language not in LANGUAGES:
        return
    if not syntax.tree.root_node.has_error or is_strange(changed.path, language, changed.text):
        return
    if changed.old_text is not None:
        if _mistake(language, changed.old_text, parsed(language, changed.old_text)) is not None:
            return
    elif not changed.whole and changed.old_path is not None:
        return  # its old side is not known
    line = _mistake(language, changed.text, syntax)
    if not line:
        return
    line = min(line, looked.lines.count)
    if changed.old_text:
        yield looked.finding(RULE, line, "The code does not parse here, and did before.")
    else:
        found = looked.finding(RULE, line, "The code does not parse here.")
        yield replace(found, severity=Severity.WARNING)


def _mistake(language: str, text: str, syntax: Syntax | None) -> int | None:
    """The line of the first error, which no other reading of a text explains; None if there is
    none, 0 if nobody can say in time."""
    if syntax is None:
        return 0
    line = _first_error(syntax)
    if line is None:
        return None
    for other, reading in readings(language, text):
        read = parsed(other, reading)
        if read is None:
            return 0
        found = _first_error(read)
        if found is None:
            return None
        line = found if other == language else line
    return max(line, 1)


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
