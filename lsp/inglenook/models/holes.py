"""Known holes: small pieces of code whose missing part only the text behind it tells.

A model that goes on writing from left to right cannot know the answer. Nor does one whose
template is another family's: it sees the text behind the hole as something that was said before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from inglenook_context.prompt import Prompt


@dataclass(frozen=True, slots=True)
class Hole:
    """``before`` and ``after`` stand on both sides of ``answer``."""

    before: str
    answer: str
    after: str

    @property
    def prompt(self) -> Prompt:
        head, newline, typed = self.before.rpartition("\n")
        return Prompt("sample.py", "python", (), head + newline, typed, self.after)

    def is_filled_by(self, text: str) -> bool:
        """Whether ``text`` is the answer, and nothing else such as a special token.

        It may finish the line that goes on behind the hole, as small models like to.
        """
        line = re.escape(self.after.split("\n", 1)[0])
        fits = re.fullmatch(rf"\s*{re.escape(self.answer)}(?:{line})?\s*", text)
        return fits is not None


# The cheapest first: the others are only for what filled it.
HOLES: Final = (
    Hole("import ", "json", "\n\nprint(json.dumps({}))\n"),
    Hole("try:\n    run()\nexcept ValueError as ", "problem", ":\n    print(problem)\n"),
    Hole('COLOURS = ["red", "green"]\n\nfor ', "shade", " in COLOURS:\n    print(shade.upper())\n"),
)
