"""Rules and prompts that are files of their own: Markdown with YAML at its head, or ``.prompt``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import Final

from inglenook.engine.config.check import check
from inglenook.engine.config.kinds import Zone
from inglenook.engine.config.report import Report
from inglenook.engine.config.schema import CONFIG
from inglenook.engine.config.tree import Value, decoded
from inglenook.engine.config.yaml_tree import read_yaml

RULE_FILES: Final = {"rules": frozenset({".md"}), "prompts": frozenset({".md", ".prompt"})}

_TEXT: Final = {"rules": "rule", "prompts": "prompt"}  # the key that the file's text is
_FENCE: Final = re.compile(r"^---[ \t]*$", re.MULTILINE)
# What a rule has in its head, and means nothing in a file that is a prompt anyway.
_OF_RULES: Final = frozenset(
    "alwaysApply globs invokable regex schema temperature version model maxTokens".split()
)


def read_rule_file(data: bytes, file: str, name: str, zone: Zone, report: Report) -> Value | None:
    """The entry of the list ``name`` that a file is, checked; None if it is none."""
    text, notices = decoded(data, file)
    report.add(notices)
    path = PurePath(file)
    head, line, body = _split(text.replace("\r\n", "\n"), path.suffix)
    value, notices = read_yaml(("\n" * (line - 1) + head).encode(), file) if head else (None, [])
    report.add(notices)
    if not body.strip():
        return None
    entries: Mapping[str, Value] = {
        "name": Value("/".join(path.parts[-2:]) if name == "rules" else path.stem, file, 1),
        **_head(value, name),
        _TEXT[name]: Value(body.strip(), file, line + head.count("\n") + bool(head)),
    }
    listed = Value((Value(entries, file, 1),), file, 1)
    tree = check(Value({name: listed}, file, 1), CONFIG, zone, report).tree
    found = tree.entries[name].items if tree is not None and name in tree.entries else ()
    return found[0] if found and found[0].data is not None else None


def _head(value: Value | None, name: str) -> dict[str, Value]:
    entries = value.entries if value is not None else {}
    if name == "rules":
        return dict(entries)
    return {key: entry for key, entry in entries.items() if key not in _OF_RULES}


def _split(text: str, suffix: str) -> tuple[str, int, str]:
    """The YAML at the head (may be empty), the line where it begins, and the text behind it.

    The head of a ``.prompt`` may stand before the first fence.
    """
    first = _FENCE.search(text)
    if first is not None and suffix == ".prompt" and text[: first.start()].strip():
        return text[: first.start()], 1, text[first.end() :]
    if first is None or text[: first.start()].strip():
        return "", 1, text
    second = _FENCE.search(text, first.end())
    if second is None:
        return "", 1, text
    line = text.count("\n", 0, first.end()) + 2
    return text[first.end() + 1 : second.start()], line, text[second.end() :]
