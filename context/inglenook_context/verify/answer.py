"""Answers that are not code: Markdown, talk, marks of chat templates, places left out.

Small models wrap code in fences, greet, explain, and write "rest of the code" where code was.
Most of that breaks the parse too; said here is what the user and the model can understand.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from inglenook_context.verify.sides import Edit, Leaf, Side
from inglenook_context.verify.talk import is_heading, is_talk, omits
from inglenook_context.verify.task import Failure, Purpose

_FENCE: Final = re.compile(
    r"^[ \t>]*(?:(?:#+|//+|\*)[ \t]*)?(?:`{3,}|~{3,})|`{3,}[ \t]*$", re.MULTILINE
)
_MERGE: Final = re.compile(
    r"^(?:<{5,9}(?: .*)?|={5,9}|>{5,9}(?: .*)?|@@ -\d.*|(?:---|\+\+\+) [ab]/.*|diff --git .*"
    r"|\*\*\* (?:Begin|End) Patch)[ \t]*$",
    re.MULTILINE,
)
_NUMBERED: Final = re.compile(r"^[ \t]*\d+[ \t]*[|:][ \t]|^[ \t]*\d+\t")
_TOKENS: Final = re.compile(
    r"<\|[^<>|\n]{0,40}\|>|<\uff5c[^<>\n]{0,40}\uff5c>|<\|(?:im_|endof|fim|file|eot)\w*"
    r"|</?(?:fim[_-]\w+|s|unk|pad|bos|eos|think|thinking|reasoning|answer|tool_call|thought"
    r"|start_of_turn|end_of_turn|file_sep|repo_name|reponame|filename|gh_stars|issue_start"
    r"|jupyter_\w+|commit_\w+|MID|PRE|SUF|EOT|END|EOD|CODE|output|response|code|solution"
    r"|updated_code|edited_code|edit|replacement|rewritten)>(?![\w(])"
    r"|\[/?(?:INST|SYS|SUFFIX|PREFIX|MIDDLE|PYTHON|PYTHON3|CODE|ANS|TOOL_CALLS|AVAILABLE_TOOLS)\]"
    r"|<</?SYS>>|<</?CURSOR>>|<SYS>|<CURSOR>|\u2581(?:<MID>|<PRE>|<SUF>|<EOT>)"
    r"|<\u2581?\uff5c|^(?:<?assistant>?|user|system)[ \t]*:?[ \t]*$",
    re.MULTILINE,
)
_AMBIGUOUS: Final = re.compile(r"</?(?:s|code|output|edit|answer|response)>")  # as HTML has them
_MARKDOWN: Final = re.compile(
    r"^[ \t]*(?:\*\*[^*\n]+\*\*:?|#{1,6} \*\*.*|(?:[-*+]|\d+[.)]) (?:\*\*|`)[^\n]*)[ \t]*$",
    re.MULTILINE,
)


def fences(edit: Edit) -> Iterator[Failure]:
    """Markdown and the marks of diffs."""
    old, new = edit.before.target, edit.after.target
    docs = [leaf for leaf in edit.after.leaves if leaf.kind in ("string", "comment")]
    for match in _fresh(_FENCE, old, new):
        at = edit.after.start + match.start()
        if not any(leaf.start < at < leaf.stop and _balanced(leaf) for leaf in docs):
            yield Failure("fence", "A Markdown fence was left in the code.")
            break
    if edit.before.language != "markdown":
        stripped = new.strip()
        if stripped[:1] == "`" == stripped[-1:] and old.strip()[:1] != "`":
            yield Failure("fence", "The code was put into Markdown's backticks.")
    inside = _is_in(docs)
    for match in _fresh(_MERGE, old, new):
        if not inside(edit.after.start + match.start()):
            yield Failure("fence", "Marks of a diff or a merge were left in the code.")
            break
    yield from _whole_lines(edit)


def tokens(edit: Edit) -> Iterator[Failure]:
    """Marks of templates, unless the file is about such marks."""
    had = Counter(match[0] for match in _TOKENS.finditer(edit.before.text))
    got = Counter(match[0] for match in _TOKENS.finditer(edit.after.text))
    markup = edit.after.language in ("typescriptreact", "javascriptreact", "html", "markdown")
    inside = _is_in(edit.after.of_kind("string"))
    about = any(not _AMBIGUOUS.fullmatch(token) for token in had)
    for token in got - had:
        places = [edit.after.start + at for at in _places(edit.after.target, token)]
        quoted = bool(places) and all(map(inside, places))
        if about and quoted:
            continue
        if _AMBIGUOUS.fullmatch(token) and (markup or quoted):
            continue
        yield Failure("fence", "A mark of the model's template was left in the code.")
        return


def prose(edit: Edit) -> Iterator[Failure]:
    """Talk: as lines of its own, as comments, and as strings that are nothing else."""
    side = edit.after
    if side.language == "markdown":
        return
    had = Counter(row.strip() for row in edit.before.lines)
    known = {_words(row) for row in edit.before.lines}
    broken = side.tree is None or any(node.error or node.missing for node in side.tree.walk())
    for row, kind in _plain_rows(side):
        code = kind == "code"
        plain = not broken and len(row.split()) > 1  # words in a row are no code, and this is
        fresh = row.strip() not in had and _words(row) not in known
        talk = is_talk(row, "" if code and plain else kind) or (code and _MARKDOWN.match(row))
        if fresh and (talk or (kind == "heading")):
            yield Failure("prose", "Words to the user were left in the code.")
            return


def omissions(edit: Edit) -> Iterator[Failure]:
    """A comment or a string that stands for code that was left out."""
    had = {_words(leaf.text) for leaf in edit.before.leaves if leaf.kind in ("comment", "string")}
    for leaf in edit.after.leaves:
        if leaf.kind not in ("comment", "string") or _words(leaf.text) in had:
            continue
        rows = leaf.text.splitlines()
        if leaf.kind == "string" and len(rows) > 1:
            continue  # which documents, and may leave out what it likes
        for row in rows:
            alone = leaf.kind == "comment" or _is_statement(edit.after, leaf)
            if alone and omits(row) and row.strip() not in edit.before.target:
                yield Failure("elided", "Code was left out, and a comment stands in its place.")
                return
    tree = edit.after.tree
    if tree is not None and any(node.error for node in tree.walk()):
        for row in edit.after.lines:
            stands = row.strip() in ("...", "\u2026") or (omits(row) and len(row) < 100)
            if stands and row.strip() not in edit.before.target:
                yield Failure("elided", "Code was left out, and words stand in its place.")
                return


def empty(edit: Edit) -> Iterator[Failure]:
    if edit.task.may_remove or edit.task.purpose is Purpose.INLINE:
        return
    if edit.before.target.strip() and not edit.after.target.strip():
        yield Failure("truncated", "Nothing was left of the code.")


def _whole_lines(edit: Edit) -> Iterator[Failure]:
    """Every line begins with a number, or with the sign of a diff."""
    rows = [row for row in edit.after.lines if row.strip()]
    old = [row for row in edit.before.lines if row.strip()]
    if len(rows) < 2 or edit.before.language in ("yaml", "markdown"):
        return
    if all(map(_NUMBERED.match, rows)) and not all(map(_NUMBERED.match, old)):
        yield Failure("fence", "Line numbers were left in the code.")
    fresh = [row for row in rows if row not in old]
    signs = [row for row in fresh if row[0] in "+-" and row[:2] not in ("++", "--")]
    if signs and len(signs) == len(fresh) and not any(row[0] in "+-" for row in old):
        yield Failure("fence", "The signs of a diff were left in the code.")


def _balanced(leaf: Leaf) -> bool:
    return len(_FENCE.findall(leaf.text)) % 2 == 0


def _fresh(pattern: re.Pattern[str], old: str, new: str) -> list[re.Match[str]]:
    """Those matches of the new text that the old one has not."""
    had = Counter(match[0].strip() for match in pattern.finditer(old))
    found = []
    for match in pattern.finditer(new):
        if had[match[0].strip()] > 0:
            had[match[0].strip()] -= 1
        else:
            found.append(match)
    return found


def _plain_rows(side: Side) -> Iterator[tuple[str, str]]:
    """The target's lines; comments, and strings that are statements, without their marks.

    The second value tells what the line is of: "code", or would be, a "comment", a "string", or a
    comment that is a "heading" of Markdown.
    """
    spans = [leaf for leaf in side.leaves if leaf.kind in ("string", "comment")]
    for leaf in spans:
        if leaf.kind == "comment" or _is_statement(side, leaf):
            for row in leaf.text.splitlines():
                kind = "heading" if leaf.kind == "comment" and is_heading(row) else leaf.kind
                yield re.sub(r"^[\s#/*!\"'`;%-]+|[\s*/\"'`]+$", "", row), kind
    at = side.start
    for row in side.target.splitlines(keepends=True):
        first = at + len(row) - len(row.lstrip())
        if not any(leaf.start <= first < leaf.stop for leaf in spans):
            yield row.strip(), "code"
        at += len(row)


def _is_statement(side: Side, leaf: Leaf) -> bool:
    head = side.text[side.text.rfind("\n", 0, leaf.start) + 1 : leaf.start]
    tail = side.text[leaf.stop :].split("\n", 1)[0].strip()
    return not head.strip(" \trRbBuU") and tail in ("", ";")


def _is_in(leaves: list[Leaf]) -> _Inside:
    return _Inside([(leaf.start, leaf.stop) for leaf in leaves])


class _Inside:
    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self._spans = spans

    def __call__(self, at: int) -> bool:
        return any(start <= at < stop for start, stop in self._spans)


def _places(text: str, token: str) -> Iterator[int]:
    at = text.find(token)
    while at >= 0:
        yield at
        at = text.find(token, at + 1)


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+|\.\.\.", text.lower()))
