"""Continue's own schema on the same files: where it judges or reads them in another way than we do.

Every difference stands in continue_schema/differences.json with its reason, and nothing else does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from inglenook.engine.config import load_settings
from inglenook.engine.config.check import check
from inglenook.engine.config.imported import Judged, judge, place_of
from inglenook.engine.config.imported_yaml import as_text
from inglenook.engine.config.kinds import Zone
from inglenook.engine.config.providers import KNOWN
from inglenook.engine.config.schema import CONFIG
from inglenook.engine.config.yaml_tree import read_yaml
from inglenook.engine.settings import Fate, Level
from inglenook.models.spec import ModelSpec
from tests.support.configs import JSON, SECRETS, UNREADABLE, YAML, environment
from tests.support.continue_node import PACKAGE, judged

pytestmark = pytest.mark.editor

LISTED: Final = json.loads((PACKAGE / "differences.json").read_text(encoding="utf-8"))
_TEMPLATE: Final = re.compile(r"\$\{\{\s*(?:secrets|inputs)\.([^}\s]+)\s*\}\}")
# Our name for a value <- its place in an entry of theirs; the last place that says it counts.
PLACES: Final[dict[str, tuple[str, ...]]] = {
    "model": ("model",),
    "roles": ("roles",),
    "capabilities": ("capabilities",),
    "api_key": ("apiKey",),
    "context": ("defaultCompletionOptions.contextLength",),
    "max_tokens": ("defaultCompletionOptions.maxTokens",),
    "temperature": ("defaultCompletionOptions.temperature",),
    "top_p": ("defaultCompletionOptions.topP",),
    "top_k": ("defaultCompletionOptions.topK",),
    "min_p": ("defaultCompletionOptions.minP",),
    "presence": ("defaultCompletionOptions.presencePenalty",),
    "frequency": ("defaultCompletionOptions.frequencyPenalty",),
    "stop": ("defaultCompletionOptions.stop",),
    "think": (
        "defaultCompletionOptions.reasoning",
        "requestOptions.extraBodyProperties.think",
    ),
    "disable": ("autocompleteOptions.disable",),
    "prompt_tokens": ("autocompleteOptions.maxPromptTokens",),
    "debounce": ("autocompleteOptions.debounceDelay",),
    "template": ("autocompleteOptions.template", "promptTemplates.autocomplete"),
    "only_my_code": ("autocompleteOptions.onlyMyCode",),
    "use_cache": ("autocompleteOptions.useCache",),
    "use_imports": ("autocompleteOptions.useImports",),
    "use_edited": ("autocompleteOptions.useRecentlyEdited",),
    "use_opened": ("autocompleteOptions.useRecentlyOpened",),
    "timeout": ("requestOptions.timeout",),
    "headers": ("requestOptions.headers",),
    "body": ("requestOptions.extraBodyProperties",),
    "system": ("chatOptions.baseSystemMessage",),
}
# Read from what is compared above, or compared by itself.
ELSEWHERE: Final = (
    "name",
    "provider",
    "apiBase",
    "defaultCompletionOptions.reasoningBudgetTokens",
    "maxStopWords",
    "requestOptions.caBundlePath",
)


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What Continue makes of each YAML file, of what we make of each JSON file, and of that."""
    home = tmp_path_factory.mktemp("home")
    texts = {file.name: file.read_bytes().decode("utf-8-sig") for file in YAML}
    old = {}
    for file in JSON:
        if file.name not in UNREADABLE:
            texts[file.name] = as_text(judge(place_of(file), environment(home)), reveal=True)
            old[file.name] = without_comments(file)
    return judged(texts, old)


def without_comments(file: Path) -> object:
    from inglenook.engine.config.json_tree import read_json
    from inglenook.engine.config.tree import plain

    value, _ = read_json(file.read_bytes(), file.name)
    assert value is not None
    return plain(value)


def test_what_is_accepted_and_what_is_refused(theirs: dict[str, Any]) -> None:
    """By its form alone: whether a host may be asked is no question of theirs."""
    different = {
        file.name: f"{'refuses' if wrong(file) else 'accepts'} what Continue "
        f"{'accepts' if theirs['texts'][file.name]['accepted'] else 'refuses'}"
        for file in YAML
        if wrong(file) == theirs["texts"][file.name]["accepted"]
    }
    listed = {name: entry["inglenook"] for name, entry in LISTED["forms"].items()}
    assert different == listed
    assert all(entry["reason"] for entry in LISTED["forms"].values())


