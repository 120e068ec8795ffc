"""Families of models, and what their frames keep out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inglenook.models.templates import TEMPLATES, Template, family_of


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("qwen2.5-coder:0.5b", "qwen-coder"),
        ("qwen2.5-coder:7b-base-q4_K_M", "qwen-coder"),
        ("qwen3-coder:30b", "qwen-coder"),
        ("hf.co/Qwen/Qwen2.5-Coder-1.5B-GGUF:Q8_0", "qwen-coder"),
        ("/models/starcoder/qwen2.5-coder-0.5b-instruct-q4_k_m.gguf", "qwen-coder"),
        ("C:\\models\\codellama\\Qwen2.5 Coder 3B.gguf", "qwen-coder"),
        ("codeqwen:7b", "codeqwen"),
        ("starcoder2:3b", "starcoder2"),
        ("starcoder:1b", "starcoder"),
        ("stable-code:3b-code", "stable-code"),
        ("granite-code:3b", "granite-code"),
        ("codellama:7b-code", "codellama"),
        ("CodeLlama-13b-hf.Q4_0.gguf", "codellama"),
        ("deepseek-coder:1.3b-base", "deepseek-coder"),
        ("deepseek-coder-v2:16b-lite-base-q4_0", "deepseek-coder"),
        ("DeepSeek_Coder_V2_Lite.gguf", "deepseek-coder"),
        ("codegemma:2b", "codegemma"),
        ("codestral:22b", "codestral"),
        ("Seed-Coder-8B-Base.gguf", "seed-coder"),
        # Not trained for holes, or not known to be.
        ("codellama:34b", ""),
        ("codellama:7b-python", ""),
        ("codegemma:7b-instruct", ""),
        ("mamba-codestral", ""),
        ("qwen3:8b", ""),
        ("qwen2.5:7b", ""),
        ("deepseek-r1:7b", ""),
        ("llama3.2:3b", ""),
        ("granite3.3:8b", ""),
        ("smollm2:135m", ""),
        ("", ""),
    ],
)
def test_families_by_name(name: str, family: str) -> None:
    assert family_of(name) == family


def test_the_backend_s_template_is_trusted_before_the_name() -> None:
    template = (
        "{{ if .Suffix }}<｜fim▁begin｜>{{ .Prompt }}<｜fim▁hole｜>{{ .Suffix }}<｜fim▁end｜>"
    )
    assert family_of("my-model", "llama", template) == "deepseek-coder"
    assert family_of("qwen2.5-coder", "llama", template) == "deepseek-coder"


def test_strings_that_several_families_share_need_the_architecture() -> None:
    template = "<|fim_prefix|>{{ .Prompt }}<|fim_suffix|>{{ .Suffix }}<|fim_middle|>"
    assert family_of("my-model", "qwen2", template) == "qwen-coder"
    assert family_of("my-model", "gemma", template) == ""
    assert family_of("my-model", "qwen2", "{{ .Prompt }}") == ""


every = pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)


@every
def test_the_frame_is_made_of_special_tokens(template: Template) -> None:
    for part in (template.prefix, template.suffix, template.middle, template.file):
        assert not part or template.special.search(part)


@every
def test_special_tokens_in_a_text_become_visible_text(template: Template) -> None:
    for token in (*template.tokens, *template.others):
        shown = template.neutralise(f"a{token}b")
        assert shown == f"a{token[0]} {token[1:]}b"
        assert shown.isprintable()
        assert not template.special.search(shown)


@every
@given(data=st.data())
def test_no_text_holds_a_special_token_afterwards(template: Template, data: st.DataObject) -> None:
    """Also when tokens stand inside one another."""
    pieces = st.sampled_from([*template.tokens, *(t[:3] for t in template.tokens), "<", " ", "x"])
    text = "".join(data.draw(st.lists(pieces, max_size=8)))
    assert not template.special.search(template.neutralise(text))


@every
def test_ordinary_code_is_left_alone(template: Template) -> None:
    code = "if a < b | c > d: x = '<|' + \"|>\"  # [PRE] <pre> <s\n"
    assert template.neutralise(code) == code


def test_a_name_that_the_architecture_contradicts_is_not_believed() -> None:
    assert family_of("qwen2.5-coder-distilled", "llama") == ""
    assert family_of("qwen3-coder", "qwen3moe") == "qwen-coder"
    assert family_of("deepseek-coder:1.3b", "llama") == "deepseek-coder"


@every
def test_ordinary_markup_does_not_end_an_answer(template: Template) -> None:
    assert not {"<s>", "</s>", "<filename>"} & set(template.stop)
    assert set(template.stop) <= set(template.tokens)
    assert len(template.stop) >= 2
    assert not set(template.others) & {*template.stop, *template.tokens}
