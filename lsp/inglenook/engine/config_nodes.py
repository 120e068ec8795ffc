"""The nodes of a YAML file, and what is said of those that are not as expected.

No message quotes what could be a secret: without quotes, "*sk-1" is an alias to YAML, and
"!sk-1" a tag.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from yaml import MarkedYAMLError
    from yaml.nodes import Node

_TAGS: Final = "tag:yaml.org,2002:"
_KINDS: Final = {"seq": "list", "map": "mapping", "str": "text"} | {
    kind: kind for kind in ("null", "bool", "int", "float", "timestamp")
}
# What PyYAML quotes in its sentences; the first group is its own names for what it expected and
# for the token that it met.
_QUOTED: Final = re.compile(
    r"""((?:expected|or)[ ]'[^']*'|,[ ]but[ ](?:found|got)[ ]'(?:<[a-z ]+>|[-?:,\[\]{}])')"""
    r"""|(?:,[ ]but[ ]found)?[ ]('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
)


class Bad(Exception):
    """A value that cannot be used: the node it stands at, and the rest of the sentence."""

    def __init__(self, node: Node, text: str) -> None:
        super().__init__(text)
        self.line = node.start_mark.line + 1


def problem(error: MarkedYAMLError) -> str:
    """PyYAML's sentence on ``error`` without what it quotes of the file."""
    return _QUOTED.sub(lambda match: match[1] or "", error.problem or "")


def key_name(key: str) -> str:
    """``key`` for a message. Without the blank that YAML wants, "apiKey:sk-1" is a key."""
    return key.partition(":")[0]


def mapping(node: Node, where: str) -> dict[str, Node]:
    from yaml import MappingNode

    if not isinstance(node, MappingNode):
        raise Bad(node, f"{where}: expected keys with values, found a {kind(node)}")
    found: dict[str, Node] = {}
    for key, value in node.value:
        name = text_of(key, where)
        if name in found:
            raise Bad(key, f"{where}: the key {key_name(name)!r} stands there twice")
        found[name] = value
    return found


def sequence(node: Node, where: str) -> list[Node]:
    from yaml import SequenceNode

    if not isinstance(node, SequenceNode):
        raise Bad(node, f"{where}: expected a list, found a {kind(node)}")
    return list(node.value)


def text_of(node: Node, where: str) -> str:
    from yaml import ScalarNode

    if not isinstance(node, ScalarNode) or not node.tag.endswith(":str"):
        raise Bad(node, f"{where}: expected a text, found a {kind(node)}")
    text = str(node.value).strip()
    if not text or not text.isprintable():
        raise Bad(node, f"{where}: expected a text of printable characters")
    return text


def kind(node: Node) -> str:
    """What stands there, in words of YAML: "list", "int", "null"."""
    tag = str(node.tag)
    return _KINDS.get(tag.removeprefix(_TAGS), "tag") if tag.startswith(_TAGS) else "tag"
