"""Small random functions that always end, and what happens when they are called."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

NAMES: Final = ("a", "b", "c", "d", "e")
_STEPS: Final = 30  # of all loops together


class _Stop(Exception):
    """A loop has run long enough."""


@dataclass
class Writer:
    """Writes one function; ``loops`` and ``depth`` are what stands round the next statement."""

    random: random.Random
    lines: list[str] = field(default_factory=list)
    loops: int = 0
    generator: bool = False

    def name(self) -> str:
        return self.random.choice(NAMES)

    def atom(self) -> str:
        choice = self.random.random()
        if choice < 0.7:
            return self.name()
        return self.random.choice(["box.v", self.constant(), self.constant()])

    def constant(self) -> str:
        return self.random.choice(["0", "1", "2", "'s'", "None", "[1, 2]"])

    def expression(self, depth: int = 2) -> str:
        if depth == 0 or self.random.random() < 0.25:
            return self.atom()
        one, two = self.expression(depth - 1), self.expression(depth - 1)
        return self.random.choice(
            [
                f"{one} + {self.constant()}",
                f"say({one}, {two})",
                f"({self.constant()}, {two})",
                f"{one} and {two}",
                f"({one} or {two})",
                f"({one} if {two} else {self.atom()})",
                f"[{one} for {self.name()} in (1, 2)]",
                f"say(*[{self.name()} for {self.name()} in (1, 2) if {one}])",
                f"(lambda {self.name()}: {one})({two})",
                f"({self.name()} := {one})",
                f"not {one}",
                f"{one} == {two}",
                f"f'{{not {self.name()}}}-{{{self.name()} is None!r:>5}}'",
                f"box.add({one})",
                f"list(say({one}) for {self.name()} in (1,))",
                f"-{one}",
            ]
        )

    def put(self, depth: int, text: str) -> None:
        self.lines.append("    " * depth + text)

    def block(self, depth: int, level: int) -> None:
        for _ in range(self.random.randint(1, 4 if level else 2)):
            self.statement(depth, level)

    def statement(self, depth: int, level: int) -> None:
        kinds = ["assign"] * 6 + ["augment", "say", "say", "unpack", "store", "return", "raise"]
        kinds += ["delete", "keep", "note", "temporary", "temporary"] + (
            ["break", "continue"] if self.loops else []
        )
        kinds += ["yield"] * 3 if self.generator else []
        if level:
            kinds += ["if", "if", "for", "while", "try", "with", "def", "match"]
            kinds += ["shared"] if self.random.random() < 0.3 else []
        getattr(self, "_" + self.random.choice(kinds))(depth, level)

    def _assign(self, depth: int, level: int) -> None:
        self.put(depth, f"{self.name()} = {self.expression()}")

    def _augment(self, depth: int, level: int) -> None:
        self.put(depth, f"{self.name()} += {self.constant()}")

    def _say(self, depth: int, level: int) -> None:
        self.put(depth, f"say({self.expression()}, {self.expression(1)})")

    def _temporary(self, depth: int, level: int) -> None:
        name = f"t{len(self.lines)}"
        self.put(depth, f"{name} = {self.expression()}")
        for _ in range(self.random.choice([0, 0, 0, 1])):
            self.statement(depth, 0)
        use = [f"say({name}, {self.atom()})", f"{self.name()} = {name}", f"box.v = [{name} + 1]"]
        use += [
            f"{self.name()} = say({self.atom()}, not {name}, {name})",
            f"say(f'{{{name} is None}}')",
        ]
        use += [f"box.add(lambda: {name})", f"say({self.expression(1)} == {name})"]
        self.put(depth, self.random.choice(use))

    def _unpack(self, depth: int, level: int) -> None:
        self.put(depth, f"{self.name()}, {self.name()} = {self.atom()}, {self.expression(1)}")

    def _store(self, depth: int, level: int) -> None:
        self.put(depth, f"box.v = {self.expression(1)}")

    def _return(self, depth: int, level: int) -> None:
        self.put(depth, f"if {self.atom()}:")
        self.put(depth + 1, f"return {self.expression(1)}")

    def _raise(self, depth: int, level: int) -> None:
        self.put(depth, f"if {self.atom()}:")
        self.put(depth + 1, f"raise ValueError({self.atom()})")

    def _delete(self, depth: int, level: int) -> None:
        self.put(depth, f"del {self.name()}")

    def _keep(self, depth: int, level: int) -> None:
        self.put(depth, f"box.add(lambda: {self.expression(1)})")

    def _note(self, depth: int, level: int) -> None:
        self.put(depth, f"# about {self.name()}")
        self.put(depth, f'{self.name()} = """x')
        self.put(0, '  y"""')

    def _break(self, depth: int, level: int) -> None:
        self.put(depth, f"if {self.atom()}:")
        self.put(depth + 1, "break")

    def _continue(self, depth: int, level: int) -> None:
        self.put(depth, f"if {self.atom()}:")
        self.put(depth + 1, "continue")

    def _yield(self, depth: int, level: int) -> None:
        self.put(depth, f"{self.name()} = yield {self.atom()}")

    def _if(self, depth: int, level: int) -> None:
        self.put(depth, f"if {self.expression(1)}:")
        self.block(depth + 1, level - 1)
        if self.random.random() < 0.5:
            self.put(depth, "else:")
            self.block(depth + 1, level - 1)

    def _for(self, depth: int, level: int) -> None:
        self.put(depth, f"for {self.name()} in steps({self.atom()}):")
        self._body(depth, level)

    def _while(self, depth: int, level: int) -> None:
        self.put(depth, f"while step({self.expression(1)}):")
        self._body(depth, level)

    def _body(self, depth: int, level: int) -> None:
        self.loops += 1
        self.block(depth + 1, level - 1)
        self.loops -= 1
        if self.random.random() < 0.2:
            self.put(depth, "else:")
            self.block(depth + 1, level - 1)

    def _try(self, depth: int, level: int) -> None:
        self.put(depth, "try:")
        self.block(depth + 1, level - 1)
        final = self.random.random() < 0.4
        if not final or self.random.random() < 0.5:
            self.put(depth, f"except (TypeError, ValueError) as {self.name()}:")
            self.block(depth + 1, level - 1)
        if final:
            self.put(depth, "finally:")
            self.block(depth + 1, level - 1)

    def _with(self, depth: int, level: int) -> None:
        self.put(depth, f"with {self.random.choice(['plain', 'suppress'])}() as {self.name()}:")
        self.block(depth + 1, level - 1)

    def _match(self, depth: int, level: int) -> None:
        self.put(depth, f"match {self.expression(1)}:")
        self.put(depth + 1, f"case ({self.name()}, _):")
        self.block(depth + 2, level - 1)
        self.put(depth + 1, f"case {self.random.choice(['None', self.name(), '_'])}:")
        self.block(depth + 2, level - 1)

    def _def(self, depth: int, level: int) -> None:
        loops, self.loops = self.loops, 0
        generator, self.generator = self.generator, False
        self.put(depth, f"def {self.name()}({self.name()}={self.atom()}):")
        self.block(depth + 1, level - 1)
        self.loops, self.generator = loops, generator

    def _shared(self, depth: int, level: int) -> None:
        name = self.name()
        self.put(depth, f"def inner({self.name()}_=0):")
        self.put(depth + 1, f"nonlocal {name}")
        self.put(depth + 1, f"{name} = {self.name()}")
        self.put(depth + 1, f"return {self.atom()}")
        self.put(depth, f"{name} = inner()")


