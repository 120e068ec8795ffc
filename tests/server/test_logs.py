"""What reaches a log, and what never does."""

from __future__ import annotations

import io
import logging

from inglenook.server.logs import BriefStderr, DiscreetFormatter, describe


def record(name: str, message: str, *args: object, error: BaseException | None = None) -> str:
    exc_info = (type(error), error, error.__traceback__) if error is not None else None
    made = logging.LogRecord(name, logging.WARNING, "/x/mod.py", 7, message, args, exc_info)
    return DiscreetFormatter().format(made)


def failure() -> BaseException:
    try:
        try:
            raise KeyError("canary")
        except KeyError as error:
            raise ValueError("canary") from error
    except ValueError as error:
        return error


def test_our_own_messages_are_written_in_full() -> None:
    assert record("inglenook.server", "the %s is gone", "editor").endswith("the editor is gone")


def test_of_a_foreign_message_only_the_place_is_written() -> None:
    written = record("pygls.protocol", "canary %s", "canary")
    assert "canary" not in written
    assert "pygls.protocol: at mod:7" in written


def test_exceptions_are_written_without_their_words() -> None:
    written = record("inglenook", "failed", error=failure())
    assert "canary" not in written
    assert "builtins.ValueError" in written
    assert "builtins.KeyError" in written
    assert "test_logs.py:" in written


def test_a_circle_of_causes_ends() -> None:
    error = failure()
    assert error.__cause__ is not None
    error.__cause__.__cause__ = error
    assert len(describe(error)) == 4


def test_a_stderr_that_nobody_reads_is_not_filled() -> None:
    stream = io.StringIO()
    handler = BriefStderr()
    handler.setStream(stream)
    made = logging.LogRecord("inglenook", logging.ERROR, "m.py", 1, "x" * 1000, (), None)
    for _ in range(200):
        handler.handle(made)
    assert 30_000 <= len(stream.getvalue()) <= 34_000