def wrong(file: Path) -> bool:
    value, _ = read_yaml(file.read_bytes(), file.name)
    if value is None:
        return True
    notices = check(value, CONFIG, Zone.USER).notices
    return any(notice.level is Level.WARNING for notice in notices)


def test_what_we_make_of_an_old_file_is_accepted(theirs: dict[str, Any]) -> None:
    made = [file.name for file in JSON if file.name not in UNREADABLE]
    assert len(made) >= 12
    assert [name for name in made if not theirs["texts"][name]["accepted"]] == []


def test_the_values_of_the_models_are_the_same(theirs: dict[str, Any], tmp_path: Path) -> None:
    different, compared, met = {}, 0, set[str]()
    for file in (*YAML, *JSON):
        data = theirs["texts"].get(file.name, {}).get("data")
        if data is None:
            continue
        ours = {spec.name: spec for spec in load_settings(environment(tmp_path, file)).models}
        for model in data.get("models", ()):
            if "uses" in model or model["name"] not in ours:
                continue
            there = their_values(model, data.get("requestOptions", {}))
            here = our_values(ours[model["name"]])
            compared += len(here)
            met |= {place for place in compared_keys() if said(model, (place,)) is not None}
            for key in here:
                if here[key] != there[key]:
                    different[f"{file.name}: {model['name']}: {key}"] = [here[key], there[key]]
    assert compared > 1_000
    assert {place for places in PLACES.values() for place in places} - met == set()
    listed = {key: entry["values"] for key, entry in LISTED["values"].items()}
    assert different == listed
    assert all(entry["reason"] for entry in LISTED["values"].values())


def test_the_models_that_continue_has_and_we_have_not(
    theirs: dict[str, Any], tmp_path: Path
) -> None:
    """Each is refused, and its row says why; those of a file that is named are compared above."""
    missing = []
    for file in YAML:
        data = theirs["texts"][file.name]["data"]
        names = {spec.name for spec in load_settings(environment(tmp_path, file)).models}
        for model in (data or {}).get("models", ()):
            if "uses" not in model and model["name"] not in names:
                missing.append(f"{file.name}: {model['name']}")
    assert sorted(missing) == sorted(LISTED["models"])
    assert all(LISTED["models"].values())


def test_a_key_of_theirs_is_compared_or_has_its_reason(
    theirs: dict[str, Any], tmp_path: Path
) -> None:
    """No key of a model that is in force is forgotten by the comparison."""
    for file in YAML:
        data = theirs["texts"][file.name]["data"]
        if data is None:
            continue
        here = judge(place_of(file), environment(tmp_path))
        used = {spec.name for spec in here.models}
        for number, model in enumerate(data.get("models", ())):
            if model.get("name") not in used:
                continue
            for key in leaves(model):
                known = any(key == each or key.startswith(f"{each}.") for each in compared_keys())
                assert known or has_reason(here, file, f"models[{number}].{key}"), (file.name, key)


def compared_keys() -> Iterator[str]:
    for places in PLACES.values():
        yield from places
    yield from ELSEWHERE


def has_reason(here: Judged, file: Path, key: str) -> bool:
    return any(
        row.file == str(file) and row.fate is not Fate.USED and row.why
        for row in here.rows
        if row.key == key or key.startswith((f"{row.key}.", f"{row.key}["))
    )


def leaves(value: Mapping[str, Any], path: str = "") -> Iterator[str]:
    for key, entry in value.items():
        if isinstance(entry, dict):
            yield from leaves(entry, f"{path}{key}.")
        else:
            yield path + key


def test_rules_prompts_and_docs_are_the_same(theirs: dict[str, Any], tmp_path: Path) -> None:
    seen = 0
    for file in (*YAML, *JSON):
        data = theirs["texts"].get(file.name, {}).get("data")
        if data is None:
            continue
        settings = load_settings(environment(tmp_path, file))
        own = [rule for rule in settings.rules if rule.source == str(file)]
        assert [(rule.text, rule.name, rule.globs, rule.always) for rule in own] == [
            their_rule(rule)
            for rule in data.get("rules", ())
            if isinstance(rule, str) or "uses" not in rule
        ]
        prompts = {(each.name, each.text) for each in settings.prompts}
        for prompt in data.get("prompts", ()):
            assert "uses" in prompt or (prompt["name"], prompt["prompt"]) in prompts
        assert [(each.name, each.url) for each in settings.docs] == [
            (each["name"], each["startUrl"]) for each in data.get("docs", ()) if "uses" not in each
        ]
        seen += len(own) + len(prompts) + len(settings.docs)
    assert seen > 15


