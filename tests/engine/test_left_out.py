"""What the configuration leaves out of a workspace is not there for a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inglenook.engine.ignored import Ignored
from inglenook.engine.left_out import without
from inglenook_context.facts import Facts, made
from inglenook_context.modules_script import Aliases
from tests.support.desk import Desk

ZONES = ((), (("a",),), (("b",),), (("a", "b"),), (("a",), ("b",)))
PATHS = ("src/a.py", "src/gen/b.py", "c.gen.py")


@dataclass
class Disk:
    generation: int = 1
    edition: str = "e"

    def aliases(self) -> tuple[Aliases, ...]:
        return ()

    def facts(self, path: str) -> Facts | None:
        return made(path, "python", (), ()) if path in PATHS else None

    def exists(self, path: str) -> bool:
        return path in PATHS

    def listed(self, directory: str) -> Sequence[str]:
        return [path for path in PATHS if path.rpartition("/")[0] == directory]


def test_what_patterns_leave_out_is_not_there() -> None:
    files = without(Disk(), Ignored((("gen/",), ("*.gen.py",))))
    assert [path for path in PATHS if files.exists(path)] == ["src/a.py"]
    assert [path for path in PATHS if files.facts(path)] == ["src/a.py"]
    assert [files.listed(at) for at in ("", "src", "src/gen")] == [[], ["src/a.py"], []]


def test_an_answer_of_before_is_not_one_of_after() -> None:
    disk = Disk()
    editions = {without(disk, Ignored.by(zones)).edition for zones in ZONES}
    assert len(editions) == len(ZONES)
    assert without(disk, Ignored()) is disk


async def test_a_session_that_gets_other_files_resolves_anew() -> None:
    async with Desk() as desk:
        desk.open("x = █\n")
        uri = desk.cursor.document.uri
        desk.session.files = Disk()
        assert desk.session.resolver(uri).known.exists("c.gen.py")
        desk.session.files = without(Disk(), Ignored((("*.gen.py",),)))
        assert not desk.session.resolver(uri).known.exists("c.gen.py")
