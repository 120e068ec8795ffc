"""``inglenook demo``: a real server process, a sample workspace, and a real model's ghost text.

Nothing here knows how a completion is made. The demo is an editor: it starts ``inglenook
serve`` as editors do, types key by key, and shows what comes back.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from rich.console import Console
from rich.text import Text

from inglenook.commands.demo_scenes import (
    LANGUAGES,
    SCENES,
    WORD,
    Scene,
    function_name,
    place_of,
    sample_files,
)
from inglenook.commands.demo_screen import Shot, figures, show
from inglenook.commands.lsp_session import (
    INVOKED,
    Buffer,
    Session,
    SessionError,
    ghost_of,
    started,
)
from inglenook.commands.terminal import safe

# -P: a folder called inglenook in the current directory is not what shall be started.
SERVER: Final = (sys.executable, "-P", "-m", "inglenook", "serve")
HOW_TO_GET_A_MODEL: Final = (
    "Start Ollama with a code model (ollama pull qwen2.5-coder:1.5b-base), or let Inglenook run "
    "one by itself: pip install xllamacpp and "
    "inglenook models get qwen2.5-coder:0.5b."
)
_KEY_SECONDS: Final = 0.06  # a fast typist
_READY_SECONDS: Final = 180.0  # reading the weights of a large model from a slow disk
_ANSWER_SECONDS: Final = 180.0  # a cold prompt on a slow processor
_REPORT_SECONDS: Final = 2.0

_OK, _NOTHING, _FAILED = 0, 1, 3  # exit codes


class NoModel(Exception):
    """There is no model to show anything with; the message is the server's own sentence."""


@dataclass(frozen=True)
class Outcome:
    shot: Shot
    report: dict[str, Any]
    waited_ms: float


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--word",
        type=function_name,
        default=WORD,
        help="what a function of the sample is called; a word of your own shows that no answer "
        "was written beforehand (default: %(default)s)",
    )


def run(args: argparse.Namespace) -> int:
    """0 if the model completed something, 1 if it offered nothing, 3 if there is none."""
    console = Console(highlight=False, markup=False, emoji=False)
    with tempfile.TemporaryDirectory(prefix="inglenook-demo-") as scratch:
        log = Path(scratch, "server.log")
        with log.open("wb") as errors:
            try:
                return asyncio.run(_demo(console, Path(scratch).resolve(), args.word, errors))
            except NoModel as error:
                print(f"{error} {HOW_TO_GET_A_MODEL}".strip(), file=sys.stderr)
            except (SessionError, OSError) as error:
                print(f"The demo ended early: {safe(str(error))}.", file=sys.stderr)
        sys.stderr.write(safe(_last_lines(log)))
    return _FAILED


async def _demo(console: Console, scratch: Path, word: str, errors: IO[bytes]) -> int:
    root = scratch / "tea-shop"
    root.mkdir()
    options = {"inglenook": {"reportTimings": True}}
    async with started(SERVER, root, options, errors) as session:
        buffers = _write_sample(root, word)
        console.print(f"A sample workspace in which a function is called {word}:")
        console.print(f"  {', '.join(buffers)}", soft_wrap=True)
        await _ready(session, console)
        ghosts = []
        for scene in SCENES:
            _open_like(session, buffers, scene.file)
            outcome = await _play(session, scene, buffers[scene.file], word)
            lines = figures(outcome.report, outcome.waited_ms)
            if not outcome.shot.ghost:
                lines.insert(0, "the model offered nothing here")
            show(console, scene.title, scene.file, outcome.shot, lines)
            ghosts.append(outcome.shot.ghost)
    written = sum(bool(ghost) for ghost in ghosts)
    with_word = sum(word in ghost for ghost in ghosts)
    console.print(
        f"\n{written} of {len(ghosts)} places completed; in {with_word} of them the model wrote "
        f"{word}, which nobody typed. With a word of your own: inglenook demo --word zorblat",
        soft_wrap=True,
    )
    return _OK if written else _NOTHING


def _write_sample(root: Path, word: str) -> dict[str, Buffer]:
    buffers = {}
    for name, text in sample_files(word).items():
        path = root / name
        path.write_text(text, "utf-8", newline="")
        buffers[name] = Buffer(path.as_uri(), LANGUAGES[path.suffix], text)
    return buffers


def _open_like(session: Session, buffers: dict[str, Buffer], name: str) -> None:
    """Open what somebody who works on this file has open: the files of its language."""
    for buffer in buffers.values():
        if buffer.language == buffers[name].language and not buffer.is_open:
            session.open(buffer)


async def _ready(session: Session, console: Console) -> None:
    """Wait until the server has a model that is loaded; `NoModel` if it says there is none."""
    deadline = time.monotonic() + _READY_SECONDS
    seen = 0
    while True:
        left = deadline - time.monotonic()
        news = await session.wait_for("inglenook/status", seen, left)
        if news is None:
            raise NoModel(f"The server had no model after {_READY_SECONDS:.0f} seconds.")
        status, seen = news
        model, text = safe(status.get("model") or ""), safe(status.get("text") or "")
        line = Text(f"  {status['state']}  ").append(f"{model}  ", "bold").append(text, "dim")
        console.print(line, soft_wrap=True)
        if status["state"] in ("offline", "refused"):
            raise NoModel(text or "No model answers on this machine.")
        if status["state"] != "loading":
            return


async def _play(session: Session, scene: Scene, buffer: Buffer, word: str) -> Outcome:
    """Type the scene's keys, wait for the ghost text of the last one, and accept it."""
    start = buffer.cursor = place_of(scene, buffer.text, word)
    before = len(session.notifications)
    for key in scene.keys:
        await asyncio.sleep(_KEY_SECONDS)
        session.insert(buffer, key)
        pressed, asked = time.perf_counter(), len(session.notifications)
        answer = session.ask(buffer)
    ghost = ghost_of(await _answer(answer))
    if not ghost:
        # An automatic answer is empty when it might be in the way; a user can insist.
        pressed, asked = time.perf_counter(), len(session.notifications)
        ghost = ghost_of(await _answer(session.ask(buffer, INVOKED)))
    waited_ms = (time.perf_counter() - pressed) * 1000
    await session.wait_for("inglenook/completionReport", asked, _REPORT_SECONDS)
    report = _report_of(session, buffer.uri, before)
    shot = Shot(buffer.text, start, buffer.cursor, ghost)
    if ghost:
        session.insert(buffer, ghost)
    return Outcome(shot, report, waited_ms)


async def _answer(answer: asyncio.Future[Any]) -> Any:
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            return await answer
    except TimeoutError:
        raise SessionError(f"no answer within {_ANSWER_SECONDS:.0f} seconds") from None


def _report_of(session: Session, uri: str, since: int) -> dict[str, Any]:
    """The newest report on a document, with the engine's timings of the answer it came from.

    What was typed through is answered from the cache, and then the engine's timings stand in the
    report on the request that made the text, a few keys earlier.
    """
    reports = [
        params
        for method, params in session.notifications[since:]
        if method == "inglenook/completionReport" and params.get("uri") == uri
    ]
    if not reports:
        return {}
    generated = [r for r in reports if (r.get("prompt") or {}).get("tokens") is not None]
    if generated and (reports[-1].get("prompt") or {}).get("tokens") is None:
        timings = {key: generated[-1].get(key) for key in ("prompt", "predicted")}
        return reports[-1] | timings
    return reports[-1]


def _last_lines(log: Path, count: int = 5) -> str:
    lines = log.read_text("utf-8", "replace").splitlines(keepends=True)
    return "".join(lines[-count:])
