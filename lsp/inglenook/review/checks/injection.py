"""Text that tells an automatic reviewer what to say. It changes nothing, but is worth knowing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from inglenook.review.checks.looked import Looked
from inglenook.review.values import Finding, Rule, Severity

RULE: Final = Rule(
    "review/injection", "Text that tells an automatic reviewer what to say.", Severity.WARNING
)
_PATTERN: Final = re.compile(
    r"""
    \b(?:ignore|disregard|forget|override)\b.{0,30}
        \b(?:previous|prior|above|earlier|preceding|system|your|all)\b.{0,30}
        \b(?:instruction|prompt|rule|guideline|direction)s?\b
    | \b(?:report|return|output|say|respond|answer|reply|emit|give)\b.{0,30}
        \b(?:no|zero|empty|without)\b.{0,20}\b(?:finding|issue|problem|bug|vulnerabilit|defect|comment)\w*
    | \b(?:do\s+not|don't|never)\b\s+(?:report|flag|review|comment\s+on|mention)\b.{0,60}
        \b(?:finding|issue|problem|bug|vulnerabilit|line|file|code|function|this)\w*
    | \b(?:AI|LLM|automat\w+|language\s+model|assistant|bot)\b.{0,20}
        \b(?:reviewer|review|auditor)s?\b.{0,40}(?:[:,]|\b(?:must|should|please|approve|skip|ignore|mark|consider|treat)\b)
    | \b(?:approve|accept|pass|lgtm)\b.{0,20}\b(?:this|the)\b.{0,20}
        \b(?:review|code|pull\s+request|change|diff|file)s?\b.{0,20}\b(?:without|unconditionally|no\s+matter|regardless)
    | <\|(?:im_start|im_end|endoftext|system|user|assistant|eot_id|start_header_id)\|>
    | \[/?INST\] | <<SYS>> | \byou\s+are\s+(?:now|no\s+longer)\s+(?:a|an|the)?\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LONGEST: Final = 2_000  # characters of a line that are looked at
_MOST: Final = 20  # findings of one file


def find(looked: Looked) -> Iterator[Finding]:
    told = 0
    for line, text in looked.texts():
        if told < _MOST and _PATTERN.search(text[:_LONGEST]):
            told += 1
            yield looked.finding(
                RULE,
                line,
                "This tells an automatic reviewer what to say. The review does not heed it; read "
                "yourself what it is to hide.",
            )
