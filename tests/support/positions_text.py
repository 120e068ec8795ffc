"""Short files of our own for `positions`: what an adapter could do differently is in them.

Blank lines, tabs, quotes, backslashes, letters of other scripts, and strings that look like the
special tokens of a model.
"""

from __future__ import annotations

from typing import Final

QUEUE: Final = '''\
class Queue:
    """First in, first out."""

    def __init__(self) -> None:
        self.items: list[str] = []

    def push(self, item: str) -> None:
        self.items.append(item)

    def pop(self) -> str:
        return self.items.pop(0)

    def is_empty(self) -> bool:
        return len(self.items) == 0
'''
TEMPERATURE: Final = """\
ZERO = 273.15

def to_kelvin(celsius):
    return celsius + ZERO

def to_celsius(kelvin):
    return kelvin - ZERO

def mean(values):
    total = sum(values)
    return total / len(values)

print("Größe:", mean([to_kelvin(20), to_kelvin(25)]), "°")
"""
TOKENS: Final = r"""
import re

MIDDLE = "<|fim_middle|>"
PATH = "C:\\new\\table"
QUOTED = 'He said: "no"'

def clean(text):
    text = text.replace(MIDDLE, "")
    return re.sub(r"\s+", " ", text)

def split_path(path):
    return path.split("\\")
"""
STACK: Final = """\
export class Stack<T> {
  private items: T[] = [];

  push(item: T): void {
    this.items.push(item);
  }

  pop(): T | undefined {
    return this.items.pop();
  }

  get size(): number {
    return this.items.length;
  }
}
"""
POINTS: Final = """\
interface Point {
\tx: number;
\ty: number;
}

export function distance(a: Point, b: Point): number {
\tconst dx = a.x - b.x;
\tconst dy = a.y - b.y;
\treturn Math.sqrt(dx * dx + dy * dy);
}

export const origin: Point = { x: 0, y: 0 };
"""
OWN: Final = {
    "queue.py": QUEUE,
    "temperature.py": TEMPERATURE,
    "tokens.py": TOKENS,
    "stack.ts": STACK,
    "points.ts": POINTS,
}
