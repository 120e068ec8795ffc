"""Which known holes a version has, and that a version that says nothing raises no alarm."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from inglenook.engine.advisories import DATED, TABLE, applying, is_old
from inglenook.models.spec import Provider

OLLAMA, LLAMA_CPP, VLLM = Provider.OLLAMA, Provider.LLAMA_CPP, Provider.VLLM


@pytest.mark.parametrize(
    ("program", "version", "holes"),
    [
        (OLLAMA, "0.1.28", "2024-28224 2024-37032 2025-51471 2026-7482 2026-7020"),
        (OLLAMA, "0.1.33", "2024-37032 2025-51471 2026-7482 2026-7020"),
        (OLLAMA, "0.17.0", "2026-7482 2026-7020"),
        (OLLAMA, "v0.17.0", "2026-7482 2026-7020"),
        (OLLAMA, "0.17.1", "2026-7020"),
        (OLLAMA, "0.20.2", "2026-7020"),
        (OLLAMA, "0.20.3", ""),
        (OLLAMA, "0.100.0", ""),
        (LLAMA_CPP, "b5661-abc1234", "2025-49847 2025-52566 2026-21869"),
        (LLAMA_CPP, "b5721-abc1234", "2026-21869"),
        (LLAMA_CPP, "8864", "2026-21869"),
        (LLAMA_CPP, "b8865-abc1234", ""),
        (VLLM, "0.8.5.post1", "2025-47277 2025-48956 2025-59425"),
        (VLLM, "0.10.1", "2025-48956 2025-59425"),
        (VLLM, "0.10.1.1", "2025-59425"),
        (VLLM, "0.11", ""),
    ],
)
def test_holes_by_version(program: Provider, version: str, holes: str) -> None:
    found = applying(program, version)
    assert [each.id for each in found] == [f"CVE-{each}" for each in holes.split()]


@pytest.mark.parametrize(
    ("program", "version"),
    [
        (OLLAMA, ""),
        (OLLAMA, "0.0.0"),  # built by hand
        (OLLAMA, "main"),
        (OLLAMA, "1"),
        (OLLAMA, "0." + "9" * 5000),
        (LLAMA_CPP, "b1-abc1234"),  # a shallow clone
        (LLAMA_CPP, "b0-unknown"),
        (LLAMA_CPP, "unknown"),
        (VLLM, "0.1.dev1+gabc1234"),
        (Provider.LM_STUDIO, "0.1.0"),
        (Provider.OPENAI, "0.1.0"),
    ],
)
def test_no_false_alarm(program: Provider, version: str) -> None:
    assert applying(program, version) == ()


def test_each_says_what_to_have() -> None:
    cures = {each.id: each.cure for each in TABLE}
    assert cures["CVE-2026-7482"] == "0.17.1 or later"
    assert cures["CVE-2026-7020"] == "a version after 0.20.2"
    assert cures["CVE-2025-52566"] == "b5721 or later"
    assert all(bool(each.fixed) != bool(each.last) for each in TABLE)


def test_the_table_grows_old() -> None:
    assert not is_old(DATED)
    assert not is_old(DATED + timedelta(days=90))
    assert is_old(DATED + timedelta(days=91))
    assert not is_old(date(2000, 1, 1))  # a clock that is wrong
