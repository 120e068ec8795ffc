"""What stands round a cursor, and whether more than one line may be written there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tree_sitter import Node

from inglenook_context.brackets import open_brackets
from inglenook_context.comments import comment_marks
from inglenook_context.declarators import declared
from inglenook_context.document import Cursor
from inglenook_context.syntax import Syntax
from inglenook_context.text import Text

_LINES: Final = 400  # lines above a place that are looked at
_BEFORE: Final = 3_000  # characters before a cursor in which brackets are counted
_SCRIPTS: Final = ("javascript", "typescript")
_PYTHON_HEADER: Final = re.compile(
    r"[ \t]*(?:(?P<function>(?:async[ \t]+)?def[ \t]+(?P<f>\w+))|(?P<class>class[ \t]+(?P<c>\w+))"
    r"|(?P<block>(?:async[ \t]+)?(?:if|elif|else|for|while|with|try|except|finally|match|case)\b))"
)
_SCRIPT_HEADER: Final = re.compile(
    r"[ \t]*(?:export[ \t]+)?(?:default[ \t]+)?(?:"
    r"(?P<function>(?:async[ \t]+)?function\b[ \t]*\*?[ \t]*(?P<f>[\w$]*))"
    r"|(?P<class>(?:abstract[ \t]+)?class\b[ \t]*(?P<c>[\w$]*))"
    r"|(?P<block>\}?[ \t]*(?:if|else|for|while|do|try|catch|finally|switch|case|default)\b))"
)
_OTHER_HEADER: Final = re.compile(
    r"""[ \t]*(?:(?:pub(?:\([\w:]+\))?|public|private|protected|internal|static|final|abstract
        |async|export|unsafe|const|extern|inline|virtual|override|sealed|partial)[ \t]+)*(?:
    (?P<function>(?:func|fn|function|def)\b[ \t]*(?:\([^()]*\)[ \t]*)?(?:self\.)?
        (?P<f>[\w$!?]*))
    |(?P<class>(?:class|struct|interface|enum|union|trait|record|module|impl(?:<[^<>]*>)?|type
        (?=[ \t]+\w+[ \t]+(?:struct|interface)\b))[ \t]+(?P<c>[\w$]*))
    |(?P<block>\}?[ \t]*(?:if|else|elsif|elif|unless|for|foreach|while|until|loop|do|try|catch
        |finally|switch|match|select|case|default|begin|rescue|ensure|unsafe|namespace|mod
        |where)\b))""",
    re.VERBOSE,
)
_STATEMENT: Final = re.compile(
    r"^[ \t]*(?:@|(?:async|def|class|return|if|elif|for|while|with|import|from|try|raise|export"
    r"|function|const|let|var|switch|throw)\b)",
    re.MULTILINE,
)
_OTHER_STATEMENT: Final = re.compile(  # where parameters can begin with `const` and `var`
    r"^[ \t]*(?:class|return|if|for|while|import|try|function|switch|throw|func|fn|pub|impl|struct"
    r"|trait|use|package|namespace|type|enum|match|public|protected|template|typedef|#\w+)\b",
    re.MULTILINE,
)
_OPENS_BLOCK: Final = re.compile(
    r"(?:\)|=>|\b(?:else|try|do|finally|static)|\)\s*:\s*[^=;{}()]+"
    r"|^\s*(?:[\w$]+\s+)*(?:class|interface|enum|namespace|module)\b[^=(]*)\s*\{$"
)
_VALUE: Final = re.compile(  # = Foo{  return &pkg.Foo{  foo([]int{  key: {
    r"(?:=(?!>)|[(\[,&?]|\breturn|(?<![:)]):)[ \t]*(?!unsafe|loop|async|do|struct|interface|try)"
    r"(?:new[ \t]+)?[\w.:<>\[\]*&]*[ \t]*\{$"
)
_CLOSERS: Final = ")]}>;,:'\"` \t"


@dataclass(frozen=True, slots=True)
class Scope:
    """``kind`` is function, class or block; offsets in code points; ``indent`` is the white
    space before its first line; ``name`` may be empty."""

    kind: str
    name: str
    start: int
    stop: int
    indent: str


def enclosing(syntax: Syntax, offset: int) -> tuple[Scope, ...]:
    """The scopes round ``offset``, innermost first, also in code that is being typed."""
    scopes = {scope.start: scope for scope in _of_lines(syntax, offset)}
    grammar = syntax.grammar
    for node in syntax.around(offset):
        kind = (
            "function"
            if node.type in grammar.functions
            else "class"
            if node.type in grammar.classes
            else "block"
            if node.type in grammar.blocks
            else ""
        )
        if kind:
            start = syntax.start_of(node)
            text = _name(syntax, node) if kind != "block" else ""
            indent = _indent(syntax.text.line(syntax.text.line_at(start)))
            scopes[start] = Scope(kind, text, start, syntax.stop_of(node), indent)
    return tuple(scopes[start] for start in sorted(scopes, reverse=True))


def _name(syntax: Syntax, node: Node) -> str:
    name = node.child_by_field_name("name")
    if name is None and (declarator := node.child_by_field_name("declarator")) is not None:
        target = declared(syntax, declarator)
        return target.name if target else ""
    if name is None and node.type == "impl_item":
        name = node.child_by_field_name("type")
    return syntax.text_of(name, 200) if name is not None else ""


def wants_block(cursor: Cursor, syntax: Syntax | None) -> bool:
    """Whether a completion of several lines makes sense at the cursor."""
    before, after = cursor.line_before, cursor.line_after
    if syntax is not None and _quoted(syntax, cursor.offset):
        return False
    if after.strip(_CLOSERS) or len(before) > 400:
        return False
    language = cursor.document.language
    script = language.startswith(_SCRIPTS)
    python = language == "python"
    head = before.rstrip()
    if head.strip():
        if head.endswith("{") and not python:
            opens = bool(_OPENS_BLOCK.search(head)) if script else _opens_block(head)
            return after.strip()[:1] in ("", "}") and opens
        return not script and head.endswith(":") and not after and _python_header(cursor, head)
    if after.strip(" \t"):
        return False
    marks = comment_marks(language)[0]
    begins = _STATEMENT if python or script else _OTHER_STATEMENT
    opened = _opened(cursor, marks if marks in ("#", "//") else "", begins)
    return "(" not in opened[-1:] and "[" not in opened[-1:] and not (python and opened)


def _opens_block(head: str) -> bool:
    """Whether the brace at the end of ``head`` opens a block, and not a value, in a language that
    is neither Python nor a script."""
    if head.lstrip().startswith(")") or _OTHER_HEADER.match(head) or " throws " in head:
        return True
    return not _VALUE.search(head)


def _python_header(cursor: Cursor, head: str) -> bool:
    """Whether the statement that ends in the colon at the end of ``head`` opens a block."""
    if open_brackets(head):
        return False
    if _PYTHON_HEADER.match(head):
        return True
    # The last line of a header whose parameters stand on lines of their own.
    if not head.lstrip().startswith((")", "]")):
        return False
    text = cursor.document.text
    for line in range(cursor.line - 1, max(cursor.line - 40, -1), -1):
        above = text.line(line)
        if above.strip() and len(_indent(above)) <= len(_indent(head)):
            return bool(_PYTHON_HEADER.match(above))
    return False


def _opened(cursor: Cursor, comment: str, begins: re.Pattern[str]) -> str:
    """The brackets open at the cursor, counted from the last line that begins a statement."""
    text = cursor.before(_BEFORE)
    start = 0
    for found in begins.finditer(text):
        start = found.start()
    return open_brackets(text[start:], comment)


def _quoted(syntax: Syntax, offset: int) -> bool:
    """Whether ``offset`` is inside a string or a comment, not at its ends."""
    quoted = syntax.grammar.strings | syntax.grammar.comments
    for node in syntax.around(offset):
        if node.type in quoted:
            start, stop = syntax.start_of(node), syntax.stop_of(node)
            line_comment = node.type in syntax.grammar.comments and start < offset == stop
            return start < offset < stop or line_comment
    return False


def _of_lines(syntax: Syntax, offset: int) -> Iterator[Scope]:
    """The scopes that the indentation shows above a place; they reach to it at least."""
    text = syntax.text
    language = syntax.grammar.language
    script = _SCRIPT_HEADER if language.startswith(_SCRIPTS) else _OTHER_HEADER
    header = _PYTHON_HEADER if language == "python" else script
    line = text.line_at(offset)
    here = text.line(line)
    row_start = text.line_start(line)
    depth = len(_indent(here)) if here.strip() else max(offset - row_start, 0)
    for above in range(line, max(line - _LINES, -1), -1):
        row = text.line(above)[:400]
        if not row.strip() or (above == line and not _opens(row, text, offset)):
            continue
        indent = _indent(row)
        if len(indent) < depth or above == line:
            depth = len(indent)
            found = header.match(row)
            if found:
                kind = "function" if found["function"] else "class" if found["class"] else "block"
                start = text.line_start(above) + len(indent)
                yield Scope(kind, found["f"] or found["c"] or "", start, offset, indent)
        if depth == 0:
            return


def _opens(row: str, text: Text, offset: int) -> bool:
    """Whether ``offset`` stands behind the colon or brace that ends its line."""
    return row.rstrip().endswith((":", "{")) and offset >= text.line_start(
        text.line_at(offset)
    ) + len(row.rstrip())


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]
