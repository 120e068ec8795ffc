"""A model's Markdown is shown without anything active in it, however it arrives."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inglenook.engine.markdown.prose import LIMIT
from inglenook.engine.markdown.safe import SafeMarkdown, safe_markdown
from inglenook.engine.markdown.signs import plain
from tests.engine.markdown.exfiltration import EXFILTRATION
from tests.engine.markdown.random_answers import KINDS
from tests.engine.markdown.renderers import active_in, drawn

TICKS = "`" * 8  # the fence of code that was only indented


def in_pieces(*pieces: str) -> str:
    safe = SafeMarkdown()
    return "".join([*map(safe.feed, pieces), safe.finish()])


def test_there_are_enough_attacks_and_they_are_active_as_they_are() -> None:
    assert len(set(EXFILTRATION)) >= 300
    assert sum(bool(active_in(attack)) for attack in EXFILTRATION) >= 250


@pytest.mark.parametrize("start", range(0, len(EXFILTRATION), 40))
def test_nothing_active_is_left_wherever_the_answer_is_cut(start: int) -> None:
    for attack in EXFILTRATION[start : start + 40]:
        whole = safe_markdown(attack)
        assert active_in(whole) == [], attack
        assert plain(whole) == whole
        cuts = range(len(attack)) if len(attack) < 300 else range(0, len(attack), 97)
        for cut in cuts:
            assert in_pieces(attack[:cut], attack[cut:]) == whole, (attack, cut)
        assert in_pieces(*attack) == whole


@pytest.mark.parametrize("start", range(0, len(EXFILTRATION), 40))
def test_nothing_active_is_left_of_two_attacks_in_one_answer(start: int) -> None:
    """The first may leave a renderer in another state than ours."""
    for first, second in pairwise(EXFILTRATION[start : start + 41]):
        for between in ("", "\n", "\n\n", " `", "\n```\n"):
            assert active_in(safe_markdown(first + between + second)) == [], (first, second)


kinds = st.sampled_from(KINDS).flatmap(lambda kind: st.lists(st.sampled_from(kind), max_size=30))
answers = kinds.map("".join)


@given(answers, st.lists(st.integers(1, 9), min_size=1, max_size=8))
@example("[`a]: http://e.com`\n\n[`a]x`", [1])
def test_any_answer_in_any_pieces(answer: str, sizes: list[int]) -> None:
    whole = safe_markdown(answer)
    assert active_in(whole) == []
    assert len(whole) <= 20 * len(answer) + 20
    pieces: list[str] = []
    at = 0
    while at < len(answer):
        size = sizes[len(pieces) % len(sizes)]
        pieces.append(answer[at : at + size])
        at += size
    assert in_pieces(*pieces) == whole


@given(st.text(max_size=60), st.integers(0, 60))
def test_any_text_in_two_pieces(answer: str, cut: int) -> None:
    whole = safe_markdown(answer)
    assert in_pieces(answer[:cut], answer[cut:]) == whole
    assert active_in(whole) == []


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("[x](https://a.example/?q=1)", "[x]\\(`https://a.example/?q=1`)"),
        ("![x](https://a.example/i.png)", "!\\[x]\\(`https://a.example/i.png`)"),
        ("[r]: https://a.example", "[r]\\: `https://a.example`"),
        ("[x][r] and [^1]", "[x]\\[r] and \\[^1]"),
        ("See https://a.example/(b), or (https://b.example).",
         "See `https://a.example/(b)`, or (`https://b.example`)."),
        ("mail me@a.example.", "mail `me@a.example`."),
        ("in script.py and os.path", "in script\\.py and os.path"),
        ("List<int>, a < b", "List&lt;int>, a < b"),
        ("\\<b> \\` \\* \\\\<b>", "&lt;b> &#96; \\* \\\\&lt;b>"),
        ("&rarr; &lt;b&gt; AT&T &#x202e;", "→ &amp;lt;b&amp;gt; AT&T &amp;#x202e;"),
        ("x[i] and a[i](j)", "x[i] and a[i]\\(j)"),
        ("`<b>` ``<c>`` `d", "`<b>` `<c>` &#96;d"),
        ("C:\\dir https://a.example", "C:\\dir `https://a.example`"),
        ("\\https://a.example", "\\\\`https://a.example`"),
        ("http\\://a.example", "http\\\\:`//a.example`"),
        ("[`a]: b`, [c] `d](e)` `f[g](h)`",
         "[&#96;a]\\: b&#96;, [c] &#96;d]\\(e)&#96; `f[g](h)`"),
        ("~5 s, `~/.x`, ~~a~~ `~/y`", "\\~5 s, `~/.x`, ~~a~~ `~/y`"),
        ("@app.get and react@18, left-pad@1.3.0", "@app.get and react\\@18, `left-pad@1.3.0`"),
        (": a\n- :b", "\\: a\n- \\:b"),
        ("`C:\\` `b`", "` C:\\ ` `b`"),
        ("[``](`)`(``", "[&#96;&#96;]\\(`)`(&#96;&#96;"),
        ("a\n|\n`b|c`\n|", "a\n|\n&#96;b|c&#96;\n|"),
    ],
)  # fmt: skip
def test_prose(written: str, shown: str) -> None:
    assert safe_markdown(written) == shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("```py title=x\n<b> [x](y)\n```\n<b>", "```py\n<b> [x](y)\n```\n&lt;b>"),
        ("```c++\na\n```", "```c++\na\n```"),
        ("```<img>\na\n```", "```\na\n```"),
        ("```Mermaid\nA-->B\n```", "```text\nA-->B\n```"),
        ("```\nhttps://a.example", "```\nhttps://a.example\n```"),
        ("```\na\n", "```\na\n```"),
        ("```", "```\n```"),
        ("1. a\n   ```sh\n   b\n c\n\n   ```\n2. d", "1. a\n   ```sh\n   b\n   c\n\n   ```\n2. d"),
        ("- ```sh\n  b\n  ```", "- ```sh\n  b\n  ```"),
        ("- a\n  - b\n    ```\n    c\n    ```", "- a\n  - b\n    ```\n    c\n    ```"),
        ("> ```\n> <b>\n>\n> ```\n<b>", "> ```\n> <b>\n>\n> ```\n&lt;b>"),
        ("> ```\n> <b>\n<b>", "> ```\n> <b>\n> ```\n&lt;b>"),
        ("```\n\x1b[31m\u202e\r\n```", "```\n\\x1b[31m\\u{202E}\n```"),
        ("```\n\tif x:\n\t\ty\n```", "```\n\tif x:\n\t\ty\n```"),
        ("```\n    ```\n```", "```\n    ```\n```"),
        ("a\n7. ~~~\nb", "a\n7. \\~\\~\\~\nb"),
        ("  ```\n  a\n    b\n  ```", "```\na\n  b\n```"),
        (">   ```\n>   a\n>   ```", "> ```\n> a\n> ```"),
        ("- - x\n> ```", "- - x\n> &#96;&#96;&#96;"),
        ("- ~~~\n  ~~~\n> ```", "- ~~~\n  ~~~\n> &#96;&#96;&#96;"),
        ("```rust,ignore\n```", "```rust\n```"),
        (f"{'- ' * 13}```", f"{'- ' * 13}&#96;&#96;&#96;"),
        ("a\n    <b>", "a\n    &lt;b>"),
        ("So:\n\n    <b>\n\tc\n\n     d\n<e>",
         f"So:\n\n{TICKS}\n<b>\nc\n\n d\n{TICKS}\n&lt;e>"),
        (f"    {TICKS}", f"{TICKS}\n    {TICKS}\n{TICKS}"),
    ],
)  # fmt: skip
def test_fences(written: str, shown: str) -> None:
    assert safe_markdown(written) == shown


CLEAN = [
    """# A *heading* with `code`

