"""The model that a command asks: the options that name it, and the model while it lasts."""

from __future__ import annotations

import argparse
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inglenook.engine.chat.manner import Manner
    from inglenook.engine.settings import Settings
    from inglenook.engine.supply import Supply


def add_model(parser: argparse.ArgumentParser) -> None:
    """The options that say which model is asked, and whether it reasons."""
    parser.add_argument("--model", metavar="M", default="", help="see `inglenook models list`")
    parser.add_argument(
        "--think",
        action=argparse.BooleanOptionalAction,
        help="whether a reasoning model reasons (default: as it is configured)",
    )


def thinking(how: Manner, think: bool | None) -> Manner:
    """With what ``--think`` says of reasoning."""
    from inglenook.models.spec import Think

    return how if think is None else replace(how, think=Think.ON if think else Think.OFF)


@asynccontextmanager
async def supplied(settings: Settings, name: str) -> AsyncIterator[Supply]:
    """The model of a name, or the best there is."""
    from inglenook.engine.find import finder
    from inglenook.engine.probing import Probing
    from inglenook.engine.supply import Supply
    from inglenook.models.http import HttpClient

    client = HttpClient(settings.policy)
    probing = Probing(settings.probes_dir)  # what was found before is used; nothing is probed
    supply = Supply(finder(settings, client, name), lambda _: None, probing)
    try:
        yield supply
    finally:
        await supply.close()
        await client.close()
