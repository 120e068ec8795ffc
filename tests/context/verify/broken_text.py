"""Answers that are broken as texts, in any language: talk, fences, cut ends, changes elsewhere."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import Final

from tests.context.verify.broken_python import body_line
from tests.context.verify.places import Place

Shape = Callable[[Place, random.Random], str | None]
Whole = Callable[[Place, random.Random], str | None]


def _mark(place: Place) -> str:
    return "#" if place.language == "python" else "//"


def _own(place: Place) -> str:
    line = place.lines[0]
    return line[: len(line) - len(line.lstrip())]


def _tag(place: Place, chance: random.Random) -> str:
    tags = ["python", "py", "Python"] if place.language == "python" else ["typescript", "ts", "js"]
    return chance.choice([*tags, ""])


BEFORE: Final = (
    "Sure, here is the updated function:",
    "Sure! Here's the modified code:",
    "Certainly! Here is the refactored version of the function.",
    "Here is the corrected code:",
    "Here's how you can fix it:",
    "Of course! The following code does what you asked:",
    "I have updated the function as requested.",
    "The function has been simplified:",
    "To fix this issue, we need to change the condition.",
    "Below is the fixed version",
    "As requested, the code now handles None.",
    "Okay, let me rewrite that for you.",
    "Updated code:",
    "Answer:",
)
AFTER: Final = (
    "I have changed the condition so that it handles empty input.",
    "This change ensures that the function returns early.",
    "Note that the behaviour stays the same.",
    "Let me know if you need anything else!",
    "Hope this helps!",
    "In this version, the loop was replaced by a comprehension.",
    "The code above fixes the problem by checking the value first.",
    "Explanation:\n- The variable was renamed\n- The check was added",
    "**Explanation**: the check was added.",
    "1. Added a check for None.\n2. Simplified the loop.",
    "You can now call this function with any value.",
    "Please note that I did not change the signature.",
)
COMMENTED: Final = (
    "Sure, here is the updated function",
    "Here is the updated code:",
    "I have added a check here",
    "I've simplified this function",
    "Here's the modified version",
    "Updated code:",
    "As requested, the condition was changed",
    "Explanation:",
    "I changed this to fix the bug",
    "The updated version of the function",
    "Let me know if you need anything else",
    "Hope this helps!",
)


def _prose(texts: tuple[str, ...], *, end: bool) -> Shape:
    def shape(place: Place, chance: random.Random) -> str:
        text = chance.choice(texts)
        text = "\n".join(chance.choice(["", _own(place)]) + row for row in text.split("\n"))
        gap = chance.choice(["\n", "\n\n"])
        return place.target + gap[1:] + text + "\n" if end else text + gap + place.target

    return shape


def _commented(place: Place, chance: random.Random) -> str:
    row = f"{_own(place)}{_mark(place)} {chance.choice(COMMENTED)}\n"
    return row + place.target if chance.random() < 0.6 else place.target + row


def _inside(place: Place, chance: random.Random) -> str | None:
    lines = place.lines
    at: int | None = chance.randrange(1, len(lines))
    if place.language == "python":
        at = body_line(place, chance)  # within a string it might be meant
    if at is None:
        return None
    own = re.match(r"[ \t]*", lines[at])
    lines.insert(at, f"{own[0] if own else ''}{chance.choice([*BEFORE, *AFTER]).splitlines()[0]}\n")
    return "".join(lines)


def _heading(place: Place, chance: random.Random) -> str:
    row = chance.choice(
        ["### Explanation", "## Changes made", "### Updated code:", "# Explanation"]
    )
    if place.language != "python":
        row = row.replace("#", "/").replace("///", "//")
        row = row if row.startswith("//") else "/" + row
    return place.target + _own(place) + row + "\n"


def _only(place: Place, chance: random.Random) -> str:
    return (
        _own(place)
        + chance.choice([*BEFORE, "I cannot help with that.", "No changes needed."])
        + "\n"
    )


def _sorry(place: Place, chance: random.Random) -> str:
    text = chance.choice(
        ["I'm sorry, but I can't help with that.", "As an AI language model, I cannot run code."]
    )
    return f"{_own(place)}{text}\n"


PROSE: Final[tuple[Shape, ...]] = (
    _prose(BEFORE, end=False),
    _prose(AFTER, end=True),
    _commented,
    _commented,
    _inside,
    _heading,
    _only,
    _sorry,
    lambda place, chance: (
        chance.choice(BEFORE) + "\n\n" + place.target + "\n" + chance.choice(AFTER) + "\n"
    ),
    lambda place, chance: (
        place.target + f"{_own(place)}{_mark(place)} {chance.choice(COMMENTED)}\n"
    ),
)


def _fenced(place: Place, chance: random.Random) -> str:
    return f"```{_tag(place, chance)}\n{place.target}```\n"


def _opening(place: Place, chance: random.Random) -> str:
    return f"{_own(place)}```{_tag(place, chance)}\n{place.target}"


def _closing(place: Place, chance: random.Random) -> str:
    return f"{place.target}{chance.choice(['', _own(place)])}```\n"


FENCE: Final[tuple[Shape, ...]] = (
    _fenced,
    _opening,
    _closing,
    lambda place, chance: f"~~~{_tag(place, chance)}\n{place.target}~~~\n",
    lambda place, chance: f"````{_tag(place, chance)}\n{place.target}````\n",
    lambda place, chance: f"{_own(place)}`{place.target.strip()}`\n",
    lambda place, chance: (
        f"{_mark(place)} ```{_tag(place, chance)}\n{place.target}{_mark(place)} ```\n"
    ),
    lambda place, chance: f"{place.target}```\n\n```{_tag(place, chance)}\n{place.target}```\n",
    lambda place, chance: f"<<<<<<< SEARCH\n{place.target}=======\n{place.target}>>>>>>> REPLACE\n",
    lambda place, chance: "".join(f"+{line}" for line in place.lines),
    lambda place, chance: "".join(f"{n}: {line}" for n, line in enumerate(place.lines, 10)),
    lambda place, chance: f"@@ -1,3 +1,4 @@\n{place.target}",
    lambda place, chance: f"{place.target.rstrip()} ```\n",
)
TOKENS: Final = (
    "<|im_end|>",
    "<|endoftext|>",
    "<|fim_middle|>",
    "<fim_suffix>",
    "</s>",
    "<|file_sep|>",
    "<EOT>",
    "[/INST]",
    "<|eot_id|>",
    "<\uff5cfim\u2581end\uff5c>",
    "</think>",
    "<end_of_turn>",
)
OMITTED: Final = (
    "... rest of code",
    "... existing code ...",
    "rest of the function remains the same",
    "existing code here",
    "(unchanged)",
    "...",
    "TODO: implement",
    "your code here",
    "remaining code unchanged",
    "same as before",
    "code omitted for brevity",
    "[rest of the implementation]",
)


def _token(place: Place, chance: random.Random) -> str:
    token = chance.choice(TOKENS)
    way = chance.randrange(4)
    if way == 0:
        return place.target.rstrip("\n") + token + "\n"
    if way == 1:
        return place.target + token + "\n"
    if way == 2:
        return place.target + f"{_own(place)}{_mark(place)} {token}\n"
    return f"<think>\nchange it\n{chance.choice(['</think>', '</think>' * 2])}\n" + place.target


def _elided(place: Place, chance: random.Random) -> str | None:
    """The body's middle or end became a comment."""
    lines = place.lines
    if len(lines) < 6:
        return None
    at = 2 if chance.random() < 0.5 else len(lines) // 2
    own = re.match(r"[ \t]*", next(row for row in lines[at:] if row.strip()))
    inner = f"{_own(place)}{'    ' if place.language == 'python' else '  '}"
    del own
    mark = f"{inner}{_mark(place)} {chance.choice(OMITTED)}\n"
    if place.language != "python":
        header = next(n for n, row in enumerate(lines) if row.rstrip().endswith("{"))
        return "".join([*lines[: header + 1], mark, lines[-1]])
    header = next(n for n, row in enumerate(lines) if row.rstrip().endswith(":"))
    return "".join([*lines[: header + 1], mark, f"{inner}pass\n" if chance.random() < 0.7 else ""])