The function `find_all(x: List[int]) -> dict[str, "T"]` returns **every** match; if `a < b` it
stops. In C++ it is `std::vector<std::pair<int, T>>`, in TypeScript `string | undefined`.
Use x[i] or m[i][j], when a < b and b > a, or a <- b, a <= b, a << 2, List<int>, f[x](y).

Mail jane.doe@example.com, or see https://docs.example.com/a_b(c)?d=e#f, www.example.com.
AT&T, R&D, C:\\Users\\me, 1.5, e.g. this, i.e. that... `C:\\Users\\`; 7 // 2; ~30 ~~gone~~; 5 $ 6
""",
    """Steps:

1. Install it:

   ```bash
   pip install 'x[y]' && echo "<done>" # https://example.com
   ```

2. Write
   ```python
   def f():
       return {"a": [1, 2](3)}

   print(f"<{f()}>")
   ```
3. Done.
   - nested `one`
     ```
     deep
     ```
   - [ ] two
   - [x] three
10. Ten
    ~~~html
    <div class="x">&lt;</div>
    ~~~

* a

* b

+ c
""",
    """| name | what | `code` |
|:-----|:----:|-------:|
| `a \\| b` | **bold** | x[0] |
| `List<int>` | a < b | `[x](y)` |

> **Note** a quote with `code<T>`
> ```rust
> fn f<'a>(x: &'a str) -> Vec<&'a str> {}
> ```
> > nested

