"""How far a review is, and how long the rest may take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """Of one moment. ``units`` are those of the ``begun`` files of all that are ``listed``.

    Of the ``done`` units the ``paid`` ones were asked about, in ``seconds``; the others were known
    from an earlier run, whose answers come first when a review goes on.
    """

    done: int
    paid: int
    units: int
    begun: int
    listed: int
    seconds: float

    @property
    def total(self) -> int:
        """Units in all, if the files to come have as many as those so far."""
        expected = round(self.units * self.listed / self.begun) if self.begun else 0
        return max(expected, self.units)

    @property
    def left(self) -> float | None:
        """Seconds; None as long as nothing is known."""
        if not self.paid:
            return None
        return (self.total - self.done) * self.seconds / self.paid

    def words(self) -> str:
        """The time left as it is told, coarsely, for that is how well it is known."""
        left = self.left
        if left is None:
            return ""
        for unit, size in (("h", 3600.0), ("min", 60.0)):
            if left >= 1.5 * size:
                return f"about {left / size:.0f} {unit} left"
        return f"about {left:.0f} s left"
