"""Repositories that try to have something outside read, or something inside passed over: see
`hostile_trap`."""

from __future__ import annotations

import hashlib
import os
import zlib
from typing import Final

from tests.support.drawn_repository import Repository
from tests.support.hostile_trap import SECRET, Trap, case

# -- elsewhere ---------------------------------------------------------------------------------


@case()
def a_link_to_a_file_outside(trap: Trap) -> None:
    for name in ("link.py", "app.py"):
        (trap.root / name).unlink(missing_ok=True)
        (trap.root / name).symlink_to(trap.outside / "secret.py")
    trap.repository.git("add", "link.py")


@case()
def a_link_to_a_directory_outside(trap: Trap) -> None:
    (trap.root / "sub" / "secret.py").unlink()
    (trap.root / "sub").rmdir()
    (trap.root / "sub").symlink_to(trap.outside)
    (trap.root / "more").symlink_to(trap.outside)


@case()
def a_work_tree_elsewhere(trap: Trap) -> None:
    trap.config("[core]\n\tworktree = OUT\n")


@case()
def a_work_tree_above(trap: Trap) -> None:
    trap.config("[core]\n\tworktree = ../..\n")


@case()
def the_repository_of_somebody_else(trap: Trap) -> None:
    other = Repository.made(trap.outside / "other")
    other.commit({"app.py": f'key = "{SECRET}"\n'})
    other.commit({"app.py": f'other = "{SECRET}"\n'})
    (trap.root / ".git").rename(trap.root / "old")
    (trap.root / ".git").write_text(f"gitdir: {other.root}/.git\n")


@case()
def the_common_directory_of_somebody_else(trap: Trap) -> None:
    """A ``.git`` that says of itself that it belongs to a second work tree."""
    other = Repository.made(trap.outside / "other")
    other.commit({"app.py": f'key = "{SECRET}"\n'})
    other.commit({"app.py": f'other = "{SECRET}"\n'})
    trap.repository.write({".git/commondir": f"{other.root}/.git\n"})


@case()
def objects_of_somebody_else(trap: Trap) -> None:
    other = Repository.made(trap.outside / "other")
    other.commit({"other.py": f'key = "{SECRET}"\n'})
    trap.repository.write({".git/objects/info/alternates": f"{other.root}/.git/objects\n"})


@case()
def attributes_and_orders_elsewhere(trap: Trap) -> None:
    trap.config("[core]\n\tattributesFile = OUT/secret.py\n\texcludesFile = OUT/secret.py\n")
    trap.config("[diff]\n\torderFile = OUT/nothing\n[mailmap]\n\tfile = OUT/secret.py\n")


@case()
def a_tree_that_climbs(trap: Trap) -> None:
    """Trees with names that no index takes: what is made of them are paths such as ``../x``."""
    blob = trap.repository.git("hash-object", "-w", "--stdin", data=b"evil = 1\n").strip().decode()
    entries = b"100644 secret.py\0" + bytes.fromhex(blob)
    trees = []
    for name in (b"..", b".git", b"outside"):
        inner = _object(trap, b"tree", entries)
        trees.append(b"40000 " + name + b"\0" + bytes.fromhex(inner))
    tree = _object(trap, b"tree", trees[0] + trees[1] + trees[2])
    commit = trap.repository.git("cat-file", "commit", "HEAD").decode()
    changed = f"tree {tree}\n" + commit.partition("\n")[2]
    name = _object(trap, b"commit", changed.encode())
    trap.repository.write({".git/refs/heads/main": name + "\n"})


def _object(trap: Trap, kind: bytes, data: bytes) -> str:
    content = b"%b %d\0" % (kind, len(data)) + data
    name = hashlib.sha1(content).hexdigest()
    place = trap.root / ".git" / "objects" / name[:2] / name[2:]
    place.parent.mkdir(exist_ok=True)
    if not place.exists():
        place.write_bytes(zlib.compress(content))
    return name


