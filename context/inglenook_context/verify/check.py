"""The verdict on an edit: every check, in the order in which its reasons help most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

from inglenook_context.verify import answer, layout
from inglenook_context.verify.imports import invented
from inglenook_context.verify.names import undefined
from inglenook_context.verify.purposes import purposes
from inglenook_context.verify.python_tree import errors
from inglenook_context.verify.readings import Read, read
from inglenook_context.verify.results import results
from inglenook_context.verify.script_early import Wrong
from inglenook_context.verify.sides import Edit, Side
from inglenook_context.verify.signatures import signatures
from inglenook_context.verify.task import Answers, Failure, Purpose, Task, Verdict, World
from inglenook_context.verify.truncation import cut_off, truncation
from inglenook_context.verify.vanished import vanished

_MOST: Final = 20  # errors that are told
_OF_TEXT: Final[tuple[Callable[[Edit], Iterator[Failure]], ...]] = (
    layout.outside,
    layout.line_ends,
    layout.invisible,
    answer.tokens,
    answer.fences,
    answer.prose,
    answer.omissions,
    answer.empty,
)


def verify(before: str, after: str, task: Task, world: World | None = None) -> Verdict:
    """Whether ``after`` may be offered for ``before``; never raises on any text.

    Costs a parse of both texts and more: for a worker, not for the event loop. Code is never run.
    """
    if before == after:
        return Verdict((Failure("unchanged", "The edit changes nothing."),))
    whole = read(before, after, task)
    world = world or Answers()
    failures = [each for check in _OF_TEXT for each in check(whole.edit)]
    notes: list[str] = []
    broken = list(_parses(whole))
    if broken and cut_off(whole.edit):
        broken.append(Failure("truncated", "The code ends in the middle."))
    failures += broken
    if not broken:
        failures += layout.indentation(whole.edit)
        failures += truncation(whole)
        failures += signatures(whole)
        failures += results(whole)
        failures += undefined(whole, world)
        failures += invented(whole, world)
        failures += purposes(whole)
        lost, gone = vanished(whole)
        failures += lost
        notes = [*_not_looked_at(whole), *gone]
    return Verdict(tuple(dict.fromkeys(failures)), tuple(notes))


def _not_looked_at(whole: Read) -> Iterator[str]:
    """What a reader has to look at, for nothing here did."""
    language = whole.edit.task.language
    if whole.edit.before.grammar is None:
        yield f"What it does was not checked: {language} is not known here."
    elif not whole.has_scopes and whole.edit.task.purpose is not Purpose.DOCSTRING:
        yield f"Only its syntax was checked: names and signatures of {language} are not looked at."


def _parses(whole: Read) -> Iterator[Failure]:
    before, after = whole.edit.before, whole.edit.after
    if before.grammar is None:
        return
    if after.tree is None or before.tree is None:
        yield Failure("parses", "The file is too long or nests too deep to be checked.")
        return
    old, new = _errors(before), _errors(after)
    if new[0] > old[0] or new[1] > old[1]:
        yield Failure("parses", f"The edit does not parse{_where(after)}.")
    elif whole.before.is_python:
        yield from errors(whole.edit, whole.before.module, whole.after.module)
    elif before.is_script:
        yield from _rules(whole, seen=not old[0])


def _errors(side: Side) -> tuple[int, int]:
    """How many errors a tree has in all, and how many of them the target touches."""
    everywhere = within = 0
    for node in side.tree.walk() if side.tree is not None else ():
        if node.error or node.missing:
            everywhere += 1
            within += side.touches(node) or (node.missing and side.start <= node.start <= side.stop)
    return everywhere, within


def _where(side: Side) -> str:
    for node in side.tree.walk() if side.tree is not None else ():
        if node.error or node.missing:
            return f" (line {side.line_of(node.start)})"
    return ""


def _rules(whole: Read, seen: bool) -> Iterator[Failure]:
    """What a script's grammar takes and its language refuses, and was not there before.

    ``seen``: the text before could be read, so that its own are known.
    """
    side = whole.after.side
    had = Counter(each.message for each in whole.before.early)
    got: dict[str, list[Wrong]] = {}
    for each in whole.after.early:
        if seen or side.touches(each.node):
            got.setdefault(each.message, []).append(each)
    new = [message for message, found in got.items() if len(found) > had[message]]
    for message in new[:_MOST]:
        found = got[message]
        near = next((each for each in found if side.touches(each.node)), found[0])
        line = side.line_of(near.node.start)
        yield Failure("parses", f"The edit does not compile: {message} (line {line}).")
