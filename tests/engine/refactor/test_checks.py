"""The user's own checks as real programs: what they judge, what they cannot, what they leave."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import textwrap
from pathlib import Path

import pytest

from inglenook.engine.refactor import check_program
from inglenook.engine.refactor.check_places import works_in_folder
from inglenook.engine.refactor.check_program import NotRun, program
from inglenook.engine.refactor.checks import Checked, run_checks
from inglenook.engine.settings import Check, CheckKind
from inglenook.workspace import copied as copied_module

BEFORE = "def a():\n    return 1\n\n\ndef b():\n    return bad\n"
AFTER = BEFORE.replace("return 1", "x = 1\n    return x")
TARGET = (0, BEFORE.index("\n\n\n"))


def script(text: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-c", textwrap.dedent(text), *arguments)


def lint(text: str, *arguments: str, **more: object) -> Check:
    return Check("lint", script(text, *arguments), **more)  # type: ignore[arg-type]


async def checked(
    folder: Path, *checks: Check, before: str = BEFORE, after: str = AFTER, path: str = "a.py"
) -> Checked:
    return await run_checks(checks, folder, path, "python", TARGET, before, after)


def said(found: Checked) -> list[str]:
    return [failure.reason for failure in found.failures]


@pytest.fixture(autouse=True)
def temporary(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where private directories are made; nothing is left there."""
    directory = tmp_path_factory.mktemp("private")
    monkeypatch.setattr(tempfile, "tempdir", str(directory))
    return directory


@pytest.fixture
def folder(tmp_path: Path, temporary: Path) -> Path:
    (tmp_path / "a.py").write_text(BEFORE)
    return tmp_path


# -- linters ---------------------------------------------------------------------------------------


async def test_a_linter_reads_the_new_text_in_the_folder(folder: Path, temporary: Path) -> None:
    found = await checked(
        folder,
        lint(
            """
            import os, sys
            text = sys.stdin.read()
            assert os.getcwd() == sys.argv[2], os.getcwd()
            sys.exit("\\n".join(sys.argv[1:2] * text.count("return x")) or 0)
            """,
            "{path}:2: no x",
            "{folder}",
        ),
        path="a.py",
    )
    assert said(found) == ["lint: a.py:2: no x"]
    assert found.text == AFTER
    assert list(temporary.iterdir()) == []


async def test_a_linter_that_wants_a_file_gets_one_alone(folder: Path, temporary: Path) -> None:
    found = await checked(
        folder,
        lint(
            """
            import os, sys
            place, name = os.path.split(sys.argv[1])
            assert os.listdir(place) == [name], os.listdir(place)
            assert sys.stdin.read() == ""
            text = open(sys.argv[1]).read()
            assert ("return x" in text) is (text.count("\\n") == 7)
            if os.name == "posix":
                assert os.stat(place).st_mode & 0o077 == 0
            print(f"{sys.argv[1]}:1: found it")
            sys.exit("return x" in text)
            """,
            "{file}",
        ),
        path="deep/a.py",
    )
    assert said(found) == ["lint: a.py:1: found it"]
    assert list(temporary.iterdir()) == []


NUMBERED = """
import sys
found = [f"a.py:{n}: {line}" for n, line in enumerate(sys.stdin, 1) if "bad" in line]
print("".join(found), f"Found {len(found)} errors.", sep="")
sys.exit(bool(found))
"""


async def test_what_was_said_before_the_edit_is_no_failure_of_it(folder: Path) -> None:
    """The edit moves the line that is bad: its number is another."""
    found = await checked(folder, lint(NUMBERED))
    assert found == Checked(
        AFTER, notes=("lint: it fails without the edit too, and says the same.",)
    )


async def test_of_what_is_said_only_news_count(folder: Path) -> None:
    found = await checked(folder, lint(NUMBERED), after=AFTER.replace("= 1", "= bad, 1"))
    assert said(found) == ["lint: a.py:2: x = bad, 1"]
    # The same once more is news too.
    twice = BEFORE.replace("return 1", "return bad")
    assert said(await checked(folder, lint(NUMBERED), after=twice)) == ["lint: a.py:6: return bad"]


