"""``inglenook models list``, ``inglenook models get NAME`` and ``inglenook models probe NAME``."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from typing import TYPE_CHECKING, Any

from inglenook.commands.terminal import safe

if TYPE_CHECKING:
    from pathlib import Path

    from inglenook.engine.settings import Settings
    from inglenook.models.catalogue import Entry
    from inglenook.models.discover import Found, Survey


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    parser.set_defaults(action="list", json=False)
    listing = actions.add_parser("list", help="the models on this machine (the default)")
    listing.add_argument("--json", action="store_true", help="print one JSON object")
    probing = actions.add_parser("probe", help="find out how a model is best asked")
    probing.add_argument("name", metavar="NAME", help="as `inglenook models list` shows it")
    probing.add_argument("--json", action="store_true", help="print one JSON object")
    get = actions.add_parser("get", help="download a model for the embedded engine")
    get.add_argument("name", metavar="NAME", help="qwen2.5-coder:0.5b, for one")
    get.add_argument("--json", action="store_true", help="print a line of JSON as it comes in")


def run(args: argparse.Namespace) -> int:
    from inglenook.engine.config import load_settings

    settings = load_settings()
    if args.action == "probe":
        from inglenook.commands.models_probe import run_probe

        return run_probe(settings, args.name, as_json=args.json)
    if args.action == "get":
        return _get(settings, args.name, as_json=args.json)
    return _list(settings, as_json=args.json)


def look(settings: Settings) -> Survey:
    """Everything that can be found with these settings."""
    from inglenook.models.discover import survey

    return asyncio.run(
        survey(
            settings.models,
            settings.policy,
            ollama_address=settings.ollama_address,
            llama_cpp_address=settings.llama_cpp_address,
            lm_studio_address=settings.lm_studio_address,
            models_dir=settings.models_dir,
        )
    )


def as_dict(found: Found, picked: Found | None) -> dict[str, Any]:
    """One model in the form of ``--json``."""
    return {
        "name": found.name,
        "backend": str(found.provider),
        "address": found.address,
        "family": found.family,
        "size_bytes": found.size_bytes,
        "loaded": found.loaded,
        "refused": found.refused,
        "picked": found == picked,
    }


def _list(settings: Settings, *, as_json: bool) -> int:
    from inglenook.models.choose import pick, why_none

    seen = look(settings)
    choice = pick(seen)
    picked = choice.found if choice else None
    models = [found for place in seen.places for found in place.models]
    for notice in settings.notices:
        print(f"inglenook: {one_line(notice.text)}", file=sys.stderr)
    if as_json:
        print(json.dumps({"models": [as_dict(found, picked) for found in models]}))
    else:
        for row in _columns([_row(found, picked) for found in models]):
            print(row)
    if picked is None:
        print(f"inglenook: {one_line(why_none(seen))}", file=sys.stderr)
    elif picked not in models:
        print(f"inglenook: {one_line(picked.name)} of your configuration is used.", file=sys.stderr)
    return 0 if models or picked else 1


def _row(found: Found, picked: Found | None) -> tuple[str, ...]:
    skill = "fills holes" if found.family else "vectors" if found.embeds else "chat"
    state = found.refused or ("loaded" if found.loaded else "ready")
    mark = "*" if found == picked else " "
    return (mark, found.name, str(found.provider), megabytes(found.size_bytes), skill, state)


def megabytes(size: int) -> str:
    """ "491 MB"; empty for an unknown size."""
    return f"{size / 1e6:,.0f} MB" if size else ""


def one_line(text: str) -> str:
    """`safe`, and what came from elsewhere cannot begin a line of its own either."""
    return safe(text).replace("\n", "\\n")


def _columns(rows: list[tuple[str, ...]]) -> list[str]:
    cells = [[one_line(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [
        " ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]


def _get(settings: Settings, name: str, *, as_json: bool) -> int:
    from inglenook.models.catalogue import CATALOGUE, find
    from inglenook.models.download import kept
    from inglenook.models.errors import ModelError

    entry = find(name)
    if entry is None:
        known = ", ".join(each.name for each in CATALOGUE)
        print(
            f"inglenook: no model {one_line(name)!r} can be fetched; known: {known}",
            file=sys.stderr,
        )
        return 2
    try:
        if as_json:
            from inglenook.commands.models_get import download_told

            return download_told(settings, entry)
        path = _download(settings, entry)
    except ModelError as error:
        print(f"inglenook: {one_line(str(error))}", file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        print(f"inglenook: stopped{kept(entry, settings.models_dir)}", file=sys.stderr)
        return 130
    print(one_line(str(path)))
    return 0


def _download(settings: Settings, entry: Entry) -> Path:
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn

    from inglenook.models.download import download

    console = Console(stderr=True)
    console.print(
        f"{entry.name} ({megabytes(entry.size)}, {entry.licence}): {entry.about}",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )
    columns = (BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=entry.size)
        fetching = download(
            entry, settings.models_dir, lambda size: bar.update(task, completed=size)
        )
        return asyncio.run(fetching)
