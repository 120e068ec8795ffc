"""A recording is one picture that moves by itself and fetches nothing."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from benchmarks.animated_svg import Frame, animated

NAME = "{http://www.w3.org/2000/svg}"


def texts(picture: ElementTree.Element, frame: int) -> list[str]:
    """What is written in one frame, from the top."""
    shapes = {each.get("id"): each for each in picture.iter(f"{NAME}g")}
    strip = shapes["m"].findall(f"{NAME}svg")[frame]
    used = [shapes[str(each.get("href"))[1:]] for each in strip.findall(f"{NAME}use")]
    return ["".join(text.text or "" for text in each.iter(f"{NAME}text")) for each in used]


def test_frames_are_drawn_once_a_line_and_shown_in_turn() -> None:
    red = "\x1b[1;38;2;255;0;0mdef\x1b[0m f(<&>)"
    frames = [Frame(0.0, f"{red}\n", (0, 0)), Frame(1.5, f"{red}\n  \x1b[7mx\x1b[0m", (3, 1))]
    drawn = animated(frames, 20, 2, pause=1.5)
    picture = ElementTree.fromstring(drawn)
    assert texts(picture, 0) == ["deff(<&>)"]
    assert texts(picture, 1) == ["deff(<&>)", "x"]
    assert drawn.count("<text") == 3
    assert 'class="b" style="fill:#ff0000"' in drawn
    assert "0.000%{transform:translateX(-0px)}50.000%{transform:translateX(-168px)}" in drawn
    assert not re.search(r"<script|url\(|https?://(?!www\.w3\.org/2000/svg)", drawn)
