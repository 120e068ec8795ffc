"""A unified diff from anywhere: of git, Mercurial, Subversion or plain ``diff -u``.

Its files may be here as they are after it, as they were before it, or not at all. Whichever it is,
their lines tell; of a file that is not here only the lines of the diff are known.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from unidiff.errors import UnidiffParseError
from unidiff.patch import Hunk as Part
from unidiff.patch import PatchedFile, PatchSet

from inglenook.engine.sensitive import is_sensitive
from inglenook.review.bad_input import BadInput
from inglenook.review.source import NO_TEXT, ODD_NAME, LeftOut, Listed, unwanted
from inglenook.review.source_git import file_in, is_inside, shown
from inglenook.review.values import Changed, Hunk, Skipped
from inglenook_context.languages import language_of

LARGEST: Final = 64 << 20  # bytes of a diff
_COMBINED: Final = re.compile(r"^@@@+ -\d", re.MULTILINE)  # git-diff, "Combined diff format"
_BINARY: Final = re.compile(r"^(?:Binary files .* differ|GIT binary patch)\r?$", re.MULTILINE)
_NOWHERE: Final = "/dev/null"
_LAST: Final = 1 << 20  # the line behind which nothing is known of a file that is not here
_ESCAPE: Final = re.compile(r'\\([0-7]{3}|[abtnvfr"\\])')
_ESCAPED: Final = dict(zip("abtnvfr", "\a\b\t\n\v\f\r", strict=True))


@dataclass(frozen=True, slots=True)
class _Part:
    """One hunk with its context: where it stands on either side, and its lines there."""

    old_start: int
    old: tuple[str, ...]
    start: int
    new: tuple[str, ...]


@dataclass(slots=True)
class DiffSource:
    """`Source` of a diff; ``root`` is where its files are looked for."""

    root: Path
    subject: str = "a diff"
    listed: list[Listed] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    below: tuple[str, ...] = ()
    _parts: dict[str, tuple[_Part, ...]] = field(default_factory=dict)

    def read(self, listed: Listed) -> Changed | Skipped:
        if listed.deleted:
            return Changed(listed.path, "", listed.hunks, listed.old_path, deleted=True)
        parts = self._parts[listed.path]
        text = self._text(listed, parts)
        if text is not None:
            return Changed(listed.path, text, listed.hunks, listed.old_path)
        partial = listed.old_path is not None
        if max(each.start + len(each.new) for each in parts) > _LAST:
            why = f"It is not here, and lines behind {_LAST:,} are no text."
        elif partial and not all(each.new for each in parts):
            why = "It is not here, and of what was taken out the diff does not show the place."
        else:
            known = tuple((each.start, each.start + len(each.new) - 1) for each in parts)
            text = _with_gaps(parts)
            return Changed(
                listed.path, text, listed.hunks, listed.old_path, partial=partial, known=known
            )
        return Skipped(listed.path, why, missed=True)

    def _text(self, listed: Listed, parts: Sequence[_Part]) -> str | None:
        """The new side, if either side is here."""
        data = file_in(self.root, listed.path)
        if data is not None:
            text = data.decode("utf-8", "replace")
            if all(_stands(text.split("\n"), each.start, each.new) for each in parts):
                return text
        old = file_in(self.root, listed.old_path) if listed.old_path else None
        if old is not None:
            lines = old.decode("utf-8", "replace").split("\n")
            if all(_stands(lines, each.old_start, each.old) for each in parts):
                return _applied(lines, parts)
        return None

    def beside(self, path: str) -> bytes | None:
        return file_in(self.root, path)

    def has(self, path: str) -> bool:
        return os.path.lexists(self.root / path)

    def close(self) -> None:
        """Nothing is held."""


def diff_source(data: bytes, root: Path, left_out: LeftOut) -> DiffSource:
    """Raises `BadInput` for what is no diff."""
    if len(data) > LARGEST:
        raise BadInput(f"The diff is larger than {LARGEST >> 20} MB; review a part of it.")
    text = data.decode("utf-8", "replace")
    try:
        patches = PatchSet(line + "\n" for line in text.split("\n"))
    except (UnidiffParseError, ValueError, RecursionError):
        raise BadInput("What came on standard input is no unified diff.") from None
    if text.strip() and not patches:
        raise BadInput("What came on standard input is no unified diff.")
    if _COMBINED.search(text):
        raise BadInput(
            "What came on standard input is the diff of a merge, which compares with several "
            "commits; give the one with a single commit, as of git diff HEAD~1..HEAD."
        )
    source = DiffSource(root)
    for patch in patches:
        _add(source, patch, left_out)
    return source


def _add(source: DiffSource, patch: PatchedFile, left_out: LeftOut) -> None:
    is_bare = patch.source_file == patch.target_file  # with prefixes the two sides differ
    old, new = _path(patch.source_file, is_bare), _path(patch.target_file, is_bare)
    path = new or old
    if path is None or (new is None and _name(patch.target_file) != _NOWHERE):
        name = shown(_name(patch.target_file) or patch.path) or "(no name)"
        source.skipped.append(Skipped(name, "Its path leads out of the folder.", missed=True))
        return
    for holds, why, missed in (
        (patch.is_symlink, "It is a symbolic link.", False),
        (patch.is_submodule, "It is a submodule.", False),
        (_is_binary(patch), NO_TEXT, language_of(path) is not None),
        (not len(patch), "Only its name or mode changed.", False),
        (path != shown(path), ODD_NAME, new is not None and language_of(path) is not None),
        (path in source._parts, "It is in the diff twice.", True),
        (not _is_ordered(patch), "Its hunks overlap.", True),
    ):
        if holds:
            source.skipped.append(Skipped(shown(path), why, missed))
            return
    why_not = unwanted(left_out, path, old)
    if not why_not.checked:
        source.skipped.append(Skipped(path, why_not.reason))
        return
    source._parts[path] = tuple(_parts(patch))
    hunks = tuple(each for part in patch for each in _hunks(part))
    deleted = new is None
    named = is_sensitive(path) or is_sensitive(old or "")
    source.listed.append(
        Listed(path, hunks, old, deleted=deleted, secret=named, unshown=why_not.reason)
    )


def _name(name: str | None) -> str:
    """What a diff calls a file, without a time and quotes."""
    name = (name or "").split("\t")[0].rstrip("\r")
    if len(name) > 1 and name.startswith('"') and name.endswith('"'):
        return _unquoted(name[1:-1])
    return name


def _path(name: str | None, is_bare: bool) -> str | None:
    """A path of a diff below the folder; None for none, and for one that leads out of it."""
    name = _name(name)
    if not name or name == _NOWHERE:
        return None
    if name[:2] in ("a/", "b/", "c/", "i/", "o/", "w/") and not is_bare:
        name = name[2:]
    path = posixpath.normpath(name)
    return path if "\0" not in path and is_inside(path) else None


def _unquoted(name: str) -> str:
    """As git quotes a path: C's escapes and octal bytes (git-config, "core.quotePath")."""

    def byte(match: re.Match[str]) -> str:
        said = match[1]
        return chr(int(said, 8) & 0xFF) if len(said) == 3 else _ESCAPED.get(said, said)

    plain = name.encode("utf-8", "surrogateescape").decode("latin-1")
    return _ESCAPE.sub(byte, plain).encode("latin-1").decode("utf-8", "surrogateescape")


