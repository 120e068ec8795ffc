"""All filters together, and how early they have enough."""

from __future__ import annotations

import pytest

from inglenook.engine.trim import Site, trim
from tests.support.drawn_trim import Case, drawn, trimmed

DRAWING = r"""
== what a chat model says [python]
def load_all(paths):
    result = []
    for path in paths:
        █
    return result
-- candidate
Here is the completed code:

```python
        result.append(load(path))
    return result
```
-- result
def load_all(paths):
    result = []
    for path in paths:
        result.append(load(path))█
    return result
== arguments that go on beyond the line [typescript]
const x = await call(█);
-- candidate
url, { headers });
const y = await x.json();<|endoftext|>
-- result
const x = await call(url, { headers }█);
== the line above and below a dictionary [python]
sizes = {
    "a": 1,
    █
}
-- candidate
"b": 2,
    "c": 3,
}

print(sizes)
-- result
sizes = {
    "a": 1,
    "b": 2,
    "c": 3,█
}
== a component [typescriptreact]
  return (
    <ul>
      █
    </ul>
  );
-- candidate
{items.map((item) => (
        <li key={item.id}>{item.name}</li>
      ))}
    </ul>
  );
-- result
  return (
    <ul>
      {items.map((item) => (
        <li key={item.id}>{item.name}</li>
      ))}█
    </ul>
  );
== a method and what comes after the class [python]
class Stack:
    def pop(self):
        █
-- candidate

        if not self.items:
            return None
        return self.items.pop()

    def push(self, item):
        self.items.append(item)
-- result
class Stack:
    def pop(self):
        if not self.items:
            return None
        return self.items.pop()█
== only the end of the file [python]
x = 1
█
-- candidate
<|endoftext|>
-- result
x = 1
█
== something unseen [typescript]
const admin = █
-- candidate
"<U+202E>true";
-- result
const admin = █
== kept: all of it [typescript]
export function total(items: Item[]): number {
  █
}
-- candidate
let sum = 0;
  for (const item of items) {
    if (item.skip) {
      continue;
    }
    sum += item.price;
  }
  return sum;
-- result
export function total(items: Item[]): number {
  let sum = 0;
  for (const item of items) {
    if (item.skip) {
      continue;
    }
    sum += item.price;
  }
  return sum;█
}
"""


@drawn(DRAWING)
def test_drawn(case: Case) -> None:
    assert trimmed(case) == case.result


@pytest.mark.parametrize(
    ("before", "after", "language", "read", "rest"),
    [
        ("def f():\n    ", "", "python", "return 1\nd", "ef g():"),
        ("function f() {\n  ", "\n}\n", "typescript", "a();\n}", "\nb();"),
        ("x = f(", ")", "python", "a\n", "b"),
        ("x = ", "", "python", "1<|endoftext|>", "2"),
        ("", "\nimport re\n\nx = 1\n", "python", "import os\nimport re\n", "import sys"),
        ("", "", "python", "print(a)\n" * 4, "print(a)\n"),
        ("x = [", "", "python", "0, " * 60, "0, "),
        ("", "", "python", "def f():\n    return 1\n\ndef ", "g():"),
        ("", "", "python", "x = '\u202e'\n", "y"),
    ],
)
def test_enough_as_soon_as_it_shows(
    before: str, after: str, language: str, read: str, rest: str
) -> None:
    site = Site(before, after, language, multiline=True)
    whole = trim(read + rest, site, True)
    assert whole.enough
    assert trim(read, site, False) == whole
    assert not trim(read[: len(read) * 2 // 3], site, False).enough


def test_the_parse_is_asked_only_at_the_end() -> None:
    asked: list[str] = []

    def breaks_parse(text: str) -> bool:
        asked.append(text)
        return False

    site = Site("x = ", "", "python", False, breaks_parse)
    for size in range(1, 6):
        trim("1 + 2"[:size], site, False)
    assert asked == []
    assert trim("1 + 2\n", site, False) == ("1 + 2", True)
    assert asked == ["1 + 2"]


def test_a_site_is_read_once() -> None:
    site = Site("f(", ")", "python", True)
    assert site.lexed is site.lexed
    assert site.lines_below is site.lines_below


@pytest.mark.parametrize("language", ["python", "typescript", "markdown", "", "klingon"])
@pytest.mark.parametrize("text", ["\ud800", "\0", "'" * 3000, "([{" * 1000, "\r\r\n", "`${`"])
def test_no_text_makes_it_raise(language: str, text: str) -> None:
    for before, after in (("", ""), (text, text), ("x" + text, "\n" + text)):
        for multiline in (True, False):
            site = Site(before, after, language, multiline)
            trim(text, site, False)
            trim(text, site, True)
