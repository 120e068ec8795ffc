"""YAML read into values without a word of it being run.

Scalars are what YAML 1.2 says, as Continue reads them: "on" and "0777" are a text and a decimal
number. Merge keys are YAML 1.1's, which Continue's documentation uses. Importing this module
imports yaml, which costs 15 ms.

No message quotes what could be a secret: without quotes, "*sk-1" is an alias to YAML, and
"!sk-1" a tag.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import yaml
from yaml.events import AliasEvent
from yaml.nodes import Node, ScalarNode, SequenceNode

from inglenook.engine.config.tree import (
    MAX_DEPTH,
    MAX_DIGITS,
    MAX_NODES,
    TooMuch,
    Value,
    clean_text,
    decoded,
    twice,
)
from inglenook.engine.settings import Level, Notice

MAX_ALIASES: Final = 100

_TAGS: Final = "tag:yaml.org,2002:"
_PLAIN: Final = {  # tag -> how it is written without one, and the characters that may begin it
    "null": (r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    "bool": (r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    "int": (r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", list("-+0123456789")),
    "float": (
        r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
        r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)",
        list("-+.0123456789"),
    ),
    "merge": (r"<<", ["<"]),
}
# What PyYAML quotes in its sentences; the first group is its own names for what it expected and
# for the token that it met.
_QUOTED: Final = re.compile(
    r"""((?:expected|or)[ ]'[^']*'|,[ ]but[ ](?:found|got)[ ]'(?:<[a-z ]+>|[-?:,\[\]{}])')"""
    r"""|(?:,[ ]but[ ]found)?[ ]('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
)


def read_yaml(data: bytes, file: str) -> tuple[Value | None, list[Notice]]:
    """The value of a file, and what is wrong with it. None: it is empty, or cannot be read."""
    text, notices = decoded(data, file)
    value, trouble = (None, "") if notices else _read(text, file)
    if trouble:
        notices.append(Notice(Level.WARNING, f"{file}{trouble}"))
    return value, notices


def _read(text: str, file: str) -> tuple[Value | None, str]:
    """The value, or what goes on after the file's name: ":3: is not YAML (…)"."""
    try:
        loader = _Composer(text)
        try:
            root = loader.get_single_node()
        finally:
            loader.dispose()
        return (None if root is None else _Converter(file, loader.aliased).value(root)[0]), ""
    except TooMuch as much:
        return None, (f":{much.line}" if much.line else "") + f": {much}"
    except RecursionError:
        return None, ": is nested too deeply"
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return None, f":{mark.line + 1 if mark else 1}: is not YAML ({_problem(error)})"
    except (yaml.YAMLError, ValueError, OverflowError):
        # The last two: escapes for characters beyond Unicode, which PyYAML does not check.
        return None, ": is not YAML (a character that YAML does not allow)"


def _problem(error: yaml.MarkedYAMLError) -> str:
    """PyYAML's sentence on ``error`` without what it quotes of the file."""
    return _QUOTED.sub(lambda match: match[1] or "", error.problem or "")


