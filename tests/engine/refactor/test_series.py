"""Changes that were made one by one, put together: each drawn as the text that it alone makes."""

from __future__ import annotations

import pytest

from inglenook.engine.refactor.series import joined
from inglenook_context.refactor.edits import Change, applied

TEXT = "import os\n\ndef f(a):\n    return a\n\ndef g(b):\n    return b\n"


def insertion(at: int, new: str) -> Change:
    return Change(at, at, new)


def replacement(old: str, new: str) -> Change:
    at = TEXT.index(old)
    return Change(at, at + len(old), new)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (
            [
                [insertion(10, "from typing import Any\n")],
                [insertion(10, "from typing import Any\n")],
            ],
            "import os\nfrom typing import Any\n",
        ),
        (
            [
                [insertion(10, "from collections.abc import Iterator\n")],
                [insertion(10, "from collections.abc import Iterator, Mapping\n")],
            ],
            "import os\nfrom collections.abc import Iterator, Mapping\n",
        ),
        (
            [
                [insertion(10, "from a import b\nfrom c import d\n\n")],
                [insertion(10, "from c import e\nimport f\n\n")],
            ],
            "import os\nfrom a import b\nfrom c import d, e\nimport f\n\n",
        ),
        ([[insertion(9, ", sys")], [insertion(9, ", re, sys")]], "import os, sys, re\n"),
        (
            [
                [insertion(10, "\r\nfrom a import b\r\n")],
                [insertion(10, "\r\nfrom a import c\r\n")],
            ],
            "import os\n\r\nfrom a import b, c\r\n",
        ),
        ([[insertion(10, "x = 1\n")], [insertion(10, "y = 2\n")]], "import os\nx = 1\ny = 2\n"),
    ],
)
def test_what_is_inserted_at_one_place(parts: list[list[Change]], expected: str) -> None:
    found = joined(parts)
    assert not found.dropped
    assert applied(TEXT, found.changes) == expected + TEXT[10:]


def test_changes_at_different_places_are_all_made_in_order() -> None:
    found = joined([[replacement("return b", "return 2")], [replacement("return a", "return 1")]])
    after = applied(TEXT, found.changes)
    assert after == TEXT.replace("return a", "return 1").replace("return b", "return 2")


def test_what_overlaps_an_earlier_part_is_dropped_whole() -> None:
    one = [replacement("return a", "return 1")]
    two = [insertion(0, "# x\n"), replacement("a\n\ndef g(b)", "b")]
    found = joined([one, two, [replacement("return b", "return 2")]])
    assert found.dropped == (1,)
    after = applied(TEXT, found.changes)
    assert after == TEXT.replace("return a", "return 1").replace("return b", "return 2")
    same = joined([one, one])
    assert (same.dropped, applied(TEXT, same.changes)) == ((), TEXT.replace("return a", "return 1"))
