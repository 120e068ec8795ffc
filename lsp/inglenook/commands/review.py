"""``inglenook review``: what local models and plain checks find wrong in a change or in files.

Exit codes: 0 nothing as bad as --fail-on, 1 something is, 2 bad input, 3 not all could be reviewed.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from inglenook.commands.headless import add_index_seconds, top_of
from inglenook.commands.supplied import add_model
from inglenook.commands.terminal import failed, unheard

if TYPE_CHECKING:
    from inglenook.review.values import Report

_FORMATS = ("text", "json", "sarif", "markdown", "github")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", metavar="PATH", help="files, directories or globs")
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--diff",
        metavar="REV[..REV]",
        help="between two commits (three dots: from where they parted), or a commit and the work "
        "tree; with PATHs only these",
    )
    what.add_argument("--staged", action="store_true", help="what the next commit holds")
    what.add_argument(
        "--worktree",
        action="store_true",
        help="what has changed since the last commit, new files too (the default without PATHs)",
    )
    what.add_argument("--stdin", action="store_true", help="a unified diff on standard input")
    parser.add_argument(
        "--format",
        action="append",
        metavar="FORMAT[=FILE]",
        help=f"{', '.join(_FORMATS)}; may be repeated, each but one with a file (default: text)",
    )
    parser.add_argument(
        "--fail-on",
        choices=("note", "warning", "error", "never"),
        default="warning",
        help="the least severity that makes the exit code 1 (default: %(default)s)",
    )
    parser.add_argument("--baseline", metavar="FILE", help="tell only what is not in it")
    parser.add_argument(
        "--write-baseline", metavar="FILE", help="write what was found to it, to be known"
    )
    parser.add_argument("--reviewers", metavar="NAME,...", help="only these")
    parser.add_argument(
        "--without",
        metavar="NAME,...",
        help="all but these, which may be rules of checks, as review/injection",
    )
    parser.add_argument(
        "--judge",
        action=argparse.BooleanOptionalAction,
        default=False,
        help="have a second question try to refute each finding (default: no)",
    )
    parser.add_argument(
        "--no-model", action="store_true", help="only the checks that need no model"
    )
    parser.add_argument("--jobs", metavar="N", type=int, help="questions at once (default: slots)")
    parser.add_argument("--max-time", metavar="S", type=float, help="end after so many seconds")
    parser.add_argument("--max-tokens", metavar="N", type=int, help="end after so many tokens")
    parser.add_argument(
        "--resume", action="store_true", help="go on where the same review was ended"
    )
    add_model(parser)
    add_index_seconds(parser)


def run(args: argparse.Namespace) -> int:
    from inglenook.review.bad_input import BadInput

    try:
        _check(args)
        report = asyncio.run(_reviewed(args))
        return _end(report, args)
    except BadInput as error:
        return failed(str(error), 2)
    except BrokenPipeError:  # which is nobody's who reads the report
        return failed("A program that the review needs has ended.", 3)


async def _reviewed(args: argparse.Namespace) -> Report:
    """The index's worker starts while this process imports what reviews: both take as long.

    What is imported stays, so that looking for garbage in it is a tenth of that time for nothing.
    """
    gc.disable()
    from inglenook.workspace.spawned import begun, ended

    worker = await begun() if args.index_seconds > 0 and not args.no_model else None
    try:
        from inglenook.commands.review_run import reviewed

        gc.freeze()
        gc.enable()
        return await reviewed(args, worker)
    finally:
        if worker is not None:
            await ended(worker)


def _check(args: argparse.Namespace) -> None:
    """Raises `BadInput` for what cannot be meant, before a review takes its time."""
    from inglenook.review.bad_input import BadInput

    _check_files(args)
    for value, option in (
        (args.jobs, "--jobs"),
        (args.max_time, "--max-time"),
        (args.max_tokens, "--max-tokens"),
    ):
        if value is not None and not value > 0:
            raise BadInput(f"{option} must be more than 0.")
    if args.diff is not None and not args.diff.strip("."):
        raise BadInput("--diff must name a commit; was a variable empty?")
    if args.stdin and args.paths:
        raise BadInput("Of a diff on standard input no PATHs can be named.")


def _check_files(args: argparse.Namespace) -> None:
    """What is written, and that nothing is written over something else of this review."""
    from inglenook.review.bad_input import BadInput
    from inglenook.review.written import check

    forms = [each.partition("=") for each in args.format or ()]
    for name, sign, file in forms:
        if name not in _FORMATS:
            raise BadInput(f"{name!a} is no format; there are: {', '.join(_FORMATS)}.")
        if sign and not file:
            raise BadInput(f"Say which file, as in --format {name}=FILE.")
    if sum(not sign for _, sign, _ in forms) > 1:
        raise BadInput("Only one format can go to standard output; give the others a file.")
    for named, option in (
        (args.baseline, "--baseline"),
        (args.write_baseline, "--write-baseline"),
    ):
        if named == "":
            raise BadInput(f"{option} must name a file; was a variable empty?")
    written = [Path(file) for _, _, file in forms if file]
    written += [Path(args.write_baseline)] if args.write_baseline else []
    root = top_of(Path.cwd())
    for each in written:
        check(each, root)
    if args.baseline and not _is_same(args.baseline, args.write_baseline):
        written.append(Path(args.baseline))
    real = [os.path.realpath(each) for each in written if each.is_file() or not each.exists()]
    if len(set(real)) < len(real):
        raise BadInput("Reports and baselines cannot go into one file; give each its own.")


def _is_same(one: str, two: str | None) -> bool:
    return two is not None and os.path.realpath(one) == os.path.realpath(two)


def _end(report: Report, args: argparse.Namespace) -> int:
    """Tell all of it, wherever it is to be told; what cannot be written is told here instead.

    What can be written anew comes first: its exit code is to be the one that there is in the end.
    """
    from inglenook.review.exit_code import exit_code
    from inglenook.review.values import Severity

    least = None if args.fail_on == "never" else Severity[args.fail_on.upper()]
    code = exit_code(report, least, is_known=bool(args.write_baseline))
    unwritten = _write_baseline(report, Path(args.write_baseline)) if args.write_baseline else []
    code = 2 if unwritten else code
    forms = [each.partition("=")[::2] for each in args.format or ("text",)]
    targets = [(name, Path(file)) for name, file in forms if file]
    files = [each for each in targets if each[1].is_file() or not each[1].exists()]
    streams = [each for each in targets if each not in files]
    untold = _written(files, report, code)
    code = 2 if untold else code
    untold += [said for name, file in forms if not file for said in _shown(name, report, code)]
    if untold:
        code = 2
        _written([each for each in files if each[1].is_file()], report, code)
    untold += _written(streams, report, code)
    for each in (*unwritten, *untold):
        failed(each, 2)
    if untold:
        _show_instead(report)
    return 2 if untold else code


def _write_baseline(report: Report, file: Path) -> list[str]:
    from inglenook.review.bad_input import BadInput
    from inglenook.review.baseline import text_of
    from inglenook.review.written import write

    if not report.coverage.complete:
        failed(f"{file}: not all could be reviewed, so nothing that it had is taken out.", 0)
    try:
        write(file, text_of((*report.findings, *report.known, *report.kept)))
    except BadInput as error:
        return [str(error)]
    return []


def _written(files: Sequence[tuple[str, Path]], report: Report, code: int) -> list[str]:
    """Write each in its format; why that was not possible where it was not."""
    from inglenook.review.bad_input import BadInput
    from inglenook.review.written import write

    unwritten = []
    for name, file in files:
        try:
            write(file, _rendered(name, report, code))
        except BadInput as error:
            unwritten.append(str(error))
    return unwritten


def _shown(name: str, report: Report, code: int) -> list[str]:
    """Show it; why that was not possible if it was not. Whoever has left wants no more of it."""
    try:
        if name == "text":
            from inglenook.commands.review_screen import show

            show(report)
        else:
            sys.stdout.write(_rendered(name, report, code))
        sys.stdout.flush()
    except OSError as error:
        unheard(sys.stdout)
        if not isinstance(error, BrokenPipeError):
            return [f"The report cannot be shown: {error.strerror}."]
    return []


def _show_instead(report: Report) -> None:
    from inglenook.commands.review_screen import as_text

    try:
        print(as_text(report), file=sys.stderr, flush=True)
    except OSError:
        unheard(sys.stderr)


def _rendered(name: str, report: Report, code: int) -> str:
    from inglenook.review.report_github import as_github
    from inglenook.review.report_json import as_json
    from inglenook.review.report_markdown import as_markdown
    from inglenook.review.report_sarif import as_sarif

    if name == "json":
        return as_json(report, code)
    if name == "sarif":
        return as_sarif(report, code)
    if name == "markdown":
        return as_markdown(report)
    if name == "github":
        return as_github(report)
    from inglenook.commands.review_screen import as_text

    return as_text(report)
