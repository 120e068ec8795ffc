"""What an answer claims with the places in the unit that it claims it of, and what has to be asked
again about it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from inglenook.review.answers import Claim, Unparsed, claims_of
from inglenook.review.locate import Choice, Located, places
from inglenook.review.values import Reviewer, Unit


@dataclass(frozen=True, slots=True)
class Unclear:
    """A claim whose quote stands in several places."""

    claim: Claim
    places: tuple[Located, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """One answer. ``told`` has its place, ``unclear`` has several and ``nowhere`` counts what has
    none; ``wrong`` says why the answer, or a part of it, could not be read: "" if it could."""

    told: tuple[tuple[Claim, Located], ...] = ()
    unclear: tuple[Unclear, ...] = ()
    nowhere: int = 0
    cut: int = 0
    wrong: str = ""

    @property
    def unlocated(self) -> int:
        return self.nowhere + len(self.unclear)

    @property
    def remark(self) -> str:
        """What is to be mended in the answer, for the model; "" if nothing is."""
        remarks = [self.wrong] if self.wrong else []
        for quote in dict.fromkeys(each.claim.quote for each in self.unclear):
            said = json.dumps(quote, ensure_ascii=False)
            remarks.append(
                f"The quote {said} stands there several times: "
                "quote it together with the line above or below it."
            )
        return " ".join(remarks)

    def repaired(self, again: Placed) -> Placed:
        """With a second answer to the same question, which was asked for with the ``remark``.

        What of the first one could be read stays, and the second takes the place of the rest; where
        neither could be read it is the one of which more could. Else it tells only which places the
        unclear quotes mean.
        """
        if self.wrong and again.wrong:
            return max(self, again, key=lambda each: len(each.told))
        if self.wrong:
            return replace(again, told=(*self.told, *again.told), cut=self.cut + again.cut)
        if again.wrong:
            return self
        told, left = list(self.told), list(self.unclear)
        for claim, place in again.told:
            for each in left:
                inside = [one for one in each.places if _is_inside(one, place)]
                if len(inside) == 1 and each.claim.rule == claim.rule:
                    told.append((claim, inside[0]._replace(shown=place.shown)))
                    left.remove(each)
                    break
        return replace(self, told=tuple(told), unclear=tuple(left))


def placed(text: str, reviewer: Reviewer, unit: Unit, choices: Sequence[Choice]) -> Placed:
    """An answer about a unit. A quote that is one of the ``choices`` means what that means."""
    try:
        claims = claims_of(text, reviewer)
    except Unparsed as error:
        return Placed(wrong=str(error))
    offered = dict(choices)
    told: list[tuple[Claim, Located]] = []
    unclear: list[Unclear] = []
    for claim in claims.made:
        if claim.quote in offered:
            # Whoever was offered one that nobody can tell from others has no better one to give.
            if (place := offered[claim.quote]) is not None:
                told.append((claim, place))
            continue
        found = places(claim.quote, unit)
        if len(found) == 1:
            told.append((claim, found[0]))
        elif found:
            unclear.append(Unclear(claim, found))
    nowhere = len(claims.made) - len(told) - len(unclear)
    return Placed(tuple(told), tuple(unclear), nowhere, claims.cut, claims.wrong)


def _is_inside(one: Located, other: Located) -> bool:
    return other.line <= one.line and one.end_line <= other.end_line
