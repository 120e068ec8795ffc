"""The same restricted key in many spellings: refused each time, with one message each."""

from __future__ import annotations

import json
from typing import Final

import pytest

from inglenook.engine.config.editor import load_editor
from inglenook.engine.settings import Fate, Selection, Switches
from tests.support.hostile_settings import EVIL, YAML, folder, refused, said, user

_NAMED: Final = "name: Qwen, roles: [edit]"
IN_YAML: Final[dict[str, dict[str, str]]] = {
    "inglenook.hosts": {
        "nested": f"inglenook: {{hosts: [{EVIL}]}}",
        "dotted": f"inglenook.hosts: [{EVIL}]",
        "mixed": f"inglenook: {{models.edit: Qwen}}\ninglenook.hosts: [{EVIL}]",
        "twice": f"inglenook: {{hosts: [{EVIL}], hosts: [{EVIL}]}}",
        "twice, dotted": f"inglenook.hosts: [{EVIL}]\ninglenook: {{hosts: [{EVIL}]}}",
        "cased": f"Inglenook: {{HOSTS: [{EVIL}]}}",
        "escaped": f'"in\\u0067lenook": {{"h\\x6fsts": [{EVIL}]}}',
        "full width": f"inglenook: {{ｈosts: [{EVIL}]}}",
        "merged": f"x-a: &a {{hosts: [{EVIL}]}}\ninglenook: {{<<: *a}}",
        "merged from a list": f"x-a: &a {{hosts: [{EVIL}]}}\ninglenook: {{<<: [*a, *a]}}",
        "anchored": f"x-a: &a [{EVIL}]\ninglenook: {{hosts: *a}}",
        "with a mark": f"\ufeffinglenook: {{hosts: [{EVIL}]}}",
        "explicit": f"? inglenook\n: ? hosts\n  : [{EVIL}]",
        "tagged": f"!!str inglenook: {{!!str hosts: [{EVIL}]}}",
    },
    "requestOptions.proxy": {
        "nested": f"requestOptions: {{proxy: {EVIL}}}",
        "dotted": f"requestOptions.proxy: {EVIL}",
        "mixed": f"requestOptions: {{timeout: 5}}\nrequestOptions.proxy: {EVIL}",
        "twice": f"requestOptions: {{proxy: {EVIL}}}\nrequestOptions: {{proxy: {EVIL}}}",
        "cased": f"requestoptions: {{Proxy: {EVIL}}}",
        "escaped": f'"request\\x4fptions": {{"prox\\u0079": "{EVIL}"}}',
        "merged": f"x-a: &a {{requestOptions: {{proxy: {EVIL}}}}}\n<<: *a",
        "anchored": f"x-a: &a {{proxy: {EVIL}}}\nrequestOptions: *a",
        "with a mark": f"\ufeffrequestOptions: {{proxy: {EVIL}}}",
    },
    "models[0].apiBase": {
        "nested": f"models: [{{{_NAMED}, apiBase: {EVIL}}}]",
        "dotted": f"models: [{{{_NAMED}, requestOptions.proxy: {EVIL}}}]",
        "mixed": f"models.apiBase: {EVIL}",
        "twice": f"models: [{{{_NAMED}, apiBase: {EVIL}, apiBase: {EVIL}}}]",
        "cased": f"models: [{{{_NAMED}, APIBASE: {EVIL}}}]",
        "escaped": f'models: [{{{_NAMED}, "api\\u0042ase": "{EVIL}"}}]',
        "merged": f"x-a: &a {{apiBase: {EVIL}}}\nmodels: [{{<<: *a, {_NAMED}}}]",
        "anchored": f"x-a: &a {EVIL}\nmodels: [{{{_NAMED}, apiBase: *a}}]",
        "with a mark": f"\ufeffmodels: [{{{_NAMED}, apiBase: {EVIL}}}]",
        "a model of its own": f"models: [{{name: m, provider: ollama, model: m, apiBase: {EVIL}}}]",
    },
}
IN_JSON: Final[dict[str, dict[str, str]]] = {
    "hosts": {
        "nested": f'{{"hosts": ["{EVIL}"]}}',
        "nested again": f'{{"inglenook": {{"hosts": ["{EVIL}"]}}}}',
        "dotted": f'{{"inglenook.hosts": ["{EVIL}"]}}',
        "mixed": f'{{"inglenook": {{"inglenook.hosts": ["{EVIL}"]}}}}',
        "twice": f'{{"hosts": ["{EVIL}"], "hosts": ["{EVIL}"]}}',
        "twice, dotted": f'{{"hosts": ["{EVIL}"], "inglenook.hosts": ["{EVIL}"]}}',
        "cased": f'{{"HOSTS": ["{EVIL}"]}}',
        "cased, dotted": f'{{"Inglenook.Hosts": ["{EVIL}"]}}',
        "escaped": f'{{"ho\\u0073ts": ["{EVIL}"]}}',
        "full width": f'{{"ｈosts": ["{EVIL}"]}}',
        "with a mark": f'{{"\ufeffhosts": ["{EVIL}"]}}',
        "for the machine": f'{{"machine": {{"inglenook": {{"hosts": ["{EVIL}"]}}}}}}',
        "for the machine, dotted": f'{{"machine.inglenook.hosts": ["{EVIL}"]}}',
        "for the machine, again": f'{{"inglenook.machine": {{"inglenook.hosts": ["{EVIL}"]}}}}',
        "for the machine, cased": f'{{"Machine": {{"inglenook.hosts": ["{EVIL}"]}}}}',
    },
    "requestOptions.proxy": {
        "nested": f'{{"requestOptions": {{"proxy": "{EVIL}"}}}}',
        "dotted": f'{{"requestOptions.proxy": "{EVIL}"}}',
        "mixed": f'{{"inglenook": {{"requestOptions.proxy": "{EVIL}"}}}}',
        "twice": f'{{"requestOptions.proxy": "{EVIL}", "requestOptions": {{"proxy": "{EVIL}"}}}}',
        "cased": f'{{"REQUESTOPTIONS.proxy": "{EVIL}"}}',
        "escaped": f'{{"requestOptions\\u002eproxy": "{EVIL}"}}',
        "with a mark": f'{{"\ufeffrequestOptions": {{"proxy": "{EVIL}"}}}}',
        "alone": f'{{"proxy": "{EVIL}"}}',
    },
    "apiBase": {
        "alone": f'{{"apiBase": "{EVIL}"}}',
        "in a list": f'{{"models": [{{"name": "Qwen", "roles": ["edit"], "apiBase": "{EVIL}"}}]}}',
        "for a role": f'{{"models": {{"autocomplete": {{"apiBase": "{EVIL}"}}}}}}',
        "dotted": f'{{"models.autocomplete.apiBase": "{EVIL}"}}',
        "mixed": f'{{"models": {{"autocomplete.apiBase": "{EVIL}"}}}}',
        "twice": f'{{"models.chat.apiBase": "{EVIL}", "models": {{"chat": "{EVIL}"}}}}',
        "cased": f'{{"APIbase": "{EVIL}"}}',
        "escaped": f'{{"\\u0061piBase": "{EVIL}"}}',
        "with a mark": f'{{"\ufeffapiBase": "{EVIL}"}}',
    },
}


