"""Rules, prompts and documentation out of entries that were checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from inglenook.engine.config.options import flag, text_of, texts
from inglenook.engine.config.tree import Value
from inglenook.engine.settings import Docs, PromptTemplate, Rule


def rules(entries: Sequence[Value]) -> tuple[Rule, ...]:
    return tuple(_rules(entries))


def prompts(entries: Sequence[Value], rule_entries: Sequence[Value]) -> tuple[PromptTemplate, ...]:
    """Those of the list, and the rules that may be called by name."""
    called = [each for each in rule_entries if flag(each.entries.get("invokable"))]
    return tuple(_prompts([*entries, *called]))


def docs(entries: Sequence[Value]) -> tuple[Docs, ...]:
    return tuple(
        Docs(text_of(each.entries["name"]), text_of(each.entries["startUrl"]))
        for each in entries
        if "name" in each.entries and "startUrl" in each.entries
    )


def _rules(entries: Sequence[Value]) -> Iterator[Rule]:
    for entry in entries:
        keys: Mapping[str, Value] = entry.entries or {"rule": entry}
        if text := text_of(keys.get("rule")):
            yield Rule(
                text=text,
                name=text_of(keys.get("name")),
                description=text_of(keys.get("description")),
                globs=texts(keys.get("globs")),
                always=flag(keys.get("alwaysApply")),
                source=entry.file,
            )


def _prompts(entries: Sequence[Value]) -> Iterator[PromptTemplate]:
    seen: set[str] = set()
    for entry in entries:
        keys = entry.entries
        name = text_of(keys.get("name"))
        text = text_of(keys.get("prompt")) or text_of(keys.get("rule"))
        if name and text and name not in seen:
            seen.add(name)
            yield PromptTemplate(name, text, text_of(keys.get("description")), entry.file)
