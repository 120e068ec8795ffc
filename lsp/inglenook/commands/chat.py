"""``inglenook chat FILE[:START-END] "question"``: a question about code, without an editor.

The answer is rendered while it streams on a terminal, and comes as it is in a pipe. Standard input
is read where it is named, as ``-``, or where there is no question: a loop over files that calls
this must not lose its own input.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING

from inglenook.commands.headless import add_index_seconds
from inglenook.commands.supplied import add_model, supplied, thinking
from inglenook.commands.terminal import failed, safe

if TYPE_CHECKING:
    from inglenook.commands.chat_asked import Asked
    from inglenook.commands.chat_screen import Shows
    from inglenook.engine.chat.question import Extra, Piece, Reply
    from inglenook.engine.choices import Choices


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file",
        metavar="FILE[:START-END]",
        help="lines from 1, both inside; a directory, or - for what is piped in",
    )
    parser.add_argument(
        "question",
        nargs="?",
        metavar="QUESTION",
        help="may begin with a command such as /explain, /fix, /test or /commit; - or none: "
        "it is read from standard input",
    )
    add_model(parser)
    parser.add_argument(
        "--file",
        metavar="PATH",
        dest="further",
        action="append",
        default=[],
        help="a further file to read, or - for what is piped in; may be repeated",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    add_index_seconds(parser)


def run(args: argparse.Namespace) -> int:
    from inglenook.commands.asked import BadInput
    from inglenook.commands.chat_asked import asked_of
    from inglenook.engine.chat.staged import NoDiff
    from inglenook.models.errors import ModelError, PromptTooLong
    from inglenook.workspace.files import Unreadable

    try:
        return asyncio.run(_chat(asked_of(args), args))
    except (BadInput, Unreadable, NoDiff, PromptTooLong) as error:
        return failed(str(error), 2)
    except ModelError as error:
        return failed(str(error), 3)


async def _chat(asked: Asked, args: argparse.Namespace) -> int:
    from inglenook.commands.asked import offsets
    from inglenook.commands.chat_asked import document_of
    from inglenook.commands.chat_screen import shows
    from inglenook.commands.headless import opened, root_of
    from inglenook.commands.shown import material_of
    from inglenook.engine.chat.configured import manner, talking
    from inglenook.engine.chat.question import Question
    from inglenook.engine.chat.talker import Talker
    from inglenook.engine.configuration import Sources, read
    from inglenook_context.document import Cursor

    root = root_of(asked.place, Path.cwd())
    configured = read(Sources((root,)))
    choices, settings = configured.choices, configured.choices.settings
    for notice in configured.notices:
        failed(notice.text, 0)
    document = document_of(asked)
    start, stop = offsets(document.text, asked.lines) if asked.lines else (0, 0)
    extras, left_out = await _extras(asked, choices, root)
    if asked.commits:
        stop = start  # it is about the commit, whatever is selected
    question = Question(document, start, stop, asked.question, extras=extras, left_out=left_out)
    name = args.model or talking(choices, str(root), document.language)
    how = thinking(manner(choices, str(root)), args.think)
    # Without a selection nothing is looked up in other files.
    wait = args.index_seconds if asked.lines else 0.0
    async with (
        opened(
            Cursor(document, stop), asked.place, settings.index_dir, wait, material_of(question)
        ) as desk,
        supplied(settings, name) as supply,
    ):
        lane = await supply.open()
        await desk.ready()
        screen = shows(lane.model.info.name, as_object=args.json, message=asked.commits)
        told = Talker(desk.session).ask(question, supply, how)
        reply = await _shown(told, screen)
    return _end(reply, quiet=args.json)


async def _extras(
    asked: Asked, choices: Choices, root: Path
) -> tuple[tuple[Extra, ...], tuple[str, ...]]:
    """What is read besides the selection, and what of it is not, a sentence each; raises
    `BadInput` if the user named what no model is shown."""
    from inglenook.commands.shown import shown_path
    from inglenook.engine.chat.question import Extra
    from inglenook.engine.chat.staged import staged

    found = []
    if asked.text is not None:
        path = shown_path(asked.file, root, choices)
        if asked.lines is None and not asked.commits:
            found.append(Extra(path, asked.text))
    if asked.piped:
        found.append(Extra("standard input", asked.piped))
    found += [Extra(shown_path(file, root, choices), text) for file, text in asked.files]
    if not asked.commits:
        return tuple(found), ()
    diffs, left_out = await staged(asked.place.parent, lambda file: _hides(file, root, choices))
    return (*found, *diffs), left_out


def _hides(file: Path, root: Path, choices: Choices) -> bool:
    from inglenook.commands.asked import BadInput
    from inglenook.commands.shown import shown_path

    try:
        shown_path(file, root, choices)
    except BadInput:
        return True
    return False


async def _shown(told: AsyncGenerator[Piece | Reply, None], screen: Shows) -> Reply | None:
    """What came is shown whatever ends it: it is not lost to an error, or to Ctrl-C."""
    from inglenook.engine.chat.question import Reply

    reply = None
    try:
        async with aclosing(told) as pieces:
            async for each in pieces:
                screen.show(each)
                if isinstance(each, Reply):
                    reply = each
    finally:
        screen.close()
    return reply


def _end(reply: Reply | None, *, quiet: bool) -> int:
    """What is to be said of an answer, on stderr."""
    from inglenook.commands.shown import read_line

    if reply is None:
        return failed("the model said nothing.", 1)
    if not quiet:
        for notice in reply.notices:
            failed(notice, 0)
        if reply.used:
            print(safe(read_line(reply.used)), file=sys.stderr)
    return 0 if reply.text else failed("the model had nothing to say.", 1)
