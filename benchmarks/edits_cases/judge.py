"""Runs an edited Python module and judges it: a program of its own.

It is told a job as JSON on stdin and answers with the reason why the edit is wrong, empty if it is
right. The code of an oracle may use: ``m`` (the module), ``before`` and
``after`` (its texts), ``doc``, ``node``, ``params``, ``raises``, ``takes`` and ``gives``.

The module was written by a model: it may write below the current directory, and neither start a
process nor connect to anything.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import io
import json
import os
import sys
import traceback
import types
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.edits_cases.judge_purposes import (
    DEFINITIONS,
    OF_PURPOSE,
    Node,
    defined,
    nothing,
    parameters,
)
from benchmarks.edits_cases.judge_types import fits

_FORBIDDEN = ("subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.kill")
_NETWORK = ("socket.connect", "socket.bind", "socket.getaddrinfo", "ctypes.")


def main() -> None:
    job = json.load(sys.stdin)
    out = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.addaudithook(_refuse)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        try:
            why = _why(job)
        except BaseException as error:  # also what a module raises to end the program
            why = _said(error, job["oracle"])
    print(json.dumps(why), file=out, flush=True)
    os._exit(0)


def _refuse(event: str, given: tuple[Any, ...]) -> None:
    if event.startswith((*_FORBIDDEN, *_NETWORK)):
        raise PermissionError(event)
    if event in ("os.remove", "os.rmdir", "os.rename", "shutil.rmtree"):
        _check(given[0])
    writes = event == "open" and isinstance(given[2], int) and given[2] & (os.O_WRONLY | os.O_RDWR)
    if writes and isinstance(given[0], (str, bytes)):
        _check(given[0])


def _check(path: Any) -> None:
    if not Path(os.fsdecode(path)).resolve().is_relative_to(Path.cwd()):
        raise PermissionError("outside of the directory")


def _said(error: BaseException, oracle: str) -> str:
    """What went wrong, with the line of the oracle in which it did."""
    lines = oracle.splitlines()
    rows = [
        frame.lineno for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == "<oracle>" and frame.lineno
    ]  # fmt: skip
    where = f" at {lines[rows[-1] - 1].strip()}" if rows else ""
    return f"{type(error).__name__}: {error}{where}"


def _why(job: dict[str, Any]) -> str:
    before, after, target = job["before"], job["after"], job["target"]
    old, new = ast.parse(before), ast.parse(after)
    touches = {target, *job["touches"]}
    if why := _elsewhere(old, new, touches):
        return why
    if why := OF_PURPOSE.get(job["purpose"], nothing)(old, new, target):
        return why
    sys.path.insert(0, str(Path.cwd()))
    sys.dont_write_bytecode = True
    module = importlib.import_module(job["module"])
    told = _told(module, before, after, ast.parse(after))  # some purposes take from theirs
    exec(compile(job["oracle"], "<oracle>", "exec"), told)
    return ""


# -- what holds for every case ------------------------------------------------------------------


def _elsewhere(old: ast.Module, new: ast.Module, touches: set[str]) -> str:
    """Other definitions, and the module's own statements, stay as they are."""
    had, got = dict(defined(old)), dict(defined(new))
    for name, each in had.items():
        kin = any(name == mine or mine.startswith(f"{name}.") for mine in touches)
        inside = any(name.startswith(f"{mine}.") for mine in touches)
        if kin or inside:
            continue
        if name not in got or ast.dump(got[name]) != ast.dump(each):
            return f"{name} is not as it was"
    if "<module>" not in touches and _rest(old) != _rest(new):
        return "a statement of the module is not as it was"
    gone = _imported(old) - _imported(new)
    used = {each.id for each in ast.walk(new) if isinstance(each, ast.Name)}
    return f"{sorted(gone & used)[0]} is not imported any more" if gone & used else ""


def _rest(tree: ast.Module) -> list[str]:
    """Statements of the module that neither define nor import."""
    skipped = (*DEFINITIONS, ast.Import, ast.ImportFrom)
    return [ast.dump(each) for each in tree.body if not isinstance(each, skipped)]


def _imported(tree: ast.Module) -> set[str]:
    found = [each for each in tree.body if isinstance(each, (ast.Import, ast.ImportFrom))]
    return {(name.asname or name.name).partition(".")[0] for each in found for name in each.names}


# -- what oracles use ---------------------------------------------------------------------------


def _told(module: types.ModuleType, before: str, after: str, tree: ast.Module) -> dict[str, Any]:
    def node(name: str) -> Node:
        return dict(defined(tree))[name]

    def doc(name: str) -> str:
        return (ast.get_docstring(node(name)) or "").lower()

    def params(name: str) -> list[str]:
        return [each.arg for each in parameters(node(name))]

    def hint(name: str, parameter: str) -> Any:
        function: Any = module
        for part in name.split("."):
            function = getattr(function, part)
        return typing.get_type_hints(function)[parameter]

    def takes(name: str, parameter: str, good: list[Any], bad: list[Any]) -> None:
        """The type of a parameter is that of these values, and not of those."""
        kind = hint(name, parameter)
        for value in good:
            assert fits(value, kind), f"{parameter}: {kind} is not the type of {value!r}"
        for value in bad:
            assert not fits(value, kind), f"{parameter}: {kind} is the type of {value!r} too"

    def gives(name: str, good: list[Any], bad: list[Any]) -> None:
        takes(name, "return", good, bad)

    def raises(
        kind: type[BaseException], call: Callable[..., Any], *given: Any, **named: Any
    ) -> Any:
        try:
            call(*given, **named)
        except kind as error:
            return error
        raise AssertionError(f"{kind.__name__} was not raised")

    shown = {
        "m": module, "before": before, "after": after, "ast": ast, "node": node, "doc": doc,
        "params": params, "takes": takes, "gives": gives, "raises": raises,
    }  # fmt: skip
    return {**shown, "__name__": "oracle"}


if __name__ == "__main__":
    main()