async def test_a_linter_for_another_language_is_not_run(folder: Path) -> None:
    check = lint("raise SystemExit('no')", languages=frozenset({"go", "rust"}))
    assert await checked(folder, check) == Checked(AFTER)


async def test_all_linters_are_heard_in_their_order(folder: Path) -> None:
    more = [
        Check(name, script(f"import sys; sys.exit('{name}!' if 'x' in sys.stdin.read() else 0)"))
        for name in ("one", "two", "three")
    ]
    found = await checked(folder, *more)
    assert said(found) == ["one: one!", "two: two!", "three: three!"]
    assert [failure.check for failure in found.failures] == ["one", "two", "three"]


async def test_what_a_program_says_cannot_steer_and_is_bounded(folder: Path) -> None:
    text = r"""
    import sys
    if "return x" in sys.stdin.read():
        print("\x1b[31mred\x1b[0m \x1b]0;title\x07 \u202egnp.exe \u200b")
        print("a" * 10_000)
        sys.exit(3)
    """
    (reason,) = said(await checked(folder, lint(text)))
    assert reason.startswith("lint: red \\x1b]0;title\\x07 \\u{202E}gnp.exe \\u{200B}; aaa")
    assert len(reason) == 500
    silent = "import sys; sys.exit('return x' in sys.stdin.read())"
    assert said(await checked(folder, lint(silent))) == ["lint: it failed and said nothing."]


async def test_much_output_is_read_and_not_kept(folder: Path) -> None:
    """A program that writes more than a pipe holds goes on, on both streams."""
    text = """
    import sys
    for _ in range(300):
        sys.stdout.write("o" * 9999 + "\\n")
        sys.stderr.write("e" * 9999 + "\\n")
    sys.exit("return x" in sys.stdin.read() and 1)
    """
    (reason,) = said(await checked(folder, lint(text)))
    assert reason.startswith("lint: ooo")
    assert len(reason) == 500


async def test_a_program_need_not_read(folder: Path) -> None:
    big = AFTER + "# " + "x" * 3_000_000 + "\n"
    assert await checked(folder, lint("pass"), after=big) == Checked(big)


@pytest.mark.parametrize("program", ["/nowhere/ruff", "inglenook-no-such-program"])
async def test_a_program_that_is_not_there_fails(folder: Path, program: str) -> None:
    (reason,) = said(await checked(folder, Check("ruff", (program,))))
    assert reason.startswith(f"ruff: there is no program {program}")


async def test_a_text_that_is_no_utf8_is_told(folder: Path) -> None:
    found = await checked(folder, lint("pass"), after=AFTER + "'\ud800'")
    assert said(found) == ["lint: the text has characters that UTF-8 has not."]


# -- commands that work on places of the folder ----------------------------------------------------

# Like `ruff check --fix`: it writes the file that it is given, or all that there are.
MENDS = """
import pathlib, sys
given = pathlib.Path(sys.argv[-1])
found = 0
for place in [given] if given.is_file() else sorted(given.glob("*.py")):
    text = place.read_text()
    found += text.count("return x")
    place.write_text(text.replace("bad", "good"))
print("found", found)
sys.exit(found)
"""


@pytest.mark.parametrize(
    "arguments", [("--fix", "{path}"), ("{path}",), ("--fix", "."), ("-q", "{folder}")]
)
@pytest.mark.parametrize("kind", [CheckKind.LINT, CheckKind.FORMAT])
async def test_what_a_command_writes_in_the_folder_it_writes_in_a_copy(
    folder: Path, temporary: Path, kind: CheckKind, arguments: tuple[str, ...]
) -> None:
    (folder / "other.py").write_text("bad\n")
    check = Check("mends", script(MENDS, *arguments), kind)
    found = await checked(folder, check)
    if kind is CheckKind.LINT:  # it has read the new text, not what lies on the disk
        assert said(found) == ["mends: found 1"]
    assert (folder / "a.py").read_text() == BEFORE
    assert (folder / "other.py").read_text() == "bad\n"
    assert list(temporary.iterdir()) == []