def function(seed: int) -> str:
    """A module with the function ``f``."""
    writer = Writer(random.Random(seed))
    writer.generator = writer.random.random() < 0.2
    writer.put(0, "def f(a, b, c=1):")
    if writer.random.random() < 0.8:  # else some names are seldom bound
        writer.put(1, "d, e = 3, [4]")
    for _ in range(writer.random.randint(2, 6)):
        writer.statement(1, 2)
    return "\n".join(writer.lines) + "\n"


def outcome(source: str, *, errors: bool = True) -> list[object]:
    """What ``f`` says, returns and raises for some arguments; nothing is told apart by the words
    of a NameError, and without ``errors`` not by which error it is."""
    found: list[object] = []
    code = compile(source, "<generated>", "exec", dont_inherit=True)
    for arguments in ((0, 1), (1, None), ("s", (2, 3))):
        said: list[str] = []
        steps = iter(range(_STEPS))
        box = _Box()

        def say(*values: object, said: list[str] = said) -> object:
            said.append(repr([_plain(value) for value in values]))
            return values[0] if values else 0

        def step(go: object, steps: Iterator[int] = steps) -> object:
            if next(steps, None) is None:
                raise _Stop
            return go

        def loop(value: object, steps: Iterator[int] = steps) -> Iterator[object]:
            for each in (value, 1):
                if next(steps, None) is None:
                    raise _Stop
                yield each

        space: dict[str, object] = {
            "say": say,
            "box": box,
            "step": step,
            "steps": loop,
            "plain": _plainly,
            "suppress": _suppress,
        }
        exec(code, space)
        results = [_called(space["f"], arguments)]
        results += [_called(kept, ()) for kept in box.kept if callable(kept)]
        said += [repr(each if errors else _without_error(each)) for each in results]
        found.append((said, repr(_plain(box.v))))
    return found


def _without_error(result: object) -> object:
    return "error" if result == "NameError" or isinstance(result, tuple) else result


def _called(function: object, arguments: tuple[object, ...]) -> object:
    assert callable(function)
    try:
        result = function(*arguments)
        if hasattr(result, "send"):
            pieces: list[object] = []
            try:
                pieces.append(_plain(next(result)))
                for at in range(8):
                    pieces.append(_plain(result.send(at)))
                pieces.append(result.close())
            except StopIteration as stop:
                return (pieces, _plain(stop.value))
            except Exception as error:
                return (pieces, _raised(error))
            return pieces
        return _plain(result)
    except Exception as error:
        return _raised(error)


def _raised(error: Exception) -> object:
    if isinstance(error, NameError):
        return "NameError"
    return type(error).__name__, [_plain(each) for each in error.args]


def _plain(value: object, depth: int = 4) -> object:
    """A value as something that looks the same in every run."""
    if isinstance(value, list | tuple):
        inner = [_plain(each, depth - 1) for each in value[:20]] if depth else len(value)
        return [type(value).__name__, inner]
    if isinstance(value, Exception):
        return _raised(value)
    if isinstance(value, bool | int | str | None):
        return value
    return type(value).__name__


class _Box:
    """An object whose attributes the functions read and change."""

    def __init__(self) -> None:
        self.v: object = 5
        self.kept: list[object] = []

    def add(self, value: object) -> int:
        self.kept.append(value)
        return len(self.kept)


@contextmanager
def _plainly() -> Iterator[int]:
    yield 7


@contextmanager
def _suppress() -> Iterator[int]:
    try:
        yield 8
    except Exception as error:
        if isinstance(error, _Stop):
            raise
