"""Which names of a script mean nothing, by ECMAScript's scopes; values and types are taken as one.

The tree may have errors. What is declared anywhere in a block is known in all of it: that a name
is read before its ``const`` was reached is not looked at.
"""

from __future__ import annotations

from inglenook_context.verify.script_binder import ScriptBinder
from inglenook_context.verify.script_globals import is_global


class ScriptNames(ScriptBinder):
    """The names that a tree declares and reads."""

    def undefined(self) -> dict[str, int]:
        """Names without a meaning, with the line of the first."""
        found: dict[str, int] = {}
        if self._open:
            return found
        for name, scope, at in self._reads:
            if name not in found and not scope.knows(name) and not is_global(name):
                found[name] = self._side.line_of(at)
        return found

    @property
    def local(self) -> frozenset[str]:
        """What is declared anywhere but at the top."""
        return frozenset(name for scope in self._scopes for name in scope.names)

    @property
    def built_in(self) -> dict[str, int]:
        """What is read of the surroundings, with the line of the first."""
        found: dict[str, int] = {}
        for name, scope, at in self._reads:
            if name not in found and not scope.knows(name) and is_global(name):
                found[name] = self._side.line_of(at)
        return found
