"""``inglenook refactor FILE:START-END "instruction"``: an edit by a model, checked, as a diff.

Nothing is written unless ``--apply`` is given, and then only over the file that was read.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from inglenook.commands.headless import add_index_seconds
from inglenook.commands.supplied import add_model, supplied, thinking
from inglenook.commands.terminal import failed, safe

if TYPE_CHECKING:
    from inglenook.commands.refactor_asked import Asked
    from inglenook.commands.refactor_shown import Offer
    from inglenook.engine.choices import Choices


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file",
        metavar="FILE[:START[-END]]",
        help="lines from 1, both inside; a short file can be edited as a whole",
    )
    parser.add_argument(
        "instruction",
        nargs="?",
        metavar="INSTRUCTION",
        help="what is to be done; - is read from standard input",
    )
    parser.add_argument(
        "--fix",
        metavar="MESSAGE",
        action="append",
        default=[],
        help="correct what a compiler or linter says of these lines; may be repeated",
    )
    parser.add_argument("--types", action="store_true", help="add the types a function lacks")
    parser.add_argument(
        "--docstring", action="store_true", help="document the function or class of the line"
    )
    parser.add_argument("--simplify", action="store_true", help="make the lines easier to read")
    ends = parser.add_mutually_exclusive_group()
    ends.add_argument("--diff", action="store_true", help="print a unified diff (the default)")
    ends.add_argument("--apply", action="store_true", help="write the file")
    parser.add_argument(
        "--json",
        action="store_true",
        help="print one JSON object; lines and characters of its edits count from 0, characters "
        "are code points",
    )
    add_model(parser)
    add_index_seconds(parser)


def run(args: argparse.Namespace) -> int:
    from inglenook.commands.asked import BadInput
    from inglenook.commands.refactor_asked import asked_of
    from inglenook.commands.refactor_shown import refused
    from inglenook.engine.refactor.wish import NotOffered
    from inglenook.models.errors import ModelError, PromptTooLong
    from inglenook.workspace.files import Unreadable
    from inglenook.workspace.rewriting import NotWritten

    try:
        asked = asked_of(args)
        return _end(asked, asyncio.run(_offer(asked, args)), args)
    except (BadInput, Unreadable, PromptTooLong) as error:
        return failed(str(error), 2)
    except NotOffered as error:
        return refused(error)
    except NotWritten as error:
        return failed(str(error), 1)
    except ModelError as error:
        return failed(str(error), 3)


async def _offer(asked: Asked, args: argparse.Namespace) -> Offer:
    from inglenook.commands.headless import opened
    from inglenook.commands.refactor_shown import Offer, Progress
    from inglenook.commands.shown import material_of
    from inglenook.engine.chat.configured import editing, manner
    from inglenook.engine.chat.question import Question
    from inglenook.engine.configuration import Sources, read
    from inglenook.engine.refactor.world import Look
    from inglenook.engine.refactor.writer import Writer
    from inglenook_context.document import Cursor

    root, original, wish = asked.root, asked.original, asked.wish
    configured = read(Sources((root,)))
    choices, settings = configured.choices, configured.choices.settings
    for notice in configured.notices:
        failed(notice.text, 0)
    _check_shown(asked, choices)
    document = wish.document
    name = args.model or editing(choices, str(root), document.language)
    how = thinking(manner(choices, str(root), "edit"), args.think)
    look = material_of(Question(document, wish.start, wish.stop, ""))
    cursor, store = Cursor(document, wish.stop), settings.index_dir
    checks = tuple(each for each in settings.checks if each.is_for(document.language))
    async with (
        opened(cursor, original.file, store, args.index_seconds, look) as desk,
        supplied(settings, name) as supply,
    ):
        await supply.open()
        await desk.ready()
        with Progress() as told:
            written = await Writer(desk.session).write(
                wish, supply, how, checks=checks, root=root, look=Look(desk), told=told
            )
    return Offer(written, asked.path, original.mark, tuple(each.name for each in checks))


def _check_shown(asked: Asked, choices: Choices) -> None:
    """Raises `BadInput` for a file that no model is shown, by any of its names."""
    from inglenook.commands.headless import root_of
    from inglenook.commands.shown import shown_path

    shown_path(asked.original.file, asked.root, choices)
    shown_path(asked.given, root_of(asked.given, Path.cwd()), choices)


def _end(asked: Asked, offer: Offer, args: argparse.Namespace) -> int:
    from inglenook.commands.refactor_shown import show_diff, show_object, tell
    from inglenook.workspace.rewriting import has_other_names, write_over

    if args.apply:
        shared = asked.original.file.exists() and has_other_names(asked.original)
        write_over(asked.original, offer.after)
        if shared:
            failed(f"{offer.path} had other names (hard links), which keep the old text.", 0)
    if args.json:
        show_object(offer, is_applied=args.apply)
        return 0
    if not args.apply:
        show_diff(offer)
    tell(offer.written)
    if args.apply:
        title, model = offer.written.title, offer.written.model.name
        print(safe(f"Applied to {offer.path}: {title} ({model})"), file=sys.stderr)
    return 0
