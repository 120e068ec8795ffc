"""What every report says of a review as a whole, in sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from inglenook.review.values import Report, Severity


def headline(report: Report) -> str:
    """What came out of it. What was not reviewed is never called clean."""
    counts = Counter(each.severity for each in report.findings)
    told = [
        f"{counts[each]} {each.word}{'s' if counts[each] != 1 else ''}"
        for each in sorted(Severity, reverse=True)
        if counts[each]
    ]
    if told:
        return f"{', '.join(told)} in {report.subject}"
    if report.coverage.complete:
        return f"Nothing found in {report.subject}"
    return f"Not all of {report.subject} could be reviewed; nothing was found in what was"


def coverage_lines(report: Report) -> Iterator[str]:
    """What was looked at, and each kind of thing that was not."""
    coverage = report.coverage
    files = f"{coverage.files} file{'s' if coverage.files != 1 else ''}"
    yield f"{coverage.reviewed} of {coverage.units} pieces of {files} were reviewed"
    if report.model is not None:
        model = report.model
        asked = f"asked {coverage.asked} times, {coverage.cached} answers were kept"
        yield f"by {model.name} on {model.backend} ({model.locality}), {asked}"
    for number, what in (
        (coverage.unseen, "files were not reached"),
        (coverage.failed, "requests failed"),
        (coverage.unparsed, "answers could not be read, or not all of them"),
        (coverage.unlocated, "findings quoted what is not there, or more than once: dropped"),
        (coverage.refuted, "findings were refuted by the judge"),
        (coverage.cut, "excerpts or findings were left out for their number or size"),
        (len(report.suppressed), "findings are suppressed"),
        (len(report.known), "findings are known from the baseline"),
        (len(report.fixed), "findings of the baseline are gone"),
    ):
        if number:
            yield f"{number} {what}"
    if coverage.stopped:
        yield coverage.stopped
