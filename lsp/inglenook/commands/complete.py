"""``inglenook complete FILE:LINE:COL``: one completion, without an editor."""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from inglenook.commands.headless import add_index_seconds
from inglenook.commands.terminal import failed, safe

if TYPE_CHECKING:
    from inglenook.engine.ask import Answer
    from inglenook.engine.lane import Lane
    from inglenook.engine.settings import Settings
    from inglenook_context.document import Cursor

_PLACE: Final = re.compile(r"(?P<file>.+):(?P<line>[0-9]+):(?P<column>[0-9]+)")


class BadPlace(Exception):
    """The message is one sentence for the user."""


@dataclass(frozen=True, slots=True)
class Place:
    file: Path
    line: int  # from 1
    column: int  # from 1, in characters


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("place", metavar="FILE:LINE:COL", help="from 1; columns are characters")
    parser.add_argument("--model", metavar="M", default="", help="see `inglenook models list`")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--show-prompt", action="store_true", help="print what a model would be shown"
    )
    parser.add_argument(
        "--why", action="store_true", help="print also why it is shown, what was cut, and the times"
    )
    add_index_seconds(parser)


def run(args: argparse.Namespace) -> int:
    from inglenook.models.errors import ModelError
    from inglenook.workspace.files import Unreadable

    try:
        args.place = parse_place(args.place)
        cursor = cursor_at(args.place)
        shows = args.show_prompt or args.why
        return asyncio.run((_show_prompt if shows else _complete)(cursor, args))
    except (BadPlace, Unreadable) as error:
        return failed(str(error), 2)
    except ModelError as error:
        return failed(str(error), 3)


def parse_place(text: str) -> Place:
    match = _PLACE.fullmatch(text)
    if match is None:
        raise BadPlace(f"{text!r} is not FILE:LINE:COL, as in src/app.py:12:5.")
    return Place(Path(match["file"]), int(match["line"][:9]), int(match["column"][:9]))


def cursor_at(place: Place) -> Cursor:
    """The cursor in the file; `BadPlace` or `Unreadable` if there is no such place."""
    from inglenook.workspace.files import read_source
    from inglenook_context.document import Cursor, Document
    from inglenook_context.languages import language_of
    from inglenook_context.text import Text

    text = Text.of(read_source(place.file))
    if not 1 <= place.line <= text.line_count:
        raise BadPlace(f"{place.file} has {text.line_count} lines; there is no line {place.line}.")
    width = len(text.line(place.line - 1))
    if not 1 <= place.column <= width + 1:
        raise BadPlace(
            f"Line {place.line} of {place.file} has columns 1 to {width + 1}; "
            f"there is no column {place.column}."
        )
    language = language_of(place.file.name) or "plaintext"
    document = Document(place.file.resolve().as_uri(), language, 1, text)
    return Cursor(document, text.line_start(place.line - 1) + place.column - 1)


async def _show_prompt(cursor: Cursor, args: argparse.Namespace) -> int:
    """What a model would be shown; of a model only what it is needs to be known."""
    from dataclasses import replace

    from inglenook.commands.headless import opened
    from inglenook.engine.accounts import account
    from inglenook.engine.ask import Ask
    from inglenook.engine.config import load_settings
    from inglenook.engine.context import gather
    from inglenook.engine.explain import explain
    from inglenook.engine.explained import as_json, as_text, prompt_only
    from inglenook.engine.pacing import Speed, budget
    from inglenook.engine.redaction import Redactor, redacted

    settings = load_settings()
    file = args.place.file.resolve()
    async with opened(cursor, file, settings.index_dir, args.index_seconds) as desk:
        lane = await _known_model(settings, args.model)
        await desk.ready()
        speed, tokens = (lane.speed, lane.model.info.context_tokens) if lane else (Speed(), 0)
        ask, room, redactor = Ask(cursor, automatic=False), budget(speed, tokens), Redactor()
        await redactor.load()
        began = time.perf_counter()
        gathered = gather(desk.session, ask, room, steady=False, patient=True)
        prompt = redacted(gathered.prompt, redactor)
        if prompt is None:
            return failed("the cursor stands in a secret, where no model is asked.", 1)
        made_in = (time.perf_counter() - began) * 1000
        made = account(ask, replace(gathered, prompt=prompt), room, lane, made_in)
        explanation = explain(made)  # while the index is there to ask
    if args.json:
        print(json.dumps(as_json(explanation)))
    else:
        print(safe(as_text(explanation) if args.why else prompt_only(explanation)))
    return 0


async def _known_model(settings: Settings, name: str) -> Lane | None:
    """The model that would be asked; no weights are loaded and no engine is started for it."""
    from inglenook.engine.find import finder
    from inglenook.engine.lane import Lane
    from inglenook.engine.probing import Probing
    from inglenook.models.errors import ModelError
    from inglenook.models.http import HttpClient
    from inglenook.models.spec import Provider

    client = HttpClient(settings.policy)
    try:
        found = await finder(settings, client, name)()
        model = found.model
        if model is None:
            if name:
                failed(f"{found.status.text} The prompt is shown in no model's frame.", 0)
            return None
        lane = Lane(model, entry=found.entry)
        await Probing(settings.probes_dir).recall(lane)
        if model.info.backend in (Provider.OPENAI, Provider.VLLM):
            with suppress(ModelError):
                await model.load()  # they tell what they understand by being asked
        await model.close()
        return lane
    finally:
        await client.close()


async def _complete(cursor: Cursor, args: argparse.Namespace) -> int:
    from inglenook.commands.headless import opened
    from inglenook.engine.ask import Ask
    from inglenook.engine.complete import Completer
    from inglenook.engine.config import load_settings
    from inglenook.engine.find import finder
    from inglenook.engine.probing import Probing
    from inglenook.engine.status import State
    from inglenook.engine.supplies import only
    from inglenook.engine.supply import Supply
    from inglenook.models.errors import ModelError
    from inglenook.models.http import HttpClient

    settings = load_settings()
    client = HttpClient(settings.policy)
    for notice in settings.notices:
        failed(notice.text, 0)
    probing = Probing(settings.probes_dir)  # what was found before is used; nothing is probed
    supply = Supply(finder(settings, client, args.model), lambda _: None, probing)
    file = args.place.file.resolve()
    async with opened(cursor, file, settings.index_dir, args.index_seconds) as desk:
        completer = Completer(desk.session, only(supply))
        try:
            await supply.open()
            await desk.ready()
            answer = await completer.complete(Ask(cursor, automatic=False))
            if supply.status.state in (State.OFFLINE, State.REFUSED):
                raise ModelError(supply.status.text)
        finally:
            await completer.close()
            await supply.close()
            await client.close()
    return _print(answer, as_json=args.json)


def _print(answer: Answer, *, as_json: bool) -> int:
    text = answer.texts[0] if answer.texts else ""
    if not as_json:
        if text:
            print(safe(text))
        else:
            failed("the model had nothing to say here.", 1)
        return 0 if text else 1
    report = answer.report
    timings = report.timings if report else None
    body = {
        "text": text,
        "model": report.model.name if report else None,
        "backend": report.model.backend if report else None,
        "cached": report.cached if report else False,
        "ms": {
            "total": report.total_ms if report else None,
            "context": report.context_ms if report else None,
            "first_token": report.first_token_ms if report else None,
        },
        "prompt": {
            "tokens": timings.prompt_tokens if timings else None,
            "reused": timings.reused if timings else None,
        },
    }
    print(json.dumps(body))
    return 0 if text else 1
