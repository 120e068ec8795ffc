"""Parsers that hang or die, and what the real one is limited to."""

from __future__ import annotations

import queue
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from inglenook.workspace import pool as pool_module
from inglenook.workspace.pool import Done, Job, Pool
from inglenook_context.facts import load

_STAND_IN = Path(__file__).with_name("stand_in_parser.py")


class Asked:
    """A pool of stand-ins that note the texts they are given."""

    def __init__(self, notes: str) -> None:
        self.notes = notes
        self.found: queue.SimpleQueue[Done] = queue.SimpleQueue()
        self.pool = Pool(self.found.put, (sys.executable, str(_STAND_IN), notes))

    def __call__(self, *texts: str) -> dict[str, bytes | None]:
        for text in texts:
            self.pool.ask(Job(text, "python", text.encode()))
        answers: dict[str, bytes | None] = {}
        until = time.monotonic() + 30
        while len(answers) < len(texts):
            assert time.monotonic() < until
            self.pool.check()
            try:
                done = self.found.get(timeout=0.02)
            except queue.Empty:
                continue
            assert not done.broken
            answers[done.job.path] = done.body
        return answers

    def times(self, text: str) -> int:
        return Path(self.notes).read_text().split("\n").count(text)


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Asked]:
    monkeypatch.setattr(pool_module, "WALL_SECONDS", 0.3)
    asked = Asked(str(tmp_path / "notes"))
    yield asked
    asked.pool.close()


def test_a_text_on_which_the_parser_hangs_is_given_up(asked: Asked) -> None:
    assert asked("a", "hang", "b") == {
        "a": b"facts of a",
        "hang": None,
        "b": b"facts of b",
    }
    assert asked.times("hang") == 1


def test_a_text_of_which_the_parser_dies_is_tried_twice(asked: Asked) -> None:
    assert asked("die", "a") == {"die": None, "a": b"facts of a"}
    assert asked.times("die") == 2
    assert asked("die once") == {"die once": b"facts of die once"}


def test_a_text_that_takes_all_the_time_is_not_tried_again(asked: Asked) -> None:
    assert asked("too long", "a") == {"too long": None, "a": b"facts of a"}
    assert asked.times("too long") == 1


def test_many_texts_of_which_some_are_bad(asked: Asked) -> None:
    good = [f"text {number}" for number in range(40)]
    answers = asked(*good[:20], "die", "hang", *good[20:], "too long")
    assert answers == {text: f"facts of {text}".encode() for text in good} | dict.fromkeys(
        ("die", "hang", "too long")
    )


def test_when_no_parser_can_be_started_no_text_is_blamed() -> None:
    for command in ((sys.executable, str(_STAND_IN), "absent"), ("/nonexistent/parser",)):
        found: queue.SimpleQueue[Done] = queue.SimpleQueue()
        pool = Pool(found.put, command)
        pool.ask(Job("a", "python", b"a"))
        assert found.get(timeout=30).broken
        pool.close()


def test_the_real_parser() -> None:
    found: queue.SimpleQueue[Done] = queue.SimpleQueue()
    pool = Pool(found.put)
    text = "\ufeffclass Order:\n    def total(self): ...\n\ndef _x(): ...\ndef make(): ...\n"
    pool.ask(Job("orders.py", "python", text.encode()))
    done = found.get(timeout=30)
    assert done.names == ("Order", "make")
    assert done.body is not None
    import zlib

    facts = load("orders.py", zlib.decompress(done.body))
    assert facts is not None
    assert {"Order", "total", "make"} <= set(facts.defines)
    if sys.platform == "linux":
        [child] = [
            each
            for each in psutil.Process().children()
            if "inglenook.workspace.parser" in each.cmdline()
        ]
        seconds, _ = child.rlimit(psutil.RLIMIT_CPU)
        assert 0 < seconds < 10
        assert child.rlimit(psutil.RLIMIT_AS)[0] == 1 << 30
        assert child.rlimit(psutil.RLIMIT_CORE) == (0, 0)
    pool.close()


@pytest.mark.parametrize(
    "text",
    [
        "(" * 200_000,
        "a" + ".b" * 100_000,
        "x = " + "1 + " * 100_000 + "1",
        "x = 1\n" * 150_000,
        "".join(" " * depth + "if a:\n" for depth in range(1_000)),
        '"""' * 50_001,
        "def f(): pass\n" * 60_000,
        "\x00\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    ],
    ids=["parens", "attributes", "sum", "flat", "ladder", "quotes", "functions", "bytes"],
)
def test_pathological_texts_do_no_harm(text: str) -> None:
    found: queue.SimpleQueue[Done] = queue.SimpleQueue()
    pool = Pool(found.put)
    pool.ask(Job("bad.py", "python", text.encode("utf-8", "replace")))
    pool.ask(Job("good.py", "python", b"def good(): ...\n"))
    answers = [found.get(timeout=60) for _ in range(2)]
    assert ("good",) in [done.names for done in answers]
    assert not any(done.broken for done in answers)
    pool.close()
