"""What of the cursor's own file a model is shown, and how steady it is."""

from __future__ import annotations

from inglenook_context.document import Cursor, Document
from inglenook_context.text import Text
from inglenook_context.window import LARGE, PREFIX_LIMIT, Budget, window
from tests.support.drawn import cursor_of

FUNCTION = "def function_{0}(a, b):\n    return a + {0}\n\n"
FILE = "".join(FUNCTION.format(number) for number in range(400))


def at(text: str, offset: int) -> Cursor:
    return Cursor(Document("file:///a.py", "python", 1, Text.of(text)), offset)


def test_a_small_file_is_shown_whole() -> None:
    shown = window(cursor_of("import os\n\nx = os.█path\ny = 1\n"), LARGE)
    assert (shown.prefix, shown.typed) == ("", "import os\n\nx = os.")
    assert shown.suffix == "path\ny = 1\n"


def test_line_ends_are_newlines_whatever_the_file_has() -> None:
    shown = window(cursor_of("a\r\nb\rc█d\r\ne\r\n"), LARGE)
    assert (shown.prefix, shown.typed, shown.suffix) == ("", "a\nb\nc", "d\ne\n")


def test_typing_changes_only_the_typed_part() -> None:
    offset = Text.of(FILE).line_start(600)
    lines = "value = compute(a, b)\n    return value"
    frozen = window(at(FILE, offset), LARGE)
    for typed in range(1, len(lines) + 1):
        text = FILE[:offset] + lines[:typed] + FILE[offset:]
        shown = window(at(text, offset + typed), LARGE)
        assert (shown.prefix, shown.suffix) == (frozen.prefix, frozen.suffix)
        assert shown.typed == frozen.typed + lines[:typed]


def test_the_typed_part_begins_at_a_group_of_lines() -> None:
    text = Text.of(FILE)
    for line in (0, 7, 8, 15, 16, 307, 312):
        shown = window(at(FILE, text.line_start(line)), LARGE)
        assert shown.typed.count("\n") == line % 8 + (8 if line >= 8 else 0)


def test_the_start_moves_in_coarse_steps_and_at_line_starts() -> None:
    starts = []
    for line in range(300, 500):
        cursor = at(FILE, Text.of(FILE).line_start(line))
        shown = window(cursor, LARGE)
        assert LARGE.prefix - 100 <= len(shown.prefix) <= LARGE.prefix + LARGE.step
        starts.append(cursor.offset - len(shown.prefix + shown.typed))
        assert FILE[starts[-1] - 1] == "\n"
    assert len(set(starts)) < 8


def test_a_very_long_line_is_frozen_in_steps() -> None:
    text = "x = [" + "1, " * 20_000
    before = [window(at(text, offset), LARGE) for offset in range(30_000, 30_200)]
    assert len({shown.prefix for shown in before}) <= 2
    assert all(len(shown.prefix + shown.typed) <= PREFIX_LIMIT for shown in before)


def test_the_suffix_ends_at_a_line_end() -> None:
    shown = window(at(FILE, FILE.index("def function_200")), Budget(0, 100, 50, 120))
    assert shown.suffix.endswith("\n")
    assert 0 < len(shown.suffix) <= 120
