"""``inglenook doctor``: what is there, what is used, and why; the first page of a bug report.

It judges what a server would do in the current directory, were that the editor's folder. It asks
the backends what they have and sends no prompt. The first line says whether completion
will work, the two after it the most important cause that something is wrong and its cure.

Exit codes: 0 completion will work and nothing is wrong; 1 there is something to read, or no
model; 2 what ``--folder`` names is no folder; 3 there is a model, and its backend failed. A note,
which says of itself that nothing need be done, leaves the code at 0.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from inglenook.commands.models import one_line
from inglenook.commands.terminal import failed


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--folder", type=Path, metavar="DIR", help="a workspace, in place of the current directory"
    )


def run(args: argparse.Namespace) -> int:
    from inglenook.commands.doctor_facts import gather
    from inglenook.commands.doctor_page import page
    from inglenook.commands.doctor_report import report
    from inglenook.commands.doctor_troubles import exit_code, troubles
    from inglenook.engine.configuration import Sources, read, real

    if args.folder is not None and not args.folder.is_dir():
        return failed(f"there is no folder at {args.folder}; name one that is there.", 2)
    folder = args.folder if args.folder is not None else _here()
    configured = read(Sources((folder,) if folder is not None else ()))
    facts = gather(configured.choices, real(folder) if folder is not None else "")
    found = troubles(facts)
    if args.json:
        print(json.dumps(report(facts, found)))
    else:
        print("\n".join(map(one_line, page(facts, found))))
    return exit_code(facts, found)


def _here() -> Path | None:
    """The current directory; None if somebody has removed it."""
    try:
        return Path.cwd()
    except OSError:
        return None