async def test_a_formatter_that_is_given_the_path_writes_the_copy(folder: Path) -> None:
    text = """
    import sys
    text = open(sys.argv[1], newline="").read()
    open(sys.argv[1], "w", newline="").write(text.replace("x=1", "x = 1"))
    """
    loose = AFTER.replace("x = 1", "x=1")
    assert await checked(folder, formatter(text, "{path}"), after=loose) == Checked(AFTER)
    assert (folder / "a.py").read_text() == BEFORE


@pytest.mark.parametrize(
    ("command", "copied"),
    [
        ("ruff check --stdin-filename {path} -", False),
        ("prettier --stdin-filepath {path}", False),
        ("black -q - --stdin-filename={path}", False),
        ("clang-format --assume-filename {path}", False),
        ("eslint --stdin --config {folder} --stdin-filename {path}", False),
        ("ruff format -", False),
        ("mypy --config-file x {file}", False),
        ("black {path}", True),
        ("prettier --write {path}", True),
        ("ruff check --fix .", True),
        ("mypy -p {folder}", True),
    ],
)
def test_which_commands_work_on_places_of_the_folder(command: str, copied: bool) -> None:
    assert works_in_folder(Check("check", tuple(command.split()))) is copied


# -- time ------------------------------------------------------------------------------------------

FOREVER = """
import os, subprocess, sys, time
if "return x" not in sys.stdin.read():
    sys.exit()
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
with open("pids", "w") as file:
    file.write(f"{os.getpid()} {child.pid} ")
time.sleep(600)
"""