def _is_binary(patch: PatchedFile) -> bool:
    """Whether a diff says no more than that something changed."""
    told = "".join(patch.patch_info or ())
    return patch.is_binary_file or _BINARY.search(told) is not None


def _is_ordered(patch: PatchedFile) -> bool:
    """Whether each hunk stands behind the one before, on both sides."""
    old = new = 0
    for part in patch:
        if part.source_start < old or part.target_start < new:
            return False
        old = part.source_start + part.source_length
        new = part.target_start + part.target_length
    return True


def _parts(patch: PatchedFile) -> Iterator[_Part]:
    for hunk in patch:
        old = tuple(_plain(each.value) for each in hunk if each.is_context or each.is_removed)
        new = tuple(_plain(each.value) for each in hunk if each.is_context or each.is_added)
        yield _Part(hunk.source_start, old, hunk.target_start, new)


def _plain(value: str) -> str:
    return value.removesuffix("\n")


def _hunks(part: Part) -> Iterator[Hunk]:
    """What really changed in a hunk, without its context."""
    # With a side of no lines the header has the line above (POSIX, diff -u).
    at, old_at = part.target_start + (not part.target_length), part.source_start
    count, removed = 0, list[str]()
    for line in part:
        if line.is_added:
            count += 1
        elif line.is_removed:
            removed.append(_plain(line.value).rstrip("\r"))
        elif line.is_context:
            if count or removed:
                yield Hunk(at, count, tuple(removed), old_at)
            at += count + 1
            old_at += len(removed) + 1
            count, removed = 0, []
    if count or removed:
        yield Hunk(at, count, tuple(removed), old_at)


def _with_gaps(parts: Sequence[_Part]) -> str:
    """What is known of the new side, each line at its place."""
    known = dict[int, str]()
    for each in parts:
        known |= dict(enumerate(each.new, each.start))
    return "".join(f"{known.get(line, '')}\n" for line in range(1, max(known, default=0) + 1))


def _stands(lines: Sequence[str], start: int, wanted: Sequence[str]) -> bool:
    first = max(start - 1, 0)
    return tuple(lines[first : first + len(wanted)]) == tuple(wanted)


def _applied(lines: list[str], parts: Sequence[_Part]) -> str:
    after = list(lines)
    for each in sorted(parts, key=lambda part: -part.old_start):
        first = each.old_start - 1 if each.old else each.old_start
        after[first : first + len(each.old)] = each.new
    return "\n".join(after)
