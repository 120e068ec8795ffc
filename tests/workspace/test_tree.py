"""What is looked at next, and which texts need no parser."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from inglenook.workspace import tree as tree_module
from inglenook.workspace.place import own
from inglenook.workspace.tree import Text, Tree
from tests.workspace.drawn import SECRET, Draw


@pytest.fixture
def tree(root: Path, tmp_path: Path) -> Tree:
    own(tmp_path / "store")
    return Tree(root, tmp_path / "store", re.compile(SECRET, re.VERBOSE | re.IGNORECASE))


def work(tree: Tree, body: bytes | None = b"facts") -> list[str]:
    """Do all that is to be done, with a parser that finds ``body``; the paths it was asked for."""
    asked = []
    while not tree.idle:
        text = tree.next()
        if text is not None:
            asked.append(text.path)
            tree.unwritten.append(text.filled(body, ()))
        elif not tree.step():
            tree.write()
    return sorted(asked)


def look(tree: Tree, body: bytes | None = b"facts") -> list[str]:
    tree.look()
    return work(tree, body)


def test_only_new_texts_are_parsed(tree: Tree, draw: Draw, root: Path) -> None:
    one = {"a.py": "one = 1\n", "b.py": "same = 1\n", "lib/c.py": "c = 1\n"}
    two = {"a.py": "two = 1\n", "e.py": "e = 1\n"}
    draw(one)
    assert look(tree) == ["a.py", "b.py", "lib/c.py"]
    assert look(tree) == []
    draw({"lib/d.py": "c = 1\n"})
    assert look(tree) == []
    draw(two)
    assert look(tree) == ["a.py", "e.py"]
    draw(one)
    (root / "e.py").unlink()
    assert look(tree) == []  # the old branch
    draw(two)
    assert look(tree) == []  # and the new one again
    (root / "lib").rename(root / "moved")
    assert look(tree) == []
    assert set(tree.store.directories()) == {"", "moved"}


def test_equal_texts_of_two_languages_are_two(tree: Tree, draw: Draw) -> None:
    draw({"a.js": "let x\n", "a.ts": "let x\n"})
    assert look(tree) == ["a.js", "a.ts"]


def test_a_text_that_breaks_parsers_is_left_alone_until_it_changes(tree: Tree, draw: Draw) -> None:
    draw({"a.py": "bad\n"})
    assert look(tree, body=None) == ["a.py"]
    assert look(tree) == []
    draw({"b.py": "bad\n"})
    assert look(tree) == []
    draw({"a.py": "good\n"})
    assert look(tree) == ["a.py"]


def test_a_file_that_is_gone_or_no_source_when_it_is_its_turn(
    tree: Tree, draw: Draw, root: Path
) -> None:
    draw({"gone.py": "", "binary.py": "x"})
    tree.look()
    while tree.step():
        pass
    tree.write()
    (root / "gone.py").unlink()
    (root / "binary.py").write_bytes(b"\0")
    assert work(tree) == []
    assert tree.store.files("").keys() == {"binary.py"}
    assert not tree.store.unknown()


def test_a_file_that_is_saved_comes_before_all(tree: Tree, draw: Draw, root: Path) -> None:
    draw({f"f{number}.py": f"x = {number}\n" for number in range(30)})
    tree.look()
    tree.step()
    tree.changed(root / "f17.py")
    text = tree.next()
    assert text is not None
    assert text.path == "f17.py"


def test_a_file_that_changed_while_it_was_parsed(tree: Tree, draw: Draw, root: Path) -> None:
    draw({"a.py": "one = 1\n"})
    tree.changed(root / "a.py")
    first = tree.next()
    draw({"a.py": "two = 1\n"})
    tree.changed(root / "a.py")
    second = tree.next()
    assert isinstance(first, Text)
    assert isinstance(second, Text)
    tree.unwritten.append(second.filled(b"two", ()))
    tree.write()
    tree.unwritten.append(first.filled(b"one", ()))  # too late
    tree.write()
    assert tree.store.knows(first.digest)
    assert look(tree) == []


def test_no_more_than_so_many_files(
    tree: Tree, draw: Draw, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tree_module, "MOST_FILES", 5)
    draw({f"f{number}.py": f"x = {number}\n" for number in range(9)})
    assert len(look(tree)) == 5


def test_what_needs_no_attention(tree: Tree, draw: Draw, root: Path) -> None:
    draw({"a.py": "", "README.md": "", ".git/HEAD": "", "node_modules/a.js": ""})
    look(tree)
    for path in ("README.md", "gone.md", ".git/objects/x", "node_modules/a.js", "../x.py"):
        tree.changed(root / path)
    assert work(tree) == []
    assert tree.store.files("").keys() == {"a.py"}
    assert not list(tree.store.directories("node_modules"))


def test_a_checkout_is_seen(tree: Tree, draw: Draw) -> None:
    draw({".git/HEAD": "one\n"})
    assert tree.is_moved()
    assert not tree.is_moved()
    time.sleep(0.01)
    draw({".git/HEAD": "two\n"})
    assert tree.is_moved()