def is_alive(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text() if sys.platform == "linux" else ""
        os.kill(pid, 0)
    except (OSError, ValueError):
        return False
    return ") Z " not in status


async def all_ended(folder: Path) -> None:
    pids = [int(pid) for pid in (folder / "pids").read_text().split()]
    async with asyncio.timeout(30):
        while any(is_alive(pid) for pid in pids):
            await asyncio.sleep(0.01)


if os.name == "posix":

    async def test_what_takes_too_long_is_ended(folder: Path) -> None:
        """However far it has come by then."""
        found = await checked(folder, lint(FOREVER, seconds=0.05))
        assert said(found) == ["lint: it took longer than 0.05 s and was ended."]
        if (folder / "pids").exists():
            await all_ended(folder)

    async def test_cancelling_ends_everything(folder: Path, temporary: Path) -> None:
        running = asyncio.create_task(checked(folder, lint(FOREVER)))
        async with asyncio.timeout(30):
            while not (folder / "pids").exists() or not (folder / "pids").read_text().endswith(" "):
                await asyncio.sleep(0.01)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        await all_ended(folder)
        assert list(temporary.iterdir()) == []

    async def test_cancelling_while_it_is_ended_waits_for_the_end(
        folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The time is up, the program is being killed, and then nobody wants to know any more."""
        ended = asyncio.Event()
        real = check_program._end

        def end(transport: asyncio.SubprocessTransport, heard: check_program._Heard) -> None:
            real(transport, heard)
            ended.set()

        monkeypatch.setattr(check_program, "_end", end)
        command = script("import time; time.sleep(600)")
        running = asyncio.create_task(check_program.run(command, folder, b"", 0.01))
        async with asyncio.timeout(30):
            await ended.wait()
            running.cancel()
            with pytest.raises(asyncio.CancelledError):
                await running
        assert len(asyncio.all_tasks()) == 1

    async def test_what_a_program_leaves_behind_is_ended(
        folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It holds the pipe open, and is not waited for."""
        monkeypatch.setattr(check_program, "_LINGER", 0.05)
        text = FOREVER[: FOREVER.rindex("time.sleep")] + "sys.exit(3)\n"
        assert said(await checked(folder, lint(text))) == ["lint: it failed and said nothing."]
        await all_ended(folder)

    async def test_what_it_leaves_behind_with_closed_pipes_is_ended_too(folder: Path) -> None:
        quiet = "stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)"
        text = FOREVER[: FOREVER.rindex("time.sleep")].replace('600)"])', f'600)"], {quiet}')
        assert quiet in text
        assert said(await checked(folder, lint(text))) == []
        await all_ended(folder)


# -- formatters ------------------------------------------------------------------------------------


def formatter(text: str, *arguments: str) -> Check:
    return Check("fmt", script(text, *arguments), CheckKind.FORMAT)


SPACES = (
    "import sys; sys.stdout.write(sys.stdin.read().replace('=1', ' = 1').replace('bad', 'bad '))"
)


async def test_a_formatter_changes_the_edit_and_nothing_else(folder: Path) -> None:
    loose = AFTER.replace("x = 1", "x=1")
    assert await checked(folder, formatter(SPACES), after=loose) == Checked(AFTER)


async def test_line_ends_and_other_characters_stay(folder: Path) -> None:
    binary = (
        "import sys; data = sys.stdin.buffer.read(); "
        "sys.stdout.buffer.write(data.replace(b'=1', b' = 1'))"
    )
    before = BEFORE.replace("\n", "\r\n").replace("bad", "'\u00e9\U0001f600'")
    after = before.replace("return 1", "x=1\r\n    return x")
    found = await run_checks(
        (formatter(binary),), folder, "a.py", "python", (0, before.index("\r\n\r\n")), before, after
    )
    assert found == Checked(after.replace("x=1", "x = 1"))


async def test_a_formatter_that_is_given_a_file_writes_there(folder: Path) -> None:
    """What it says meanwhile is no code."""
    text = """
    import sys
    text = open(sys.argv[1], newline="").read()
    open(sys.argv[1], "w", newline="").write(text.replace("x=1", "x = 1"))
    print("1 file reformatted")
    """
    loose = AFTER.replace("x = 1", "x=1")
    assert await checked(folder, formatter(text, "{file}"), after=loose) == Checked(AFTER)


async def test_linters_read_what_a_formatter_made(folder: Path) -> None:
    loose = AFTER.replace("x = 1", "x=1")
    strict = lint("import sys; sys.exit('x=1' in sys.stdin.read())")
    assert said(await checked(folder, strict, after=loose)) == ["lint: it failed and said nothing."]
    assert await checked(folder, strict, formatter(SPACES), after=loose) == Checked(AFTER)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("raise SystemExit(2)", "it ended with exit code 2"),
        ("pass", "it made nothing"),
        ("import sys; sys.stdout.buffer.write(b'\\xff\\xfe')", "what it made is not UTF-8"),
        ("print('x' * 3_000_000)", "what it made is far too long"),
    ],
)
async def test_a_formatter_that_fails_leaves_the_edit_as_it_is(
    folder: Path, text: str, why: str
) -> None:
    found = await checked(folder, formatter(text))
    assert found == Checked(AFTER, notes=(f"fmt: {why}, so the edit is not formatted.",))


async def test_changes_across_the_edges_of_the_edit_are_dropped(folder: Path) -> None:
    joined = "import sys; print(sys.stdin.read().replace('return x\\n\\n\\ndef', 'pass; y'))"
    found = await checked(folder, formatter(joined))
    why = "fmt: its changes reach beyond the edit, which is not formatted."
    assert found == Checked(AFTER, notes=(why,))


# -- tests -----------------------------------------------------------------------------------------


def suite(text: str, *arguments: str) -> Check:
    return Check("tests", script(text, *arguments), CheckKind.TEST)


TESTS = """
import os, sys
sys.path.insert(0, os.getcwd())
sys.dont_write_bytecode = False
import a
open("a.py", "a").write("# touched")
open("data.txt", "w").write("touched")
os.makedirs("made", exist_ok=True)
if a.a() != 1:
    print("===== session =====")
    print(f"E   AssertionError: {a.a()} is not 1, in {os.path.abspath('a.py')}")
    print("took 0.25 s")
    sys.exit(1)
"""


