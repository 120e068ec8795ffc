"""What an entry of ``models`` says of how its model is asked: sampling, loading, reasoning."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from inglenook.engine.config.report import Report
from inglenook.engine.config.tree import Value
from inglenook.engine.settings import Fate
from inglenook.models.custom_template import trouble
from inglenook.models.spec import (
    Autocomplete,
    Loading,
    Multiline,
    Provider,
    Sampling,
    Think,
)

_DURATION: Final = re.compile(r"(-?)((?:\d+(?:\.\d+)?(?:h|m|s|ms))+)", re.ASCII)
_PART: Final = re.compile(r"(\d+(?:\.\d+)?)(ms|h|m|s)", re.ASCII)
_UNITS: Final = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_LOADING: Final = {"numGpu": "num_gpu", "numThreads": "num_thread", "useMmap": "use_mmap"}
_ONLY_OLLAMA: Final = "Only Ollama loads models as it is told."


def text_of(value: Value | None) -> str:
    """A text that was checked; empty if there is none."""
    return value.data if value is not None and isinstance(value.data, str) else ""


def number(value: Value | None) -> float | None:
    data = value.data if value is not None else None
    return data if isinstance(data, (int, float)) and not isinstance(data, bool) else None


def whole(value: Value | None) -> int | None:
    found = number(value)
    return None if found is None else int(found)


def flag(value: Value | None) -> bool | None:
    return value.data if value is not None and isinstance(value.data, bool) else None


def texts(value: Value | None) -> tuple[str, ...]:
    """The texts of a list, without what could not be used."""
    return tuple(text for each in value.items if (text := text_of(each))) if value else ()


def inner(entries: Mapping[str, Value], key: str) -> Mapping[str, Value]:
    """The keys of what ``key`` has; none if it is not there."""
    return entries[key].entries if key in entries else {}


def sampling(entries: Mapping[str, Value]) -> Sampling:
    options = inner(entries, "defaultCompletionOptions")
    most = whole(options.get("maxTokens"))
    words = whole(entries.get("maxStopWords"))
    stop = texts(options.get("stop"))
    return Sampling(
        temperature=number(options.get("temperature")),
        top_p=number(options.get("topP")),
        top_k=whole(options.get("topK")),
        min_p=number(options.get("minP")),
        presence_penalty=number(options.get("presencePenalty")),
        frequency_penalty=number(options.get("frequencyPenalty")),
        stop=stop if words is None else stop[:words],
        max_tokens=most if most and most > 0 else None,  # -1 is Ollama's "as many as it likes"
    )


def context_tokens(entries: Mapping[str, Value], report: Report) -> int:
    """That of the entry goes before that of its options, as in Continue."""
    options = inner(entries, "defaultCompletionOptions")
    own, general = whole(entries.get("contextLength")), options.get("contextLength")
    if own is not None and general is not None:
        why = "The contextLength of the entry itself goes before it."
        report.mark(general, report.path(general), Fate.IGNORED, why)
    return own if own is not None else whole(general) or 0


def loading(
    entries: Mapping[str, Value],
    provider: Provider,
    context: int,
    kept: float | None,
    report: Report,
) -> Loading:
    """``kept`` is the ``keep_alive`` of the request's body, which goes before ``keepAlive``."""
    options = inner(entries, "defaultCompletionOptions")
    if provider is not Provider.OLLAMA:
        for key in ("keepAlive", *_LOADING):
            if key in options:
                value = options[key]
                report.mark(value, report.path(value), Fate.IGNORED, _ONLY_OLLAMA)
        return Loading()
    found: list[tuple[str, int | bool]] = []
    for key, name in _LOADING.items():
        data = options[key].data if key in options else None
        if isinstance(data, (bool, int)):
            found.append((name, data))
    alive = kept if kept is not None else number(options.get("keepAlive"))
    return Loading(context, alive, tuple(found))


def _template(entries: Mapping[str, Value], report: Report) -> str:
    """The user's own, if it can be used; that of the prompt templates goes before the other."""
    for section, key in (("promptTemplates", "autocomplete"), ("autocompleteOptions", "template")):
        value = inner(entries, section).get(key)
        if text := text_of(value):
            if value is not None and (why := trouble(text)):
                report.refuse(value, f"{why}; the template is found by asking the model")
                continue
            return text
    return ""


def autocomplete(entries: Mapping[str, Value], report: Report) -> Autocomplete:
    options = inner(entries, "autocompleteOptions")

    def on(key: str, default: bool) -> bool:
        found = flag(options.get(key))
        return default if found is None else found

    return Autocomplete(
        enabled=not on("disable", False),
        max_prompt_tokens=whole(options.get("maxPromptTokens")),
        debounce_ms=whole(options.get("debounceDelay")),
        multiline=Multiline(text_of(options.get("multilineCompletions")) or Multiline.AUTO),
        template=_template(entries, report),
        only_my_code=on("onlyMyCode", False),
        use_cache=on("useCache", True),
        use_imports=on("useImports", True),
        use_recently_edited=on("useRecentlyEdited", True),
        use_recently_opened=on("useRecentlyOpened", True),
        disabled_files=texts(options.get("disableInFiles")),
    )


def think(value: Value | None) -> Think | None:
    """``off``, an effort, or true and false; None if it is none of them."""
    data = value.data if value is not None else None
    if isinstance(data, bool):
        return Think.ON if data else Think.OFF
    return Think(data) if isinstance(data, str) and data in tuple(Think) else None


def reasoning(entries: Mapping[str, Value]) -> Think | None:
    """Of ``reasoning`` and its budget; None: the model's own default."""
    options = inner(entries, "defaultCompletionOptions")
    budget = whole(options.get("reasoningBudgetTokens"))
    said = think(options.get("reasoning"))
    if said is None and budget is not None:
        return Think.ON if budget > 0 else Think.OFF
    return said


def seconds(value: Value) -> float | None:
    """A ``keep_alive`` as Ollama reads it: a number, or Go's "1h30m"; None if it is none."""
    if (plain := number(value)) is not None:
        return plain
    text = text_of(value)
    match = _DURATION.fullmatch(text)
    if match and len(text) < 40:
        total = sum(float(count) * _UNITS[unit] for count, unit in _PART.findall(match[2]))
        return -total if match[1] else total
    return float(text) if re.fullmatch(r"-?\d{1,10}", text, re.ASCII) else None
