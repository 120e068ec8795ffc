"""The rules of .gitignore, .continueignore and .inglenookignore.

The syntax and the meaning are git's (`gitignore(5)`). A pattern becomes a regular expression in
which no wildcard is tried twice: each takes the first place where what follows it fits, in an
atomic group, as `fnmatch.translate` does. So a hostile pattern costs no more than its length
times that of the name, where backtracking matchers hang.

Each of the three kinds of file is a layer of its own, and what one layer excludes no other takes
back: a file in the workspace can only narrow what is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

KINDS: Final = (".gitignore", ".continueignore", ".inglenookignore")
_MOST_RULES: Final = 5_000  # of one file
_LONGEST: Final = 1_000  # characters of a pattern
_AT_ONCE: Final = 50  # rules of one expression: other threads wait while it is matched
_ESCAPED: Final = re.compile(r"\\.", re.DOTALL)
_POSIX: Final = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "digit": "0-9",
    "lower": "a-z",
    "upper": "A-Z",
    "space": r"\s",
    "punct": r"!-.:-@\[-`{-~",
    "xdigit": "0-9a-fA-F",
}

Read = Callable[[str], str | None]  # the text of the file of this path below the root, if any


class Pattern(NamedTuple):
    """One line, taken apart. ``text`` is never empty, and has no slash at its end."""

    number: int  # of the line
    text: str
    takes_back: bool  # it has a "!"
    only_directories: bool


class Globs(NamedTuple):
    """Some rules in one expression, the last first."""

    expression: re.Pattern[str]
    numbers: tuple[int, ...]  # of its groups


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """Those of one file. A later rule wins; the numbers are those of the lines."""

    takes_back: frozenset[int]  # the rules with a "!"
    names: dict[str, int]  # literal last names, directories with a slash at their end
    name_globs: tuple[Globs, ...]
    path_globs: tuple[Globs, ...]  # for the path below the file's directory

    def verdict(self, path: str, name: str, is_directory: bool) -> bool | None:
        """Whether ``path`` is excluded; None if no rule says anything of it."""
        last = self.last(name, is_directory)
        last = _last(self.path_globs, f"{path}/" if is_directory else path, last)
        return None if last < 0 else last not in self.takes_back

    def last(self, name: str, is_directory: bool) -> int:
        """The last rule without a slash that fits a name; -1 if none does."""
        last = self.names.get(name, -1)
        if is_directory:
            name = f"{name}/"
            last = max(last, self.names.get(name, -1))
        return _last(self.name_globs, name, last)


class Placed(NamedTuple):
    """Rules, and how a path of the root becomes one of their directory: so many characters less
    at its start for a directory below the root, ``before`` it for one above."""

    rules: Rules
    strip: int = 0
    before: str = ""


@dataclass(frozen=True, slots=True)
class Layers:
    """What holds in one directory: of each kind the rules from the nearest to the farthest."""

    kinds: tuple[tuple[Placed, ...], ...] = field(default=((), (), ()))

    def below(self, directory: str, read: Read) -> Layers:
        """What holds in ``directory``, whose parent this is."""
        start = f"{directory}/" if directory else ""
        found = []
        for kind, above in zip(KINDS, self.kinds, strict=True):
            text = read(start + kind)
            own = (Placed(rules(text.split("\n")), len(start)),) if text else ()
            found.append(own + above)
        return Layers(tuple(found))

    def excludes(self, path: str, is_directory: bool) -> bool:
        """Whether ``path``, in that directory, is excluded. (Its parents are not asked.)"""
        name = path.rpartition("/")[2]
        for layers in self.kinds:
            for each in layers:
                here = each.before + path[each.strip :]
                verdict = each.rules.verdict(here, name, is_directory)
                if verdict is not None:
                    if verdict:
                        return True
                    break
        return False


def rules(lines: Iterable[str]) -> Rules:
    """The rules that these lines are."""
    return rules_of(parsed(lines))


def rules_of(patterns: Iterable[Pattern]) -> Rules:
    takes_back: set[int] = set()
    names: dict[str, int] = {}
    name_globs: list[tuple[int, str]] = []
    path_globs: list[tuple[int, str]] = []
    for number, pattern, negated, only_directories in patterns:
        if negated:
            takes_back.add(number)
        end = "/" if only_directories else "/?"
        if "/" in pattern:
            path_globs.append((number, _path(split(pattern)) + end))
        elif is_glob(pattern):
            name_globs.append((number, expression(pattern) + end))
        else:
            names[f"{pattern}/" if only_directories else pattern] = number
    return Rules(frozenset(takes_back), names, _any(name_globs), _any(path_globs))


def parsed(lines: Iterable[str]) -> Iterator[Pattern]:
    """The lines that are patterns."""
    for number, line in zip(range(_MOST_RULES), lines, strict=False):
        pattern = _stripped(line.removeprefix("\ufeff") if number == 0 else line)
        if not pattern or pattern.startswith("#") or len(pattern) > _LONGEST:
            continue
        negated = pattern.startswith("!")
        pattern = pattern[negated:]
        only_directories = pattern.endswith("/")
        pattern = pattern.rstrip("/") if only_directories else pattern
        if pattern:
            text = _ESCAPED.sub(lambda each: "/" if each[0] == r"\/" else each[0], pattern)
            yield Pattern(number, text, negated, only_directories)


def takes_back(line: str) -> bool:
    """Whether a line includes again what others exclude."""
    return any(pattern.takes_back for pattern in parsed([line]))


def is_glob(text: str) -> bool:
    """Whether it may stand for other names than itself."""
    return re.search(r"[*?\[\\]", text) is not None


def _stripped(line: str) -> str:
    """Without its end and the spaces there, but for one behind a backslash."""
    line = line.rstrip("\r\n")
    bare = line.rstrip(" ")
    backslashes = len(bare) - len(bare.rstrip("\\"))
    return bare + " " if backslashes % 2 and len(bare) < len(line) else bare


def _any(globs: list[tuple[int, str]]) -> tuple[Globs, ...]:
    """Expressions in which the last rule that fits is the first that is tried."""
    found = []
    for end in range(len(globs), 0, -_AT_ONCE):
        some = globs[max(end - _AT_ONCE, 0) : end][::-1]
        one = re.compile("|".join(f"({glob})" for _, glob in some), re.DOTALL)
        found.append(Globs(one, tuple(number for number, _ in some)))
    return tuple(found)


def _last(globs: Iterable[Globs], text: str, last: int) -> int:
    """The last rule that fits ``text``, or ``last`` if that comes after it."""
    for one, numbers in globs:
        if numbers[0] < last:
            break
        if match := one.fullmatch(text):
            return max(last, numbers[(match.lastindex or 1) - 1])
    return last


def split(pattern: str) -> list[str]:
    """The parts between slashes; one inside of a class parts nothing."""
    parts, at, start = [], 0, 0
    while at < len(pattern):
        if pattern[at] == "/":
            parts.append(pattern[start:at])
            start = at + 1
        elif pattern[at] == "[":
            at = max(at, _class(pattern, at + 1)[1] - 1)
        elif pattern[at] == "\\":
            at += 1
        at += 1
    return [*parts, pattern[start:]]


def _path(segments: list[str]) -> str:
    """An expression for the segments of a path, in which ``**`` stands for any of them."""
    groups: list[list[str]] = [[]]
    for segment in segments:
        if segment == "**":
            groups.append([])
        elif segment:
            groups[-1].append(expression(segment))
    *firsts, last = groups
    found = []
    for number, group in enumerate(firsts):
        if group:
            fixed = "".join(f"{each}/" for each in group)
            found.append(fixed if number == 0 else f"(?>(?:[^/]+/)*?{fixed})")
    if not last:  # "a/**" is what is inside of a
        found.append("[^/].*")
    else:
        lazy = "(?:[^/]+/)*?" if firsts else ""
        found.append(lazy + "/".join(last))
    return "".join(found)


def expression(glob: str) -> str:
    """An expression for one name; its wildcards do not cross a slash."""
    pieces: list[list[str]] = [[]]  # what stands between stars, character by character
    at = 0
    while at < len(glob):
        char = glob[at]
        at += 1
        if char == "*":
            if pieces[-1] or len(pieces) == 1:
                pieces.append([])
        elif char == "?":
            pieces[-1].append("[^/]")
        elif char == "[":
            piece, at = _class(glob, at)
            pieces[-1].append(piece)
        elif char == "\\":
            # A backslash at the end is no pattern to git, and matches nothing.
            pieces[-1].append(re.escape(glob[at]) if at < len(glob) else "(?!)")
            at += 1
        else:
            pieces[-1].append(re.escape(char))
    if len(pieces) == 1:
        return "".join(pieces[0])
    if not any(pieces):
        return "[^/]+"
    first, *middle, last = ("".join(piece) for piece in pieces)
    inside = "".join(f"(?>[^/]*?{piece})" for piece in middle)
    # The last piece stands at the end of the name, and nowhere else is looked for it.
    end = f"(?>[^/]{{{len(pieces[-1])},}})(?<={last})" if last else "[^/]*"
    return f"{first}{inside}{end}"


def _class(glob: str, at: int) -> tuple[str, int]:
    """The expression of a class whose ``[`` stands before ``at``, and where it ends."""
    negated = glob[at : at + 1] in ("!", "^")
    at += negated
    inside, first = "", True
    while at < len(glob):
        char = glob[at]
        if char == "]" and not first:
            if not inside:
                return ("[^/]" if negated else "(?!)"), at + 1
            return (f"[^/{inside}]" if negated else f"(?!/)[{inside}]"), at + 1
        first = False
        if char == "[" and (named := re.compile(r"\[:([a-z]+):\]").match(glob, at)):
            inside += _POSIX.get(named[1], "")
            at = named.end()
            continue
        if char == "\\" and at + 1 < len(glob):
            at += 1
        low = high = glob[at]
        if glob[at + 1 : at + 2] == "-" and glob[at + 2 : at + 3] not in ("", "]"):
            at += 2
            at += glob[at] == "\\" and at + 1 < len(glob)
            high = glob[at]
        if low <= high:
            inside += re.escape(low) + (f"-{re.escape(high)}" if high != low else "")
        at += 1
    return "(?!)", at  # never closed: matches nothing
