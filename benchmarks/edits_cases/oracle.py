"""Whether an edit is right: the edited module is run apart from us and asked what its case asks.

A Python module is judged by `judge.py`, one of TypeScript or JavaScript by `judge.mjs` in Node 24,
which runs types by leaving them out. Of Go there is no compiler here: its oracles are Python, and
look at ``code``, the text without comments and with single blanks.
"""

from __future__ import annotations

import ast
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import tree_sitter
import tree_sitter_go
import tree_sitter_javascript
import tree_sitter_typescript

from benchmarks.edits_cases.cases import Case
from inglenook_context.verify.task import Purpose
from tests.support.editors_vscode import node_24

_HERE: Final = Path(__file__).parent
_PYTHON: Final = (sys.executable, "-s", "-P", "-m", "benchmarks.edits_cases.judge")
_LONGEST: Final = 10.0  # seconds
_MEMORY: Final = 1 << 30  # bytes that a Python module may use
_GRAMMARS: Final = {
    "typescript": tree_sitter_typescript.language_typescript,
    "javascript": tree_sitter_javascript.language,
    "go": tree_sitter_go.language,
}
_NEEDS_NODE: Final = frozenset(("typescript", "javascript"))


def needs_node(case: Case) -> bool:
    return case.language in _NEEDS_NODE


def parses(text: str, language: str) -> bool:
    """Whether it is code: Python's own word, else that of the language's grammar."""
    if language != "python":
        return not _tree(text, language).has_error
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return True


def why_wrong(case: Case, after: str) -> str:
    """Why an edited module is wrong, in a few words; empty if it is right."""
    if after == case.text:
        return "nothing was changed"
    if not parses(after, case.language):
        return "it does not parse"
    if case.language == "python":
        return _run(case, after, _PYTHON, {})
    code = squeezed(after, case.language)
    if why := _of_purpose(case, code):
        return why
    if needs_node(case):
        node = [str(node_24()), "--no-warnings", "--permission", "--allow-fs-read=*"]
        return _run(case, after, [*node, str(_HERE / "judge.mjs")], {"code": code})
    return _looked_at(case, code)


def _run(case: Case, after: str, command: Sequence[str], more: dict[str, str]) -> str:
    with tempfile.TemporaryDirectory(prefix="inglenook-edits-") as folder:
        file = Path(folder).resolve() / Path(case.path).name
        file.write_text(after, encoding="utf-8")
        job = {
            "file": str(file),
            "module": file.stem,
            "before": case.text,
            "after": after,
            "purpose": case.purpose.value,
            "target": case.target,
            "touches": sorted(case.touches),
            "oracle": case.oracle,
            **more,
        }
        try:
            done = subprocess.run(
                command,
                input=json.dumps(job),
                cwd=file.parent,
                env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(_HERE.parents[1])},
                capture_output=True,
                text=True,
                timeout=_LONGEST,
                check=False,
                preexec_fn=_bounded if case.language == "python" else None,
            )
            return str(json.loads(done.stdout))
        except subprocess.TimeoutExpired:
            return "it does not end"
        except ValueError:
            return "it ended the program that judges it"


def _bounded() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def _of_purpose(case: Case, code: str) -> str:
    """What holds for every case of a purpose, as `judge.py` has it for Python."""
    before = squeezed(case.text, case.language)
    if case.purpose is Purpose.DOCSTRING and code != before:
        return "the code is not as it was"
    if case.purpose is Purpose.SIMPLIFY and len(code) >= len(before):
        return "it is no shorter"
    return ""


def _looked_at(case: Case, code: str) -> str:
    try:
        exec(compile(case.oracle, "<oracle>", "exec"), {"code": code, "re": re})
    except AssertionError as error:
        return f"it is not what was asked for: {error}"
    return ""


def squeezed(text: str, language: str) -> str:
    """Code without comments, with a blank for each run of blanks and line ends."""
    data = text.encode()
    for start, stop in reversed(list(_comments(_tree(text, language)))):
        data = data[:start] + b" " + data[stop:]
    return " ".join(data.decode().split())


def _comments(node: tree_sitter.Node) -> Iterator[tuple[int, int]]:
    if node.type == "comment":
        yield node.start_byte, node.end_byte
    for child in node.children:
        yield from _comments(child)


def _tree(text: str, language: str) -> tree_sitter.Node:
    tree: tree_sitter.Tree = _parser(language).parse(text.encode())
    return tree.root_node


@cache
def _parser(language: str) -> Any:
    return tree_sitter.Parser(tree_sitter.Language(_GRAMMARS[language]()))
