"""What renderers of Markdown make of a text: what is active in it, and what a reader sees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import mistune
from markdown_it import MarkdownIt
from markdown_it.token import Token

_MARKDOWN_IT: Final = {
    "CommonMark": MarkdownIt("commonmark"),
    "GFM": MarkdownIt("gfm-like"),
    "markdown-it": MarkdownIt("commonmark", {"html": True, "linkify": True, "breaks": True}).enable(
        ["linkify", "table", "strikethrough"]
    ),
}
_GFM: Final = ["strikethrough", "table", "url", "task_lists"]
_MISTUNE: Final = {
    "mistune": mistune.create_markdown(renderer=None, escape=False, plugins=_GFM),
    "mistune with everything": mistune.create_markdown(
        renderer=None, escape=False, plugins=[*_GFM, "footnotes", "math", "def_list", "abbr"]
    ),
}
_ACTIVE: Final = frozenset({
    *("image", "link", "link_open", "html_inline", "html_block", "inline_html", "block_html"),
    *("footnote_ref", "footnotes", "footnote_item", "abbr"),
})  # fmt: skip
# What the writer meant, were there no links and no HTML.
_READER: Final = (
    MarkdownIt("commonmark", {"html": False})
    .enable(["table", "strikethrough"])
    .disable(["link", "image", "autolink"])
)


def active_in(markdown: str) -> list[str]:
    """What a renderer would follow, load or hide."""
    found = [
        f"{name}: {token.type} {token.attrs} {token.content}"
        for name, renderer in _MARKDOWN_IT.items()
        for token in _tokens(renderer.parse(markdown))
        if token.type in _ACTIVE
    ]
    for name, parse in _MISTUNE.items():
        tokens = parse(markdown)
        assert isinstance(tokens, list)
        found += [f"{name}: {token}" for token in _nodes(tokens) if token["type"] in _ACTIVE]
    return found


def drawn(answer: str) -> list[str]:
    """What a reader sees of an answer, line by line with its kind; addresses as plain text."""
    shown = []
    for token in _READER.parse(answer):
        if token.type == "inline":
            shown.append("".join(map(_inline, token.children or [])))
        else:
            info = token.info.split()[:1]
            shown.append(f"{token.type} {token.attrs} {info} {token.content!r}")
    return shown


def _tokens(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _tokens(token.children or [])


def _nodes(tokens: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for token in tokens:
        yield token
        yield from _nodes(token.get("children") or [])


def _inline(token: Token) -> str:
    if token.type == "code_inline" and not re.search(r"\w@\w|://|www\.", token.content):
        return f"<code {token.content}>"
    if token.type in ("softbreak", "hardbreak") or token.type.endswith(("_open", "_close")):
        return f"<{token.type}>"
    return token.content
