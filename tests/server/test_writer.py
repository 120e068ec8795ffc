"""What is written when the pipe is full: nothing waits, and what can be spared goes first."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

import pytest

from inglenook.server.writer import HARD_LIMIT, SOFT_LIMIT, Writer


class Pipe:
    """A writer on a pipe that nobody reads until `read_all`."""

    def __init__(self) -> None:
        self.reader, end = os.pipe()
        self.end = end
        self.given_up = threading.Event()
        self.writer = Writer(end, self.given_up.set)

    def fill(self) -> None:
        """Fill the pipe and keep the writer's thread busy."""
        self.writer.write(b"#" * 500_000)

    def read_all(self) -> bytes:
        """Everything that was written, without what `fill` wrote."""
        pieces = []

        def read() -> None:
            while piece := os.read(self.reader, 65536):
                pieces.append(piece)

        thread = threading.Thread(target=read)
        thread.start()
        assert self.writer.close(10)
        os.close(self.end)
        thread.join()
        return b"".join(pieces).replace(b"#", b"")


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    made = Pipe()
    yield made
    os.close(made.reader)


def test_messages_come_in_order_whatever_their_size(pipe: Pipe) -> None:
    sent = [b"%d" % number * (1 if number % 3 else 5_000) for number in range(300)]
    for message in sent:
        pipe.writer.write(message)
    assert pipe.read_all() == b"".join(sent)


def test_a_newer_status_takes_the_place_of_one_that_waits(pipe: Pipe) -> None:
    pipe.fill()
    pipe.writer.write(b"<1 busy>", "status")
    pipe.writer.write(b"<answer>")
    pipe.writer.write(b"<1 idle>", "status")
    pipe.writer.write(b"<10%>", "progress a")
    pipe.writer.write(b"<end>")
    assert pipe.read_all() == b"<1 idle><answer><10%><end>"


def test_above_the_soft_limit_only_what_must_be_said_is_kept(pipe: Pipe) -> None:
    pipe.fill()
    pipe.writer.write(b"#" * (SOFT_LIMIT + 1))
    pipe.writer.write(b"<status>", "status")
    pipe.writer.write(b"<answer>")
    assert pipe.read_all() == b"<answer>"


def test_above_the_hard_limit_the_client_is_given_up_once(pipe: Pipe) -> None:
    pipe.fill()
    for _ in range(3):
        pipe.writer.write(b"#" * (HARD_LIMIT // 2))
    assert pipe.given_up.is_set()
    pipe.read_all()


def test_a_broken_pipe_gives_the_client_up() -> None:
    reader, end = os.pipe()
    given_up = threading.Event()
    writer = Writer(end, given_up.set)
    os.close(reader)
    writer.write(b"x")
    assert given_up.wait(10)
    writer.write(b"y")
    assert writer.close(10)
    os.close(end)


def test_closing_waits_no_longer_than_its_limit(pipe: Pipe) -> None:
    pipe.fill()
    assert not pipe.writer.close(0.01)
    pipe.read_all()
