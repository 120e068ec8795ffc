"""What an editor keeps for the machine, and not for a workspace: as good as the user's own file.

It is read with the schema of that file and goes before it, key by key; models are replaced by
name, and hosts, rules and the like are added.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from inglenook.engine.config import ours, texts
from inglenook.engine.config.blocks import Blocks
from inglenook.engine.config.check import check
from inglenook.engine.config.checks import refuse_checks
from inglenook.engine.config.disabled import disable
from inglenook.engine.config.files import continue_directory
from inglenook.engine.config.kinds import Zone
from inglenook.engine.config.models import model_specs
from inglenook.engine.config.options import flag
from inglenook.engine.config.report import Report
from inglenook.engine.config.schema import CONFIG
from inglenook.engine.config.secrets import Secrets
from inglenook.engine.config.tree import Value
from inglenook.engine.settings import Selection, Settings, Switches
from inglenook.models.egress import EgressPolicy

_NOT_ON: Final = "switches nothing on that is off elsewhere; take it out there"


def with_machine(
    settings: Settings, value: Value, report: Report, environ: Mapping[str, str] | None = None
) -> Settings:
    """``settings`` with what ``value`` says, which has the form of a configuration file.

    Reads the files that it names, as for the user's own file.
    """
    environ = os.environ if environ is None else environ
    directory = settings.config_file.parent
    theirs = continue_directory(environ)
    secrets = Secrets([directory / ".env", *([theirs / ".env"] if theirs else [])], environ)
    tree = check(secrets.fill(value), CONFIG, Zone.USER, report).tree
    if tree is None:
        return settings
    entries = tree.entries
    blocks: Blocks = Blocks(directory, secrets, report)
    blocks.add(entries)
    found = blocks.found
    disable(found, report)
    block = entries["inglenook"].entries if "inglenook" in entries else {}
    refuse_checks(block, report)
    looked = secrets.files if secrets.asked else ()
    settings = _with_models(settings, block, found, entries.get("requestOptions"), report)
    return replace(
        _with_block(settings, block, report),
        rules=(*settings.rules, *texts.rules(found["rules"])),
        prompts=(*texts.prompts(found["prompts"], found["rules"]), *settings.prompts),
        docs=(*settings.docs, *texts.docs(found["docs"])),
        files=tuple(dict.fromkeys((*settings.files, *blocks.looked, *looked))),
    )


def _with_models(
    settings: Settings,
    block: Mapping[str, Value],
    found: Mapping[str, tuple[Value, ...]],
    defaults: Value | None,
    report: Report,
) -> Settings:
    """The user's models may be on hosts that are allowed here, but were refused before."""
    directory, policy = settings.config_file.parent, settings.policy
    hosts = ours.hosts(block, directory, report)
    allowed = policy.allowed | hosts.allowed
    specs, trust = model_specs(found["models"], defaults, allowed, directory, report)
    models = {spec.name: spec for spec in (*settings.models, *specs)}
    trusts = ours.together(policy.trust, ours.together(hosts.trust, trust))
    return replace(settings, models=tuple(models.values()), policy=EgressPolicy(allowed, trusts))


def _with_block(settings: Settings, block: Mapping[str, Value], report: Report) -> Settings:
    own = ours.read_ours(block, [spec.name for spec in settings.models], report)
    folders = {rule.pattern: rule for rule in (*settings.folder_rules, *own.folders)}
    keeps = _stays(block, "diskCache", settings.cache_dir is not None, report)
    counters = flag(block.get("counters"))
    return replace(
        settings,
        selection=_over(settings.selection, own.selection),
        folder_rules=tuple(folders.values()),
        think={**settings.think, **own.think},
        switches=_switched(settings.switches, own.switches, block),
        cache_dir=settings.cache_dir if keeps else None,
        index_dir=settings.index_dir if keeps else None,
        probes=_stays(block, "probe", settings.probes, report),
        counters=settings.counters if counters is None else counters,
    )


def _over(before: Selection, own: Selection) -> Selection:
    languages = {name: dict(roles) for name, roles in before.languages.items()}
    for name, roles in own.languages.items():
        languages[name] = languages.get(name, {}) | dict(roles)
    return Selection({**before.roles, **own.roles}, languages)


def _switched(before: Switches, own: Switches, block: Mapping[str, Value]) -> Switches:
    """What is said here goes before the user's file, in both directions."""
    return Switches(
        own.enabled if "enabled" in block else before.enabled,
        own.automatic if "automatic" in block else before.automatic,
        before.disabled_languages | own.disabled_languages,
        (*before.ignored, *own.ignored),
    )


def _stays(block: Mapping[str, Value], key: str, is_on: bool, report: Report) -> bool:
    """Whether what is on stays on. What is off may be so by the environment."""
    said = flag(block.get(key))
    if said and not is_on:
        report.refuse(block[key], _NOT_ON)
    return is_on and said is not False
