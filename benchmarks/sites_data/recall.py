"""Whether a prompt's cross-file text shows the definition that a site needs.

The rule, for one gold item and one context text:

1. The definition's name stands in a *declaring position*: first on its line after
   comment marks, a `path:` label, modifiers, one declaring keyword and `Owner.`.
   Without a keyword (`name(a, b): T`) its parameter list must be followed by `:`,
   `->`, `=>` or `{`, or, for a constant or field, the name by `:`, `=`, `,` or `;`.
2. Called or given a keyword argument, all parameter names stand as whole words in
   the parameter list. For a class they stand within max(15, span_lines) lines of the
   class's heading, before the next heading that is not deeper: constructor, fields
   and one-line renderings all count. An inherited constructor may also stand in
   the class that defines it (the gold `owners` of a class), if both are shown.
3. A method or field is shown under its class: one of the gold `owners` is written
   as `Owner.name`, or stands between the nearest class heading above and the name.

Anything that a model can read as that declaration should count, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from benchmarks.sites_data.build import Gold

WINDOW = 15  # lines
MARKS = r"[\s#/*|>-]*"
MODIFIERS = (
    r"(?:(?:export|default|declare|abstract|async|public|private|protected|static|override|readonly"
    r"|accessor|final)\s+)*"
)
KEYWORDS = r"def|class|function\*?|interface|type|enum|const enum|const|let|var|get|set"
HEAD = re.compile(
    rf"^{MARKS}(?:\S+:\s+)?{MODIFIERS}(?:(?P<keyword>{KEYWORDS})\s+)?(?:self\.|(?P<owner>[\w$.]+)\.)?$"
)
# A field may also follow another one inside a one-line class, enum or interface.
IN_LINE = re.compile(
    rf"^{MARKS}{MODIFIERS}(?:class|interface|enum|type)\b.*[{{;,:(|]\s*{MODIFIERS}$"
)
HEADING = re.compile(
    rf"^{MARKS}{MODIFIERS}(?:class|interface|enum|type|def|function)\s", re.MULTILINE
)
CLASS_HEADING = re.compile(
    rf"^{MARKS}(?:\S+:\s+)?{MODIFIERS}(?:class|interface|enum|type)\s", re.MULTILINE
)
FIELD_TAIL = re.compile(r"\s*[?!]?\s*(?::|=(?!=)|,|;|\}|\)|$)", re.MULTILINE)
TRAILING_COMMENT = re.compile(r"(?<=[\w,(){}\[\]]) *(?:#|//|/\*)[^\n]*")
PARAMETERS_TAIL = re.compile(r"\s*(?::|->|=>|\{)")


def recalled(gold: Gold, context: str) -> bool:
    """Whether `context` shows the definition of `gold` by the rule above."""
    return any(
        _declares(gold, context, match) for match in whole(gold.definition_name).finditer(context)
    )


def whole(name: str) -> re.Pattern[str]:
    """Matches `name` as a whole identifier."""
    return re.compile(rf"(?<![\w$]){re.escape(name)}(?![\w$])")


def _declares(gold: Gold, context: str, match: re.Match[str]) -> bool:
    before = context[context.rfind("\n", 0, match.start()) + 1 : match.start()]
    head = HEAD.match(before)
    if head is None and not (gold.kind == "field" and IN_LINE.match(before)):
        return False
    end = match.end()
    if gold.kind in ("class", "type"):
        return bool(head and head["keyword"]) and _has_names(
            gold, *_class_texts(gold, context, match.start())
        )
    if gold.owners and not _owned(gold, context, match.start(), head):
        return False
    if gold.kind in ("constant", "field") and not gold.signature_names:
        return bool((head and head["keyword"]) or FIELD_TAIL.match(context, end))
    is_property = gold.kind == "method" and gold.use == "value" and FIELD_TAIL.match(context, end)
    span = parameter_list(context, end)
    if span is None:  # a property, or a heading cut after `name(` where no parameter is asked for
        return bool(is_property) or (
            not gold.signature_names and context.startswith(("<", "("), end)
        )
    if not (head and head["keyword"]) and not PARAMETERS_TAIL.match(context, span[1] + 1):
        return False
    parameters = context[span[0] : span[1]]
    return parameters.count("\n") < max(WINDOW, gold.span_lines) and _has_names(gold, parameters)


def _has_names(gold: Gold, *texts: str) -> bool:
    return any(all(whole(name).search(text) for name in gold.signature_names) for text in texts)


def _owned(gold: Gold, context: str, position: int, head: re.Match[str] | None) -> bool:
    if head and head["owner"]:
        return head["owner"].split(".")[-1] in gold.owners
    above = [heading.start() for heading in CLASS_HEADING.finditer(context, 0, position)]
    section = context[above[-1] if above else 0 : position]
    return any(whole(owner).search(section) for owner in gold.owners)


def _class_texts(gold: Gold, context: str, position: int) -> Iterator[str]:
    """The text of the class, and of the ancestor whose constructor it inherits."""
    yield _class_text(gold, context, position)
    for owner in gold.owners:
        for heading in CLASS_HEADING.finditer(context):
            if whole(owner).match(context, heading.end()):
                yield _class_text(gold, context, heading.end())


def _class_text(gold: Gold, context: str, position: int) -> str:
    """The lines from a class's heading to the end of its window.

    `def Class.name(...)` may be among them.
    """
    start = context.rfind("\n", 0, position) + 1
    lines = context[start:].split("\n")[: max(WINDOW, gold.span_lines)]
    own, member = _depth(lines[0]), f"{gold.definition_name}."
    for number, line in enumerate(lines[1:], 1):
        if HEADING.match(line) and _depth(line) <= own and member not in line:
            return "\n".join(lines[:number])
    return "\n".join(lines)


def _depth(line: str) -> int:
    """The column of the first character after spaces and comment marks."""
    return len(line) - len(re.sub(rf"^{MARKS}", "", line))


def parameter_list(text: str, start: int) -> tuple[int, int] | None:
    """The span between the brackets of the first parameter list after `start`.

    Type parameters (`<T extends (x: A) => B>`) and a type annotation before an
    arrow function are passed over. None if a statement ends first.
    """
    angle = 0
    for i in range(start, len(text)):
        char = text[i]
        if char == "<":
            angle += 1
        elif char == ">" and text[i - 1] not in "=-":
            angle -= 1
        elif char == "(" and angle <= 0:
            end = _closing(text, i)
            return (i + 1, end) if end is not None else None
        elif angle <= 0 and (char in ";{})" or text.startswith("\n\n", i)):
            return None
    return None


def _closing(text: str, opening: int) -> int | None:
    """The position of the bracket that closes the one at `opening`, past strings and comments."""
    depth, i = 0, opening
    while i < len(text):
        char = text[i]
        if comment := TRAILING_COMMENT.match(text, i):
            i = comment.end()
            continue
        if char in "\"'`":
            close = text.find(char, i + 1)
            if close != -1 and "\n" not in text[i:close]:
                i = close
        elif char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
            if depth == 0:
                return i
        i += 1
    return None
