"""Repositories that try to have something run, or something read that lies outside of them.

Each case makes one trick of an ordinary repository. What it would run is the canary: a program that
leaves a mark with its name. ``bait`` is what plain git is asked to show that the trick works, so
that silence means something; cases without one are tricks that git itself does not fall for, or
that nothing runs for (a path out of the tree).
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.support.drawn_repository import Repository

SECRET: Final = "OUTSIDE-OF-THE-TREE"


@dataclass(frozen=True)
class Trap:
    """A repository, a directory beside it that nobody may look into, and a program."""

    repository: Repository
    outside: Path
    canary: Path
    mark: Path

    @property
    def root(self) -> Path:
        return self.repository.root

    def config(self, text: str, file: str = ".git/config") -> None:
        """Add to a configuration; ``CANARY`` stands for the program, ``OUT`` for the directory."""
        text = text.replace("CANARY", str(self.canary)).replace("OUT", str(self.outside))
        with (self.root / file).open("a") as config:
            config.write(text)

    def attributes(self, text: str) -> None:
        self.repository.write({".git/info/attributes": text})

    @property
    def sang(self) -> str:
        return self.mark.read_text() if self.mark.exists() else ""


@dataclass(frozen=True)
class Case:
    make: Callable[[Trap], None]
    bait: tuple[str, ...] = ()


CASES: Final[dict[str, Case]] = {}


def _case(*bait: str) -> Callable[[Callable[[Trap], None]], Callable[[Trap], None]]:
    def add(make: Callable[[Trap], None]) -> Callable[[Trap], None]:
        CASES[make.__name__] = Case(make, bait)
        return make

    return add


def trap(directory: Path) -> Trap:
    """An ordinary repository: two commits, and changes that are staged, not staged and new."""
    outside = directory / "outside"
    outside.mkdir()
    for name in ("secret.py", "kept.py", "app.py"):
        (outside / name).write_text(f'key = "{SECRET}"\n')
    canary, mark = directory / "canary", directory / "mark"
    canary.write_text(f'#!/bin/sh\necho "$0 $*" >> "{mark}"\n')
    canary.chmod(0o755)
    repository = Repository.made(directory / "tree")
    repository.commit({"app.py": "a = 0\n", "kept.py": "k = 0\n", "sub/secret.py": "s = 0\n"})
    repository.commit({"app.py": "a = 1\n"})
    repository.write({"app.py": "a = 2\n"})
    repository.git("add", "app.py")
    repository.write({"app.py": "a = 3\n", "new.py": "n = 1\n"})
    return Trap(repository, outside, canary, mark)


# -- the configuration -------------------------------------------------------------------------


@_case("status")
def a_file_monitor(trap: Trap) -> None:
    trap.config("[core]\n\tfsmonitor = CANARY\n")


@_case("status")
def a_file_monitor_in_an_included_file(trap: Trap) -> None:
    (trap.root / "evil").write_text(f"[core]\n\tfsmonitor = {trap.canary}\n")
    trap.config("[include]\n\tpath = ../evil\n[includeIf \"gitdir:/\"]\n\tpath = ../evil\n")


@_case("status")
def a_file_monitor_in_the_configuration_of_the_work_tree(trap: Trap) -> None:
    trap.config("[core]\n\trepositoryformatversion = 1\n[extensions]\n\tworktreeConfig = true\n")
    trap.config("[core]\n\tfsmonitor = CANARY\n", ".git/config.worktree")


@_case("update-index", "--refresh", "--force-write-index")
def hooks(trap: Trap) -> None:
    for name in ("post-index-change", "pre-commit", "post-checkout", "reference-transaction"):
        hook = trap.root / ".git" / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_bytes(trap.canary.read_bytes())
        hook.chmod(0o755)


@_case("update-index", "--refresh", "--force-write-index")
def hooks_elsewhere(trap: Trap) -> None:
    (trap.root / "post-index-change").symlink_to(trap.canary)
    trap.config(f"[core]\n\thooksPath = {trap.root}\n")


@_case("diff")
def an_external_diff(trap: Trap) -> None:
    trap.config("[diff]\n\texternal = CANARY\n")


@_case("diff")
def a_diff_driver(trap: Trap) -> None:
    trap.config('[diff "evil"]\n\tcommand = CANARY\n')
    trap.repository.write({".gitattributes": "* diff=evil\n"})


@_case("diff")
def a_text_conversion(trap: Trap) -> None:
    trap.config('[diff "evil"]\n\ttextconv = CANARY\n\tcachetextconv = true\n')
    trap.repository.write({".gitattributes": "* diff=evil\n"})


@_case("diff")
def a_clean_filter(trap: Trap) -> None:
    trap.config('[filter "evil"]\n\tclean = CANARY\n\tsmudge = CANARY\n\trequired = true\n')
    trap.attributes("* filter=evil\n")


@_case("diff")
def a_filter_process(trap: Trap) -> None:
    trap.config('[FILTER "e.\\"v=i\\\\l é"]\n\tPROCESS = CANARY\n')
    trap.attributes('"*.py" "filter=e.\\"v=i\\\\l é"\n')
    trap.config('[filter "plain.clean"]\n\tprocess = CANARY\n\tclean = CANARY\n')
    trap.repository.write({".gitattributes": "* filter=plain.clean\n"})


@_case("diff")
def a_filter_of_an_included_file(trap: Trap) -> None:
    (trap.root / "evil").write_text(f'[filter "evil"]\n\tclean = {trap.canary}\n')
    trap.config("[include]\n\tpath = ../evil\n")
    trap.attributes("* filter=evil\n")


@_case("log", "-1")
def a_signature_program(trap: Trap) -> None:
    raw = trap.repository.git("cat-file", "commit", "HEAD").decode()
    head, _, message = raw.partition("\n\n")
    signed = f"{head}\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----"
    name = trap.repository.git(
        "hash-object", "-t", "commit", "-w", "--stdin", data=f"{signed}\n\n{message}".encode()
    )
    trap.repository.git("update-ref", "HEAD", name.decode().strip())
    trap.config("[log]\n\tshowSignature = true\n[gpg]\n\tprogram = CANARY\n")


@_case("evil")
def aliases_of_what_is_asked(trap: Trap) -> None:
    names = ("diff", "rev-parse", "cat-file", "config", "ls-files", "merge-base", "evil")
    trap.config("[alias]\n" + "".join(f"\t{name} = !CANARY\n" for name in names))


@_case()
def pagers_and_editors(trap: Trap) -> None:
    keys = ("pager = CANARY", "editor = CANARY", "askPass = CANARY", "alternateRefsCommand = CANARY")
    trap.config("[core]\n" + "".join(f"\t{key}\n" for key in keys))
    trap.config("[pager]\n\tdiff = CANARY\n\trev-parse = CANARY\n\tconfig = CANARY\n")
    trap.config("[interactive]\n\tdiffFilter = CANARY\n[sequence]\n\teditor = CANARY\n")


# -- what a partial clone would fetch ----------------------------------------------------------


def _promised(trap: Trap, remote: str) -> None:
    """Take an old blob away, which a remote has promised."""
    name = trap.repository.git("rev-parse", "HEAD~1:app.py").decode().strip()
    (trap.root / ".git" / "objects" / name[:2] / name[2:]).unlink()
    trap.config("[core]\n\trepositoryformatversion = 1\n[extensions]\n\tpartialClone = evil\n")
    trap.config(f'[remote "evil"]\n\tpromisor = true\n\tpartialclonefilter = blob:none\n{remote}')


@_case("diff", "HEAD~1", "HEAD")
def a_promise_of_ssh(trap: Trap) -> None:
    _promised(trap, "\turl = ssh://127.0.0.1/x\n[core]\n\tsshCommand = CANARY\n")


@_case("diff", "HEAD~1", "HEAD")
def a_promise_of_a_program(trap: Trap) -> None:
    _promised(trap, "\turl = ext::CANARY %S\n[protocol]\n\tallow = always\n")
    trap.config('[protocol "ext"]\n\tallow = always\n')


@_case("diff", "HEAD~1", "HEAD")
def a_promise_of_a_pack_program(trap: Trap) -> None:
    _promised(trap, f"\turl = {trap.root}\n\tuploadpack = CANARY\n")


@_case()
def a_promise_that_asks_for_passwords(trap: Trap) -> None:
    _promised(trap, "\turl = http://127.0.0.1:9/x\n\tvcs = evil\n[credential]\n\thelper = !CANARY\n")
    trap.config("[core]\n\taskPass = CANARY\n\tgitProxy = CANARY\n")


# -- submodules and repositories in the tree ---------------------------------------------------


@_case("status")
def a_submodule_with_a_configuration(trap: Trap) -> None:
    inner = Repository.made(trap.root / "inner")
    name = inner.commit({"x.py": "x\n"})
    trap.repository.git("update-index", "--add", "--cacheinfo", f"160000,{name},inner")
    trap.config("[core]\n\tfsmonitor = CANARY\n", "inner/.git/config")
    inner.write({"x.py": "y\n"})


@_case()
def submodules_with_addresses(trap: Trap) -> None:
    modules = '[submodule "a"]\n\tpath = a\n\turl = -u./canary\n\tupdate = !CANARY\n'
    modules += '[submodule "../../x"]\n\tpath = -p\n\turl = ext::CANARY\n\tfetchRecurseSubmodules\n'
    trap.config(modules, ".gitmodules")
    trap.config('[submodule "a"]\n\turl = ext::CANARY\n\tupdate = !CANARY\n\tactive = true\n')
    trap.config("[submodule]\n\trecurse = true\n[protocol]\n\tallow = always\n")
    name = trap.repository.git("rev-parse", "HEAD").decode().strip()
    for path in ("a", "-p"):
        trap.repository.git("update-index", "--add", "--cacheinfo", f"160000,{name},{path}")


@_case()
def a_bare_repository_in_the_tree(trap: Trap) -> None:
    """Whoever works in ``bare`` asks git about it, not about the tree that it is in."""
    trap.repository.git("init", "-q", "--bare", "bare")
    trap.config("[core]\n\tbare = false\n\tworktree = ..\n\tfsmonitor = CANARY\n", "bare/config")


# -- elsewhere ---------------------------------------------------------------------------------


@_case()
def a_link_to_a_file_outside(trap: Trap) -> None:
    for name in ("link.py", "app.py"):
        (trap.root / name).unlink(missing_ok=True)
        (trap.root / name).symlink_to(trap.outside / "secret.py")
    trap.repository.git("add", "link.py")


@_case()
def a_link_to_a_directory_outside(trap: Trap) -> None:
    (trap.root / "sub" / "secret.py").unlink()
    (trap.root / "sub").rmdir()
    (trap.root / "sub").symlink_to(trap.outside)
    (trap.root / "more").symlink_to(trap.outside)


@_case()
def a_work_tree_elsewhere(trap: Trap) -> None:
    trap.config("[core]\n\tworktree = OUT\n")


@_case()
def a_work_tree_above(trap: Trap) -> None:
    trap.config("[core]\n\tworktree = ../..\n")


@_case()
def the_repository_of_somebody_else(trap: Trap) -> None:
    other = Repository.made(trap.outside / "other")
    other.commit({"app.py": f'key = "{SECRET}"\n'})
    other.commit({"app.py": f'other = "{SECRET}"\n'})
    (trap.root / ".git").rename(trap.root / "old")
    (trap.root / ".git").write_text(f"gitdir: {other.root}/.git\n")


@_case()
def objects_of_somebody_else(trap: Trap) -> None:
    other = Repository.made(trap.outside / "other")
    other.commit({"other.py": f'key = "{SECRET}"\n'})
    trap.repository.write({".git/objects/info/alternates": f"{other.root}/.git/objects\n"})


@_case()
def attributes_and_orders_elsewhere(trap: Trap) -> None:
    trap.config("[core]\n\tattributesFile = OUT/secret.py\n\texcludesFile = OUT/secret.py\n")
    trap.config("[diff]\n\torderFile = OUT/nothing\n[mailmap]\n\tfile = OUT/secret.py\n")


@_case()
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


@_case()
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


@_case()
def names_that_mean_something(trap: Trap) -> None:
    names = [os.fsdecode(name) for name in NAMES]
    trap.repository.commit(dict.fromkeys(names, b"n = 1\n"))
    trap.repository.write(dict.fromkeys(names, b"n = 2\n"))
    trap.repository.git("add", "-A")


@_case()
def names_that_differ_in_case(trap: Trap) -> None:
    files: dict[str, str | bytes | None] = {"App.py": "A = 1\n", "APP.py": "B = 1\n", "SUB": "x\n"}
    trap.repository.commit(files)
    trap.repository.write({"App.py": "A = 2\n", "APP.py": "B = 2\n"})


# -- other contents than those that are there --------------------------------------------------


@_case()
def replaced_objects(trap: Trap) -> None:
    for name, text in (("HEAD:app.py", "r = 0\n"), ("HEAD~1:app.py", "r = 1\n")):
        old = trap.repository.git("rev-parse", name).decode().strip()
        new = trap.repository.git("hash-object", "-w", "--stdin", data=text.encode())
        trap.repository.git("replace", old, new.decode().strip())


@_case()
def grafts(trap: Trap) -> None:
    names = trap.repository.git("rev-list", "HEAD").decode().split()
    trap.repository.write({".git/info/grafts": f"{names[0]}\n{names[1]} {names[0]}\n"})


@_case()
def files_that_the_index_passes_over(trap: Trap) -> None:
    trap.repository.git("update-index", "--skip-worktree", "kept.py")
    (trap.root / "kept.py").unlink()
    (trap.root / "kept.py").symlink_to(trap.outside / "kept.py")


@_case()
def nothing_that_is_right(trap: Trap) -> None:
    (trap.root / ".git" / "index").write_bytes(b"DIRC" + os.urandom(300))


@_case()
def a_configuration_that_is_none(trap: Trap) -> None:
    trap.config(f"[core\n\x1b]0;{SECRET[:3]}\x07 = = =\n")


@_case()
def a_head_that_is_none(trap: Trap) -> None:
    trap.repository.write({".git/HEAD": f"ref: {'../' * 9}{trap.outside}/secret.py\n"})


@_case()
def a_pipe_where_a_file_was(trap: Trap) -> None:
    (trap.root / "kept.py").unlink()
    os.mkfifo(trap.root / "kept.py")
    os.mkfifo(trap.root / "pipe.py")


@_case()
def huge_changes(trap: Trap) -> None:
    one_line = "x" * 4_000_000
    trap.repository.write({"long.py": one_line, "many.py": "x = 1\n" * 400_000})
    trap.repository.git("add", "-A")
