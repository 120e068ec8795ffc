"""``inglenook doctor``: what is there, what is used, and why; the first page of a bug report.

It asks the backends what they have and sends no prompt. Exit code 1 means: read the lines that
begin with an exclamation mark.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, Final

from inglenook.commands.models import as_dict, look, megabytes, one_line

if TYPE_CHECKING:
    from inglenook.engine.settings import Settings
    from inglenook.models.choose import Choice
    from inglenook.models.discover import Place, Survey
    from inglenook.models.model import ModelInfo

_PACKAGES: Final = (
    "pygls",
    "lsprotocol",
    "aiohttp",
    "ollama",
    "tree-sitter",
    "tree-sitter-python",
    "tree-sitter-javascript",
    "tree-sitter-typescript",
    "platformdirs",
    "PyYAML",
    "rich",
    "diskcache",
    "xllamacpp",
)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All that is printed. ``trouble`` says why there is no model, empty if there is one."""

    settings: Settings
    survey: Survey
    choice: Choice | None
    info: ModelInfo | None
    trouble: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    from inglenook.engine.config import load_settings
    from inglenook.engine.settings import Level

    found = _diagnose(load_settings())
    print(json.dumps(_report(found)) if args.json else "\n".join(map(one_line, _page(found))))
    if found.choice is not None and found.info is None:
        return 3
    warned = any(notice.level is Level.WARNING for notice in found.settings.notices)
    return 1 if found.trouble or warned else 0


def _diagnose(settings: Settings) -> Diagnosis:
    from inglenook.models.choose import pick, why_none
    from inglenook.models.errors import ModelError

    survey = look(settings)
    first = pick(survey)
    if first is None:
        return Diagnosis(settings, survey, None, None, why_none(survey))
    try:
        choice, info = asyncio.run(_connect(survey))
    except ModelError as error:
        return Diagnosis(settings, survey, first, None, str(error))
    return Diagnosis(settings, survey, choice, info, "")


async def _connect(survey: Survey) -> tuple[Choice, ModelInfo]:
    from inglenook.models.choose import connect_best
    from inglenook.models.http import HttpClient

    client = HttpClient()
    try:
        model, choice = await connect_best(client, survey)
        await model.close()
        return choice, model.info
    finally:
        await client.close()


def _versions() -> dict[str, str | None]:
    versions: dict[str, str | None] = {}
    for package in _PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = None
    return versions


def _log_file() -> str:
    from platformdirs import user_log_path

    return str(user_log_path("inglenook", appauthor=False) / "server.log")


def _report(found: Diagnosis) -> dict[str, Any]:
    from inglenook import __version__

    settings, info = found.settings, found.info
    picked = found.choice.found if found.choice else None
    return {
        "version": __version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "packages": _versions(),
        "config": {"file": str(settings.config_file), "found": settings.config_file.is_file()},
        "notices": [{"level": each.level, "text": each.text} for each in settings.notices],
        "models_dir": str(settings.models_dir),
        "looked_at": [
            {
                "backend": str(place.provider),
                "address": place.address,
                "trouble": place.trouble,
                "models": [as_dict(model, picked) for model in place.models],
            }
            for place in found.survey.places
        ],
        "picked": None
        if info is None or found.choice is None
        else {
            "name": info.name,
            "backend": info.backend,
            "reason": found.choice.reason,
            "locality": str(info.locality),
            "fill": str(info.fill),
            "family": info.family,
            "context_tokens": info.context_tokens,
            "notice": info.notice,
        },
        "trouble": found.trouble,
        "log_file": _log_file(),
    }


def _page(found: Diagnosis) -> Iterator[str]:
    from inglenook import __version__
    from inglenook.engine.settings import Level

    settings = found.settings
    yield f"inglenook {__version__}, Python {platform.python_version()}, {platform.platform()}"
    versions = _versions()
    yield "  " + ", ".join(f"{name} {number or 'is missing'}" for name, number in versions.items())
    yield ""
    there = "" if settings.config_file.is_file() else " (there is none, and none is needed)"
    yield f"Configuration  {settings.config_file}{there}"
    for notice in settings.notices:
        yield f"  {'!' if notice.level is Level.WARNING else '-'} {notice.text}"
    yield ""
    yield "Looked at"
    for place in found.survey.places:
        yield from _place(place)
    yield ""
    yield from _verdict(found)
    yield ""
    yield "For a bug report, let the server write a log (never text of yours), and send it:"
    yield f"  inglenook serve --log-level debug --log-file {_log_file()}"


def _place(place: Place) -> Iterator[str]:
    yield f"  {place.provider}  {place.address}"
    if place.trouble:
        yield f"    - {place.trouble}"
    for model in place.models:
        skill = "fills holes" if model.family else "vectors" if model.embeds else "chat"
        known = [model.name, megabytes(model.size_bytes), skill, "loaded" if model.loaded else ""]
        yield f"    - {', '.join(filter(None, known))}"
        if model.refused:
            yield f"      ! {model.refused}"


def _verdict(found: Diagnosis) -> Iterator[str]:
    info, choice = found.info, found.choice
    if info is None or choice is None:
        yield f"Used  ! {found.trouble}"
        return
    yield f"Used  {info.name} of {info.backend} ({info.locality})"
    yield f"  {choice.reason}"
    how = {"template": f"by the template of {info.family}", "backend": "by the backend itself"}
    yield f"  Holes are filled {how.get(info.fill, 'by a chat instruction')}; its window has " + (
        f"{info.context_tokens} tokens." if info.context_tokens else "an unknown size."
    )
    if info.notice:
        yield f"  ! {info.notice}"