A setext heading
----------------

***

A [reference] that is none, an array[index], footnote[1], a\\*b, snake_case_name, __init__,
2*3*4, `` a ` b ` c ``, ``x``, *emph **strong** emph*, hard break\\
end.
""",
    """```diff
-<a href="x">
+[x](y) ![z](w)
```
~~~~markdown
```js
<b>
```
~~~~
Text right after: Fünf Äpfel, 日本語のテキスト。, 👩‍👩‍👧 ❤️ 1️⃣, naïve café.
""",
]


@pytest.mark.parametrize("answer", CLEAN)
def test_an_ordinary_answer_looks_as_before(answer: str) -> None:
    assert drawn(safe_markdown(answer)) == drawn(answer)
    assert in_pieces(*answer) == safe_markdown(answer)
    assert in_pieces(*re.split(r"(?<=\s)", answer)) == safe_markdown(answer)


class Watched(SafeMarkdown):
    """It remembers how much it looked at together, and how much it held back."""

    seen = held = 0

    def _take(self, text: str, final: bool) -> str:
        self.seen = max(self.seen, len(self._held) + len(text))
        shown = super()._take(text, final)
        self.held = max(self.held, len(self._held))
        return shown


@pytest.mark.parametrize(
    "begun",
    ["`", "[x](", "![", "<a ", "https://", "&", "www.a", "a", "~", "\\", "|-", "```", "- ", " ",
     "> ", "1", "//", "x@", "http://[", ":", "<", "```\n`", "```\n ", "$", "]"],
)  # fmt: skip
@pytest.mark.parametrize(
    "more", ["a", "-", "`", " ", "1", "/", "~", "\\", "<", "|", ".", "[", "😀"]
)
def test_little_is_held_back(begun: str, more: str) -> None:
    safe = Watched()
    for piece in [begun, *([more] * (LIMIT * 2))]:
        safe.feed(piece)
    assert safe.held <= LIMIT + 400


MEGABYTE, PART = 1_000_000, 100_000
HOSTILE = {
    "brackets": "[" * MEGABYTE,
    "backticks": "`" * MEGABYTE,
    "growing runs": " ".join("`" * length for length in range(1, 1413)),
    "quotes": "> " * (MEGABYTE // 2),
    "growing quotes": "".join("> " * depth + "a\n" for depth in range(1000)),
    "lists": "- " * (MEGABYTE // 2),
    "growing lists": "".join(" " * depth + "- a\n" for depth in range(1412)),
    "a long address": "http://" + "a" * MEGABYTE,
    "addresses": "http://" * (MEGABYTE // 7),
    "runs up to 64": " ".join("`" * (at % 64 + 1) for at in range(PART // 33)),
    "code in code": "`` `a ``" * (PART // 8),
    "links": "[x](" * (PART // 4),
    "a deep fence": "- " * 900 + "```\n" + "a\n" * (PART // 2),
    "a fence in a list": "- " * 11 + "```\n" + "a\n" * (PART // 2),
    "invisible": "\u200b" * PART,
    "tables": "|-|-|\n" * (PART // 6),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_megabyte_is_looked_at_in_windows(name: str) -> None:
    """So the time is linear: the longer the text, the more windows; none is larger."""
    safe, hostile = Watched(), HOSTILE[name]
    shown = len(safe.feed(hostile)) + len(safe.finish())
    assert shown <= 13 * len(hostile)
    assert safe.seen <= 10 * 4096 + LIMIT + 400  # one invisible sign is up to ten that show it
    assert safe.held <= LIMIT + 400


@pytest.mark.parametrize(
    ("piece", "shown"),
    [
        ("The quick brown fox. ", "The quick brown fox. "),
        ("Then (a, b) ", "Then (a, b) "),
        ("a `b` and ", "a `b` and "),
        ("- an item ", "- an item "),
        ("word", ""),  # what comes next can make an address of it
        ("a word", "a "),
        ("a `b", "a "),
        ("```py\nx = f(", "```py\nx = f("),
    ],
)
def test_it_comes_word_by_word(piece: str, shown: str) -> None:
    assert SafeMarkdown().feed(piece) == shown
