"""An edit's two sides read in their language's own terms, once for all checks."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from inglenook_context.verify import python_definitions, script_definitions
from inglenook_context.verify.definitions import Defined
from inglenook_context.verify.python_names import Names
from inglenook_context.verify.python_tree import Module, changed, module_of
from inglenook_context.verify.script_early import Wrong, early_errors
from inglenook_context.verify.script_names import ScriptNames
from inglenook_context.verify.sides import Edit, Side, edit_of
from inglenook_context.verify.task import Task
from inglenook_context.verify.tree import Tree


@dataclass(frozen=True, eq=False)
class Reading:
    """One side: what is at the top of the file, and of it what the target touches."""

    side: Side

    @property
    def is_python(self) -> bool:
        return self.side.language == "python"

    @cached_property
    def module(self) -> Module:
        return module_of(self.side)

    @cached_property
    def is_whole(self) -> bool:
        """Whether all of the text could be read."""
        if self.is_python:
            return self.module.whole
        tree = self.side.tree
        return tree is not None and not any(node.error for node in tree.walk())

    @cached_property
    def body(self) -> list[ast.stmt]:
        """The top-level statements of Python that the target touches."""
        return changed(self.side, self.module) if self.is_python else []

    @cached_property
    def nodes(self) -> list[Tree]:
        """The same of a script."""
        tree = self.side.tree
        if tree is None or not self.side.is_script:
            return []
        return [each for each in tree.children if each.named and self.side.touches(each)]

    @cached_property
    def defined(self) -> tuple[Defined, ...]:
        """What the statements that the target touches define."""
        if self.is_python:
            return tuple(python_definitions.definitions(self.body))
        return tuple(script_definitions.definitions(self.side, self.nodes))

    @cached_property
    def others(self) -> frozenset[str]:
        """What the other statements at the top of the file define, once and for sure."""
        if self.is_python:
            near = {id(each) for each in self.body}
            rest = [each for each in self.module.body if id(each) not in near]
            found = python_definitions.definitions(rest)
        else:
            parts = self.side.tree.parts if self.side.tree is not None else []
            others = [each for each in parts if not self.side.touches(each)]
            found = script_definitions.definitions(self.side, others)
        return frozenset(each.name for each in found if each.alone)

    def undefined(self, whole: bool = False) -> dict[str, int]:
        """Names without a meaning, with the line of each: near the target or everywhere."""
        if self.is_python:
            names = Names(self.module, self.module.body) if whole else self.names
            return names.undefined()
        return self.script_names.undefined() if self.script_names is not None else {}

    @cached_property
    def names(self) -> Names:
        """Of Python: all in what the target touches, of the rest what it binds."""
        return Names(self.module, self.body)

    @cached_property
    def early(self) -> tuple[Wrong, ...]:
        """What a script's grammar takes and its language refuses."""
        tree = self.side.tree
        if tree is None or not self.side.is_script:
            return ()
        names = self.script_names if self.is_whole else None
        return (*early_errors(self.side, tree), *(names.amiss() if names is not None else ()))

    @cached_property
    def script_names(self) -> ScriptNames | None:
        tree = self.side.tree
        return ScriptNames(self.side, tree) if tree is not None and self.side.is_script else None


@dataclass(frozen=True, eq=False)
class Read:
    """An edit with its two readings."""

    edit: Edit
    before: Reading
    after: Reading

    @property
    def has_scopes(self) -> bool:
        return self.before.is_python or self.before.side.is_script

    def used_outside(self, name: str) -> bool:
        """Whether a word stands anywhere but in the target."""
        side = self.edit.before
        rest = side.text[: side.start] + "\n" + side.text[side.stop :]
        return re.search(rf"(?<![\w$]){re.escape(name)}(?![\w$])", rest) is not None


@lru_cache(maxsize=2)  # what is asked first, the imports, and the verdict read the same
def read(before: str, after: str, task: Task) -> Read:
    edit = edit_of(before, after, task)
    return Read(edit, Reading(edit.before), Reading(edit.after))
