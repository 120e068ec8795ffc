"""What the demo types, and where: places in the sample workspace that ships with the program."""

from __future__ import annotations

import argparse
import keyword
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SAMPLE: Final = Path(__file__).parent.parent / "demo_workspace"
WORD: Final = "restock"  # the function of the sample that --word renames
LANGUAGES: Final = {".py": "python", ".ts": "typescript"}

_TYPESCRIPT_WORDS: Final = (
    "any as async await boolean case catch class const constructor debugger default delete do "
    "enum export extends false finally for function get if implements import in instanceof "
    "interface let module namespace never new null number object of package private protected "
    "public readonly require return set static string super switch symbol this throw true try "
    "type typeof undefined unknown var void while with yield"
)


@dataclass(frozen=True)
class Scene:
    """``keys`` are typed at the end of the line of ``file`` that ends with ``line``."""

    title: str
    file: str
    line: str
    keys: str


SCENES: Final = (
    Scene(
        "A loop, as the function above has it",
        "orders.py",
        f'"""Take a cancelled order back: {WORD} every line of it."""',
        "\n    for line",
    ),
    Scene(
        "Names that only another open file defines",
        "orders.py",
        '"""What an order costs, in cents."""',
        "\n    total = 0\n    for line in order.lines:"
        "\n        product = inventory.product_of(line.sku)\n        total +=",
    ),
    Scene(
        "A test, from its name",
        "test_orders.py",
        '"""What comes back is the product itself."""',
        "\n    inventory = shop()\n    product =",
    ),
    Scene(
        "TypeScript: a sum over an interface",
        "cart.ts",
        "totalCents(cart: CartLine[]): number {",
        "\n  return",
    ),
    Scene(
        "TypeScript: a call",
        "cart.ts",
        "addOne(cart: CartLine[], sku: string): CartLine[] {",
        "\n  return",
    ),
)


def renamed(text: str, word: str) -> str:
    """``text`` with the sample's function called ``word``, also inside longer names."""
    return re.sub(rf"(?<![A-Za-z0-9]){WORD}(?![A-Za-z0-9])", word, text)


def sample_files(word: str) -> dict[str, str]:
    """The sample workspace: file names and texts, with the function called ``word``."""
    files = (path for path in SAMPLE.iterdir() if path.suffix in LANGUAGES)
    return {path.name: renamed(path.read_text("utf-8"), word) for path in sorted(files)}


def place_of(scene: Scene, text: str, word: str) -> int:
    """The offset in ``text``, a file of the sample, at which the scene types."""
    before, line, _ = text.partition(renamed(scene.line, word))
    return len(before) + len(line)


def function_name(word: str) -> str:
    """``word`` if the sample can use it as a name; for argparse."""
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{1,39}", word):
        raise argparse.ArgumentTypeError(
            f"{word!r} is no name for a function: use 2 to 40 of a-z, A-Z, 0-9 and _"
        )
    if keyword.iskeyword(word) or word in _TYPESCRIPT_WORDS.split():
        raise argparse.ArgumentTypeError(f"{word!r} is a word of Python or TypeScript")
    taken = (re.search(rf"\b{word}\b", text) for text in sample_files(WORD).values())
    if word != WORD and any(taken):
        raise argparse.ArgumentTypeError(f"{word!r} stands in the sample already")
    return word