class _Composer(yaml.SafeLoader):
    """Makes nodes of a text, and stops when they become more than a person writes."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.aliased: set[int] = set()  # nodes that an alias stands for
        self._nodes = self._depth = self._aliases = 0

    def compose_node(self, parent: Node | None, index: object) -> Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        line = event.start_mark.line + 1
        alias = isinstance(event, AliasEvent)
        self._nodes += 1
        self._aliases += alias
        self._depth += 1
        if self._nodes > MAX_NODES:
            raise TooMuch(f"has more than {MAX_NODES:,} values and is not read", line)
        if self._aliases > MAX_ALIASES:
            raise TooMuch(f"has more than {MAX_ALIASES} aliases (*) and is not read", line)
        if self._depth > MAX_DEPTH:
            raise TooMuch("is nested too deeply", line)
        node: Node | None = super().compose_node(parent, index)  # type: ignore[arg-type]
        self._depth -= 1
        if alias:
            self.aliased.add(id(node))
        return node


_Composer.yaml_implicit_resolvers = {}
for _tag, (_pattern, _first) in _PLAIN.items():
    _Composer.add_implicit_resolver(_TAGS + _tag, re.compile(f"(?:{_pattern})\\Z"), _first)


class _Converter:
    """Makes values of nodes; each node once, and each value with the count of all that is in it.

    So a text whose aliases of aliases stand for a billion values is known by its count, and
    costs as much as its nodes.
    """

    def __init__(self, file: str, aliased: set[int]) -> None:
        self._file = file
        self._aliased = aliased
        self._done: dict[int, tuple[Value, int]] = {}
        self._open: set[int] = set()

    def value(self, node: Node) -> tuple[Value, int]:
        found = self._done.get(id(node))
        if found is not None:
            return found
        if id(node) in self._open:
            raise TooMuch("has an alias (*) for a value that it stands in", _line(node))
        self._open.add(id(node))
        if isinstance(node, ScalarNode):
            value, size = self._scalar(node), 1
        elif not str(node.tag).startswith(_TAGS):
            value, size = self._unread(node, "a tag"), 1
        elif isinstance(node, SequenceNode):
            value, size = self._list(node)
        else:
            value, size = self._mapping(node)
        self._open.remove(id(node))
        value = replace(value, shared=id(node) in self._aliased)
        self._done[id(node)] = value, size
        return value, size

    def _scalar(self, node: ScalarNode) -> Value:
        text, tag = clean_text(str(node.value)), str(node.tag)
        kind = tag.removeprefix(_TAGS) if tag.startswith(_TAGS) else ""
        if kind in ("str", "merge"):
            return Value(text, self._file, _line(node))
        if kind not in _PLAIN or not re.fullmatch(_PLAIN[kind][0], text):
            return self._unread(node, "a tag")
        if kind == "null":
            return Value(None, self._file, _line(node))
        if kind == "bool":
            return Value(text.lower() == "true", self._file, _line(node))
        if len(text) > MAX_DIGITS or "n" in text.lower():
            return self._unread(node, "a number that is not finite or too long")
        number = _number(text, kind)
        if number in (float("inf"), float("-inf")):
            return self._unread(node, "a number that is not finite or too long")
        return Value(number, self._file, _line(node))

    def _list(self, node: SequenceNode) -> tuple[Value, int]:
        values, size = [], 1
        for each in node.value:
            value, more = self.value(each)
            size = _at_most(size + more, each)
            values.append(value)
        return Value(tuple(values), self._file, _line(node)), size

    def _mapping(self, node: Node) -> tuple[Value, int]:
        found: dict[str, Value] = {}
        merged: dict[str, Value] = {}
        size = 1
        for key, each in node.value:
            value, more = self.value(each)
            size = _at_most(size + 1 + more, key)
            line = _line(key)
            if key.tag == _TAGS + "merge" and (sources := _merges(value)) is not None:
                merged = dict(_first_wins(merged, sources))
                continue
            name = self._key(key)
            found[name] = replace(value, line=line) if name not in found else twice(value, line)
        # What is written out goes before what is merged, wherever it stands.
        return Value(merged | found if merged else found, self._file, _line(node)), size

    def _key(self, node: Node) -> str:
        """A key that is no text is none of ours, however it is called."""
        return clean_text(str(node.value)) if isinstance(node, ScalarNode) else "?"

    def _unread(self, node: Node, why: str) -> Value:
        return Value(None, self._file, _line(node), unread=why)


def _number(text: str, kind: str) -> int | float:
    if kind == "float":
        return float(text)
    base = {"0o": 8, "0x": 16}.get(text[:2], 10)
    return int(text[2:] if base != 10 else text, base)


def _merges(value: Value) -> tuple[Value, ...] | None:
    """The mappings that a merge key brings in; None if it brings in something else."""
    sources = (value,) if value.entries else value.items
    return sources if all(source.entries for source in sources) and sources else None


def _first_wins(
    merged: dict[str, Value], sources: tuple[Value, ...]
) -> Iterator[tuple[str, Value]]:
    yield from merged.items()
    seen = set(merged)
    for source in sources:
        for key, value in source.entries.items():
            if key not in seen:
                seen.add(key)
                yield key, value


def _at_most(size: int, node: Node) -> int:
    if size > MAX_NODES:
        raise TooMuch(
            f"stands for more than {MAX_NODES:,} values, with its aliases, and is not read",
            _line(node),
        )
    return size


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1
