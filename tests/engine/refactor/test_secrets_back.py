"""An edit never writes a placeholder into the file in the place of a secret."""

from __future__ import annotations

from inglenook.engine.redaction import Redactor, hidden_in, redacted_texts
from inglenook.engine.refactor.secrets_back import left_over, restored

CODE = 'def connect():\n    password = "hunter2x"\n    return open_at(password)\n'


async def test_what_the_model_copies_is_the_secret_again() -> None:
    redactor = Redactor()
    (shown,) = await redacted_texts([CODE], redactor)
    hidden = await hidden_in([CODE], redactor)
    assert "hunter2x" not in shown
    answer = shown.replace("open_at", "connect_to")
    assert restored(answer, hidden) == CODE.replace("open_at", "connect_to")
    assert list(hidden.values()) == ["hunter2x"]


def test_a_placeholder_that_nobody_knows_is_a_failure() -> None:
    made_up = CODE.replace("hunter2x", "REDACTED_PASSWORD_abcde")
    assert restored(made_up, {"REDACTED_PASSWORD_kqzfa": "hunter2x"}) == made_up
    assert [each.check for each in left_over(CODE, made_up)] == ["secret"]
    assert left_over(made_up, made_up + "\n") == ()
    assert left_over(CODE, CODE) == ()


def test_a_part_of_a_placeholder_is_one_too() -> None:
    for part in ("REDACTED_PASSWORD_abc", "redacted_password_abcde", "REDACTED_PASS"):
        assert left_over(CODE, CODE.replace("hunter2x", part))
