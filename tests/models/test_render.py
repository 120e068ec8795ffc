"""Prompts in their frames, and the healing of torn tokens."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inglenook.models.render import (
    HEAL_LIMIT,
    Healer,
    Layout,
    grammar_for,
    last_piece,
    render,
)
from inglenook.models.templates import TEMPLATES, Template
from inglenook_context.prompt import Prompt, Snippet

OTHER = Snippet("lib/b.py", "def f(): ...\n")
PROMPT = Prompt("a.py", "python", (), "x = 1\n", "y = fo", "\nz\n")
WITH_FILES = Prompt("a.py", "python", (OTHER,), "x = 1\n", "y = fo", "\nz\n")


@pytest.mark.parametrize(
    ("family", "psm", "frozen"),
    [
        (
            "qwen-coder",
            "<|fim_prefix|>x = 1\ny = fo<|fim_suffix|>\nz\n<|fim_middle|>",
            "<|fim_prefix|>x = 1\n<|fim_suffix|>\nz\n<|fim_middle|>y =",
        ),
        (
            "codellama",
            "<PRE> x = 1\ny = fo <SUF>\nz\n <MID>",
            "<PRE> x = 1\n <SUF>\nz\n <MID>y =",
        ),
        (
            "codestral",
            "[SUFFIX]\nz\n[PREFIX]x = 1\ny = fo",
            "[SUFFIX]\nz\n[PREFIX]x = 1\ny =",
        ),
        (
            "seed-coder",
            "<[fim-suffix]>\nz\n<[fim-prefix]>x = 1\ny = fo<[fim-middle]>",
            "<[fim-suffix]>\nz\n<[fim-prefix]>x = 1\n<[fim-middle]>y =",
        ),
        (
            "deepseek-coder",
            "<｜fim▁begin｜>x = 1\ny = fo<｜fim▁hole｜>\nz\n<｜fim▁end｜>",
            "<｜fim▁begin｜>x = 1\n<｜fim▁hole｜>\nz\n<｜fim▁end｜>y =",
        ),
    ],
)
def test_both_layouts(family: str, psm: str, frozen: str) -> None:
    template = TEMPLATES[family]
    assert render(PROMPT, template, Layout.PSM).text == psm
    assert render(PROMPT, template, Layout.PSM).heal == ""
    assert render(PROMPT, template, Layout.FROZEN_LINE).text == frozen
    assert render(PROMPT, template, Layout.FROZEN_LINE).heal == " fo"


@pytest.mark.parametrize(
    ("family", "text"),
    [
        (
            "qwen-coder",
            "<|repo_name|>workspace\n<|file_sep|>lib/b.py\ndef f(): ...\n"
            "<|file_sep|>a.py\n<|fim_prefix|>x = 1\ny = fo<|fim_suffix|>\nz\n<|fim_middle|>",
        ),
        (
            "starcoder2",
            "<repo_name>workspace<file_sep>lib/b.py\ndef f(): ...\n"
            "<file_sep><fim_prefix>a.py\nx = 1\ny = fo<fim_suffix>\nz\n<fim_middle>",
        ),
        (
            "granite-code",
            "<fim_prefix># Path: lib/b.py\n# def f(): ...\n"
            "x = 1\ny = fo<fim_suffix>\nz\n<fim_middle>",
        ),
        (
            "codestral",
            "[SUFFIX]\nz\n[PREFIX]# Path: lib/b.py\n# def f(): ...\nx = 1\ny = fo",
        ),
    ],
)
def test_other_files(family: str, text: str) -> None:
    assert render(WITH_FILES, TEMPLATES[family], Layout.PSM).text == text


@pytest.mark.parametrize(
    ("language", "comment"),
    [
        ("typescript", "// Path: b\n// x\n//\n// y\n"),
        ("lua", "-- Path: b\n-- x\n--\n-- y\n"),
        ("css", "/*\nPath: b\nx\n\ny\n*/\n"),
        ("html", "<!--\nPath: b\nx\n\ny\n-->\n"),
    ],
)
def test_comments_are_of_the_file_s_language(language: str, comment: str) -> None:
    prompt = Prompt("a", language, (Snippet("b", "x\n\ny\n"),), "", "", "")
    text = render(prompt, TEMPLATES["starcoder"], Layout.PSM).text
    assert text == f"<fim_prefix>{comment}<fim_suffix><fim_middle>"


def test_a_snippet_cannot_end_its_comment() -> None:
    prompt = Prompt("a", "css", (Snippet("b", "a {} */ b {}"),), "", "", "")
    assert "a {} * / b {}" in render(prompt, TEMPLATES["starcoder"], Layout.PSM).text


every = pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)


@every
@pytest.mark.parametrize("layout", Layout)
@given(data=st.data())
def test_the_frame_stays_whole(template: Template, layout: Layout, data: st.DataObject) -> None:
    """Whatever the texts hold, the special tokens of the result are those of the frame."""
    token = st.sampled_from([*template.tokens, "x", "\n", "<", "|>", " "])
    halves = st.sampled_from([t[:4] for t in template.tokens] + [t[4:] for t in template.tokens])
    text = st.lists(token | halves, max_size=4).map("".join)

    def prompt(*texts: str) -> Prompt:
        path, other, piece, prefix, typed, suffix = texts
        return Prompt(path, "python", (Snippet(other, piece),), prefix, typed, suffix)

    drawn = [data.draw(text) for _ in range(6)]
    hostile = render(prompt(*drawn), template, layout)
    plain = render(prompt(*["y"] * 6), template, layout)
    assert template.special.findall(hostile.text) == template.special.findall(plain.text)


@pytest.mark.parametrize(
    "drawing",  # what is taken back stands behind the bar
    [
        "return| fo",
        "self|.get",
        "self.get|_us",
        "get|Us",
        "HTTP|Server",
        "|HTTP",
        "x = foo|(",
        "x =| ",
        "x| =",
        "       | ",
        "a, b,| ",
        "x = |12",
        "fooBar|2",
        "print|(f",
        'print|("',
        " | été",
        "|日本",
        "x =| []",
        "foo(a|)",
        "a_|_b",
        "x = |\t",
        "a = 1\n|",
        "a = 1\n|foo",
        "a = 1\n   | ",
        "|",
        "abc|defghijklmno",
    ],
)
def test_the_last_piece(drawing: str) -> None:
    kept, _, piece = drawing.partition("|")
    assert last_piece(kept + piece) == piece


def test_of_the_whitespace_at_the_end_one_is_always_taken_back() -> None:
    for typed in ("x = ", "x =\t", "if a:\n    ", " ", "x = \t"):
        assert last_piece(typed) == typed[-1]


@given(st.text())
def test_the_last_piece_is_short(typed: str) -> None:
    piece = last_piece(typed)
    assert len(piece) <= HEAL_LIMIT
    assert typed.endswith(piece)
    assert re.sub(r"[\t\n\r]", " ", piece).isprintable()
    if re.sub(r"[\t\n\r]", " ", typed[-HEAL_LIMIT:]).isprintable():
        assert bool(piece) == bool(typed) or not re.search(r"\w\Z|[^\S\n]\Z", typed)


@given(st.text(max_size=12))
def test_a_grammar_says_its_piece(piece: str) -> None:
    """The literal is read back as GBNF reads it: \\\\, \\" and \\uXXXX."""
    match = re.fullmatch(r'root ::= ("(?:[^"\\\n]|\\.)*") \[\^\\x00\]\*', grammar_for(piece))
    assert match is not None
    assert json.loads(match[1]) == piece


