"""``inglenook serve``: the language server on stdin and stdout."""

from __future__ import annotations

import argparse
from pathlib import Path

LEVELS = ("error", "warning", "info", "debug")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--log-file", type=Path, metavar="PATH", help="write the log there (never text of yours)"
    )
    parser.add_argument("--log-level", choices=LEVELS, default="warning", metavar="L")
    parser.add_argument(
        "--machine-scoped",
        action="store_true",
        help="what the editor sends under `machine` is the user's own, never a repository's",
    )
    parser.add_argument("--stdio", action="store_true", help="accepted and ignored: always so")


def run(args: argparse.Namespace) -> int:
    import gc

    # Importing makes many objects and little garbage: look for it less often. (Not at all would
    # cost ten megabytes of cycles that are never given back.)
    gc.set_threshold(10_000, 20, 20)
    from inglenook.server.app import serve

    return serve(args.log_file, args.log_level, vouched=args.machine_scoped)
