"""What is open hides what is on the disk, also in the list of a directory's files."""

from __future__ import annotations

from collections.abc import Sequence

from inglenook.engine.library import Library
from inglenook_context.facts import Facts, made


class Disk:
    generation = 0
    edition = ""

    def facts(self, path: str) -> Facts | None:
        return made(path, "go", (), ()) if self.exists(path) else None

    def exists(self, path: str) -> bool:
        return path in ("a/x.go", "a/y.go", "z.go")

    def listed(self, directory: str) -> Sequence[str]:
        return {"a": ["a/x.go", "a/y.go"], "": ["z.go"]}.get(directory, [])


def test_a_directory_has_what_is_open_and_what_is_on_the_disk() -> None:
    opened = {path: made(path, "go", (), ()) for path in ("a/new.go", "a/x.go", "a/b/c.go", "w.go")}
    library = Library(opened, Disk())
    assert library.listed("a") == ["a/new.go", "a/x.go", "a/y.go"]
    assert library.listed("") == ["w.go", "z.go"]
    assert library.listed("none") == []
    assert library.facts("a/x.go") is opened["a/x.go"]
    assert Library(opened, None).listed("a/b") == ["a/b/c.go"]
    assert Library({}, None).listed("a") == []
