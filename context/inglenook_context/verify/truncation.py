"""Answers that stop early: the end of the target is missing, and nothing says why."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final

from inglenook_context.verify.definitions import Defined
from inglenook_context.verify.hollow import does, is_hollow, without_idle_end
from inglenook_context.verify.python_definitions import is_ellipsis
from inglenook_context.verify.readings import Read, Reading
from inglenook_context.verify.sides import Edit
from inglenook_context.verify.task import Failure, Purpose

_MOST: Final = 3_000  # lines
_TRIVIAL: Final = re.compile(
    r"(?:pass|return(?:\s+None|\s+undefined)?|continue|break|\.\.\."
    r"|(?:print|pprint|console\s*\.\s*\w+|debugger|breakpoint|(?:self\s*\.\s*)?_?log(?:ger|ging)?\s*\.\s*\w+"
    r"|warnings\s*\.\s*warn|pdb\s*\.\s*set_trace)\b.*)?;?",
    re.DOTALL | re.IGNORECASE,
)
_NO_CODE: Final = re.compile(r"(?:else|finally)\s*:")  # in front of what does nothing
_CAUGHT: Final = re.compile(r"except\b.*:")
_CLOSES: Final = re.compile(r"([\w.]+)\.close\(\)")
_LEAVES: Final = re.compile(r"(?:return|raise|throw|continue|break)\b")
_GIVES: Final = re.compile(r"\b(?:return\s+(?!None\b)\S|yield\b|raise\b|throw\b)")
_DEFINES: Final = re.compile(r"(?:@|(?:async\s+)?(?:def|function)\b|class\b)")
_COMMENT: Final = re.compile(r"\s*(?:#|//|/?\*)")
_CLOSERS: Final = re.compile(r"[\s)\]};,]*")
_UNFINISHED: Final = re.compile(
    r"(?:[=+\-*/%<>&|^,.({\[:\\]|(?<!\w)(?:and|or|not|in|is|if|else|return|def|class|import|from"
    r"|for|while|with|as|new|const|let|var|function|await|extends|typeof)\s*)$"
)


def truncation(read: Read) -> Iterator[Failure]:
    edit = read.edit
    if edit.task.purpose in (Purpose.INLINE, Purpose.EXTRACT):
        return
    if not edit.task.may_empty and any(_hollow(read)):
        yield Failure("truncated", "The body was left out: what is there does nothing.")
        return
    if edit.task.may_remove:
        return
    if any(_bodies(read)) or _lines(edit) or _ellipses(read):
        yield Failure("truncated", "The end of the code is missing, or its body was left out.")


def cut_off(edit: Edit) -> bool:
    """Whether a text that does not parse ends as if it had been cut."""
    text = edit.after.target.rstrip()
    last = text.rsplit("\n", 1)[-1]
    was = edit.before.target.rstrip()
    openers = sum(map(text.count, "([{")) - sum(map(text.count, ")]}"))
    had = sum(map(was.count, "([{")) - sum(map(was.count, ")]}"))
    if openers > had:
        return True
    return bool(_UNFINISHED.search(last)) and not _UNFINISHED.search(was.rsplit("\n", 1)[-1])


def _hollow(read: Read) -> Iterator[bool]:
    constant = read.edit.task.purpose in (Purpose.FIX, Purpose.SIMPLIFY)
    for old, new in _pairs(read):
        yield is_hollow(old, new, constant=constant)


def _bodies(read: Read) -> Iterator[bool]:
    """For each function that is there before and after, whether its end is missing."""
    for old, new in _pairs(read):
        yield from _body(old, new)


def _pairs(read: Read) -> Iterator[tuple[Defined, Defined]]:
    """The functions that are there before and after."""
    old_ones, new_ones = _functions(read.before), _functions(read.after)
    for name, olds in old_ones.items():
        news = new_ones.get(name, [])
        if len(news) > len(olds):  # overloads have come
            news = [each for each in news if not each.stub] or news
        yield from zip(olds, news, strict=False)  # a property has several


def _functions(reading: Reading) -> dict[str, list[Defined]]:
    found: dict[str, list[Defined]] = {}
    for each in reading.defined:
        if each.kind == "function":
            found.setdefault(each.name, []).append(each)
    return found


def _body(old: Defined, other: Defined) -> Iterator[bool]:
    if old.body == other.body:
        return
    if _lost(old.body, other.body):
        yield True
    elif _gives(old.body[-1:]) and not any(map(_gives_anywhere, other.body)):
        yield not any(_LEAVES.match(each) for each in other.body[-1:])


def _lost(old: Sequence[str], new: Sequence[str]) -> bool:
    if old[-1:] == new[-1:]:
        return False
    ends = without_idle_end(new, old)
    replaced, new = len(ends) < len(new), ends
    codes = SequenceMatcher(None, old, new, False).get_opcodes()
    if not codes or codes[-1][0] != "delete" or codes[-1][2] < len(old):
        return False
    start = codes[-1][1]
    if start and _LEAVES.match(old[start - 1]):
        return False  # nothing came there
    whole = "\n".join(new)
    lost = [each for each in old[start:] if not _TRIVIAL.fullmatch(each)]
    if replaced:
        lost = list(filter(does, lost))
    return any(each not in whole and not _by_with(each, whole) for each in lost)


def _gives(statements: Sequence[str]) -> bool:
    return any(re.match(r"return\s+(?!None\b|undefined\b)\S", each) for each in statements)


def _gives_anywhere(statement: str) -> bool:
    if _DEFINES.match(statement):
        return False  # what a function inside gives is not given here
    return _GIVES.search(statement) is not None


def _lines(edit: Edit) -> bool:
    """The last lines are gone, and nothing came for them."""
    written = [row for row in edit.before.lines if row.strip()]
    old = [row.strip() for row in written]
    new = [row.strip() for row in edit.after.lines if row.strip()]
    if edit.before.is_script or edit.before.language in ("c", "cpp", "java", "go", "rust"):
        old, new = _unclosed(old), _unclosed(new)
    if not new or old[-1:] == new[-1:] or len(old) + len(new) > _MOST:
        return False
    codes = SequenceMatcher(None, old, new, False).get_opcodes()
    if not codes or codes[-1][2] < len(old) or codes[-1][0] == "equal":
        return False
    tag, start, _, first, last = codes[-1]
    lost = [row for row in old[start:] if not _COMMENT.match(row)]
    if tag == "delete":
        if start and _LEAVES.match(old[start - 1]) and _as_deep(*written[start - 1 : start + 1]):
            return False
        held = set(new)
        lost = [row for row in lost if not _TRIVIAL.fullmatch(row) and row not in held]
        if edit.before.language == "python":
            whole = "\n".join(new)
            lost = [e for e in lost if not _NO_CODE.fullmatch(e) and not _by_with(e, whole)]
        return any(not _CLOSERS.fullmatch(row) for row in lost)
    if tag == "replace" and last - first == 1 and len(lost) > 1:
        return new[-1] != lost[0] and lost[0].startswith(new[-1])
    return False


def _by_with(row: str, new: str) -> bool:
    """Whether a ``with`` that the new text has does what a line did."""
    if _CAUGHT.fullmatch(row):
        return re.search(r"\bwith\b.*\bsuppress\(", new) is not None
    match = _CLOSES.fullmatch(row)
    if match is None:
        return False
    name = re.escape(match[1])
    return re.search(rf"\bwith\b.*(?:\bas\s+{name}\b|\bclosing\({name}\)|{name}:)", new) is not None


def _as_deep(above: str, below: str) -> bool:
    return len(below) - len(below.lstrip()) >= len(above) - len(above.lstrip())


def _unclosed(rows: list[str]) -> list[str]:
    rows = list(rows)
    while rows and _CLOSERS.fullmatch(rows[-1]):
        rows.pop()
    return rows


def _ellipses(read: Read) -> bool:
    """In Python, ``...`` stands as a statement where there was code."""
    if not read.before.is_python:
        return False

    def count(body: list[ast.stmt]) -> int:
        return sum(
            is_ellipsis(node)
            for each in body
            for node in ast.walk(each)
            if isinstance(node, ast.stmt)
        )

    added = count(read.after.body) - count(read.before.body)
    had = [each.stub for each in read.before.defined if each.kind == "function"]
    got = [each.stub for each in read.after.defined if each.kind == "function"]
    overloads = min(max(len(got) - len(had), 0), max(sum(got) - sum(had), 0))
    return added > overloads