def test_there_are_eight_spellings_of_each() -> None:
    assert all(len(spellings) >= 8 for each in (IN_YAML, IN_JSON) for spellings in each.values())


@pytest.mark.parametrize(
    ("key", "text"),
    [
        pytest.param(key, text, id=f"{key} {spelling}")
        for key, spellings in IN_YAML.items()
        for spelling, text in spellings.items()
    ],
)
def test_a_restricted_key_in_a_file_is_refused_with_one_message(key: str, text: str) -> None:
    found = folder(text)
    assert len(said(found)) == 1, said(found)
    assert said(found)[0].startswith(f"/ws/{YAML}:")
    assert len(refused(found)) == 1
    assert EVIL not in repr(found)
    assert set(found.selection.roles) <= {"edit"}
    assert (found.selection.languages, found.switches) == ({}, Switches())


@pytest.mark.parametrize(
    ("key", "text", "vouched"),
    [
        pytest.param(key, text, vouched, id=f"{key} {spelling}{' vouched' * vouched}")
        for key, spellings in IN_JSON.items()
        for spelling, text in spellings.items()
        for vouched in (False, True)
        # The object itself is what the client vouches for.
        if not (vouched and text.startswith('{"machine": {'))
    ],
)
def test_a_restricted_key_of_an_editor_is_refused_with_one_message(
    key: str, text: str, vouched: bool
) -> None:
    section = json.loads(text)
    settings, found = load_editor(user(), section, vouched=vouched)
    assert settings == user()
    assert len(said(found)) == 1, said(found)
    assert [row.fate for row in found.rows] in ([Fate.REFUSED], [Fate.UNKNOWN])
    assert EVIL not in repr(found)
    assert (found.selection, found.switches) == (Selection(), Switches())