async def test_tests_run_in_a_copy_that_has_the_edit(folder: Path, temporary: Path) -> None:
    (folder / "data.txt").write_text("kept")
    two = AFTER.replace("x = 1", "x = 2")
    found = await checked(folder, suite(TESTS), after=two)
    assert said(found) == ["tests: E AssertionError: 2 is not 1, in a.py"]
    assert await checked(folder, suite(TESTS)) == Checked(AFTER)
    assert sorted(each.name for each in folder.iterdir()) == ["a.py", "data.txt"]
    assert (folder / "a.py").read_text() == BEFORE
    assert (folder / "data.txt").read_text() == "kept"
    assert list(temporary.iterdir()) == []


async def test_tests_that_fail_anyway_are_told_and_no_failure(folder: Path) -> None:
    """The text of the same length, written in the same second, is not taken for the other."""
    broken = BEFORE.replace("return 1", "return 3")
    found = await checked(folder, suite(TESTS), before=broken, after=broken.replace("b():", "c():"))
    assert found.failures == ()
    assert found.notes == ("tests: it fails without the edit too, and says the same.",)
    found = await checked(
        folder, suite(TESTS), before=BEFORE, after=BEFORE.replace("return 1", "return 2")
    )
    assert said(found) == ["tests: E AssertionError: 2 is not 1, in a.py"]


async def test_no_test_is_run_of_what_a_linter_refuses(folder: Path) -> None:
    marker = folder / "ran"
    tests = suite(f"open({str(marker)!r}, 'w')")
    refusing = lint("import sys; sys.exit('x = 1' in sys.stdin.read())")
    assert len(said(await checked(folder, tests, refusing))) == 1
    assert not marker.exists()
    await checked(folder, tests)
    assert marker.exists()


async def test_what_is_ignored_is_not_in_the_copy(folder: Path) -> None:
    (folder / ".gitignore").write_text("*.log\n/out/\n")
    (folder / ".inglenookignore").write_text("secret.txt\n")
    for path in (
        *("secret.txt", "x.log", "out/x", "src/out/x", "node_modules/m/i.js", ".venv/x"),
        *(".git/config", "env/pyvenv.cfg", "src/__pycache__/x.pyc", "src/deep/y.txt"),
    ):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("x")
    text = """
    import os
    found = [os.path.join(at, name)[2:] for at, _, names in os.walk(".") for name in names]
    which = "x" if "return x" in open("src/new/a.py").read() else "1"
    raise SystemExit(f"E {which} " + " ".join(sorted(found)).replace(os.sep, "/"))
    """
    (reason,) = said(await checked(folder, suite(text), path="src/new/a.py"))
    names = ".gitignore .inglenookignore a.py secret.txt src/deep/y.txt src/new/a.py src/out/x"
    assert reason == f"tests: E x {names}"


if os.name == "posix":

    async def test_nothing_leads_out_of_the_copy(folder: Path, tmp_path_factory: object) -> None:
        outside = Path(tempfile.mkdtemp())
        (outside / "mine").write_text("kept")
        (folder / "out").symlink_to(outside / "mine")
        (folder / "up").symlink_to(outside)
        (folder / "real.txt").write_text("kept")
        (folder / "in").symlink_to("real.txt")
        (folder / "whole").symlink_to(folder / "real.txt")
        os.mkfifo(folder / "pipe")
        text = """
        import os, sys
        for name in ("out", "in", "whole", "real.txt"):
            open(name, "w").write("changed")
        sys.exit(sorted(os.listdir(".")) != ["a.py", "in", "out", "real.txt", "whole"])
        """
        assert await checked(folder, suite(text)) == Checked(AFTER)
        assert (outside / "mine").read_text() == "kept"
        assert (folder / "real.txt").read_text() == "kept"

    async def test_programs_of_the_folder_can_be_run_there(folder: Path) -> None:
        (folder / "run.sh").write_text("#!/bin/sh\ngrep -q 'return x' a.py\n")
        (folder / "run.sh").chmod(0o755)
        text = "import subprocess, sys; sys.exit(subprocess.call(['./run.sh']))"
        assert await checked(folder, suite(text)) == Checked(AFTER)


