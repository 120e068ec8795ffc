"""Placeholders of secrets in answers."""

from __future__ import annotations

import pytest

from inglenook.engine.redaction import Redactor
from inglenook.engine.redaction_patterns import KINDS
from inglenook.engine.trim.placeholders import placeholders
from inglenook.engine.trim.site import Site
from tests.support.drawn_trim import Case, cut_by, drawn

DRAWING = r"""
== a placeholder [python]
client = Client(█
-- candidate
"REDACTED_OPENAI_kqzfa")
-- result
client = Client(█
== on a later line [typescript]
const a = 1;
█
-- candidate
const b = 2;
const key = "REDACTED_KEY_abcde";
-- result
const a = 1;
const b = 2;█
== the end of the tokens in a placeholder [python]
key = "█
-- candidate
REDACTED_PASSWORD_kq
-- result
key = "█
== the end of the tokens before its letters [python]
key = "█
-- candidate
REDACTED_PASSWORD
-- result
key = "█
== kept: a word that only looks like it [python]
state = █
-- candidate
State.REDACTED
-- result
state = State.REDACTED█
== kept: a constant [python]
from shop import █
-- candidate
REDACTED_VALUES, REDACT
-- result
from shop import REDACTED_VALUES, REDACT█
"""
SITE = Site("x = ", "\n", "python", multiline=True)


@drawn(DRAWING)
def test_drawn(case: Case) -> None:
    assert cut_by(placeholders, case) == case.result


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_placeholder_is_known(kind: str) -> None:
    answer = f'"{Redactor().placeholder("a secret", kind)}")'
    assert placeholders(answer, SITE, True) == ("", True)
