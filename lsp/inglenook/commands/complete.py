"""``inglenook complete FILE:LINE:COL``: one completion, without an editor."""

from __future__ import annotations

import argparse
import asyncio
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from inglenook.commands.terminal import failed, safe

if TYPE_CHECKING:
    from inglenook.engine.ask import Answer
    from inglenook_context.document import Cursor
    from inglenook_context.prompt import Prompt

_PLACE: Final = re.compile(r"(?P<file>.+):(?P<line>[0-9]+):(?P<column>[0-9]+)")
_LANGUAGES: Final = {
    ".py": "python",
    ".pyi": "python",
    ".ts": "typescript",
    ".mts": "typescript",
    ".cts": "typescript",
    ".tsx": "typescriptreact",
    ".js": "javascript",
    ".mjs": "javascript",
    ".cjs": "javascript",
    ".jsx": "javascriptreact",
}


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


def run(args: argparse.Namespace) -> int:
    from inglenook.models.errors import ModelError
    from inglenook.workspace.files import Unreadable

    try:
        cursor = cursor_at(parse_place(args.place))
        if args.show_prompt:
            return asyncio.run(_show_prompt(cursor, as_json=args.json))
        return asyncio.run(_complete(cursor, args.model, as_json=args.json))
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
    language = _LANGUAGES.get(place.file.suffix.lower(), "plaintext")
    document = Document(place.file.resolve().as_uri(), language, 1, text)
    return Cursor(document, text.line_start(place.line - 1) + place.column - 1)


async def _show_prompt(cursor: Cursor, *, as_json: bool) -> int:
    from dataclasses import asdict

    from inglenook.engine.ask import Ask
    from inglenook.engine.context import gather
    from inglenook_context.window import LARGE

    session = _session(cursor)
    try:
        prompt = gather(session, Ask(cursor, automatic=False), LARGE, steady=False).prompt
    finally:
        session.close()
    print(json.dumps(asdict(prompt)) if as_json else _drawn(prompt))
    return 0


def _drawn(prompt: Prompt) -> str:
    files = [f"--- {snippet.path}\n{snippet.text}" for snippet in prompt.snippets]
    own = f"--- {prompt.path}\n{prompt.prefix}{prompt.typed}█{prompt.suffix}"
    return safe("\n".join([*files, own]))


async def _complete(cursor: Cursor, model: str, *, as_json: bool) -> int:
    from inglenook.engine.ask import Ask
    from inglenook.engine.complete import Completer
    from inglenook.engine.config import load_settings
    from inglenook.engine.find import finder
    from inglenook.engine.probing import Probing
    from inglenook.engine.status import State
    from inglenook.engine.supply import Supply
    from inglenook.models.errors import ModelError
    from inglenook.models.http import HttpClient

    session = _session(cursor)
    client = HttpClient()
    settings = load_settings()
    for notice in settings.notices:
        failed(notice.text, 0)
    probing = Probing(settings.probes_dir)  # what was found before is used; nothing is probed
    supply = Supply(finder(settings, client, model), lambda _: None, probing)
    completer = Completer(session, supply)
    try:
        await supply.open()
        answer = await completer.complete(Ask(cursor, automatic=False))
        if supply.status.state in (State.OFFLINE, State.REFUSED):
            raise ModelError(supply.status.text)
    finally:
        await completer.close()
        session.close()
        await supply.close()
        await client.close()
    return _print(answer, as_json=as_json)


def _session(cursor: Cursor) -> Any:
    from inglenook.engine.session import Session

    session = Session(shown_path=lambda uri: uri.rpartition("/")[2])
    session.on_open(cursor.document)
    return session


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