def _healed(piece: str, chunks: list[str]) -> str | None:
    healer = Healer(piece)
    text = "".join(healer.feed(chunk) for chunk in chunks)
    return None if healer.failed else text


@pytest.mark.parametrize(
    ("piece", "answer", "text"),
    [
        (" fo", " foobar", "obar"),
        (" fo", " fo", ""),
        (" fo", " f", ""),
        ("", "foo", "foo"),
        (" fo", "foo", None),
        (" fo", " bar", None),
        (" fo", " f fo", None),
    ],
)
def test_healing_whatever_the_chunks(piece: str, answer: str, text: str | None) -> None:
    assert _healed(piece, [answer]) == text
    assert _healed(piece, list(answer)) == text
    for at in range(len(answer) + 1):
        assert _healed(piece, [answer[:at], answer[at:]]) == text


def test_a_failed_healer_stays_silent() -> None:
    healer = Healer(" fo")
    assert healer.feed("x") == ""
    assert healer.feed(" foo") == ""
    assert healer.failed


@pytest.mark.parametrize("sign", ["\0", "\x01", "\x1b", "\x7f", "\x85", "\u2028", "\ud800"])
def test_what_is_not_printable_is_never_taken_back(sign: str) -> None:
    for typed in (sign, f"a{sign}", f"a {sign}", f"{sign}{sign}"):
        assert last_piece(typed) == ""
