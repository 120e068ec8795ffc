"""How long a review may still take, as it is told."""

from __future__ import annotations

import pytest

from inglenook.review.progress import Progress


@pytest.mark.parametrize(
    ("done", "paid", "units", "files", "seconds", "told"),
    [
        (0, 0, 0, "0 of 5", 1.0, "0 of 0"),
        (0, 0, 2, "1 of 5", 9.0, "0 of 10"),
        (2, 2, 4, "2 of 2", 20.0, "2 of 4, about 20 s left"),
        (2, 2, 4, "2 of 4", 20.0, "2 of 8, about 60 s left"),
        (9, 3, 10, "5 of 50", 6.0, "9 of 100, about 3 min left"),  # six were known
        (1, 1, 1, "1 of 721", 10.0, "1 of 721, about 2 h left"),
        (4, 4, 4, "2 of 2", 20.0, "4 of 4, about 0 s left"),
    ],
)
def test_the_time_left(
    done: int, paid: int, units: int, files: str, seconds: float, told: str
) -> None:
    begun, listed = map(int, files.split(" of "))
    progress = Progress(done, paid, units, begun, listed, seconds)
    left = progress.words()
    assert f"{progress.done} of {progress.total}{', ' if left else ''}{left}" == told
