"""What changed in a git repository: between commits, in the index, or in the work tree."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from inglenook.engine.sensitive import is_sensitive
from inglenook.review.bad_input import BadInput
from inglenook.review.hunks import patches_of
from inglenook.review.source import (
    LARGEST,
    NO_TEXT,
    ODD_NAME,
    UNREAD,
    LeftOut,
    Listed,
    text_of,
    unread,
    unwanted,
)
from inglenook.review.values import Changed, Hunk, Skipped
from inglenook.workspace.git import WITHOUT_PATCH, Entry, Git, NoGit
from inglenook.workspace.languages import is_shown
from inglenook.workspace.source import Root

_LINK: Final = "120000"
_SUBMODULE: Final = "160000"
_NOTHING: Final = "000000"
# The tree without files, which every repository knows by its name.
_EMPTY: Final = {40: "4b825dc642cb6eb9a060e54bf8d69288fbee4904"}
_EMPTY_SHA256: Final = "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321"


@dataclass(slots=True)
class GitSource:
    """`Source` of the changes of one repository."""

    git: Git
    subject: str
    listed: list[Listed] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    below: tuple[str, ...] = ()
    side: str = ""  # what git has before a path of what is reviewed, "" for the work tree

    @property
    def root(self) -> Path:
        return self.git.top

    def read(self, listed: Listed) -> Changed | Skipped:
        """Both sides; what the work tree has is read there, and nothing outside of it."""
        old = self.git.blob(listed.old, LARGEST) if listed.old else None
        before = text_of(old) if old is not None else None
        if listed.deleted:
            return Changed(listed.path, "", listed.hunks, listed.old_path, before, deleted=True)
        data = self._new(listed)
        if data is None:
            return unread(listed.path, UNREAD)
        text = text_of(data)
        if text is None:
            return unread(listed.path, NO_TEXT)
        hunks = listed.hunks or whole_of(text)
        return Changed(listed.path, text, hunks, listed.old_path, before)

    def _new(self, listed: Listed) -> bytes | None:
        if listed.new:
            return self.git.blob(listed.new, LARGEST)
        return file_in(self.git.top, listed.path)

    def beside(self, path: str) -> bytes | None:
        if not self.side:
            return file_in(self.git.top, path)
        return self.git.blob(f"{self.side}{path}", LARGEST)

    def has(self, path: str) -> bool:
        if not self.side:
            return os.path.lexists(self.git.top / path)
        return self.git.has(f"{self.side}{path}")

    def close(self) -> None:
        self.git.close()


def git_source(
    directory: Path,
    *,
    revisions: str = "",
    staged: bool = False,
    paths: Sequence[str] = (),
    left_out: LeftOut,
) -> GitSource:
    """Changes of ``revisions`` (``A..B``, ``A...B`` from where they parted, ``A`` up to the work
    tree), of what is ``staged``, or of the work tree with its new files. Raises `BadInput`."""
    try:
        git = Git.at(directory)
        sides, subject, side = _sides(git, revisions, staged)
        inside = [_inside(git.top, directory, path) for path in paths]
        source = GitSource(git, subject, side=side)
        entries = git.entries(sides, inside)
        for path, where in zip(paths, inside, strict=True):
            _check_path(git.top, path, where, entries)
        patches = patches_of(git.patches(sides, inside)) if entries else iter(())
        for entry in entries:
            hunks = () if entry.status in WITHOUT_PATCH else next(patches, None)
            if hunks is None:
                raise BadInput("The files change while they are read; ask again.")
            _add(source, entry, hunks, left_out)
        if next(patches, None) is not None:
            raise BadInput("The files change while they are read; ask again.")
        _add_conflicts(source, entries)
        if not side and not revisions:
            for name in map(os.fsdecode, git.untracked(inside)):
                if name.endswith("/"):
                    why = "It is a repository of its own."
                    source.skipped.append(Skipped(shown(name), why))
                else:
                    _list(source, Listed(name), left_out)
    except NoGit as error:
        raise BadInput(str(error)) from None
    return source


def _sides(git: Git, revisions: str, staged: bool) -> tuple[list[str], str, str]:
    """Between what to look, how that is called, and `GitSource.side`."""
    if staged:
        return ["--cached", _head(git)], "what is staged", ":"
    if not revisions:
        return [_head(git)], "the work tree", ""
    for dots in ("...", ".."):
        first, found, second = revisions.partition(dots)
        if found:
            one, two = git.commit(first or "HEAD"), git.commit(second or "HEAD")
            if one == two and not first:  # behind the dots HEAD is often meant
                raise BadInput(f"{revisions} is a commit and itself; was a variable empty?")
            if dots == "...":
                try:
                    one = git.run("merge-base", one, two).decode("ascii", "replace").strip()
                except NoGit:
                    raise BadInput(
                        f"{first} and {second} have no commit in common here; a shallow clone may "
                        "have to be deepened (git fetch --unshallow)."
                    ) from None
            return [one, two], revisions, f"{two}:"
    return [git.commit(revisions)], f"{revisions} to the work tree", ""


def _head(git: Git) -> str:
    """The commit that is checked out, or the empty tree before the first."""
    try:
        return git.commit("HEAD")
    except NoGit:
        kind = git.run("rev-parse", "--show-object-format").decode().strip()
        return _EMPTY_SHA256 if kind == "sha256" else _EMPTY[40]


def _inside(top: Path, directory: Path, path: str) -> str:
    """A path of the user's as git is asked for it, from the top of the work tree."""
    place = Path(os.path.normpath(directory.absolute() / path))
    real = Path(os.path.realpath(place.parent)) / place.name
    for each, root in ((place, top), (real, Path(os.path.realpath(top)))):
        if each == root or root in each.parents:
            return each.relative_to(root).as_posix()
    raise BadInput(f"{path} is not in the repository at {top}.")


