"""How what is round a cursor is read in Go, Rust and Java."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from inglenook_context.bindings import Scope
from inglenook_context.bindings_go import go_scope
from inglenook_context.bindings_java import java_scope
from inglenook_context.bindings_rust import rust_scope
from inglenook_context.document import Cursor

SCOPES: Final[Mapping[str, Callable[[Cursor], Scope]]] = {
    "go": go_scope,
    "rust": rust_scope,
    "java": java_scope,
}
