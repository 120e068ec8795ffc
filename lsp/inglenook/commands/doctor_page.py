"""What ``inglenook doctor`` found, as a page: the verdict, what to do, and then the details."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Sequence
from typing import Final

from inglenook import __version__
from inglenook.commands.doctor_completing import disabled, said_in
from inglenook.commands.doctor_facts import Facts
from inglenook.commands.doctor_off import automatic, off
from inglenook.commands.doctor_report import is_there, log_file, relevant, versions
from inglenook.commands.doctor_trouble import Trouble, title
from inglenook.commands.doctor_troubles import works
from inglenook.commands.models import megabytes
from inglenook.engine.settings import Level, Notice, Selection
from inglenook.models.discover import Place
from inglenook.models.model import ModelInfo

_ROWS: Final = 20  # of counters


def page(facts: Facts, found: tuple[Trouble, ...]) -> Iterator[str]:
    """Line by line; each may still hold what must not reach a terminal."""
    yield _verdict(facts, found)
    for trouble in found:
        yield f"{'-' if trouble.harmless else '!'} {trouble.cause}"
        yield f"  {trouble.cure}"
    for section in (_used, _places, _listening, _configuration, _counted, _program):
        yield ""
        yield from section(facts)


def _verdict(facts: Facts, found: tuple[Trouble, ...]) -> str:
    elsewhere = "".join(_elsewhere(facts))
    if not works(facts):
        alone = f" (but{elsewhere.removeprefix(';')})" if elsewhere and not any(off(facts)) else ""
        return f"Completion will not work{alone}."
    asked = "" if automatic(facts) else " when you ask for it"
    who = f"{_named(facts.info)}{elsewhere}{_nowhere(facts)}"
    wrong = sum(not trouble.harmless for trouble in found)
    if not wrong:
        return f"Completion will work{asked}, with {who}."
    but = "this is" if wrong == 1 else "these are"
    return f"Completion will work{asked}, with {who}; but {but} wrong:"


def _named(info: ModelInfo | None) -> str:
    return f"{info.name} of {info.backend} ({info.locality})" if info else "nothing"


def _elsewhere(facts: Facts) -> Iterator[str]:
    """The languages in which another model completes."""
    groups: dict[str, list[str]] = {}
    for each in facts.completing[1:]:
        if each.works:
            groups.setdefault(_named(each.info), []).append(each.language)
    for who, languages in groups.items():
        yield f"; in {', '.join(languages)} with {who}"


def _nowhere(facts: Facts) -> str:
    """The languages in which none does."""
    languages = {each.language for each in facts.completing[1:] if not each.works}
    languages |= disabled(facts.choices, facts.folder)
    return f"; not in {', '.join(sorted(languages))}" if languages else ""


def _used(facts: Facts) -> Iterator[str]:
    info, choice = facts.info, facts.choice
    if info is None or choice is None:
        yield f"Used  nothing: {facts.failure}"
    else:
        yield f"Used  {_named(info)}"
        yield f"  {facts.roles[0].why if facts.roles else choice.reason}"
        yield f"  Holes are filled {_filled(facts, info)}; its window has " + (
            f"{info.context_tokens} tokens." if info.context_tokens else "an unknown size."
        )
        yield f"  {_speed(facts)}"
    for each in facts.completing[1:]:
        yield f"  In {each.language}: {_named(each.info)}. {each.failure or each.chosen.why}"
    for role in facts.roles[1:] if info else ():
        name = f"{role.choice.found.name}. " if role.choice else ""
        yield f"  For {role.name}: {name}{role.why}"


def _filled(facts: Facts, info: ModelInfo) -> str:
    entry = facts.completing[0].entry
    if entry is not None and entry.autocomplete.template:
        return "by the template of your configuration file"
    how = {"template": f"by the template of {info.family}", "backend": "by the backend itself"}
    return how.get(info.fill, "by a chat instruction")


def _speed(facts: Facts) -> str:
    finding = facts.finding
    if finding is None:
        return "Its speed was not measured here yet: inglenook models probe"
    told = [
        f"{figure:,.0f} {what}"
        for figure, what in (
            (finding.prompt_per_second, "prompt tokens read a second"),
            (finding.predicted_per_second, "tokens written a second"),
            (finding.first_token and finding.first_token * 1000, "ms to the first token of a key"),
        )
        if figure is not None
    ]
    return f"Measured here: {', '.join(told) or 'nothing that the backend tells'}."


def _places(facts: Facts) -> Iterator[str]:
    yield "Looked at"
    for place in facts.survey.places:
        yield from _place(facts, place)


def _place(facts: Facts, place: Place) -> Iterator[str]:
    told = facts.answering.get(place.address)
    yield f"  {place.provider}  {place.address}  {told.version if told else ''}".rstrip()
    if place.trouble:
        yield f"    - {place.trouble}"
    if told and told.cloud:
        yield (
            f"    - {title(place)} can forward models to its makers' machines; such models are "
            "refused. OLLAMA_NO_CLOUD=1 switches that off."
        )
    for model in place.models:
        skill = "fills holes" if model.family else "vectors" if model.embeds else "chat"
        state = "loaded" if model.loaded else ""
        known = (model.name, megabytes(model.size_bytes), skill, state, str(model.locality))
        yield f"    - {', '.join(filter(None, known))}"
        if model.refused:
            yield f"      ! {model.refused}"


def _listening(facts: Facts) -> Iterator[str]:
    yield "Ports of model servers that are listened on"
    if facts.listening is None:
        yield "  - not checked on this system"
        return
    if not relevant(facts):
        yield "  - none"
    for each in relevant(facts):
        yield f"  {'!' if each.open else '-'} {each.port} at {each.host}"


def _configuration(facts: Facts) -> Iterator[str]:
    settings = facts.settings
    there = "" if is_there(facts) else " (there is none, and none is needed)"
    yield f"Configuration  {settings.config_file}{there}"
    yield from _noticed(settings.notices)
    yield from _selected(settings.selection, "For ")
    for rule in settings.folder_rules:
        yield from _selected(rule.selection, f"In {rule.pattern} for ")
    if facts.folder:
        theirs = said_in(facts.choices, facts.folder)
        yield f"Workspace  {facts.folder}"
        yield from _noticed(theirs.notices)
        yield from _selected(theirs.selection, "Its file has for ")
        picked = facts.choices.picks.get(facts.folder, Selection())
        yield from _selected(picked, "You chose in the editor for ")


def _noticed(notices: Sequence[Notice]) -> Iterator[str]:
    for notice in notices:
        yield f"  {'!' if notice.level is Level.WARNING else '-'} {notice.text}"


def _selected(selection: Selection, where: str) -> Iterator[str]:
    for role, name in selection.roles.items():
        yield f"  {where}{role}: {name!a}"
    for language, roles in selection.languages.items():
        for role, name in roles.items():
            yield f"  {where}{role} in {language}: {name!a}"


def _counted(facts: Facts) -> Iterator[str]:
    off = "" if facts.settings.counters else " (nothing more is counted: inglenook.counters is off)"
    yield f"Counted on this machine, and kept here only{off}"
    if not facts.totals:
        yield "  - nothing yet"
    for total in facts.totals[:_ROWS]:
        rate = "" if total.rate is None else f" ({total.rate:.0%})"
        yield (
            f"  - {total.model}, {total.language}: {total.shown} shown, "
            f"{total.accepted} accepted{rate}, {total.rejected} rejected"
        )


def _program(_facts: Facts) -> Iterator[str]:
    yield f"inglenook {__version__}, Python {platform.python_version()}, {platform.platform()}"
    found = versions()
    yield "  " + ", ".join(f"{name} {number or 'is missing'}" for name, number in found.items())
    yield "For a bug report, let the server write a log (never text of yours), and send it:"
    yield f"  inglenook serve --log-level debug --log-file {log_file()}"
