"""Small random functions of JavaScript that always end, and what happens when they are called.

Half of them are without semicolons. Their temporaries are called ``t`` and a number; the cursor is
put on one of them.
"""

from __future__ import annotations

import json
import random
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_NAMES: Final = ("a", "b", "c", "d", "e")
_RUN: Final = Path(__file__).with_name("outcomes.mjs")


@dataclass
class Writer:
    """Writes one function; ``loops`` are those round the next statement."""

    random: random.Random
    lines: list[str] = field(default_factory=list)
    loops: int = 0
    generator: bool = False
    end: str = ""

    def name(self) -> str:
        return self.random.choice(_NAMES)

    def pick(self, *choices: str) -> str:
        return self.random.choice(choices)

    def atom(self) -> str:
        if self.random.random() < 0.7:
            return self.name()
        return self.pick("box.v", "this.v", "0", "1", "'s'", "null", "[1, 2]", "{ v: 1 }", "box?.w")

    def expression(self, depth: int = 2) -> str:
        if depth == 0 or self.random.random() < 0.25:
            return self.atom()
        one, two = self.expression(depth - 1), self.expression(depth - 1)
        one = f"({one})" if one.startswith("{") else one
        return self.pick(
            f"({one}) + 1",
            f"say({one}, {two})",
            f"[0, {two}]",
            f"{{ v: {one}, {self.name()} }}",
            f"(({one}) && {two})",
            f"(({one}) ?? {two})",
            f"({one}) ? {two} : {self.atom()}",
            f"say(...[{one}])",
            f"(({self.name()}) => {'(' + two + ')'})({one})",
            f"({self.name()} = {one})",
            f"!({one})",
            f"({one}) === ({two})",
            f"`${{{self.name()}}}-${{{one}}}`",
            f"box.add({one})",
            f"({one})?.v",
            f"({one})?.v?.w",
            f"-({one})",
            f"typeof ({one})",
            "box.get()",
            "box.get",
            f"() => {self.name()}",
            f"function () {{ return {self.name()} }}",
            "count",
            "inc()",
            f"{self.name()}++",
        )

    def put(self, depth: int, text: str) -> None:
        whole = text if text.endswith(("{", "}", ":")) else text + self.end
        self.lines.append("  " * depth + whole)

    def block(self, depth: int, level: int) -> None:
        for _ in range(self.random.randint(1, 4 if level else 2)):
            self.statement(depth, level)

    def statement(self, depth: int, level: int) -> None:
        kinds = ["assign", "assign", "say", "store", "leave", "keep", "bump"]
        kinds += ["temporary"] * 6 + (["break", "continue"] if self.loops else [])
        kinds += ["yield"] * 2 if self.generator else []
        if level:
            kinds += ["if", "loop", "while", "try", "switch", "function"]
        getattr(self, "_" + self.random.choice(kinds))(depth, level)

    def _assign(self, depth: int, level: int) -> None:
        self.put(depth, f"{self.name()} = {self.expression()}")

    def _bump(self, depth: int, level: int) -> None:
        self.put(depth, f"{self.name()} += {self.expression(1)}")

    def _say(self, depth: int, level: int) -> None:
        self.put(depth, f"say({self.expression()}, {self.expression(1)})")

    def _store(self, depth: int, level: int) -> None:
        self.put(depth, f"box.v = {self.expression(1)}")

    def _temporary(self, depth: int, level: int) -> None:
        name = f"t{len(self.lines)}"
        self.put(depth, f"{self.pick('const', 'const', 'let', 'var')} {name} = {self.expression()}")
        for _ in range(self.random.choice([0, 0, 0, 1])):
            self.statement(depth, 0)
        for _ in range(self.random.choice([1, 1, 2])):
            self.put(depth, self._use(name))

    def _use(self, name: str) -> str:
        return self.pick(
            f"say({name}, {self.atom()})",
            f"say({self.atom()}, {name})",
            f"{self.name()} = {name}",
            f"{name}",
            f"{name}?.v",
            f"say({name}?.v.w)",
            f"say({name}.v)",
            f"box.v = [{name}, -{name}]",
            f"{self.name()} += {name}",
            f"say({{ {name}, {self.name()} }})",
            f"say(`${{{name}}}`, {name} ** 2)",
            f"box.add(() => {name})",
            f"box.add(function () {{ return {name} }})",
            f"if ({name}) say({name})",
            f"for (const x of [{name}]) say(x, {name})",
            f"{name}.v = 1",
            f"{name}()",
            f"say(typeof {name}, {name} in box)",
            f"say(new {name}())",
            f"say({self.expression(1)}, {name} ? 1 : {name})",
        )

    def _leave(self, depth: int, level: int) -> None:
        what = self.pick("return", "throw")
        self.put(depth, f"if ({self.atom()}) {what} {self.expression(1)}")

    def _keep(self, depth: int, level: int) -> None:
        self.put(depth, f"box.add(() => {{ return {self.expression(1)} }})")

    def _break(self, depth: int, level: int) -> None:
        self.put(depth, f"if ({self.atom()}) break")

    def _continue(self, depth: int, level: int) -> None:
        self.put(depth, f"if ({self.atom()}) continue")

    def _yield(self, depth: int, level: int) -> None:
        self.put(depth, f"{self.name()} = yield {self.atom()}")

    def _if(self, depth: int, level: int) -> None:
        self.put(depth, f"if ({self.expression(1)}) {{")
        self.block(depth + 1, level - 1)
        if self.random.random() < 0.5:
            self.put(depth, "} else {")
            self.block(depth + 1, level - 1)
        self.put(depth, "}")

    def _loop(self, depth: int, level: int) -> None:
        declares = self.pick("const x", "let x", self.name(), f"var {self.name()}")
        self._body(depth, level, f"for ({declares} of steps({self.atom()})) {{")

    def _while(self, depth: int, level: int) -> None:
        self._body(depth, level, f"while (step({self.expression(1)})) {{")

    def _body(self, depth: int, level: int, head: str) -> None:
        self.put(depth, head)
        self.loops += 1
        self.block(depth + 1, level - 1)
        self.loops -= 1
        self.put(depth, "}")

    def _try(self, depth: int, level: int) -> None:
        self.put(depth, "try {")
        self.block(depth + 1, level - 1)
        self.put(depth, f"}} catch ({self.name()}) {{")
        self.block(depth + 1, level - 1)
        self.put(depth, "}")

    def _switch(self, depth: int, level: int) -> None:
        self.put(depth, f"switch ({self.expression(1)}) {{")
        for head in (f"case {self.atom()}:", "default:"):
            self.put(depth + 1, head)
            self.block(depth + 2, level - 1)
        self.put(depth, "}")

    def _function(self, depth: int, level: int) -> None:
        loops, self.loops, generator, self.generator = self.loops, 0, self.generator, False
        self.put(depth, f"box.add(function ({self.name()}) {{")
        self.block(depth + 1, level - 1)
        self.put(depth, "})")
        self.loops, self.generator = loops, generator


def function(seed: int) -> str:
    """A script with the function ``f``."""
    writer = Writer(random.Random(seed))
    writer.end = writer.pick("", ";")
    writer.generator = writer.random.random() < 0.2
    writer.put(0, "let count = 0")
    writer.put(0, "function inc() { return count++ }")
    writer.put(0, f"function{'*' if writer.generator else ''} f(a, b, c) {{")
    writer.put(1, "let d = 3, e = [4]")
    for _ in range(writer.random.randint(2, 6)):
        writer.statement(1, 2)
    writer.put(0, "}")
    return "\n".join(writer.lines) + "\n"


def outcomes(node: Path, sources: list[str]) -> list[object]:
    """What each ``f`` says, gives and throws for some arguments; "broken" if it does not parse."""
    done = subprocess.run(
        [str(node), str(_RUN)],
        input=json.dumps(sources),
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[object] = json.loads(done.stdout)
    return found
