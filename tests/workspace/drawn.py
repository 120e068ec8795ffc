"""What the fixtures of this room give, and the names of files of secrets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from inglenook.engine import sensitive
from inglenook.workspace.index import Index

SECRET: Final = sensitive.SECRET
Draw = Callable[[Mapping[str, str]], Path]
Begin = Callable[..., Index]
Walked = Callable[[], list[str]]