def _added_mark(place: Place, chance: random.Random) -> str:
    inner = f"{_own(place)}{'    ' if place.language == 'python' else '  '}"
    lines = place.lines
    at = len(lines) if place.language == "python" else len(lines) - 1
    lines.insert(at, f"{inner}{_mark(place)} {chance.choice(OMITTED)}\n")
    return "".join(lines)


def _cut_anywhere(place: Place, chance: random.Random) -> str | None:
    """After a number of tokens: in the middle of a line."""
    code = place.target.rstrip()
    for _ in range(20):
        at = chance.randrange(len(code) // 3, len(code) - 1)
        line = code[:at].rsplit("\n", 1)[-1]
        inside_word = code[at - 1].isidentifier() and code[at].isidentifier()
        open_ = line.count("(") > line.count(")") or line.rstrip().endswith(("=", ",", ".", "+"))
        if (inside_word or open_) and line.strip() and not re.search(r"[\"'#`/*]", line):
            return code[:at] + "\n"
    return None


def _cut_at_line(place: Place, chance: random.Random) -> str | None:
    """At a line's end: of Python, what is left may well parse."""
    lines = place.lines
    for _ in range(20):
        at = chance.randrange(max(2, len(lines) // 3), len(lines))
        if all(not row.strip() or row.strip()[0] in "#)]}" for row in lines[at:]):
            continue
        if lines[at - 1].strip() and lines[at - 1].strip()[0] not in "#@":
            return "".join(lines[:at])
    return None


def _without_last(place: Place, chance: random.Random) -> str | None:
    """Without the last statement of the body."""
    if place.language != "python":
        lines = place.lines
        return "".join(lines[:-1])
    tree = place.tree
    at = tree.body[-1].lineno - (2 if _own(place) else 1)
    return "".join(place.lines[:at])


def _header_only(place: Place, chance: random.Random) -> str:
    lines = place.lines
    header = next(n for n, row in enumerate(lines) if row.rstrip().endswith((":", "{")))
    return "".join(lines[: header + 1])


TRUNCATION: Final[tuple[Shape, ...]] = (
    _cut_anywhere,
    _cut_anywhere,
    _cut_at_line,
    _cut_at_line,
    _without_last,
    _header_only,
    lambda place, chance: "",
    lambda place, chance: _own(place) + "\n",
    _token,
    _elided,
    _elided,
    _added_mark,
)


def _line_above(place: Place, chance: random.Random) -> str | None:
    rows = place.text[: place.start].splitlines(keepends=True)
    if len(rows) < 4:
        return None
    at = chance.randrange(len(rows))
    if not rows[at].strip():
        return None
    rows[at] = chance.choice(["\n", rows[at].rstrip("\n") + " \n", rows[at].upper(), ""])
    new = "".join(rows)
    return None if new == place.text[: place.start] else new + place.text[place.start :]


def _line_below(place: Place, chance: random.Random) -> str | None:
    rows = place.text[place.stop :].splitlines(keepends=True)
    if len(rows) < 4:
        return None
    at = chance.randrange(len(rows) - 1)
    if not rows[at].strip():
        return None
    rows[at] = chance.choice([rows[at] * 2, rows[at].lower() + "\n", "\n", ""])
    new = "".join(rows)
    return None if new == place.text[place.stop :] else place.text[: place.stop] + new


def _reformatted(place: Place, chance: random.Random) -> str | None:
    """All blank lines elsewhere were made one."""
    new = re.sub(r"\n{3,}", "\n\n", place.text)
    return None if new == place.text else new


def _quotes(place: Place, chance: random.Random) -> str | None:
    head = place.text[: place.start]
    new = head.replace("'", '"') if "'" in head else head.replace('"', "'")
    return None if new == head else new + place.text[place.start :]


def _import_above(place: Place, chance: random.Random) -> str:
    line = "import sys\n" if place.language == "python" else "import * as sys_ from 'os';\n"
    return line + place.text


def _appended(place: Place, chance: random.Random) -> str:
    more = "def main_():\n    pass\n" if place.language == "python" else "main_();\n"
    return place.text + "\n\n" + more


def _only_target(place: Place, chance: random.Random) -> str:
    return place.target


def _without_head(place: Place, chance: random.Random) -> str:
    return place.text[place.start :]


def _without_tail(place: Place, chance: random.Random) -> str:
    return place.text[: place.stop]


def _repeated(place: Place, chance: random.Random) -> str:
    """The function twice."""
    return place.text[: place.stop] + "\n" + place.target + place.text[place.stop :]


OUTSIDE: Final[tuple[Whole, ...]] = (
    _line_above,
    _line_above,
    _line_below,
    _line_below,
    _reformatted,
    _quotes,
    _import_above,
    _appended,
    _only_target,
    _without_head,
    _without_tail,
    _repeated,
)
