"""Brackets by looking at the characters, for code that no parser understands yet."""

from __future__ import annotations

import re
from typing import Final

_TOKEN: Final = re.compile(
    r"'''(?:[^\\]|\\.)*?(?:'''|\Z)"
    r'|"""(?:[^\\]|\\.)*?(?:"""|\Z)'
    r"|'(?:[^'\\\r\n]|\\.)*'?"
    r'|"(?:[^"\\\r\n]|\\.)*"?'
    r"|`(?:[^`\\]|\\.)*(?:`|\Z)"
    r"|#[^\r\n]*|//[^\r\n]*|/\*(?:[^*]|\*(?!/))*(?:\*/|\Z)"
    r"|[()\[\]{}]",
    re.DOTALL,
)
_CLOSING: Final = {"(": ")", "[": "]", "{": "}"}


def open_brackets(text: str, comment: str = "") -> str:
    """The brackets that ``text`` opens and does not close, outermost first.

    Quoted text and comments do not count; ``comment`` is ``#`` or ``//`` if it is known which
    of the two begins one, else both do not.
    """
    stack: list[str] = []
    at = 0
    while found := _TOKEN.search(text, at):
        token = found[0]
        at = found.end()
        if token in _CLOSING:
            stack.append(token)
        elif token in (")", "]", "}"):
            if stack and _CLOSING[stack[-1]] == token:
                stack.pop()
        elif comment and token[0] in "#/" and not token.startswith((comment, "/*")):
            at = found.start() + 1  # a private name (#x) or a floor division (//)
    return "".join(stack)


def closers_of(text: str) -> str:
    """What closes the brackets that ``text`` leaves open, innermost first."""
    return "".join(_CLOSING[bracket] for bracket in reversed(open_brackets(text)))
