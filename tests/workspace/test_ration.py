"""What one turn of the event loop may read, in seconds that are drawn."""

from __future__ import annotations

import asyncio

from inglenook.workspace.ration import File, Ration


class Drawn:
    """Files that take so long each; ``turns`` are those that were read in each turn."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.turns: list[list[str]] = [[]]
        self.done = 0
        self.ration = Ration(self.read, self.finish)

    def read(self, *file: int | str) -> None:
        number, path, shown = file
        self.ask((int(number), str(path), str(shown)))

    def ask(self, file: File) -> bool:
        if not self.ration.allows(file):
            return False
        self.ration.spend(self.seconds)
        self.turns[-1].append(file[1])
        return True

    def finish(self) -> None:
        self.done += 1


async def test_a_turn_reads_so_much_and_the_next_ones_the_rest() -> None:
    drawn = Drawn(seconds=0.004)
    asked = [drawn.ask((1, f"f{number}", "")) for number in range(5)]
    assert asked == [True, True, False, False, False]
    assert drawn.turns == [["f0", "f1"]]
    for _ in range(9):
        drawn.turns.append([])
        await asyncio.sleep(0)
    assert all(len(turn) <= 2 for turn in drawn.turns)
    assert [path for turn in drawn.turns for path in turn] == [f"f{n}" for n in range(5)]
    assert drawn.done == 1


async def test_what_is_cheap_does_not_wait() -> None:
    drawn = Drawn(seconds=0.0)
    assert all(drawn.ask((1, f"f{number}", "")) for number in range(500))
    await asyncio.sleep(0)
    assert drawn.done == 0


async def test_no_more_waits_than_can_be_wanted_and_it_can_be_let_go() -> None:
    drawn = Drawn(seconds=1.0)
    for number in range(5_000):
        drawn.ask((1, f"f{number}", ""))
    assert len(drawn.ration._waiting) <= 256
    drawn.ration.clear()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert drawn.turns == [["f0"]]
    assert drawn.done == 0
