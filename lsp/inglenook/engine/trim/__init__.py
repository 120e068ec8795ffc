"""Pure post-filters over what a model wrote; see `Site` for what they know of the place.

A *cut* runs while the text arrives. Before the end of the text it returns what is certain by
then: its later answers begin with it, so a cut holds back what it may still take away. It says
*enough* when nothing that comes later can change its answer; for the cuts after it the text is
then final. So an answer does not depend on how the stream was cut into chunks. `invisible` may
take back what was certain, therefore no cut follows it.

A *finish* runs once, on the final text.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from inglenook.engine.trim.above import above
from inglenook.engine.trim.below import below
from inglenook.engine.trim.braces import braces
from inglenook.engine.trim.cells import cells
from inglenook.engine.trim.closers import closers
from inglenook.engine.trim.dedent import dedent
from inglenook.engine.trim.definitions import definitions
from inglenook.engine.trim.echo import echo
from inglenook.engine.trim.fences import fences
from inglenook.engine.trim.invisible import invisible
from inglenook.engine.trim.leading import leading
from inglenook.engine.trim.loops import loops
from inglenook.engine.trim.newlines import newlines
from inglenook.engine.trim.overlap import overlap
from inglenook.engine.trim.parses import parses
from inglenook.engine.trim.placeholders import placeholders
from inglenook.engine.trim.repetition import repetition
from inglenook.engine.trim.single_line import single_line
from inglenook.engine.trim.site import Site
from inglenook.engine.trim.tokens import tokens
from inglenook.engine.trim.trailing import trailing
from inglenook.engine.trim.trimmed import Trimmed

__all__ = ["CUTS", "FINISHES", "Site", "Trimmed", "trim"]

CUTS: Final[tuple[Callable[[str, Site, bool], Trimmed], ...]] = (
    newlines,
    tokens,
    fences,
    leading,
    echo,
    cells,
    single_line,
    dedent,
    braces,
    definitions,
    loops,
    repetition,
    below,
    above,
    placeholders,
    invisible,
)
FINISHES: Final[tuple[Callable[[str, Site], str], ...]] = (
    overlap,
    closers,
    trailing,
    parses,
)


def trim(text: str, site: Site, final: bool) -> Trimmed:
    """The best of ``text``, which is all that came so far; ``final``: no more will come.

    With ``enough`` the text is what the whole stream would have given. Before that, and before
    the end, it is a beginning of it made of whole lines (or empty), unless it is dropped later.
    """
    enough = False
    for cut in CUTS:
        text, said = cut(text, site, final or enough)
        enough = enough or said
    if final or enough:
        for finish in FINISHES:
            text = finish(text, site)
    return Trimmed(text, enough)