def _check_path(top: Path, path: str, where: str, entries: Sequence[Entry]) -> None:
    """Raises `BadInput` if a path is of nothing at all: what is misspelt would be called clean."""
    changed = {name for each in entries for name in (each.path, each.old_path)}
    name = os.fsencode(where)
    if not os.path.lexists(top / where) and not any(
        each == name or each.startswith(name + b"/") for each in changed
    ):
        raise BadInput(
            f"There is no file or folder {path}, nor was there one; quote no globs here."
        )


def _add(source: GitSource, entry: Entry, hunks: tuple[Hunk, ...], left_out: LeftOut) -> None:
    path, old_path = os.fsdecode(entry.path), os.fsdecode(entry.old_path)
    kinds = {entry.old_mode, entry.new_mode}
    if entry.status == "U":
        return  # it is listed once more, with what is in the work tree
    if _SUBMODULE in kinds:
        source.skipped.append(Skipped(shown(path), "It is a submodule."))
    elif _LINK in kinds and (entry.new_mode == _LINK or entry.status != "T"):
        source.skipped.append(Skipped(shown(path), "It is a symbolic link."))
    elif entry.status == "D":
        old = entry.old_blob
        _list(source, Listed(path, hunks, old_path, old, deleted=True), left_out)
    elif not hunks and entry.status not in WITHOUT_PATCH:
        why = "Only its name or mode changed."
        source.skipped.append(Skipped(shown(path), why))
    else:
        old = "" if entry.status in WITHOUT_PATCH else entry.old_blob
        new = entry.new_blob if source.side else ""
        before = old_path if old else None
        _list(source, Listed(path, hunks, before, old, new), left_out)


def _add_conflicts(source: GitSource, entries: Sequence[Entry]) -> None:
    """What is in conflict and, unlike in the work tree, is nothing that could be read."""
    told = {each.path for each in source.listed} | {each.path for each in source.skipped}
    for path in dict.fromkeys(os.fsdecode(each.path) for each in entries if each.status == "U"):
        if path not in told and shown(path) not in told:
            why = "It is in a conflict that is not resolved."
            source.skipped.append(Skipped(shown(path), why, missed=True))


def _list(source: GitSource, listed: Listed, left_out: LeftOut) -> None:
    why = unwanted(left_out, listed.path, listed.old_path)
    if not why.checked:
        source.skipped.append(Skipped(shown(listed.path), why.reason))
    elif not is_inside(listed.path):
        source.skipped.append(Skipped(shown(listed.path), "Its path leads out of the repository."))
    elif listed.path != shown(listed.path):
        name = shown(listed.path)
        source.skipped.append(Skipped(name, ODD_NAME) if listed.deleted else unread(name, ODD_NAME))
    else:
        named = is_sensitive(listed.path) or is_sensitive(listed.old_path or "")
        source.listed.append(replace(listed, secret=named, unshown=why.reason))


def is_inside(path: str) -> bool:
    """Whether a path is one of files below the top, and none of git's own. A tree or an index that
    no git has made can hold others."""
    parts = [part.lower() for part in path.split("/")]
    return not {"", ".", "..", ".git"}.intersection(parts)


def shown(path: str) -> str:
    """A path without what no report can hold."""
    return "".join(each if is_shown(each) else f"\\x{ord(each):02x}" for each in path)


def whole_of(text: str) -> tuple[Hunk, ...]:
    count = text.count("\n") + (not text.endswith("\n"))
    return (Hunk(1, count),) if text else ()


def file_in(top: Path, path: str) -> bytes | None:
    """A regular file of the work tree, which no link leads out of; None if it is none."""
    found = Root.of(top).data(path, LARGEST + 1)
    return found if found is not None and len(found) <= LARGEST else None
