"""What a model writes has a place already: the words of a docstring, the types of a function."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import replace
from typing import Any, Final

from inglenook.engine.markdown.fences import fenced
from inglenook.engine.refactor.blocks import block_of
from inglenook.engine.refactor.form import TOKENS, Form, Put, Schema, Unusable
from inglenook.engine.refactor.wish import NotOffered, Wish
from inglenook.models.render import literal
from inglenook_context.refactor.edits import Change, Refusal, applied
from inglenook_context.rewrite.annotations import ANNOTATED, annotated, untyped
from inglenook_context.rewrite.blanks import Header, header_of, types_in
from inglenook_context.rewrite.docstring import DOCUMENTED, documentable, documented
from inglenook_context.syntax import Syntax
from inglenook_context.verify.task import Purpose, Task

_WORDS: Final = 400  # characters of each part of a docstring
_SENTENCE: Final = re.compile(r"[.!?](?=\s|$)")
# A type as it may be written (GBNF): no colon and no equals sign, which end one.
_TYPE: Final = r"""type ::= [A-Za-z_"'] [A-Za-z0-9_., <>|&?"'()\[\]-]{0,60}"""


def docstring_form(wish: Wish, syntax: Syntax | None) -> Form:
    """Raises `NotOffered` where there is nothing to document."""
    document = wish.document
    _need(document.language, DOCUMENTED, "Documentation is written")
    found = documentable(document, syntax, wish.start) if syntax is not None else None
    if syntax is None or found is None:
        raise NotOffered("There is no function or class here that could have a docstring.")
    task = Task(document.language, (found.start, found.stop), Purpose.DOCSTRING)

    def put(answer: str) -> Put:
        told = _object(answer)
        parts = [_whole(str(told.get(key) or "")) for key in ("summary", "details")]
        prose = "\n\n".join(part for part in parts if part)
        return _put(document.text, documented(document, syntax, found, prose), task)

    asked = (
        f"Write the documentation of `{found.name}`: a summary of one line in the imperative mood, "
        "and as details what a caller must know beyond it, in at most three sentences, or nothing. "
        'Answer with JSON: {"summary": "...", "details": "..."}'
    )
    title = f"Write the docstring of {found.name}"
    return Form(found.start, found.stop, title, asked, TOKENS, put, _schema("summary", "details"))


def _need(language: str, among: Collection[str], said: str) -> None:
    if language not in among:
        where = (
            "Python, TypeScript and JavaScript"
            if "javascript" in among
            else ("Python and TypeScript")
        )
        raise NotOffered(f"{said} in {where} only; ask for it with an instruction.")


def _whole(text: str) -> str:
    """``text`` without a sentence that was cut by the limit of its length."""
    text = text.strip()
    if len(text) < _WORDS - 1:
        return text
    ends = [match.end() for match in _SENTENCE.finditer(text)]
    return text[: ends[-1]] if ends else ""


def types_form(wish: Wish, syntax: Syntax | None) -> Form:
    """Raises `NotOffered` where no types are missing."""
    document = wish.document
    _need(document.language, ANNOTATED, "Types are added")
    found = untyped(document, syntax, wish.start) if syntax is not None else None
    header = header_of(document, syntax, found) if found is not None else None
    if syntax is None or found is None or header is None:
        raise NotOffered("There is no function here that lacks types.")
    task = Task(document.language, (found.start, found.stop), Purpose.TYPES)

    def put(answer: str) -> Put:
        types = types_in(block_of(answer), header) or _said_apart(answer)
        return _put(document.text, annotated(document, syntax, found, types), task)

    blank = "...".join(header.pieces)
    asked = (
        f"Write the header of `{found.name}` with types in the places of the dots. What the code "
        f"does with the values tells their types.\n\n{fenced(blank, document.language)}\n\n"
        "Answer with that header alone, in one code block."
    )
    return Form(
        found.start,
        found.stop,
        f"Add types to {found.name}",
        asked,
        TOKENS,
        put,
        grammar=_grammar(header),
        is_block=True,
    )


def _said_apart(answer: str) -> dict[str, str]:
    """Types by name, as some models put it who are not held to a form."""
    try:
        return {name: each for name, each in _object(answer).items() if isinstance(each, str)}
    except Unusable:
        return {}


def _grammar(header: Header) -> str:
    """Nothing but the header, in which only the types are free."""
    pieces = map(literal, header.pieces)
    return f'root ::= "```" [a-z]* "\\n" {" type ".join(pieces)} "\\n```"\n{_TYPE}\n'


def _put(text: object, changes: tuple[Change, ...] | Refusal, task: Task) -> Put:
    if isinstance(changes, Refusal):
        raise Unusable(changes.reason)
    ends = [task.target, *((each.start, each.stop) for each in changes)]
    target = min(start for start, _ in ends), max(stop for _, stop in ends)
    return Put(applied(str(text), changes), replace(task, target=target))


def _schema(*names: str) -> Schema:
    return {
        "type": "object",
        "properties": {name: {"type": "string", "maxLength": _WORDS} for name in names},
        "required": list(names),
        "additionalProperties": False,
    }


def _object(answer: str) -> dict[str, Any]:
    """The object that an answer holds, also where a backend did not hold it to its form."""
    start, stop = answer.find("{"), answer.rfind("}")
    try:
        found = json.loads(answer[start : stop + 1], strict=False)
    except (ValueError, RecursionError):
        raise Unusable("The answer is not of the form that was asked for.") from None
    if not isinstance(found, dict):
        raise Unusable("The answer is not of the form that was asked for.")
    return found
