"""The code that a question is about: the selection, what it stands in, and what it uses.

It is found by the same engine as a completion's context. Looking names up goes on in steps, so
that no turn of the event loop is long; `Material` is a value.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import islice
from typing import Final

from inglenook.engine.chat.question import Question
from inglenook.engine.session import Session
from inglenook_context.bindings import python_scope
from inglenook_context.choice import choose, snippets
from inglenook_context.document import Cursor, Document
from inglenook_context.facts import Facts
from inglenook_context.nearby import Nearby
from inglenook_context.offers import value_of
from inglenook_context.prompt import Snippet
from inglenook_context.reading import Reading, read
from inglenook_context.resolve import Place
from inglenook_context.scene import Candidate, Scene
from inglenook_context.scope import enclosing
from inglenook_context.symbols import Definition
from inglenook_context.syntax import Syntax
from inglenook_context.text import Text

DEFINITIONS: Final = 4_000  # characters of signatures
SCOPE: Final = 6_000  # characters of a function or class round the selection that are shown
_SLICE: Final = 0.003  # seconds of one turn of the event loop
_LOOKING_UP: Final = 0.003  # seconds of CPU; a long selection uses more than is shown
_ABOVE: Final = 2_000  # characters that are read above code that is in no function
_PLACES: Final = 8  # parts of a selection in which names are looked up
_NAME: Final = re.compile(r"[^\W\d]\w*")
_DOTTED: Final = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_MANY: Final = 2_000  # names that are read in one step
_STEP: Final = 8  # expressions that are looked up in one step
_USED: Final = 20.0  # the score of a definition that is sure to be used
_PERHAPS: Final = 2.0  # of one that only has the name
_AMBIGUOUS: Final = 6  # a name that a file defines more often tells nothing
_NONE: Final[frozenset[str]] = frozenset()
_NOTHING_NEAR: Final = Nearby({}, {}, _NONE)  # the code says what it uses: nothing is guessed
_MOST_OWN: Final = 40  # definitions of the same file


@dataclass(frozen=True, slots=True)
class Material:
    """``scope`` is the code round the selection and its first line, counted from 0; empty if
    there is none that is worth showing. ``own`` are signatures of the same file."""

    selection: str
    scope: str = ""
    scope_line: int = 0
    own: str = ""
    snippets: tuple[Snippet, ...] = ()


async def gathered(session: Session, question: Question) -> Material:
    """The best of `material`."""
    best = Material(question.selection)
    deadline = time.perf_counter() + _SLICE
    for better in material(session, question):
        best = better
        if time.perf_counter() >= deadline:
            await asyncio.sleep(0)
            deadline = time.perf_counter() + _SLICE
    return best


def material(session: Session, question: Question) -> Iterator[Material]:
    """Better and better; the last one is whole. Never raises on broken code."""
    document = question.document
    text, line = _scope(session, question)
    found = Material(question.selection, text, line)
    yield found
    facts = session.facts(document.uri)
    if facts is None:
        return
    names: set[str] = set()
    matches = _NAME.finditer(found.selection or text)
    while some := [match[0] for match in islice(matches, _MANY)]:
        names.update(some)
        yield found
    own = _own(facts, question, names, found)
    found = Material(found.selection, text, line, own)
    yield found
    resolver = session.resolver(document.uri)
    best: dict[Place, Candidate] = {}
    for _ in _looking_up(session, question, facts, found, best):
        yield found
    chosen = choose(best.values(), resolver, DEFINITIONS)
    shown = snippets([each.place for each in chosen], resolver)
    yield Material(found.selection, text, line, own, shown)


def _looking_up(
    session: Session,
    question: Question,
    facts: Facts,
    found: Material,
    best: dict[Place, Candidate],
) -> Iterator[None]:
    """Fill ``best`` with the definitions of other files that the selection uses, step by step.

    The code is already written, so that each of its expressions says what is meant; of what
    cannot be resolved, open files may have a definition of that name.
    """
    document, uri = question.document, question.document.uri
    resolver, others = session.resolver(uri), session.others(uri)
    names: set[str] = set()
    deadline = time.thread_time() + _LOOKING_UP
    for part in _parts(question, facts, found):
        code = document.text.slice(part.start, part.stop)
        # Behind the last line's text: on the line below it the function's variables are unknown.
        cursor = Cursor(document, part.start + len(code.rstrip()))
        reading = _reading(cursor, part, facts)
        name = reading.class_name
        class_place = resolver.export(facts.path, name) if name else None
        scene = Scene(
            cursor, facts, _NONE, resolver, _NOTHING_NEAR, reading, class_place, found=best
        )
        yield
        for number, dotted in enumerate(_expressions(code, names)):
            place = _meant(scene, dotted)
            scene.offer(place, _USED, "used")
            if place is None:
                _offer_open(scene, dotted.rpartition(".")[2], others)
            if number % _STEP == _STEP - 1:
                yield
                if time.thread_time() >= deadline:
                    return
        yield
        if time.thread_time() >= deadline:
            return


def _offer_open(scene: Scene, name: str, others: Sequence[Facts]) -> None:
    """What other open files define under a name."""
    for facts in others:
        numbers = facts.defines.get(name, ())
        if len(numbers) <= _AMBIGUOUS:
            for number in numbers:
                scene.offer(Place(facts.path, number), _PERHAPS, "open")


def _expressions(code: str, names: set[str]) -> Iterator[str]:
    """Each once: of ``a.b.c`` also ``a`` and ``a.b``.

    ``names`` are those that were looked up for other code: what they mean hangs on no variable.
    """
    seen: set[str] = set()
    for match in _DOTTED.finditer(code):
        dotted = match[0]
        while dotted and dotted not in seen and dotted not in names:
            owner, dot, _ = dotted.rpartition(".")
            (seen if dot else names).add(dotted)
            yield dotted
            dotted = owner


def _meant(scene: Scene, dotted: str) -> Place | None:
    """Where the definition of an expression is."""
    owner, dot, name = dotted.rpartition(".")
    if not dot:
        return scene.resolver.expression(scene.path, name)
    place = value_of(scene, owner)
    return scene.resolver.attribute(place, name) if place is not None else None


@dataclass(frozen=True, slots=True)
class _Part:
    """Characters of a document, and the last function that they have a part in."""

    start: int
    stop: int
    function: Definition | None


def _parts(question: Question, facts: Facts, found: Material) -> list[_Part]:
    """What is asked about, parted before its functions: each has variables of its own.

    Without a selection it is the function round the cursor, or its line. The last part comes first.
    """
    text, start, stop = question.document.text, question.start, question.stop
    if start == stop:
        start = text.line_start(found.scope_line if found.scope else text.line_at(start))
        stop = start + len(found.scope or text.line(text.line_at(start)))
    functions = [
        each
        for each in facts.definitions
        if each.kind in ("function", "method") and each.start < stop and each.stop > start
    ]
    functions.sort(key=lambda each: each.start)
    edges = [text.line_start(text.line_at(each.start)) for each in functions if each.start > start]
    step = max(-(-len(edges) // _PLACES), 1)
    ends = [*(edge for edge in edges[::step] if edge > start), stop]
    functions.reverse()
    parts = []
    for at, end in zip([start, *ends], ends, strict=False):
        last = next((each for each in functions if each.start < end and each.stop > at), None)
        parts.append(_Part(at, end, last))
    parts.reverse()
    return parts


def _reading(cursor: Cursor, part: _Part, facts: Facts) -> Reading:
    """What is said at the end of a part of the names in it.

    To read all that stands above it takes longer than to look the names up. Of Python it is known
    where the function begins, and what it is a method of.
    """
    document, begin = cursor.document, part.start
    if document.language != "python":
        return read(cursor)
    if part.function is not None:
        begin = document.text.line_start(document.text.line_at(part.function.start))
        name = part.function.parent
    else:
        name = _class_at(facts, begin)
        begin = max(begin - _ABOVE, 0)
    text = Text.of(document.text.slice(begin, cursor.offset))
    scope = python_scope(Cursor(Document("", document.language, 0, text), text.length))
    return Reading(scope.class_name or name, scope.function, scope.bindings)


def _class_at(facts: Facts, offset: int) -> str:
    """The name of the innermost class that is known round a place."""
    within = [
        each.name
        for each in facts.definitions
        if each.kind == "class" and each.start <= offset < each.stop
    ]
    return within[-1] if within else ""


def _scope(session: Session, question: Question) -> tuple[str, int]:
    """The innermost function or class that holds all of the selection and more; its first line."""
    document = question.document
    syntax = session.syntax(document)
    if syntax is None:
        return "", 0
    for start, stop in _scopes(syntax, question):
        outside = start < question.start or stop > question.stop
        if stop < question.stop or not outside:
            continue
        if stop - start > SCOPE:
            return "", 0
        start = document.text.line_start(document.text.line_at(start))
        return document.text.slice(start, stop), document.text.line_at(start)
    return "", 0


def _scopes(syntax: Syntax, question: Question) -> list[tuple[int, int]]:
    """The functions and classes round the beginning of a selection, innermost first."""
    if question.start == question.stop:  # code may be being typed there
        scopes = enclosing(syntax, question.start)
        return [(each.start, each.stop) for each in scopes if each.kind != "block"]
    kinds = syntax.grammar.functions | syntax.grammar.classes
    nodes = [node for node in syntax.around(question.start) if node.type in kinds]
    return [(syntax.start_of(node), syntax.stop_of(node)) for node in reversed(nodes)]


def _own(facts: Facts, question: Question, names: Set[str], found: Material) -> str:
    """What of the same file is used and is not shown anyway."""
    shown = range(question.start, question.stop)
    lines: dict[str, None] = {}
    for name in sorted(names):
        for number in facts.defines.get(name, ()):
            each = facts.definitions[number]
            if each.start in shown or each.signature in found.scope:
                continue
            lines[f"{each.parent}: {each.signature}" if each.parent else each.signature] = None
            if len(lines) >= _MOST_OWN:
                return "\n".join(lines)
    return "\n".join(lines)
