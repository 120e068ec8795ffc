"""What ``/commit`` is about."""

from __future__ import annotations

import asyncio
from pathlib import Path

from inglenook.engine.chat.question import Extra
from inglenook.workspace.staged import NoDiff, staged_diff

__all__ = ["NoDiff", "staged"]


async def staged(folder: Path) -> Extra:
    """The diff of what is staged in a folder's repository. Raises `NoDiff`, a sentence."""
    return Extra("git diff --cached", await asyncio.to_thread(staged_diff, folder))
