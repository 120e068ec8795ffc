"""Template tokens that leaked into the text."""

from __future__ import annotations

from inglenook.engine.trim.tokens import tokens
from tests.support.drawn_trim import Case, cut_by, drawn

DRAWING = r"""
== the end of the text, Qwen [python]
x = █
-- candidate
1<|endoftext|>import os
-- result
x = 1█
== a fill-in-the-middle token, StarCoder [typescript]
const x = █
-- candidate
1;<fim_suffix>const y
-- result
const x = 1;█
== another file, Qwen [python]
x = █
-- candidate
1
<|file_sep|>other.py
import os
-- result
x = 1█
== CodeLlama [python]
x = █
-- candidate
1 <EOT>
-- result
x = 1█
== DeepSeek [typescript]
const x = █
-- candidate
1<｜fim▁end｜>
-- result
const x = 1█
== Codestral [python]
x = █
-- candidate
1 [SUFFIX] y
-- result
x = 1█
== Seed-Coder [typescript]
const x = █
-- candidate
1<[fim-suffix]>
-- result
const x = 1█
== after a string that ends in a quote [python]
x = █
-- candidate
"a"<|im_end|>
-- result
x = "a"█
== torn by the token limit [python]
x = █
-- candidate
1<|fim_mi
-- result
x = 1█
== kept: comparison and generics [typescript]
const m = █
-- candidate
a <b && new Map<string, number>() || c[PRE]
-- result
const m = a <b && new Map<string, number>() || c[PRE]█
== kept: an index that is called like a token [python]
x = █
-- candidate
names[SUFFIX] + "".join(parts)[0]
-- result
x = names[SUFFIX] + "".join(parts)[0]█
== kept: a token as a string constant [python]
PAD = █
-- candidate
"<pad>"
-- result
PAD = "<pad>"█
== kept: pipes [typescript]
type T = █
-- candidate
A<|B
-- result
type T = A<|B█
== kept: a file about such tokens [python]
PREFIX = "<|fim_prefix|>"
HELP = "█
-- candidate
then <|fim_suffix|> follows"
-- result
PREFIX = "<|fim_prefix|>"
HELP = "then <|fim_suffix|> follows"█
"""


@drawn(DRAWING)
def test_drawn(case: Case) -> None:
    assert cut_by(tokens, case) == case.result
