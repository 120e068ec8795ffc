"""From the files of a source to the units that a model is asked about, and what needs no model.

Of changes all files are looked at first, to find who calls what changed. Whole files go through one
by one, without callers, so that a tree of any size needs the memory of one file.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Collection
from dataclasses import dataclass, field, replace
from typing import Final

from inglenook.engine.redaction import Redactor
from inglenook.review.checks import secret_files
from inglenook.review.checks.every import checked
from inglenook.review.checks.looked import wanted_lines
from inglenook.review.checks.parse_errors import parsed
from inglenook.review.context import Surroundings, callers_of
from inglenook.review.source import Listed, Source
from inglenook.review.suppressions import Suppression, in_text
from inglenook.review.units import units_of
from inglenook.review.values import Changed, Finding, Skipped, Unit
from inglenook_context.languages import language_of

_CALLERS_SECONDS: Final = 0.3  # for looking through the workspace
_MANY: Final = 400  # changed files; of more nobody is asked who calls them
_LONGEST: Final = 2  # times the room of a unit, for what cannot be cut
# What in a folder says what is left out of it (`engine.configuration`).
_DECIDES: Final = re.compile(r"(?:.*/)?(?:\.inglenook|\.continue)/.*|(?:.*/)?\.continuerc\.json")
_HELD: Final = 4 << 20  # characters that are kept from looking for callers, not to be read again


@dataclass(slots=True)
class Plan:
    """One source on its way to the model; what is found on it stays in the lists."""

    source: Source
    surroundings: Surroundings
    redactor: Redactor
    room: int  # characters of code in one unit
    files: int = 0
    begun: int = 0  # of what is listed: files that were skipped, or whose units are on their way
    planned: int = 0  # units of these
    findings: list[Finding] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    suppressions: list[Suppression] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    is_asked: bool = True  # whether a model is
    off: frozenset[str] = frozenset()  # rules that nobody wants
    languages: Collection[str] | None = None  # that somebody looks at; None: all
    check: Callable[[], None] = lambda: None  # raises `Ended`
    whole: set[str] = field(default_factory=set)  # files that were looked at to the last line
    unshown: set[str] = field(default_factory=set)  # of these, what no model was shown
    deleted: set[str] = field(default_factory=set)
    cut: int = 0  # findings that are too many to be told
    _held: dict[str, Changed | Skipped] = field(default_factory=dict)

    async def units(self) -> AsyncIterator[Unit]:
        """Every unit of every file; a file is read when its first unit is wanted."""
        self.skipped += self.source.skipped
        await self._find_callers()
        for listed in self.source.listed:
            self.check()
            found = self._held.pop(listed.path, None)
            if found is None:
                found = await asyncio.to_thread(self.source.read, listed)
            is_shown = not listed.secret and not listed.unshown
            if isinstance(found, Changed) and not found.deleted and is_shown:
                async for unit in self._of(found):
                    yield unit
                continue
            self.begun += 1
            if not is_shown and not listed.deleted:
                found = await asyncio.to_thread(self._checked_alone, listed, found)
            elif isinstance(found, Changed):
                self.deleted.add(found.path)
                found = Skipped(found.path, "It is deleted.")
            self.skipped.append(found)

    def _checked_alone(self, listed: Listed, found: Changed | Skipped) -> Skipped:
        """What needs no model looks at it, and shows none of its secrets."""
        self.unshown.add(listed.path)
        told: list[Finding] = []
        if isinstance(found, Changed):
            self._note(found)
            language = language_of(found.path) or ""
            inside, cut = checked(found, language, parsed(language, found.text), self.redactor)
            told += inside
            self.cut += cut
        if not listed.secret:
            self.findings += told
            return self._unshown(listed)
        wanted = [each for each in told if each.rule not in self.off]
        told += secret_files.find(listed, found, wanted)
        self.findings += told
        return secret_files.skipped(listed, found, told)

    def _unshown(self, listed: Listed) -> Skipped:
        """It is missed if the change itself may have left it out."""
        decides = any(_DECIDES.fullmatch(each.path) for each in self.source.listed)
        reason = f"{listed.unshown} This change could have said so." if decides else listed.unshown
        return Skipped(listed.path, reason, missed=decides and not listed.whole)

    def _note(self, changed: Changed) -> None:
        """What a file says of its findings, and how much of it is looked at."""
        suppressions, remarks = in_text(changed.path, changed.text)
        wanted = wanted_lines(changed) if suppressions else frozenset()
        self.suppressions += (replace(each, seen=each.line in wanted) for each in suppressions)
        self.remarks += remarks
        if changed.whole:
            self.whole.add(changed.path)

    async def _of(self, changed: Changed) -> AsyncIterator[Unit]:
        self.files += 1
        await asyncio.to_thread(self._note, changed)
        async with self.surroundings.opened(changed) as opened:
            language = opened.document.language
            args = (changed, language, opened.syntax, self.redactor)
            found, cut = await asyncio.to_thread(checked, *args)
            self.findings += found
            self.cut += cut
            if self.languages is not None and language not in self.languages:
                self.begun += 1
                self.skipped.append(Skipped(changed.path, f"No reviewer looks at {language}."))
                return
            units = await self.surroundings.units(opened, self.room)
            self.begun += 1
            fitting = [each for each in units if len(each.code) <= _LONGEST * self.room]
            if len(fitting) < len(units):
                why = "A line of it is too long for the model."
                self.skipped.append(Skipped(changed.path, why, missed=self.is_asked))
            self.planned += len(fitting)
            for unit in fitting:
                yield unit

    async def _find_callers(self) -> None:
        """Of what changed, as far as it has a name."""
        listed = self.source.listed
        if len(listed) > _MANY:
            return
        symbols: dict[tuple[str, str], None] = {}
        left = _HELD
        for each in listed:
            self.check()
            if each.secret or each.unshown:
                continue
            found = await asyncio.to_thread(self.source.read, each)
            left -= len(found.text) + len(found.old_text or "") if isinstance(found, Changed) else 0
            if left >= 0:
                self._held[each.path] = found
            if isinstance(found, Skipped) or found.deleted or found.whole or found.partial:
                continue
            async with self.surroundings.opened(found) as opened:
                language, names = opened.document.language, opened.definitions
                for unit in units_of(found, language, names, self.room):
                    if unit.symbol:
                        symbols[unit.path, unit.symbol] = None
        around = self.surroundings
        around.called = await callers_of(
            self.source.root, list(symbols), _CALLERS_SECONDS, around.leaves_out
        )
