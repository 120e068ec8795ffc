"""Whether a finding is told at the line that the model quoted. Nothing of `locate` is in it: what
is looked at are the model's own words and the file."""

from __future__ import annotations


def is_located(quote: str, told: range, text: str, changed: frozenset[int]) -> bool:
    """Whether ``told`` is where ``quote`` stands, and no other line of ``text`` can be meant.

    That it stands elsewhere does no harm if only here a line of it is ``changed``. Of a quote of
    several lines ``told`` may be the changed ones alone.
    """
    found = _places(quote, text) or _places(_unsigned(quote), text)
    new = [each for each in found if changed.intersection(each)]
    [place] = found if len(found) == 1 else new if len(new) == 1 else [range(0)]
    return bool(told) and set(told) <= set(place) and (told == place or set(told) <= changed)


def _places(quote: str, text: str) -> list[range]:
    """Where it stands as whole lines, else those lines that have it in them. Blanks do not count,
    nor do blank lines."""
    wanted = [words for words in map(_words, quote.split("\n")) if words]
    lines = [(at, _words(line)) for at, line in enumerate(text.split("\n"), 1) if line.strip()]
    found = []
    for start in range(len(lines) - len(wanted) + 1):
        those = lines[start : start + len(wanted)]
        if wanted and [words for _, words in those] == wanted:
            found.append(range(those[0][0], those[-1][0] + 1))
    if not found and len(wanted) == 1:
        found = [range(at, at + 1) for at, words in lines if wanted[0] in words]
    return found


def _words(line: str) -> str:
    return " ".join(line.split())


def _unsigned(quote: str) -> str:
    """Without the + with which the model is shown what is new."""
    return "\n".join(line.removeprefix("+") for line in quote.split("\n"))