@pytest.mark.parametrize(("name", "most"), [("MOST_FILES", 3), ("MOST_BYTES", 400)])
async def test_a_folder_that_is_too_large_is_not_copied(
    folder: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch, name: str, most: int
) -> None:
    monkeypatch.setattr(copied_module, name, most)
    for number in range(4):
        (folder / f"{number}.txt").write_text("x" * 100)
    (reason,) = said(await checked(folder, suite("pass")))
    assert reason.startswith("tests: the folder is too large for a copy (over ")
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("path", ["../a.py", "/a.py"])
async def test_a_file_elsewhere_has_no_tests(folder: Path, path: str) -> None:
    found = await checked(folder, suite("pass"), path=path)
    assert said(found) == ["tests: the file is not in the workspace's folder."]


async def test_cancelling_removes_the_copy(
    folder: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = suite("import time; open('begun', 'w'); time.sleep(600)")
    running = asyncio.create_task(checked(folder, check))
    async with asyncio.timeout(30):
        while not list(temporary.glob("*/*/begun")):
            await asyncio.sleep(0.01)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert list(temporary.iterdir()) == []


# -- which program ---------------------------------------------------------------------------------


def tool(directory: Path, name: str = "ruff") -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    file = directory / (name + (".exe" if sys.platform == "win32" else ""))
    file.write_text("#!/bin/sh\n")
    file.chmod(0o755)
    return file


def test_a_program_of_the_workspace_is_never_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "folder"
    tool(folder / "bin")
    tool(folder)
    good = tool(tmp_path / "usr")
    monkeypatch.chdir(folder)
    for entries in (
        ["bin", ".", "", str(folder / "bin"), str(tmp_path / "usr")],
        [str(tmp_path / "usr" / ".." / "folder" / "bin"), str(tmp_path / "usr")],
        [str(tmp_path / "usr"), "bin"],
    ):
        environ = {"PATH": os.pathsep.join(entries)}
        assert program("ruff", folder, environ) == good
    with pytest.raises(NotRun, match="there is no program ruff on your PATH"):
        program("ruff", folder, {"PATH": os.pathsep.join(["bin", ".", "", str(folder / "bin")])})


if os.name == "posix":

    def test_no_link_leads_to_one(tmp_path: Path) -> None:
        """Neither a link into the workspace, nor a directory of it that is a link elsewhere."""
        folder, usr = tmp_path / "folder", tmp_path / "usr"
        own, good = tool(folder / "bin"), tool(usr)
        linked = tmp_path / "linked"
        linked.mkdir()
        (linked / "ruff").symlink_to(own)
        (tmp_path / "all").symlink_to(folder / "bin")
        other = tool(tmp_path / "other")
        (folder / "away").symlink_to(other.parent)
        for entry in (linked, tmp_path / "all", folder / "away"):
            assert program("ruff", folder, {"PATH": f"{entry}:{usr}"}) == good
        spelled = tmp_path / "spelled"
        spelled.symlink_to(folder)
        assert program("ruff", spelled, {"PATH": f"{folder / 'bin'}:{usr}"}) == good

    def test_what_cannot_be_run_is_passed_over(tmp_path: Path) -> None:
        good = tool(tmp_path / "b")
        tool(tmp_path / "a").chmod(0o644)
        (tmp_path / "c" / "ruff").mkdir(parents=True)
        assert (
            program("ruff", tmp_path / "w", {"PATH": f"{tmp_path}/c:{tmp_path}/a:{tmp_path}/b"})
            == good
        )


def test_a_whole_path_is_the_users_word(tmp_path: Path) -> None:
    own = tool(tmp_path / "bin")
    assert program(str(own), tmp_path, {}) == own
    with pytest.raises(NotRun, match="there is no program"):
        program(str(tmp_path / "none"), tmp_path, {"PATH": str(tmp_path)})
