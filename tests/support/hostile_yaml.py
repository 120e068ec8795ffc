"""Texts of YAML that are small and mean much, or are slow to read."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

_MOST: Final = 256 * 1024 - 1  # bytes


def _laughs(fan: int, levels: int) -> str:
    """Aliases of aliases: ``fan ** levels`` values."""
    names = "abcdefghijklmnopqrstuvwxyz"[:levels]
    lines = [f"{names[0]}: &{names[0]} [{', '.join(['lol'] * fan)}]"]
    for before, name in pairwise(names):
        lines.append(f"{name}: &{name} [{', '.join([f'*{before}'] * fan)}]")
    return "\n".join(lines) + f"\nrules: *{names[-1]}\n"


def _merges(fan: int, levels: int) -> str:
    names = "abcdefghijklmnopqrstuvwxyz"[:levels]
    lines = [f"{names[0]}: &{names[0]} {{x: 1}}"]
    for before, name in pairwise(names):
        sources = ", ".join([f"*{before}"] * fan)
        lines.append(f"{name}: &{name} {{<<: [{sources}], y{name}: *{before}}}")
    return "\n".join(lines) + f"\ninglenook: *{names[-1]}\n"


# name -> text, and the part of the one sentence that is said of it; "" if nothing is wrong with it
BOMBS: Final[dict[str, tuple[str, str]]] = {
    "a billion laughs": (_laughs(9, 9), "stands for more than 20,000 values"),
    "a billion laughs in merges": (_merges(9, 9), "stands for more than 20,000 values"),
    "many aliases": (_laughs(99, 3), "more than 100 aliases"),
    "one long list often": (
        f"a: &a [{', '.join(['x'] * 9_000)}]\nrules: [{', '.join(['*a'] * 90)}]\n",
        "stands for more than 20,000 values",
    ),
    "a list in itself": ("rules: &a [*a]\n", "an alias (*) for a value that it stands in"),
    "a mapping in itself": ("&a {inglenook: *a}\n", "an alias (*) for a value that it stands in"),
    "itself merged": ("inglenook: &a {<<: *a}\n", "an alias (*) for a value that it stands in"),
    "many brackets": ("[" * _MOST, "is nested too deeply"),
    "many braces": ("{a: " * (_MOST // 4), "is nested too deeply"),
    "many steps in": ("".join(" " * n + "a:\n" for n in range(700)), "is nested too deeply"),
    "many values": ("rules:\n" + "- x\n" * 60_000, "has more than 20,000 values"),
    "many keys": ("? a\n" * 60_000, "has more than 20,000 values"),
    "many dots": ("models." + "a." * 100_000 + "b: 1\n", "is no"),
}
# What is legal and long.
LONG: Final[dict[str, str]] = {
    "one long text": f"rules: ['{'x' * 250_000}']\n",
    "a long text often": f"a: &a '{'x' * 200_000}'\nrules: [{', '.join(['*a'] * 90)}]\n",
    "many lines of a text": "rules:\n  - >\n" + "    x\n" * 40_000,
    "many words": f"rules: [{'x ' * 120_000}]\n",
    "many escapes": 'rules: ["' + "\\n" * 120_000 + '"]\n',
    "blanks": " " * _MOST,
    "empty lines": "\n" * _MOST,
    "comments": "#\n" * (_MOST // 2),
    "unknown keys": "\n".join(f"key{n}: 1" for n in range(9_000)),
    "keys that are nearly known": "\n".join(f"rules{n}: 1" for n in range(9_000)),
    "rules that are none": "rules:\n" + "- {name: a}\n" * 1_000,
    "names of no model": "\n".join(
        f"inglenook.models.languages.l{n}.chat: Qwen{n}" for n in range(4_000)
    ),
}
