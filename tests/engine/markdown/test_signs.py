"""What cannot be seen is written out, in prose, in code and in plain text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inglenook.engine.markdown.safe import safe_markdown
from inglenook.engine.markdown.signs import Signs, plain

SEEN = ("Lu", "Ll", "Lo", "Mn", "So", "Nd")  # categories
FILLERS = {0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0, 0xFFFC}
FILLERS |= {*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)}
PLANES = (0, 0x3100), (0xD7F0, 0x14000), (0x1BC00, 0x1D200), (0xE0000, 0xE0200)


def test_every_invisible_sign_is_shown_and_no_other_is_touched() -> None:
    for code in (code for plane in PLANES for code in range(*plane)):
        sign = chr(code)
        category = unicodedata.category(sign)
        if sign in "\n\t\r":
            continue
        if category in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp") or code in FILLERS:
            for text in (f"a{sign}b", sign, f"```\n{sign}\n```"):
                assert sign not in safe_markdown(text), hex(code)
        elif category in SEEN:
            assert plain(f"a{sign}b") == f"a{sign}b", hex(code)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("a\r\nb\rc\n", "a\nb\\rc\n"),
        ("\x1b]0;x\x07 \x9b2J", "\\x1b]0;x\\x07 \\x9b2J"),
        ("👩‍👧 👍🏽 ❤️ ☎︎ 1️⃣ 🏳️‍🌈", "👩‍👧 👍🏽 ❤️ ☎︎ 1️⃣ 🏳️‍🌈"),
        ("a\u200db 👩\u200d a\ufe0f", "a\\u{200D}b 👩\\u{200D} a\\u{FE0F}"),
        ("❤\ufe0f\ufe0f 1\ufe0f", "❤\ufe0f\\u{FE0F} 1\\u{FE0F}"),
        ("\U000e0041\u2028\ud800\ue000", "\\u{E0041}\\u{2028}\\u{D800}\\u{E000}"),
        ("e\u0301 नमस्ते", "e\u0301 नमस्ते"),
    ],
)  # fmt: skip
def test_plain(written: str, shown: str) -> None:
    assert plain(written) == shown


@given(st.text(max_size=40), st.integers(0, 40))
def test_in_pieces(text: str, cut: int) -> None:
    signs = Signs()
    pieces = signs.feed(text[:cut]), signs.feed(text[cut:]), signs.feed("", final=True)
    assert "".join(pieces) == plain(text)
    assert plain(plain(text)) == plain(text)
