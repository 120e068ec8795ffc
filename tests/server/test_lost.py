"""What can be told of a message that was lost, and how often one complains."""

from __future__ import annotations

import pytest

from inglenook.server.lost import Allowance, Clue, clue_of


@pytest.mark.parametrize(
    ("head", "clue"),
    [
        (b'{"jsonrpc":"2.0","id":7,"method":"x","params":{"te', Clue(7, False, None)),
        (b'{"jsonrpc": "2.0", "id": "a-7", "method": "x"', Clue("a-7", False, None)),
        (b'{"params":{"id":7,"method":"x"', Clue(None, False, None)),
        (b'{"method":"textDocument/didChange","params":{', Clue(None, True, None)),
        (
            b'{"method":"textDocument/didOpen","params":{"textDocument":{"uri":"file:///a\\u0062"',
            Clue(None, True, "file:///ab"),
        ),
        (b'{"method":"textDocument/didChange","uri":"\\x"', Clue(None, True, None)),
        (b"\xff\x00", Clue(None, False, None)),
        (b"", Clue(None, False, None)),
    ],
)
def test_clues(head: bytes, clue: Clue) -> None:
    assert clue_of(head) == clue


def test_an_allowance_is_spent_and_earned_again() -> None:
    now = [0.0]
    allowance = Allowance(burst=2, per_second=0.5, clock=lambda: now[0])
    assert [allowance.take() for _ in range(3)] == [True, True, False]
    now[0] = 2.0
    assert [allowance.take() for _ in range(2)] == [True, False]
    now[0] = 1000.0
    assert [allowance.take() for _ in range(3)] == [True, True, False]
