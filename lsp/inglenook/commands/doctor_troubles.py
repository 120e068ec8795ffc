"""What is wrong, as values: each trouble with its cause and its cure, the most important first.

Nothing is asked or read here; `inglenook.commands.doctor_facts` has done that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from inglenook.commands.doctor_completing import said_in
from inglenook.commands.doctor_disk import Blocked
from inglenook.commands.doctor_facts import Facts, port_of, servers
from inglenook.commands.doctor_no_model import no_model, no_model_in
from inglenook.commands.doctor_off import limited, off
from inglenook.commands.doctor_trouble import PULL, Rank, Trouble, title
from inglenook.engine import advisories, exposed, other_providers
from inglenook.engine.settings import Fate, Level
from inglenook.models.model import Fill
from inglenook.models.templates import TEMPLATES

_CORRECT: Final = "Correct it there; what becomes of each key is shown by: inglenook config show"
_THEIRS: Final = "Take it out there, or have it in your own configuration: inglenook config show"
# What warnings say that cost no model of the configuration, and what helps.
_NOT_LOST: Final = {
    "OLLAMA_HOST": "Set OLLAMA_HOST to 127.0.0.1, or remove it.",
    "INGLENOOK_CONFIG names it": "Make that file, or remove INGLENOOK_CONFIG.",
}
# What warnings on these keys say costs no model either.
_BESIDE: Final = re.compile(
    r": (?:rules|prompts|docs|context|data|mcpServers|experimental|customCommands"
    r"|inglenook\.(?!hosts))"
)
_NAMED: Final = 4  # identifiers in one line


def troubles(facts: Facts) -> tuple[Trouble, ...]:
    """All that there is to say, the most important first."""
    found = [
        *_unreadable(facts),
        *_config(facts),
        *off(facts),
        *no_model(facts),
        *no_model_in(facts),
        *_exposed(facts),
        *_no_space(facts),
        *_template(facts),
        *_providers(facts),
        *_holes(facts),
        *limited(facts),
        *_proxy(facts),
        *_old_table(facts),
    ]
    return tuple(sorted(found, key=lambda each: each.rank))


def works(facts: Facts) -> bool:
    """Whether a completion would be answered where nobody says anything of the language."""
    return facts.info is not None and not any(off(facts))


def exit_code(facts: Facts, found: tuple[Trouble, ...]) -> int:
    """3: the chosen model's backend failed; 1: something is to be read, or no model; else 0."""
    if facts.choice is not None and facts.info is None:
        return 3
    return 0 if works(facts) and all(each.harmless for each in found) else 1


def _unreadable(facts: Facts) -> Iterator[Trouble]:
    for blocked in facts.unreadable:
        yield Trouble(
            Rank.UNREADABLE,
            f"Your configuration {blocked.path} cannot be read: {blocked.at} ({blocked.why}).",
            _way_in(blocked),
        )


def _way_in(blocked: Blocked) -> str:
    if not blocked.mine:
        return f"Make {blocked.at} yours (chown), or run this as the user whose it is."
    mode = "u+rwx" if blocked.at != blocked.path else "u+rw"
    return f"Give yourself access again: chmod {mode} '{blocked.at}'"


def _config(facts: Facts) -> Iterator[Trouble]:
    """Warnings on the configuration; and what of it was refused, if no warning says so."""
    hidden = tuple(f"{blocked.path}:" for blocked in facts.unreadable)
    texts = [
        notice.text
        for notice in facts.settings.notices
        if notice.level is Level.WARNING and not (hidden and notice.text.startswith(hidden))
    ]
    for row in facts.settings.rows:
        place = f"{row.file}:{row.line}:"
        if row.fate is Fate.REFUSED and not any(text.startswith(place) for text in texts):
            texts.append(f"{place} {row.key} is refused: {row.why}")
    # An entry that is there was not lost in the file.
    there = {spec.name for spec in facts.settings.models}
    missing = facts.choice is None and facts.completing[0].chosen.name not in there
    for text in texts:
        beside = _BESIDE.search(text) or any(each in text for each in _NOT_LOST)
        lost = missing and not beside
        cure = next((cure for what, cure in _NOT_LOST.items() if what in text), _CORRECT)
        yield Trouble(Rank.BROKEN_CONFIG if lost else Rank.CONFIG, text, cure)
    for notice in said_in(facts.choices, facts.folder).notices:
        if notice.level is Level.WARNING:  # what a workspace says costs no model of the user's
            yield Trouble(Rank.CONFIG, notice.text, _THEIRS)


