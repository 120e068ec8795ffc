"""``inglenook config show``, ``check``, ``import PATH`` and ``schema``."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

_ACTIONS = {
    "show": "every key of your configuration and what becomes of it (the default)",
    "check": "say what is wrong, for CI: exit code 1 if something is, 2 if nothing can be read",
    "import": "make one clean file of a config.yaml, a config.json or a directory of Continue's",
    "schema": "print the JSON schema of the file, for an editor",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    parser.set_defaults(action="show", json=False, folder=None)
    made = {name: actions.add_parser(name, help=text) for name, text in _ACTIONS.items()}
    for name in ("show", "check"):
        made[name].add_argument("--json", action="store_true", help="print one JSON object")
    made["show"].add_argument(
        "--folder", type=Path, metavar="DIR", help="a workspace, in place of the current directory"
    )
    made["check"].add_argument(
        "path",
        type=Path,
        nargs="?",
        metavar="PATH",
        help="a file that is read as your own, or the folder of a workspace; else your own file",
    )
    made["import"].add_argument("path", type=Path, metavar="PATH")
    made["import"].add_argument(
        "--write", action="store_true", help="write it where your configuration is looked for"
    )
    made["import"].add_argument(
        "--force", action="store_true", help="replace the file that is there, and keep it beside"
    )


def run(args: argparse.Namespace) -> int:
    if args.action == "import":
        from inglenook.commands.config_import import run_import

        return run_import(args.path, write=args.write, force=args.force)
    if args.action == "check":
        from inglenook.commands.config_check import run_check

        return run_check(args.path, as_json=args.json)
    if args.action == "schema":
        from inglenook.engine.config.json_schema import json_schema

        print(json.dumps(json_schema(), indent=2, ensure_ascii=False))
        return 0
    from inglenook.commands.config_show import run_show

    return run_show(args.folder, as_json=args.json)
