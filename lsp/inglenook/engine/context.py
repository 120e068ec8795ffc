"""From a cursor to a prompt: the window, the pieces of other files, and the place's terms."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import inf
from typing import Final

from inglenook.engine.ask import Ask
from inglenook.engine.elsewhere import passages
from inglenook.engine.outline import NOTHING_SHOWN, Shown
from inglenook.engine.recent import Recent
from inglenook.engine.session import Session
from inglenook.engine.trim.site import Site
from inglenook.models.spec import Autocomplete, Multiline
from inglenook_context.candidates import candidates
from inglenook_context.check import checker
from inglenook_context.document import Cursor
from inglenook_context.modules import INSTALLED
from inglenook_context.parse import shifted
from inglenook_context.passages import COMES, as_snippets, size_of
from inglenook_context.prompt import Prompt
from inglenook_context.reading import read
from inglenook_context.region import followed, revised
from inglenook_context.scene import Scene
from inglenook_context.scope import wants_block
from inglenook_context.style import Style
from inglenook_context.syntax import Syntax
from inglenook_context.text import Edit
from inglenook_context.window import Budget, Window, window

_CHECK_MS: Final = 3.0
_FIND_MS: Final = 4.0  # of CPU since the beginning, until which candidates are looked for

# The share of what is wanted that must be missing before the pieces of other files change:
_ANYWAY: Final = 0.1  # when the window's beginning has changed, and all of it is evaluated anyway
_CHEAP: Final = 0.1  # when that is soon done
_DEAR: Final = 0.35
_COMES_DEAR: Final = 0.55  # the score of a new passage, while all else can stay


_OPTIONS: Final = Autocomplete()


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a model is asked, what its answer is measured by, and how the prompt came about."""

    prompt: Prompt
    site: Site
    style: Style
    shown: Shown
    steps: Mapping[str, float]  # milliseconds of each, in their order


class _Watch:
    """Takes the time of the steps."""

    def __init__(self, find_ms: float) -> None:
        self.steps: dict[str, float] = {}
        self._last = time.perf_counter()
        self._deadline = time.thread_time() + find_ms / 1000

    def late(self) -> bool:
        """Whether the prompt has to do with what has been found so far."""
        return time.thread_time() >= self._deadline

    def note(self, step: str) -> None:
        """A step has ended, and the next one begins."""
        now = time.perf_counter()
        self.steps[step] = self.steps.get(step, 0.0) + (now - self._last) * 1000
        self._last = now


def gather(
    session: Session,
    ask: Ask,
    budget: Budget,
    options: Autocomplete = _OPTIONS,
    *,
    steady: bool,
    patient: bool = False,
) -> Gathered:
    """The prompt for what is asked, of what the user lets be shown (``options``).

    ``steady`` keeps the pieces of other files as they are while the cursor stays on its line,
    for an engine that would take long to evaluate what comes after a changed one.
    """
    watch = _Watch(inf if patient else _FIND_MS)
    cursor, document = ask.target, ask.cursor.document
    style = session.style(cursor)
    # Grammars know no line end that is a mere CR: to them such a file is one line.
    syntax = None if style.line_end == "\r" else _syntax(session, ask)
    multiline = _multiline(options) if ask.block is None else ask.block
    if multiline is None:
        multiline = wants_block(cursor, syntax)
    watch.note("parse")
    view = window(cursor, budget)
    watch.note("window")
    shown = _shown(session, cursor, view, budget, options, steady, watch)
    if ask.insertion is None:  # nobody stands behind a text that is not inserted yet
        session.show(document.uri, shown, cursor.offset)
    gathered = Gathered(
        prompt=Prompt(
            path=session.path(document.uri),
            language=document.language,
            snippets=(*shown.region.snippets, *as_snippets(shown.passages)),
            prefix=view.prefix,
            typed=view.typed,
            suffix=view.suffix,
        ),
        site=Site(
            before=view.prefix + view.typed,
            after=view.suffix,
            language=document.language,
            multiline=multiline,
            breaks_parse=checker(syntax, cursor, _CHECK_MS) if syntax else None,
        ),
        style=style,
        shown=shown,
        steps=watch.steps,
    )
    watch.note("prompt")
    return gathered


def _syntax(session: Session, ask: Ask) -> Syntax | None:
    """The tree of the document as if what is to be inserted stood there already."""
    syntax = session.syntax(ask.cursor.document)
    insertion = ask.insertion
    if syntax is None or insertion is None:
        return syntax
    edit = Edit(insertion.start, insertion.stop, insertion.start + len(insertion.text))
    return shifted(syntax, ask.target.document.text, edit)


def _multiline(options: Autocomplete) -> bool | None:
    """What the user wants of all places; None where the place decides."""
    if options.multiline is Multiline.AUTO:
        return None
    return options.multiline is Multiline.ALWAYS


def _shown(
    session: Session,
    cursor: Cursor,
    view: Window,
    budget: Budget,
    options: Autocomplete,
    steady: bool,
    watch: _Watch,
) -> Shown:
    """What is shown of other files: what was shown last time stays where it is while it holds."""
    uri, line = cursor.document.uri, cursor.line
    facts, resolver, last = session.facts(uri), session.resolver(uri), session.shown(uri)
    if facts is None:
        return NOTHING_SHOWN
    stamp = session.recent.stamp(uri)
    looked = session.has_looked(uri)
    same = last.line == line and last.resolver is resolver and last.stamp == stamp
    same = same and (last.is_whole or not looked) and view.prefix == last.prefix
    if same and (steady or session.typed_on(uri, cursor.offset)):
        return last
    reading = read(cursor)
    if same and replace(last.reading, partial="") == replace(reading, partial=""):
        return last
    watch.note("reading")
    scene = Scene.at(cursor, reading, facts, session.used(uri), resolver, watch.late)
    found = candidates(scene, session.others(uri)) if options.use_imports else ()
    if options.only_my_code:
        found = tuple(each for each in found if not each.place.path.startswith(INSTALLED))
    watch.note("candidates")
    region = last.region if last.resolver is resolver else followed(last.region, resolver)
    anew = view.prefix != last.prefix
    beside = last.passages
    if last.line != line or last.stamp != stamp or anew:
        comes = _COMES_DEAR if steady and not anew else COMES
        texts, recent = session.texts(uri), session.recent
        if not options.use_recently_opened:
            texts = {at: each for at, each in texts.items() if at == uri}
        if not options.use_recently_edited:
            recent = Recent()
        beside = passages(cursor, texts, recent, budget, beside, comes)
        watch.note("passages")
    least = _ANYWAY if anew else _DEAR if steady else _CHEAP
    region = revised(region, found, resolver, budget.snippets - size_of(beside), least)
    whole = looked or not scene.is_cut
    watch.note("choice")
    return Shown(line, reading, resolver, region, view.prefix, found, beside, stamp, whole)
