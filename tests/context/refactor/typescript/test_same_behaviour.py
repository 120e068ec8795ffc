"""Generated functions do the same before and after a variable of theirs was inlined.

Half of the seeds are the same each time. What is offered with something to confirm is compared
too, for what is asked here is about types and names only.
"""

from __future__ import annotations

import random
import re

import pytest

from inglenook_context.refactor.edits import Refactoring, applied
from inglenook_context.refactor.typescript.inline_variable import inline_variable
from tests.context.refactor.typescript.drawn import syntax_of
from tests.context.refactor.typescript.generated import function, outcomes
from tests.support.editors_vscode import node_24

pytestmark = pytest.mark.editor


def pairs(seeds: list[int]) -> list[tuple[str, str]]:
    """Functions before and after, of each inlining that is offered."""
    found: list[tuple[str, str]] = []
    for seed in seeds:
        source = function(seed)
        syntax = syntax_of(source, "javascript")
        seen: set[str] = set()
        for match in re.finditer(r"\bt\d+\b", source):
            if match.group() in seen:
                continue
            seen.add(match.group())
            result = inline_variable(syntax, match.start())
            if isinstance(result, Refactoring):
                found.append((source, applied(source, result.changes)))
    return found


def test_the_same_happens() -> None:
    chosen = random.Random().sample(range(10**9), 400)
    both = pairs([*range(400), *chosen])
    assert len(both) > 400
    flat = outcomes(node_24(), [source for pair in both for source in pair])
    for at, (before, after) in enumerate(both):
        assert flat[2 * at] == flat[2 * at + 1], f"{before}\n->\n{after}"
    assert flat.count("broken") < len(flat) / 10
