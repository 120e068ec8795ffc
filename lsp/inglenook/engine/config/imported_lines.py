"""Lines of YAML, and comments out of which nothing leads."""

from __future__ import annotations

import re
from typing import Any, Final

import yaml

_NUMBER: Final = re.compile(r"[-+.0-9][-+.:_0-9A-Za-z]*", re.ASCII)
_ELSEWHERE: Final = ", which is asked only if"


class _Dumper(yaml.SafeDumper):
    """Quotes a text that YAML of any version takes for something else."""


def _text_node(dumper: _Dumper, text: str) -> yaml.Node:
    style = "|" if "\n" in text else None
    if _NUMBER.fullmatch(text) or not text.replace("\n", "").replace("\t", "").isprintable():
        style = '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text_node)


def comment(text: str, indent: str = "") -> str:
    """One line of a comment, out of which no character of ``text`` can lead."""
    line = "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)
    return f"{indent}# {line}".rstrip()


def first_line(text: str) -> str:
    line = " ".join(text.partition("\n")[0].split()).rstrip(":")
    here, elsewhere, _ = line.removeprefix("Is refused. ").partition(_ELSEWHERE)
    return f"{here}; see the hosts at the end" if elsewhere else here


def dumped(data: Any) -> list[str]:
    text = yaml.dump(
        data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000, indent=2
    )
    return str(text).rstrip("\n").split("\n")


def item(data: Any, indent: str = "  ") -> list[str]:
    """An entry of a list."""
    return [f"{indent}{line}".rstrip() for line in dumped([data])]
