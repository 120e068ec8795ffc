"""Whether an edit renames and nothing else: both sides are compared token by token."""

from __future__ import annotations

import re

from inglenook_context.verify.readings import Read
from inglenook_context.verify.sides import Leaf


def renamed(read: Read) -> bool:
    """Whether all tokens are the same but for one name, which may become `old as new`."""
    task = read.edit.task
    old = [leaf for leaf in read.edit.before.leaves if leaf.text.strip()]
    new = [leaf for leaf in read.edit.after.leaves if leaf.text.strip()]
    gone, come = task.gone, task.come
    pair: tuple[str, str] | None = None
    at = 0
    for leaf in old:
        if at >= len(new):
            return False
        other = new[at]
        at += 1
        if leaf.text == other.text:
            if leaf.text in gone and pair is not None and _joined(new, at, pair[1]):
                at += 2  # `import a` as b, `{ a: b }`
            elif leaf.text in gone and at + 1 < len(new) and new[at + 1].text in come:
                at += 2 if new[at].text in ("as", ":") else 0
            continue
        if leaf.kind == "string" == other.kind:
            if not _spliced(leaf.text, other.text, pair):
                return False
            continue
        if not (_is_name(leaf) and _is_name(other)):
            return False
        if (gone and leaf.text not in gone) or (come and other.text not in come):
            return False
        if pair is not None and pair != (leaf.text, other.text):
            return False
        pair = (leaf.text, other.text)
    return at == len(new)


def _joined(new: list[Leaf], at: int, name: str) -> bool:
    return at + 1 < len(new) and new[at].text in ("as", ":") and new[at + 1].text == name


def _spliced(old: str, new: str, pair: tuple[str, str] | None) -> bool:
    """Whether an interpolated string differs by the name alone."""
    if "{" not in old:
        return False
    words = re.findall(r"[\w$]+|\W", old)
    others = re.findall(r"[\w$]+|\W", new)
    if len(words) != len(others):
        return False
    pairs = {(one, two) for one, two in zip(words, others, strict=True) if one != two}
    return len(pairs) == 1 and (pair is None or pairs == {pair})


def _is_name(leaf: Leaf) -> bool:
    return leaf.kind.endswith("identifier") or leaf.kind.startswith("shorthand_property_identifier")
