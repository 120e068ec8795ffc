"""Lines that a model writes anew: to fix or simplify something, or as an instruction says."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from inglenook.engine.refactor.blocks import GRAMMAR, block_of, has_ticks
from inglenook.engine.refactor.form import TOKENS, Form, Put, Unusable
from inglenook.engine.refactor.wish import NotOffered, Wish
from inglenook_context.refactor.edits import Change, applied
from inglenook_context.rewrite.fit import fitted
from inglenook_context.rewrite.hoist import hoisted
from inglenook_context.rewrite.unit import Unit, unit_at
from inglenook_context.syntax import Syntax
from inglenook_context.verify.task import Purpose, Task

_LONGEST_UNIT: Final = 12_000  # characters that are written anew
_PER_TOKEN: Final = 2  # characters of code, at the least
_HEADER: Final = 6  # lines of decorators and comments before a definition
_TITLE: Final = 60  # characters of what is quoted in a title
# What an instruction says that wants another signature. "Make this function clearer" does not.
_SIGNATURE: Final = re.compile(
    r"\b(signature|renam\w+|overload\w*|async|type hints?|annotat\w+)\b"
    r"|\b(add|adding|accept|take|give|get|introduce|remove|drop|delete|reorder|change|make|turn|new"
    r"|convert|replace|without)\b.{0,40}"
    r"\b(param\w*|arg(ument)?s?|defaults?|keyword|optional|return type|method|property|decorator"
    r"|static|generic|class|function)\b(?! (clear|simpl|short|fast|more|eas|nice|safe))",
    re.IGNORECASE | re.DOTALL,
)
# What a linter says of a default, such as a list that all calls share.
_DEFAULT: Final = re.compile(r"\bdefaults?\b|\bmutable\b", re.IGNORECASE)
_REMOVES: Final = re.compile(
    r"\b(remov\w+|delet\w+|drop\w*|get rid|strip\w*|without|no longer|replac\w+|simplif\w+|inline"
    r"|shorte\w+|clean\w*|instead|turn|use|convert|chang\w+)\b",
    re.IGNORECASE,
)
# What an instruction says that wants a body without code.
_EMPTIES: Final = re.compile(
    r"\b(stub\w*|skeletons?|placeholders?|abstract|empty|no-?op|nothing|todo|disabl\w+|pass"
    r"|(not|un) ?(yet )?implemented\w*|NotImplemented\w*"
    r"|(always|never|just|only) (return|rais|throw)\w*"
    r"|return (None|null|undefined)|(the|its|whole|entire) bod(y|ies))\b",
    re.IGNORECASE,
)


def code_form(wish: Wish, syntax: Syntax | None) -> Form:
    """Raises `NotOffered` where there is no code."""
    document = wish.document
    unit = unit_at(document, syntax, wish.start, wish.stop, wish.purpose)
    if unit is None:
        raise NotOffered("There is no code to edit in the selection.")
    if unit.stop - unit.start > _LONGEST_UNIT:
        what = unit.name or "What holds the selection"
        raise NotOffered(f"{what} is too long to be written anew: select a smaller part.")
    text = str(document.text)
    is_edit = wish.purpose is Purpose.EDIT
    task = Task(
        document.language,
        (unit.start, unit.stop),
        wish.purpose,
        signature_may_change=is_edit and bool(_SIGNATURE.search(wish.instruction)),
        defaults_may_change=any(_DEFAULT.search(each.message) for each in wish.troubles),
        may_remove=is_edit and bool(_REMOVES.search(wish.instruction)),
        may_empty=is_edit and bool(_EMPTIES.search(wish.instruction)),
    )

    ticks = has_ticks(text[unit.start : unit.stop])

    def put(answer: str) -> Put:
        code = block_of(answer, ticks=ticks)
        place = _meant(code, wish, unit, syntax)
        code = fitted(code, place, text)
        if not code.strip():
            raise Unusable("The answer has no code.")
        code, imports = hoisted(document, syntax, place, code)
        changes = (*imports, Change(place.start, place.stop, code))
        first = min(each.start for each in changes)
        return Put(applied(text, changes), replace(task, target=(first, place.stop)))

    tokens = (unit.stop - unit.start) // _PER_TOKEN + TOKENS
    title = _title(wish, unit)
    return Form(
        unit.start,
        unit.stop,
        title,
        _asked(wish),
        tokens,
        put,
        grammar="" if ticks else GRAMMAR,
        is_code=True,
        is_block=not ticks,
    )


def _meant(code: str, wish: Wish, unit: Unit, syntax: Syntax | None) -> Unit:
    """Where an answer belongs: small models write all of the function when they are asked for a
    part of it, and only the line that was wrong when asked for all."""
    document, text = wish.document, wish.document.text
    first = code.strip("\n").split("\n")[0]
    if syntax is None:
        return unit
    if unit.kind == "function":
        line = text.line_at(wish.start)
        if wish.purpose is not Purpose.FIX or unit.name in code or line == text.line_at(unit.start):
            return unit
        start = text.line_start(line)
        stop = start + len(text.line(line))
        return unit_at(document, syntax, start, stop, Purpose.EDIT) or unit
    around = unit_at(document, syntax, unit.start, unit.start, Purpose.EDIT)
    if around is None or around.kind != "function" or around.start >= unit.start:
        return unit
    number = text.line_at(around.start)
    for line in range(number, min(text.line_at(unit.start), number + _HEADER)):
        if first.strip() == text.line(line).strip() and _opens(first):
            return replace(around, start=text.line_start(line))  # decorators may be left out
    return unit


def _opens(line: str) -> bool:
    return line.rstrip().endswith((":", "{", "(")) or line.lstrip().startswith("@")


def _asked(wish: Wish) -> str:
    if wish.purpose is Purpose.SIMPLIFY:
        said = (
            "Make the selected code simpler and easier to read. What it does, its signature and "
            "its results stay exactly as they are."
        )
    elif wish.purpose is Purpose.FIX:
        text = wish.document.text
        places = "\n".join(
            f"- {each.message} (in the line `{text.line(each.line).strip()}`)"
            for each in wish.troubles
        )
        said = f"Correct this in the selected code, and change nothing else:\n{places}"
    else:
        said = f"Change the selected code: {wish.instruction.strip()}"
    return f"{said}\n\nAnswer with all of the selected lines as they are then, in one code block."


def _title(wish: Wish, unit: Unit) -> str:
    what = unit.name or "the selection"
    if wish.purpose is Purpose.SIMPLIFY:
        return f"Simplify {what}"
    if wish.purpose is Purpose.FIX:
        return f"Fix: {_short(wish.troubles[0].message if wish.troubles else '')}"
    return f"Edit {what}: {_short(wish.instruction)}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _TITLE else f"{line[: _TITLE - 1]}…"
