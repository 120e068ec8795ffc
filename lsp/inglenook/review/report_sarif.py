"""A report as SARIF 2.1.0 (OASIS standard, with errata 01), for code scanning and other tools.

Text is plain: no Markdown, no HTML. Paths are relative to SRCROOT and percent-encoded.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, Final
from urllib.parse import quote

from inglenook import __version__
from inglenook.engine.markdown.signs import plain
from inglenook.review.fingerprints import VERSION
from inglenook.review.values import Finding, Report, Severity

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_FINGERPRINT: Final = f"inglenook/v{VERSION}"
_QUOTED: Final = 1_000  # characters of code that are shown


def as_sarif(report: Report, code: int) -> str:
    """``code`` is the exit code of the run."""
    shown = [*report.findings, *report.known, *(each.finding for each in report.suppressed)]
    rules = sorted({each.rule for each in shown} | set(report.rules))
    numbers = {rule: number for number, rule in enumerate(rules)}
    fresh = "new" if report.known or report.fixed else ""
    results = [_result(each, numbers, fresh) for each in report.findings]
    results += [_result(each, numbers, "unchanged") for each in report.known]
    for each in report.suppressed:
        result = _result(each.finding, numbers, fresh)
        result["suppressions"] = [{"kind": each.where, "justification": plain(each.reason)}]
        results.append(result)
    driver = {
        "name": "Inglenook",
        "semanticVersion": __version__,
        "rules": [_rule(rule, report) for rule in rules],
    }
    run = {
        "tool": {"driver": driver},
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "The root of the review."}}},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report, code)],
        "results": results,
        "properties": _properties(report),
    }
    body = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(body, indent=1, ensure_ascii=True) + "\n"


def _rule(rule: str, report: Report) -> dict[str, Any]:
    known = report.rules.get(rule)
    text = plain(known.description) if known is not None else rule
    level = known.severity if known is not None else Severity.WARNING
    return {
        "id": rule,
        "shortDescription": {"text": text},
        "defaultConfiguration": {"level": level.word},
    }


def _result(each: Finding, numbers: dict[str, int], state: str) -> dict[str, Any]:
    region: dict[str, Any] = {"startLine": each.line, "endLine": each.end_line}
    if each.quote:
        region["snippet"] = {"text": plain(each.quote[:_QUOTED])}
    place: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": uri_of(each.path), "uriBaseId": "SRCROOT"},
            "region": region,
        }
    }
    if each.symbol:
        place["logicalLocations"] = [{"fullyQualifiedName": plain(each.symbol)}]
    result: dict[str, Any] = {
        "ruleId": each.rule,
        "ruleIndex": numbers[each.rule],
        "level": each.severity.word,
        "message": {"text": plain(each.message)},
        "locations": [place],
        "partialFingerprints": {_FINGERPRINT: each.fingerprint},
        "rank": round(each.confidence * 100, 1),
        "properties": {"by": list(each.by), "judged": each.judged, "certain": each.certain},
    }
    if state:
        result["baselineState"] = state
    return result


def uri_of(path: str) -> str:
    """A relative reference (RFC 3986) whose first segment cannot be taken for a scheme."""
    found = quote(path, safe="/", errors="surrogatepass")
    return f"./{found}" if "%3A" in found.partition("/")[0] else found


def _invocation(report: Report, code: int) -> dict[str, Any]:
    coverage = report.coverage
    said = [f"{each.path}: {each.reason}" for each in coverage.skipped]
    said += [*report.remarks, *([coverage.stopped] if coverage.stopped else [])]
    return {
        "executionSuccessful": coverage.complete,
        "exitCode": code,
        "toolExecutionNotifications": [
            {"level": "note", "message": {"text": plain(each)}} for each in said
        ],
    }


def _properties(report: Report) -> dict[str, Any]:
    coverage = {key: value for key, value in asdict(report.coverage).items() if key != "skipped"}
    coverage["skipped"] = len(report.coverage.skipped)
    coverage["complete"] = report.coverage.complete
    return {
        "subject": plain(report.subject),
        "model": asdict(report.model) if report.model is not None else None,
        "judge": report.judge,
        "coverage": coverage,
    }
