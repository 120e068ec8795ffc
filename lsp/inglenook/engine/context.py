"""From a cursor to a prompt: the window, the pieces of other files, and the place's terms."""

from __future__ import annotations

from dataclasses import dataclass, replace

from inglenook.engine.ask import Ask
from inglenook.engine.session import Session, Shown
from inglenook.engine.trim.site import Site
from inglenook_context.candidates import candidates
from inglenook_context.check import checker
from inglenook_context.choice import choose, snippets
from inglenook_context.document import Cursor
from inglenook_context.parse import shifted
from inglenook_context.prompt import Prompt, Snippet
from inglenook_context.reading import read
from inglenook_context.scene import Scene
from inglenook_context.scope import wants_block
from inglenook_context.style import Style
from inglenook_context.syntax import Syntax
from inglenook_context.text import Edit
from inglenook_context.window import Budget, window

_CHECK_MS = 3.0


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a model is asked, and what its answer is measured by."""

    prompt: Prompt
    site: Site
    style: Style


def gather(session: Session, ask: Ask, budget: Budget, *, steady: bool) -> Gathered:
    """The prompt for what is asked.

    ``steady`` keeps the pieces of other files as they are while the cursor stays on its line,
    for an engine that would take long to evaluate what comes after a changed one.
    """
    cursor, document = ask.target, ask.cursor.document
    style = session.style(cursor)
    # Grammars know no line end that is a mere CR: to them such a file is one line.
    syntax = None if style.line_end == "\r" else _syntax(session, ask)
    shown = window(cursor, budget)
    multiline = wants_block(cursor, syntax) if ask.block is None else ask.block
    return Gathered(
        prompt=Prompt(
            path=session.path(document.uri),
            language=document.language,
            snippets=_snippets(session, cursor, budget, steady),
            prefix=shown.prefix,
            typed=shown.typed,
            suffix=shown.suffix,
        ),
        site=Site(
            before=shown.prefix + shown.typed,
            after=shown.suffix,
            language=document.language,
            multiline=multiline,
            breaks_parse=checker(syntax, cursor, _CHECK_MS) if syntax else None,
        ),
        style=style,
    )


def _syntax(session: Session, ask: Ask) -> Syntax | None:
    """The tree of the document as if what is to be inserted stood there already."""
    syntax = session.syntax(ask.cursor.document)
    insertion = ask.insertion
    if syntax is None or insertion is None:
        return syntax
    edit = Edit(insertion.start, insertion.stop, insertion.start + len(insertion.text))
    return shifted(syntax, ask.target.document.text, edit)


def _snippets(
    session: Session, cursor: Cursor, budget: Budget, steady: bool
) -> tuple[Snippet, ...]:
    """Pieces of the other files; what was shown last time stays while it holds."""
    uri, line = cursor.document.uri, cursor.line
    facts, resolver, last = session.facts(uri), session.resolver(), session.shown(uri)
    if facts is None:
        return ()
    same = last.line == line and last.resolver is resolver
    if same and steady:
        return last.snippets
    reading = read(cursor)
    if same and replace(last.reading, partial="") == replace(reading, partial=""):
        return last.snippets
    scene = Scene.at(cursor, reading, facts, session.used(uri), resolver)
    found = candidates(scene, session.others(uri))
    places = choose(found, resolver, budget.snippets, last.places)
    shown = last.snippets if places == last.places and same else snippets(places, resolver)
    session.show(uri, Shown(line, reading, resolver, places, shown))
    return shown