def _exposed(facts: Facts) -> Iterator[Trouble]:
    for place in servers(facts.survey):
        port = port_of(place.address)
        where = exposed.reachable(facts.listening or (), port)
        if where is not None:
            yield Trouble(
                Rank.EXPOSED,
                f"{title(place)} listens on {where.where} (port {port}): whoever reaches it can "
                "use it.",
                exposed.cure(place.provider),
            )


def _no_space(facts: Facts) -> Iterator[Trouble]:
    for blocked in facts.unwritable:
        if blocked.full:
            yield Trouble(
                Rank.NO_SPACE,
                f"There is no space for {blocked.path} ({blocked.why}).",
                "Free some there, or set INGLENOOK_STATE_DIR and INGLENOOK_CACHE_DIR to directories"
                " that have it.",
            )
        elif not any(each.at == blocked.at for each in facts.unreadable):
            yield Trouble(
                Rank.NO_SPACE,
                f"Nothing can be kept in {blocked.path}: {blocked.at} ({blocked.why}).",
                f"{_way_in(blocked)}, or set INGLENOOK_STATE_DIR and INGLENOOK_CACHE_DIR.",
            )


def _template(facts: Facts) -> Iterator[Trouble]:
    info, finding = facts.info, facts.finding
    entry = facts.completing[0].entry
    if info is None or (entry is not None and entry.autocomplete.template):
        return  # it is asked by the user's own template, whatever was found out
    cure = f"Use a model that was trained to fill holes: {PULL}"
    if finding is not None and finding.confirmed:
        told, way = TEMPLATES.get(info.family), finding.way
        other = TEMPLATES.get(way.family)
        if told is not None and other is not None and told.prefix != other.prefix:
            yield Trouble(
                Rank.MISNAMED,
                f"The name of {info.name} means the template of {info.family}, but the model "
                f"fills holes in that of {way.family}.",
                "Nothing need be done: Inglenook asks it so. Other programs may have to be told.",
            )
    elif finding is not None and finding.complete:
        yield Trouble(
            Rank.TEMPLATE,
            f"{info.name} filled none of the known holes in any template, so its completions will "
            "be poor.",
            f"{cure} (or ask it again: inglenook models probe {info.name})",
        )
    elif info.fill is Fill.CHAT:
        yield Trouble(Rank.TEMPLATE, f"{info.name}: {info.notice}", cure)


def _providers(facts: Facts) -> Iterator[Trouble]:
    if facts.others is not None and facts.others.providers:
        names = facts.others.providers
        yield Trouble(Rank.PROVIDERS, other_providers.cause(names), other_providers.cure(names))


def _holes(facts: Facts) -> Iterator[Trouble]:
    """Known holes of the versions that answer."""
    for place in servers(facts.survey):
        version = facts.answering[place.address].version if facts.answering else ""
        found = advisories.applying(place.provider, version)
        if found:
            worst = max(found, key=lambda each: each.fixed or each.last)
            names = ", ".join(each.id for each in found[-_NAMED:])
            yield Trouble(
                Rank.ADVISORY,
                f"{title(place)} {version} has known holes ({names}): by one of them {worst.what}.",
                f"Update it to {worst.cure}.",
            )


def _proxy(facts: Facts) -> Iterator[Trouble]:
    if facts.proxies:
        yield Trouble(
            Rank.PROXY,
            f"{' and '.join(facts.proxies)} names a proxy. Inglenook ignores it; other programs "
            "may send it what is meant for 127.0.0.1, prompts too.",
            "Set NO_PROXY=localhost,127.0.0.1,::1 for them, Ollama's own commands among them.",
        )


def _old_table(facts: Facts) -> Iterator[Trouble]:
    if advisories.is_old(facts.now.date()):
        yield Trouble(
            Rank.OLD_TABLE,
            f"The known holes of model servers are listed as of {advisories.DATED}.",
            "Update Inglenook to learn of newer ones.",
        )