def their_rule(rule: str | dict[str, Any]) -> tuple[Any, ...]:
    if isinstance(rule, str):
        return rule, "", (), None
    globs = rule.get("globs", ())
    globs = (globs,) if isinstance(globs, str) else tuple(globs)
    return rule["rule"], rule["name"], globs, rule.get("alwaysApply")


def test_we_lose_less_of_an_old_file_than_their_own_converter(
    theirs: dict[str, Any], tmp_path: Path
) -> None:
    """What it says of a model that we have, we say too."""
    compared = 0
    for name, made in theirs["old"].items():
        file = next(file for file in JSON if file.name == name)
        ours = {spec.name: spec for spec in load_settings(environment(tmp_path, file)).models}
        for model in (made or {}).get("models", ()):
            there = {key: value for key, value in their_values(model, {}).items() if value}
            spec = ours.get(str(model.get("name")))
            if spec is None or model.get("roles") != ["chat"]:
                continue
            here = our_values(spec)
            for key in there.keys() - {"roles", "headers", "body", "timeout"}:
                compared += 1
                # It loses maxStopWords, so that it keeps stop texts that are too many.
                said_there = there[key][: len(here[key])] if key == "stop" else there[key]
                assert here[key] == said_there, (name, model["name"], key)
    assert compared > 30


def our_values(spec: ModelSpec) -> dict[str, Any]:
    sampling, tab = spec.sampling, spec.autocomplete
    return {
        "model": spec.model,
        "provider": str(spec.provider),
        "address": spec.address,
        "roles": list(spec.roles) or None,
        "capabilities": list(spec.capabilities) or None,
        "api_key": spec.api_key or None,
        "context": spec.context_tokens or None,
        "max_tokens": sampling.max_tokens,
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "top_k": sampling.top_k,
        "min_p": sampling.min_p,
        "presence": sampling.presence_penalty,
        "frequency": sampling.frequency_penalty,
        "stop": list(sampling.stop) or None,
        "think": str(spec.think) if spec.think is not None else None,
        "disable": not tab.enabled,
        "prompt_tokens": tab.max_prompt_tokens,
        "debounce": tab.debounce_ms,
        "template": tab.template or None,
        "only_my_code": tab.only_my_code,
        "use_cache": tab.use_cache,
        "use_imports": tab.use_imports,
        "use_edited": tab.use_recently_edited,
        "use_opened": tab.use_recently_opened,
        "timeout": spec.timeout,
        "headers": dict(spec.headers) or None,
        "body": dict(spec.extra_body) or None,
        "system": spec.system_message or None,
    }


def their_values(model: dict[str, Any], general: dict[str, Any]) -> dict[str, Any]:
    """The same of an entry of theirs, with its secrets, and the options of all below its own."""
    own = model.get("requestOptions") or {}
    headers = {**(general.get("headers") or {}), **(own.get("headers") or {})}
    entry = filled({**model, "requestOptions": {**general, **own, "headers": headers}})
    found = {name: said(entry, places) for name, places in PLACES.items()}
    body = {
        key: value
        for key, value in (found["body"] or {}).items()
        if key not in ("think", "keep_alive")
    }
    think = found["think"]
    known = KNOWN.get(entry["provider"])
    return {
        **found,
        "provider": str(known.provider) if known else entry["provider"],
        "address": their_address(entry),
        "body": body or None,
        "headers": found["headers"] or None,
        "stop": (found["stop"] or [])[: entry.get("maxStopWords")] or None,
        "think": {True: "on", False: "off"}.get(think, think),
        "disable": bool(found["disable"]),
        "only_my_code": bool(found["only_my_code"]),
        **{
            key: found[key] is not False
            for key in ("use_cache", "use_imports", "use_edited", "use_opened")
        },
    }


def said(entry: dict[str, Any], places: tuple[str, ...]) -> Any:
    found = None
    for place in places:
        value: Any = entry
        for key in place.split("."):
            value = value.get(key) if isinstance(value, dict) else None
        found = found if value is None or value == [] else value
    return found


def their_address(entry: dict[str, Any]) -> str:
    """``apiBase`` as we write it: an IP address, no version for OpenAI's API, no slash."""
    base = entry.get("apiBase")
    known = KNOWN.get(entry["provider"])
    if base is None:
        return known.address if known else ""
    base = base.rstrip("/").replace("//localhost", "//127.0.0.1")
    return base.removesuffix("/v1") if known and known.provider.speaks_openai else base


def filled(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: filled(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [filled(entry) for entry in value]
    if isinstance(value, str):
        lacking = any(name not in SECRETS for name in _TEMPLATE.findall(value))
        return None if lacking else _TEMPLATE.sub(lambda match: SECRETS[match[1]], value)
    return value
