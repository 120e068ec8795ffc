"""One shape for all entries that mean a model: what is planned, and what the user is told."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inglenook.models.shape import Shape, Weights, plan, sharing, weights_of
from inglenook.models.spec import AUTODETECT, Loading, ModelSpec, Provider

GB = 1 << 30
HERE = "http://127.0.0.1:11434"
# As GGUF files have it: Qwen2.5-Coder 7B keeps 28 layers x 4 heads x (128 + 128) x 2 bytes.
QWEN_7B = {
    "general.architecture": "qwen2",
    "qwen2.block_count": 28,
    "qwen2.attention.head_count": 28,
    "qwen2.attention.head_count_kv": 4,
    "qwen2.embedding_length": 3584,
    "qwen2.context_length": 32768,
}


def entry(name: str = "A", model: str = "coder:7b", **fields: Any) -> ModelSpec:
    return ModelSpec(name, Provider.OLLAMA, model, HERE, **fields)


def loading(window: int = 0, alive: float | None = None, **options: int | bool) -> Loading:
    return Loading(window, alive, tuple(options.items()))


@pytest.mark.parametrize(
    ("roles", "tokens"),
    [
        ([()], 8192),
        ([("autocomplete",)], 8192),
        ([("autocomplete",), ("chat", "edit")], 16384),
        ([("embed",)], 2048),
        ([("embed",), ("autocomplete",)], 8192),
        ([], 8192),
    ],
)
def test_the_window_that_the_roles_need(roles: list[tuple[str, ...]], tokens: int) -> None:
    shape = plan([entry(roles=each) for each in roles])
    assert shape == Shape(tokens, "30m", (), ())


def test_what_a_token_takes() -> None:
    told = weights_of(QWEN_7B, 5 * GB)
    assert told == Weights(5 * GB, 28 * 4 * 256 * 2, 32768)
    own = QWEN_7B | {"qwen2.attention.key_length": 64, "qwen2.attention.value_length": 32}
    assert weights_of(own, 0).bytes_per_token == 28 * 4 * 96 * 2
    # Lists are left out by Ollama: then all of the heads that ask may keep their own.
    listed = QWEN_7B | {"qwen2.attention.head_count_kv": None}
    assert weights_of(listed, 0).bytes_per_token == 28 * 28 * 256 * 2
    for odd in ({}, {"general.architecture": 7}, QWEN_7B | {"qwen2.block_count": -1}):
        assert weights_of(odd, 0).bytes_per_token == 0


@pytest.mark.parametrize(
    ("memory", "tokens"),
    [(0, 16384), (8 * GB, 16384), (int(7.5 * GB), 8192), (int(7.1 * GB), 4096), (GB, 4096)],
)
def test_the_window_that_fits(memory: int, tokens: int) -> None:
    """Weights of 5 GB and 57,344 bytes for each token, in three quarters of the memory."""
    assert plan([entry(roles=("chat",))], weights_of(QWEN_7B, 5 * GB), memory).num_ctx == tokens


def test_what_the_user_set_goes_before_what_is_planned() -> None:
    weights = weights_of(QWEN_7B, 5 * GB)
    one = entry(loading=loading(30_000))
    assert plan([one], weights, GB) == Shape(30_000)
    assert plan([entry(context_tokens=2048, roles=("chat",))]) == Shape(2048)
    # An entry that says nothing goes along with one that does.
    shape = plan([entry("A"), entry("B", roles=("chat",), loading=loading(4096, 60.0, num_gpu=0))])
    assert shape == Shape(4096, "60s", (("num_gpu", 0),))
    # More than the model was trained for Ollama would not give.
    assert plan([entry(loading=loading(100_000))], weights).num_ctx == 32768


def test_two_windows_become_the_largest_that_fits_and_one_warning() -> None:
    small = entry("Quick", roles=("autocomplete",), loading=loading(4096))
    large = entry("Talk", roles=("chat",), loading=loading(32768))
    weights = weights_of(QWEN_7B, 5 * GB)
    shape = plan([small, large], weights, 32 * GB)
    assert shape.num_ctx == 32768
    assert shape.warnings == (
        "'Quick' and 'Talk' of your configuration file are one model of Ollama, which would load "
        "it again and again by turns with contextLength (4096 or 32768). All its requests say "
        "contextLength 32768; write the same into each of these entries.",
    )
    assert plan([large, small], weights, 8 * GB).num_ctx == 4096
    assert plan([large, small], weights, GB).num_ctx == 4096


def test_every_setting_that_differs_stands_in_the_one_warning() -> None:
    first = entry("A", loading=loading(8192, 60.0, num_gpu=1, use_mmap=True))
    second = entry("B", loading=loading(8192, 1800.0, num_gpu=9, use_mmap=False, num_thread=4))
    third = entry("C", loading=loading(8192))
    shape = plan([first, second, third])
    assert shape.keep_alive == "1800s"
    assert shape.options == (("num_gpu", 1), ("num_thread", 4), ("use_mmap", True))
    (warning,) = shape.warnings
    assert "'A' and 'B'" in warning
    assert "numGpu (1 or 9), useMmap (true or false), keepAlive (60 or 1800)" in warning
    assert "All its requests say numGpu 1, useMmap true, keepAlive 1800;" in warning
    assert "contextLength" not in warning


@pytest.mark.parametrize(
    ("seconds", "wire"),
    [
        ((1800.0,), "1800s"),
        ((0.0,), "0s"),
        ((0.5,), "0.5s"),
        ((-1.0,), "-1s"),
        ((-60.0, 1e6), "-1s"),
        ((1e6, 5), "1000000s"),
    ],
)
def test_how_long_it_stays(seconds: tuple[float, ...], wire: str) -> None:
    """Go's time.ParseDuration reads no exponent; below zero Ollama keeps a model for ever."""
    specs = [entry(str(each), loading=loading(alive=each)) for each in seconds]
    assert plan(specs).keep_alive == wire


