"""Reports of whatever texts a repository or a model can hold: well formed, and nothing in them
steers a terminal, a workflow or a reader's eye."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from inglenook.commands.review_screen import as_text
from inglenook.review.report_github import as_github
from inglenook.review.report_json import as_json
from inglenook.review.report_markdown import as_markdown, escaped
from inglenook.review.report_sarif import as_sarif
from inglenook.review.values import Coverage, Finding, Report, Severity, Skipped
from tests.support.sarif import sarif_schema

HOSTILE = (
    *("::error file=x::y", "%0A::error::", "\x1b[31m", "\u202e", "<script>", "|`a`|", "\ud800"),
    *("\r\n::set-output", "[x](javascript:1)", "{0}", "\u2028::error::"),
)
COMMANDS = ("::error ", "::warning ", "::notice ")
TEXTS = st.one_of(st.text(max_size=30), st.lists(st.sampled_from(HOSTILE)).map("".join))


@st.composite
def reports(draw: st.DrawFn) -> Report:
    one = Finding(draw(TEXTS), Severity.ERROR, draw(TEXTS), draw(TEXTS), 3, 4, draw(TEXTS))
    two = replace(one, symbol=draw(TEXTS), message=draw(TEXTS), by=(draw(TEXTS),))
    coverage = Coverage(skipped=(Skipped(draw(TEXTS), draw(TEXTS)),), stopped=draw(TEXTS))
    return Report("root", draw(TEXTS), (one, two), coverage, remarks=(draw(TEXTS),))


@given(reports())
def test_reports_are_well_formed_and_inert(report: Report) -> None:
    assert json.loads(as_json(report, 1))["findings"][0]["message"] == report.findings[0].message
    sarif = json.loads(as_sarif(report, 1))
    sarif_schema().validate(sarif)
    assert len(sarif["runs"][0]["results"]) == 2
    commands = as_github(report)
    assert len(commands.splitlines()) == 3
    assert all(line.startswith(COMMANDS) for line in commands.splitlines())
    for text in (commands, as_markdown(report), as_text(report)):
        text.encode()
        assert not {"\x1b", "\u202e", "\u2028"}.intersection(text)
    assert "<script" not in as_markdown(replace(report, findings=()))


def test_a_workflow_is_told_first_what_came_out_and_last_what_was_not_reviewed() -> None:
    one = Finding("code/secret", Severity.ERROR, "A key.", "a.py", 3, 3, "x")
    skipped = [Skipped(f"{name}.py", "It is no text.", missed=name != "b") for name in "bcd"]
    report = Report("root", "main..HEAD", (one,), Coverage(skipped=tuple(skipped)))
    first, *rest = as_github(report).splitlines()
    assert first.startswith("::warning title=Inglenook::1 error in main..HEAD.")
    assert rest == [
        "::error file=a.py,line=3,endLine=3,title=code/secret (100%25)::A key.",
        "::warning file=c.py,title=Not reviewed::It is no text.",
        "::warning file=d.py,title=Not reviewed::It is no text.",
    ]


def test_markdown_makes_no_address_of_words() -> None:
    assert (
        escaped("see www.evil.example and WWW.x")
        == "see www<!-- -->.evil.example and WWW<!-- -->.x"
    )
    assert escaped("foo@evil.example, @team") == "foo&#64;<!-- -->evil.example, &#64;<!-- -->team"


def test_markdown_is_never_more_than_a_comment_takes() -> None:
    wide = "<" * 5_000
    one = Finding("a/b", Severity.ERROR, "m", wide, 3, 3, f"{wide}\n" * 30)
    coverage = Coverage(skipped=(Skipped(wide, wide),) * 40, stopped=wide)
    text = as_markdown(Report("root", wide, (one,) * 90, coverage, remarks=(wide,) * 40))
    assert 30_000 < len(text) < 65_536
    assert "more findings do not fit here." in text
