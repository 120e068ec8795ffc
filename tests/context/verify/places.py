"""Functions of real code, each with what an edit of it may change."""

from __future__ import annotations

import ast
import random
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from inglenook_context.verify.python_names import Names
from inglenook_context.verify.readings import Reading
from inglenook_context.verify.sides import Side
from inglenook_context.verify.task import Purpose, Task

_LIBRARY: Final = Path(sysconfig.get_paths()["stdlib"])
MODULES: Final = """argparse ast base64 bisect calendar cmd code configparser contextlib copy csv
    dataclasses difflib dis fileinput fnmatch fractions functools getopt glob gzip heapq html/parser
    http/client imaplib inspect json/decoder json/encoder mailbox mimetypes netrc optparse pprint
    queue random sched shlex shutil smtplib statistics string tarfile tempfile textwrap threading
    tokenize traceback unittest/case uuid weakref zipfile""".split()
_LARGEST: Final = 60_000  # bytes of a file: the edits are of functions, and many
_REPOSITORY: Final = Path(__file__).parents[3]
SCRIPTS: Final = _REPOSITORY / "editors" / "vscode" / "src"
OWN_SCRIPTS: Final = Path(__file__).parent / "scripts"


@dataclass(frozen=True)
class Place:
    """A function in a file: ``start`` to ``stop`` are whole lines, line ends included."""

    path: Path
    language: str
    text: str
    start: int
    stop: int
    name: str

    @property
    def target(self) -> str:
        return self.text[self.start : self.stop]

    @property
    def lines(self) -> list[str]:
        return self.target.splitlines(keepends=True)

    def task(self, purpose: Purpose = Purpose.EDIT) -> Task:
        return Task(self.language, (self.start, self.stop), purpose)

    def with_target(self, new: str) -> str:
        return self.text[: self.start] + new + self.text[self.stop :]

    @property
    def tree(self) -> ast.FunctionDef:
        """The function of Python, without its margin; a new one, which may be changed."""
        lines = self.lines
        margin = len(lines[0]) - len(lines[0].lstrip())
        source = "if 1:\n" + self.target if margin else self.target
        found = next(
            node
            for node in ast.walk(ast.parse(source))
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        )
        assert isinstance(found, ast.FunctionDef)
        return found


@cache
def python_places() -> tuple[Place, ...]:
    found: list[Place] = []
    for name in MODULES:
        path = _LIBRARY / f"{name}.py"
        if path.is_file() and path.stat().st_size < _LARGEST:
            found += _functions(path)
    assert len(found) > 300
    return tuple(found)


def _functions(path: Path) -> Iterator[Place]:
    text = path.read_text("utf-8").replace("\r\n", "\n")
    module = ast.parse(text)
    lines = text.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    for top in module.body:
        inside = top.body if isinstance(top, ast.ClassDef) else [top]
        for node in inside:
            if isinstance(node, ast.FunctionDef) and node.end_lineno is not None:
                first = min([node.lineno, *[each.lineno for each in node.decorator_list]])
                size = node.end_lineno - first + 1
                if 6 <= size <= 40 and len(node.body) >= 3 and "\f" not in text:
                    start, stop = starts[first - 1], starts[node.end_lineno]
                    yield Place(path, "python", text, start, stop, node.name)


@cache
def script_places() -> tuple[Place, ...]:
    found: list[Place] = []
    for path in [*sorted(SCRIPTS.glob("*.ts")), *sorted(OWN_SCRIPTS.glob("*.ts"))]:
        found += _script_functions(path)
    assert len(found) >= 40, len(found)
    return tuple(found)


def _script_functions(path: Path) -> Iterator[Place]:
    text = path.read_text("utf-8")
    side = Side(text, "typescript", 0, len(text))
    assert side.tree is not None
    kinds = ("function_declaration", "method_definition")
    for node in side.tree.walk():
        if node.type in kinds and (name := node.one("name")) is not None:
            outer = node
            if outer.parent is not None and outer.parent.type == "export_statement":
                outer = outer.parent
            start = text.rfind("\n", 0, outer.start) + 1
            stop = text.find("\n", outer.stop) + 1
            if text[start : outer.start].strip() or text.count("\n", start, stop) < 4:
                continue
            yield Place(path, "typescript", text, start, stop, side.written(name))


def chosen(places: tuple[Place, ...], seed: int) -> Iterator[Place]:
    """The places again and again, in an order that the seed gives."""
    order = list(places)
    chooser = random.Random(seed)
    while True:
        chooser.shuffle(order)
        yield from order


def defined_in(place: Place) -> frozenset[str]:
    """What the module of Python defines."""
    reading = Reading(Side(place.text, "python", 0, len(place.text)))
    return frozenset(Names(reading.module, ()).root.bound)
