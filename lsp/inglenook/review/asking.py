"""One unit's review: each reviewer is asked, a broken answer once more, and then the judge.

`Ask` is the seam to a model: what it hides, caches and waits for is `asker`'s business.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

from inglenook.models.chatting import ChatRequest, Message
from inglenook.models.spec import Sampling
from inglenook.review.answers import JUDGE_SCHEMA, Claim, Unparsed, review_schema, stands
from inglenook.review.locate import Choice, Located, quotable
from inglenook.review.placed import Placed, placed
from inglenook.review.shown import about, judge_messages, review_messages
from inglenook.review.values import Finding, Reviewer, Unit

_ANSWER: Final = 700  # tokens of a review
_VERDICT: Final = 160  # tokens of a judge's
_FIRST: Final = Sampling(temperature=0.0)
_AGAIN: Final = Sampling(temperature=0.4)  # at 0 it could be the first answer again


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model said, or what it said when it was asked the same before.

    ``forget`` has it asked again the next time.
    """

    text: str
    prompt_tokens: int = 0
    tokens: int = 0
    cached: bool = False
    forget: Callable[[], None] = lambda: None


class Ask(Protocol):
    """Raises `ModelError`, and `Ended` when no further request may be made."""

    async def __call__(self, request: ChatRequest, /) -> Answer: ...


class Ended(Exception):
    """The review is to end before its end; the message is one sentence that says why."""


@dataclass(slots=True)
class Tally:
    """What is counted on the way, under the names that it has in `Coverage`."""

    asked: int = 0
    cached: int = 0
    unparsed: int = 0
    failed: int = 0
    unlocated: int = 0
    refuted: int = 0
    cut: int = 0
    prompt_tokens: int = 0
    tokens: int = 0
    dropped: int = 0  # findings that a model made and nobody is told of: for whatever reason

    def answered(self, answer: Answer) -> None:
        self.cached += answer.cached
        self.asked += not answer.cached
        self.prompt_tokens += answer.prompt_tokens
        self.tokens += answer.tokens


@dataclass(slots=True)
class Reviewed:
    """Of one unit; ``is_whole``: all of every reviewer's answer could be read."""

    findings: list[Finding] = field(default_factory=list)
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Panel:
    """Who reviews, and how: ``room`` is how many characters of excerpts are shown."""

    reviewers: tuple[Reviewer, ...]
    ask: Ask
    judge: bool
    room: int
    tally: Tally

    async def review(self, unit: Unit, found: Reviewed) -> None:
        """Add to ``found`` what is found in the unit, which has no secrets any more.

        Raises what `Ask` does; what was found by then stays.
        """
        shown, left_out = about(unit, self.room)
        choices = quotable(unit)
        self.tally.cut += left_out
        for reviewer in self.reviewers:
            if not reviewer.languages or unit.language in reviewer.languages:
                await self._reviewed(unit, shown, reviewer, choices, found)

    async def _reviewed(
        self,
        unit: Unit,
        shown: str,
        reviewer: Reviewer,
        choices: Sequence[Choice],
        found: Reviewed,
    ) -> None:
        request = ChatRequest(
            review_messages(shown, reviewer, unit.whole),
            _ANSWER,
            _FIRST,
            json_schema=review_schema(reviewer, [each.quote for each in choices]),
            seed=0,
        )
        for finding, place in await self._claimed(request, unit, reviewer, choices, found):
            if self.judge:
                await self._judged(shown, finding, place, found)

    async def _claimed(
        self,
        request: ChatRequest,
        unit: Unit,
        reviewer: Reviewer,
        choices: Sequence[Choice],
        found: Reviewed,
    ) -> list[tuple[Finding, Located]]:
        """Add to ``found`` what is claimed; what a first answer says stays if nobody can give the
        second one."""
        answer = await self._asked(request)
        said = placed(answer.text, reviewer, unit, choices)
        try:
            if said.remark:
                again = await self._asked(_repaired(request, answer.text, said.remark))
                second = placed(again.text, reviewer, unit, choices)
                if second.wrong and said.wrong:
                    for each in (again, answer):
                        each.forget()  # or a model that was ill once would be so for ever
                said = said.repaired(second)
        finally:
            new = [(_finding(*each, unit, reviewer), each[1]) for each in said.told]
            found.findings += [finding for finding, _ in new]
            self._count(said)
        found.is_whole = found.is_whole and not said.wrong
        return new

    def _count(self, said: Placed) -> None:
        self.tally.cut += said.cut
        self.tally.dropped += said.cut + said.unlocated
        self.tally.unlocated += said.unlocated
        self.tally.unparsed += bool(said.wrong)

    async def _judged(self, shown: str, finding: Finding, place: Located, found: Reviewed) -> None:
        """A verdict that cannot be read refutes nothing."""
        messages = judge_messages(shown, finding, place.shown)
        request = ChatRequest(messages, _VERDICT, _FIRST, json_schema=JUDGE_SCHEMA, seed=0)
        verdict = await self._verdict(request)
        at = found.findings.index(finding)
        if verdict is False:
            self.tally.refuted += 1
            self.tally.dropped += 1
            del found.findings[at]
        else:
            found.findings[at] = replace(finding, judged=verdict)

    async def _verdict(self, request: ChatRequest) -> bool | None:
        """None if it cannot be read, not even a second one."""
        answer = await self._asked(request)
        try:
            return stands(answer.text)
        except Unparsed as error:
            again = await self._asked(_repaired(request, answer.text, str(error)))
        try:
            return stands(again.text)
        except Unparsed:
            self.tally.unparsed += 1
            for each in (answer, again):
                each.forget()  # as of a reviewer
            return None

    async def _asked(self, request: ChatRequest) -> Answer:
        answer = await self.ask(request)
        self.tally.answered(answer)
        return answer


def _finding(claim: Claim, place: Located, unit: Unit, reviewer: Reviewer) -> Finding:
    symbol = unit.file.symbol_at(place.line)
    return Finding(
        claim.rule,
        claim.severity,
        claim.message,
        unit.path,
        place.line,
        place.end_line,
        place.text,
        symbol=symbol,
        by=(reviewer.name,),
        nth=unit.file.nth(place.line, place.end_line, symbol),
    )


def _repaired(request: ChatRequest, answer: str, reason: str) -> ChatRequest:
    said = f"That cannot be used. {reason} Answer again, with JSON and nothing else."
    turns: Sequence[Message] = (
        *request.messages,
        Message("assistant", answer[:2_000] or "(nothing)"),
        Message("user", said),
    )
    return replace(request, messages=tuple(turns), sampling=_AGAIN)