@case()
def an_index_that_climbs(trap: Trap) -> None:
    """``../outside/secret.py``, written into the index where ``xx/outside/secret.py`` stood."""
    trap.repository.write({"xx/outside/secret.py": "x\n"})
    trap.repository.git("add", "xx")
    index = trap.root / ".git" / "index"
    data = index.read_bytes()[:-20].replace(b"xx/outside", b"../outside")
    index.write_bytes(data + hashlib.sha1(data).digest())


# -- names -------------------------------------------------------------------------------------

NAMES: Final[tuple[bytes, ...]] = (
    *(b"--output=out.py", b"-p.py", b":(top)x.py", b":!x.py", b"*.py", b"a b.py", b" lead.py"),
    *(b"new\nline.py", b"\x1b[31mred.py", b'quo"te.py', b"back\\slash.py", b"tab\there.py"),
    *("rtl\u202eyp.py".encode(), b"latin\xe9.py", "é.py".encode(), b"e\xcc\x81.py", b"cr\r.py"),
    *(b"@@ -1 +1 @@.py", b"{a => b}.py", b"diff --git a b/x.py", b"$(touch x).py", b"%s%n.py"),
    *(b"a -> b.py", b"README.py ", b"con.py", b"\xf0\x9f\x98\x80.py", b"<b>x.py", b"::error::x.py"),
)


@case()
def names_that_mean_something(trap: Trap) -> None:
    names = [os.fsdecode(name) for name in NAMES]
    trap.repository.commit(dict.fromkeys(names, b"n = 1\n"))
    trap.repository.write(dict.fromkeys(names, b"n = 2\n"))
    trap.repository.git("add", "-A")


@case()
def names_that_differ_in_case(trap: Trap) -> None:
    files: dict[str, str | bytes | None] = {"App.py": "A = 1\n", "APP.py": "B = 1\n", "SUB": "x\n"}
    trap.repository.commit(files)
    trap.repository.write({"App.py": "A = 2\n", "APP.py": "B = 2\n"})


# -- other contents than those that are there --------------------------------------------------


@case()
def replaced_objects(trap: Trap) -> None:
    for name, text in (("HEAD:app.py", "r = 0\n"), ("HEAD~1:app.py", "r = 1\n")):
        old = trap.repository.git("rev-parse", name).decode().strip()
        new = trap.repository.git("hash-object", "-w", "--stdin", data=text.encode())
        trap.repository.git("replace", old, new.decode().strip())


@case()
def grafts(trap: Trap) -> None:
    names = trap.repository.git("rev-list", "HEAD").decode().split()
    trap.repository.write({".git/info/grafts": f"{names[0]}\n{names[1]} {names[0]}\n"})


@case()
def files_that_the_index_passes_over(trap: Trap) -> None:
    trap.repository.git("update-index", "--skip-worktree", "kept.py")
    (trap.root / "kept.py").unlink()
    (trap.root / "kept.py").symlink_to(trap.outside / "kept.py")


@case()
def nothing_that_is_right(trap: Trap) -> None:
    (trap.root / ".git" / "index").write_bytes(b"DIRC" + os.urandom(300))


@case()
def a_configuration_that_is_none(trap: Trap) -> None:
    trap.config(f"[core\n\x1b]0;{SECRET[:3]}\x07 = = =\n")


@case()
def a_head_that_is_none(trap: Trap) -> None:
    trap.repository.write({".git/HEAD": f"ref: {'../' * 9}{trap.outside}/secret.py\n"})


@case()
def a_pipe_where_a_file_was(trap: Trap) -> None:
    (trap.root / "kept.py").unlink()
    os.mkfifo(trap.root / "kept.py")
    os.mkfifo(trap.root / "pipe.py")


@case()
def huge_changes(trap: Trap) -> None:
    one_line = "x" * 4_000_000
    trap.repository.write({"long.py": one_line, "many.py": "x = 1\n" * 400_000})
    trap.repository.git("add", "-A")
