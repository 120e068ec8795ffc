"""Characters that cannot be seen: drawn lines in, rules and lines out."""

from __future__ import annotations

import unicodedata

import pytest

from inglenook.review.checks.invisible import seen
from tests.support.drawn_change import changed, whole
from tests.support.drawn_checks import found, said

INVISIBLE = "code/invisible"


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("x = 1 # \u202e hidden", "code/bidirectional"),
        ("if a \u2066== b:", "code/bidirectional"),
        ("pass\u200bword = 1", "code/invisible"),
        ("a = 1\U000e0041", "code/invisible"),
        ("a\u200dmin = 1", "code/invisible"),
        ("os.system(x)  # \x1b[2K\x1b[1G fine", "code/invisible"),
    ],
)
def test_what_a_reader_does_not_see(line: str, rule: str) -> None:
    assert rule in {each[0] for each in said(changed(f"+ {line}\n", "a.txt"), "plaintext")}


@pytest.mark.parametrize(
    "line",
    [
        "# 👩‍👩‍👧 family",
        "می‌خواهم = 1",
        "naïve = 'é'",
        "\ufeffa = 1",
        "\tx = 1",
        "# ภาษา\u200bไทย",
        "ខ្ញុំ\u200bស្រឡាញ់",
    ],
)
def test_what_scripts_and_pictures_need_is_no_finding(line: str) -> None:
    assert said(changed(f"+ {line}\n", "a.txt"), "plaintext") == []


@pytest.mark.parametrize(
    "line",
    [
        "const { timeout, \u3164 } = req.query;",  # one more parameter, whose name is a blank
        "admin\u3164 = True",
        "ad\u200bmin_ไทย = True",
        "ไทย\u200bx = True",
        "ไทย\u200b\u200bไทย = True",
        "admin\uffa0 = True",
        "admin\u115f = True",
        "admin\u1160 = True",
        "\u115f\u1160 = True",  # both letters of a syllable are lacking
        "admin\u034f = True",
        "admin\ufe0f = True",
        "admin1\ufe0f = True",
        "admin\u180b = True",
        "admin\u17b4 = True",
        "admin\U000e0100 = True",
        "admin\U00016fe4 = True",
        "ad\u200emin = True",
        "if\u2800a:",
        "// done \u2028 steal()",
        "// done \u2029 steal()",
        "a\x85b",
        "a\U0001d173b",
        "\U0001f3f4\U000e0068\U000e0069\U000e007f",  # tags that spell no flag
    ],
)
def test_what_is_a_letter_or_a_line_end_to_a_compiler_and_nothing_to_a_reader(line: str) -> None:
    assert said(changed(f"+ {line}\n", "a.txt"), "plaintext") == [(INVISIBLE, 1)]


@pytest.mark.parametrize(
    "line",
    [
        "# \u1112\u119e\u11ab\u1100\u1173\u11af, old Hangul",
        "# \u1102\u1160 \u115f\u1161 \u115f\u1160\u11a8, what a syllable lacks is filled",
        "# 1\ufe0f\u20e3 #\ufe0f\u20e3 first",
        "# 0\ufe00 is a zero with a stroke",
        "# ✔\ufe0f done",
        "# \U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f England",
        "# \u05e9\u05dc\u05d5\u05dd!\u200f C++\u200e",
        "# ᠠ\u180b ᠭ\u180d",
        'FRAMES = "⠋⠙⠹⠸⠼⠴\u2800"',
    ],
)
def test_what_old_hangul_and_other_scripts_need_is_no_finding(line: str) -> None:
    assert said(changed(f"+ {line}\n", "a.txt"), "plaintext") == []


def test_a_picture_of_braille_has_rows_that_are_blank() -> None:
    assert said(changed("+ ⠀⣴⠀\n+ \u2800\u2800\u2800\n", "a.txt"), "plaintext") == []


def test_a_lone_carriage_return_ends_a_comment_that_a_viewer_shows_on() -> None:
    (finding,) = found(changed("  a = 1\n+ # all is well\rsteal()\n  b = 2\n"))
    assert (finding.rule, finding.line) == (INVISIBLE, 2)
    assert finding.message == "Characters that cannot be seen stand in the code: U+000D."


@pytest.mark.parametrize("text", ["# a\r\nb = 1\r\n", "# a\r\r\nb = 1\n", "# a\nb = 1\r"])
def test_a_carriage_return_before_a_line_end_hides_nothing(text: str) -> None:
    assert said(whole(text)) == []


def test_a_file_whose_lines_all_end_as_on_old_macs() -> None:
    assert said(whole("# a\rb = 1\r# c\rd = 1\r")) == []
    assert said(whole("# a\rb = 1\r# c\rd = 1\r\u3164 = 1")) == [(INVISIBLE, 1)]


def test_all_of_one_file_are_told() -> None:
    assert said(whole("a = 1 # \u200b\n" * 30)) == [(INVISIBLE, line) for line in range(1, 31)]


def test_what_splits_a_word_unseen_is_taken_out() -> None:
    assert seen("ig\u200bno\u00adre\u2066 \u3164all") == "ignore all"
    assert seen("naïve\tcafé\r\n") == "naïve\tcafé\r\n"


def test_no_format_character_of_unicode_splits_a_word() -> None:
    """But for those that have a picture: signs before numbers, and of hieroglyphs."""
    pictured = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
    pictured.update(range(0x13430, 0x13440))
    signs = (chr(each) for each in range(0x110000) if each not in pictured)
    assert [
        hex(ord(each)) for each in signs if unicodedata.category(each) == "Cf" and seen(each)
    ] == []
