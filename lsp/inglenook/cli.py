"""The command line: one sub-command per use, each imported when it is asked for.

Exit codes: 0 fine, 1 findings or no result, 2 bad usage or input, 3 the model or backend failed.
"""

from __future__ import annotations

import argparse
import io
import logging
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final

from inglenook import __version__
from inglenook.commands.terminal import failed

_COMMANDS: Final = {
    "serve": "speak the Language Server Protocol on stdin and stdout",
    "complete": "complete the code at FILE:LINE:COL and print what would be inserted",
    "chat": "answer a question about FILE:START-END, or about a whole file",
    "refactor": "edit FILE:START-END as you say, by a model and checked, and print the diff",
    "review": "have local models and plain checks review a change, or files",
    "models": "list the models that can be used, or get one",
    "config": "show, check or import the configuration",
    "cache": "show or remove the answers that are kept on the disk",
    "doctor": "say what was found on this machine, and what is used and why",
    "demo": "type into a small sample workspace and show what a real model answers",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    for name in ("stdout", "stderr"):  # whoever closed one wants nothing of it
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            setattr(sys, name, os.fdopen(nowhere, "w", encoding="utf-8"))
    for name in ("inglenook", "asyncio"):  # only `serve` has a log
        logging.getLogger(name).addHandler(logging.NullHandler())
    arguments = sys.argv[1:] if argv is None else list(argv)
    parser = argparse.ArgumentParser(
        prog="inglenook", description="The coding assistant that never leaves the house."
    )
    parser.add_argument("--version", action="version", version=f"inglenook {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, help_text in _COMMANDS.items():
        command = commands.add_parser(name, help=help_text, description=help_text.capitalize())
        if name in arguments[:1]:
            module = import_module(f"inglenook.commands.{name}")
            module.add_arguments(command)
            command.set_defaults(run=module.run)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a pipe on Windows may know no emoji
            stream.reconfigure(errors="backslashreplace")
    args = parser.parse_args(arguments)
    try:
        code = int(args.run(args))
        sys.stdout.flush()
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output has left: nobody is there to be told
        return 0
    except OSError as error:
        sys.stdout = None  # what is left in its buffer would fail again at the end
        return failed(f"the command could not go on: {error.strerror or error}.", 3)
    return code
