"""The user is told once, and only of what surely was cut, with the cure for each backend."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace
from typing import Any

import pytest

from inglenook.engine.truncation import Alarm
from inglenook.models import ollama
from inglenook.models.http import HttpClient
from inglenook.models.model import CompletionRequest, Timings
from inglenook.models.spec import Provider
from inglenook_context.prompt import Prompt
from tests.support import desk
from tests.support.fake_backend import fake_backend

INFO = replace(desk.INFO, name="coder", backend="ollama", address="http://127.0.0.1:11434")
CUT = Timings(prompt_tokens=2050, sent_tokens=3000, truncated=True)
WHOLE = Timings(prompt_tokens=3900, sent_tokens=3000)


def test_one_sentence_for_each_model_and_session() -> None:
    alarm, other = Alarm(), replace(INFO, name="other")
    assert alarm.heard(INFO, WHOLE) == ""
    assert alarm.heard(INFO, None) == ""
    assert alarm.heard(INFO, CUT) == (
        "coder did not see all of a prompt: 2050 of at least 3000 tokens. "
        "Set a larger contextLength for it in your configuration file."
    )
    assert alarm.heard(INFO, CUT) == ""
    assert alarm.heard(replace(INFO, digest="e"), CUT) == ""
    assert "other" in alarm.heard(other, CUT)
    assert alarm.heard(replace(INFO, address="http://127.0.0.1:9"), CUT) != ""
    assert Alarm().heard(INFO, CUT) != ""


def test_no_numbers_where_they_would_prove_nothing() -> None:
    full = Timings(prompt_tokens=4096, sent_tokens=3000, truncated=True)
    assert Alarm().heard(INFO, full).startswith("coder did not see all of a prompt. ")
    unsaid = Timings(truncated=True)
    assert Alarm().heard(INFO, unsaid).startswith("coder did not see all of a prompt. ")


@pytest.mark.parametrize(
    ("backend", "words"),
    [
        (Provider.OLLAMA, "larger contextLength"),
        (Provider.LLAMA_CPP, "--ctx-size"),
        (Provider.LM_STUDIO, "context length, in its model settings"),
        (Provider.VLLM, "--max-model-len"),
        (Provider.EMBEDDED, "smaller autocompleteOptions.maxPromptTokens"),
        (Provider.OPENAI, "larger window, or name the one that it has"),
    ],
)
def test_the_cure_is_the_backend_s_own(backend: str, words: str) -> None:
    assert words in Alarm().heard(replace(INFO, backend=str(backend)), CUT)


@pytest.mark.parametrize(
    ("version", "counted", "alarmed"),
    [
        ("0.13.0", 1000, True),
        ("0.13.0", 8192, True),  # the window is full to the brim
        ("0.13.0", 4000, False),
        ("0.3.14", 1000, False),  # counts what it evaluated, and had the rest in its cache
        ("0.0.0", 1000, True),  # built from source
        ("", 1000, True),
    ],
)
async def test_from_the_backend_to_the_sentence(
    version: str, counted: int, *, alarmed: bool
) -> None:
    client, alarm = HttpClient(), Alarm()
    long = Prompt("a.py", "python", (), "x = 1\n" * 2000, "", "")  # no fewer than 2,000 tokens
    async with fake_backend(version=version, prompt_tokens=counted) as backend:
        model = await ollama.connect(client, client.check(backend.url), "qwen2.5-coder:0.5b")
        said: list[Any] = []
        for _ in range(3):
            async with aclosing(model.complete(CompletionRequest(long, 8))) as chunks:
                said += [alarm.heard(model.info, chunk.timings) async for chunk in chunks]
    await client.close()
    assert sum(bool(each) for each in said) == alarmed