def test_who_shares_a_model() -> None:
    same = [
        entry(model="Coder:latest"),
        ModelSpec("B", Provider.OLLAMA, "coder", "http://localhost:11434/"),
        ModelSpec("C", Provider.OLLAMA, AUTODETECT, HERE),
    ]
    others = [
        entry(model="coder:7b"),
        ModelSpec("D", Provider.OLLAMA, "coder", "http://127.0.0.1:11435"),
        ModelSpec("E", Provider.OLLAMA, "coder", ""),
        ModelSpec("F", Provider.LLAMA_CPP, "coder", HERE),
    ]
    assert sharing([*same, *others], HERE, "coder:latest") == tuple(same)


SPECS = st.lists(
    st.builds(
        entry,
        st.sampled_from("ABC"),
        roles=st.lists(st.sampled_from(["autocomplete", "chat", "embed"]), unique=True).map(tuple),
        context_tokens=st.sampled_from([0, 0, 512, 4096, 40_000]),
        loading=st.builds(
            Loading,
            st.sampled_from([0, 0, 2048, 32_768]),
            st.sampled_from([None, -1.0, 0.0, 60.0]),
            st.lists(st.tuples(st.just("num_gpu"), st.integers(-1, 3)), max_size=1).map(tuple),
        ),
    ),
    max_size=4,
)


@given(SPECS, st.sampled_from([0, 4 * GB, 16 * GB]), st.booleans())
def test_any_entries_give_one_shape_that_is_theirs(
    specs: list[ModelSpec], memory: int, known: bool
) -> None:
    weights = weights_of(QWEN_7B, 3 * GB) if known else Weights()
    shape = plan(specs, weights, memory)
    windows = {spec.loading.context_tokens or spec.context_tokens for spec in specs} - {0}
    allowed = {min(each, weights.trained_tokens or each) for each in windows}
    assert shape.num_ctx in (allowed or {2048, 4096, 8192, 16_384})
    assert len(shape.warnings) <= 1
    assert bool(shape.warnings) == any(
        len(set(each)) > 1
        for each in (
            windows,
            {spec.loading.keep_alive for spec in specs} - {None},
            {option for spec in specs for option in spec.loading.options},
        )
    )
    assert plan(list(reversed(specs)), weights, memory).num_ctx == shape.num_ctx
