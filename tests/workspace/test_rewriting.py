"""A file that is edited: what was read is replaced whole, and nothing else ever is."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from inglenook.workspace import rewriting
from inglenook.workspace.files import Unreadable
from inglenook.workspace.rewriting import (
    NotWritten,
    Original,
    is_protected,
    read_original,
    write_over,
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "a.py"
    made.write_bytes(b"x = 1\n")
    return made


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"x = 1\r\ny = 2\r\n", "x = 1\r\ny = 2\r\n"),
        (b"x = 1\ry", "x = 1\ry"),
        (b"\xef\xbb\xbfx = '\xc3\xa4'\n", "x = 'ä'\n"),
        (b"\xef\xbb\xbf\xef\xbb\xbfx", "\ufeffx"),
        (b"", ""),
    ],
)
def test_what_was_read_is_written_back_byte_for_byte(file: Path, data: bytes, text: str) -> None:
    file.write_bytes(data)
    original = read_original(file)
    assert original.text == text
    write_over(original, original.text)
    assert file.read_bytes() == data


def test_it_is_another_file_with_the_same_mode_and_alone(file: Path) -> None:
    file.chmod(0o754)
    before = file.stat()
    write_over(read_original(file), "x = 2\n")
    after = file.stat()
    assert file.read_bytes() == b"x = 2\n"
    assert stat.S_IMODE(after.st_mode) == 0o754
    assert (after.st_uid, after.st_gid) == (before.st_uid, before.st_gid)
    assert after.st_ino != before.st_ino  # whoever has it open reads the old one to its end
    assert after.st_mtime_ns >= before.st_mtime_ns
    assert list(file.parent.iterdir()) == [file]


def test_who_has_it_keeps_it(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a superuser can give a file away, so it is looked at who would get it."""
    original, whose = read_original(file), file.stat()
    given: list[tuple[int, int]] = []
    with monkeypatch.context() as patch:
        patch.setattr(os, "chown", lambda _path, uid, gid: given.append((uid, gid)))
        somebody_else = os.stat_result((0o100600, 0, 0, 1, 77, 78, 0, 0, 0, 0))
        patch.setattr(os, "fstat", lambda _handle: somebody_else)
        write_over(original, "x = 2\n")
    assert given == [(whose.st_uid, whose.st_gid)]


def test_of_a_link_the_target_is_written(tmp_path: Path, file: Path) -> None:
    link = tmp_path / "link.py"
    link.symlink_to("a.py")
    original = read_original(link)
    assert original.file == file
    write_over(original, "x = 2\n")
    assert link.is_symlink()
    assert file.read_bytes() == b"x = 2\n"


def replaced_by_a_link(file: Path) -> None:
    """To something that reads the same."""
    other = file.with_name("b.py")
    shutil.move(file, other)
    file.symlink_to(other)


@pytest.mark.parametrize(
    "meddle",
    [
        lambda file: file.write_bytes(b"x = 1\r\n"),
        lambda file: file.write_bytes(b"\xef\xbb\xbfx = 1\n"),
        lambda file: file.write_bytes(b""),
        replaced_by_a_link,
    ],
)
def test_what_has_changed_is_left_alone(file: Path, meddle: Callable[[Path], None]) -> None:
    original = read_original(file)
    meddle(file)
    data, names = file.read_bytes(), sorted(file.parent.iterdir())
    with pytest.raises(NotWritten, match=r"a\.py has changed while the edit was made; nothing"):
        write_over(original, "x = 2\n")
    assert (file.read_bytes(), sorted(file.parent.iterdir())) == (data, names)


def test_a_file_that_has_gone_is_not_made_anew(file: Path) -> None:
    original = read_original(file)
    file.unlink()
    with pytest.raises(NotWritten, match="No such file or directory; nothing was written"):
        write_over(original, "x = 2\n")
    assert list(file.parent.iterdir()) == []


def test_what_fails_leaves_the_file_and_nothing_else(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NotWritten, match=r"No space left on device; nothing was written\."):
        write_over(read_original(file), "x = 2\n")
    assert file.read_bytes() == b"x = 1\n"
    assert list(file.parent.iterdir()) == [file]


def test_a_text_that_utf_8_does_not_have_is_not_written(file: Path) -> None:
    with pytest.raises(NotWritten, match="which the edit cannot be written in"):
        write_over(read_original(file), "x = '\ud800'\n")
    assert file.read_bytes() == b"x = 1\n"


@pytest.mark.parametrize(("mode", "protected"), [(0o444, True), (0o644, False), (0o600, False)])
def test_a_file_that_nobody_may_write_is_not_meant_to_be(
    file: Path, mode: int, protected: bool
) -> None:
    file.chmod(mode)
    assert is_protected(read_original(file)) is protected


def test_a_file_that_became_write_protected_is_left_alone(file: Path) -> None:
    original = read_original(file)
    file.chmod(0o444)
    with pytest.raises(NotWritten, match="is write-protected by now; nothing was written"):
        write_over(original, "x = 2\n")
    assert file.read_bytes() == original.data
    assert list(file.parent.iterdir()) == [file]


def test_what_is_no_text_of_ours_is_said(tmp_path: Path) -> None:
    (tmp_path / "latin.py").write_bytes(b"x = '\xe9'\n")
    for name, sentence in (("latin.py", "is not UTF-8"), ("none.py", "There is no file")):
        with pytest.raises(Unreadable, match=sentence):
            read_original(tmp_path / name)


def test_a_file_that_changes_while_it_is_read_is_said(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rewriting, "read_source", lambda _path: "x = 0\n")
    with pytest.raises(Unreadable, match="changes while it is read"):
        read_original(file)


def test_of_two_who_write_at_once_one_is_told(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each has read the same file, and none may lose what the other has written."""
    first, second = read_original(file), read_original(file)
    checked = threading.Barrier(2, timeout=5)
    check, ends = rewriting._check_same, list[str]()

    def slowly(original: Original) -> None:
        check(original)
        with contextlib.suppress(threading.BrokenBarrierError):
            checked.wait(0.2)  # both are here only if none holds the other off

    monkeypatch.setattr(rewriting, "_check_same", slowly)

    def write(original: Original, text: str) -> None:
        try:
            write_over(original, text)
            ends.append(text)
        except NotWritten as error:
            ends.append(str(error))

    writers = [
        threading.Thread(target=write, args=(first, "x = 2\n")),
        threading.Thread(target=write, args=(second, "x = 3\n")),
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sum("has changed" in end for end in ends) == 1
    assert file.read_text() in ends
