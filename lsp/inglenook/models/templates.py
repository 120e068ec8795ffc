"""Fill-in-the-middle templates: how each family of models was trained to see a hole.

A wrong template gives fluent nonsense, so a family is here only with a source that was read; a
comment says what that source does not tell. The keys are also what `ModelInfo.family` holds.

No text of a document can end its part of the frame early: `neutralise` puts a space behind the
first character of every special token in it, ``<|fim_middle|>`` becomes ``< |fim_middle|>``. The
model still reads what the file says, no invisible character is involved, and the engine's
tokenizer, which looks for exact strings, finds no special token. (Ollama and llama.cpp parse
special tokens in raw prompts and offer no way to mark text as plain.)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final


@dataclass(frozen=True)
class Template:
    """One family's frame, prefix-suffix-middle unless ``suffix_first``.

    ``file`` opens a piece of another file, with ``{path}``; where it is empty, other files are
    shown as comments above the prefix. ``own`` is how the file with the hole is then opened:
    what stands before the prefix token, and what after it. ``repository`` opens the whole
    prompt. ``tokens`` are the special tokens by which a text could leave its part of the frame, or
    an answer go on past its end. ``others`` begin another kind of training document (an issue, a
    notebook); no answer ends at them. Pads and the like are in neither: they move nothing.
    """

    family: str
    prefix: str
    suffix: str
    middle: str
    tokens: tuple[str, ...]
    others: tuple[str, ...] = ()
    repository: str = ""
    file: str = ""
    own: tuple[str, str] = ("", "")
    suffix_first: bool = False

    @property
    def stop(self) -> tuple[str, ...]:
        """Where an answer ends, should the engine print special tokens.

        Those that are also ordinary markup are left out, or HTML could not be completed.
        """
        return tuple(token for token in self.tokens if token not in _MARKUP)

    @cached_property
    def special(self) -> re.Pattern[str]:
        every = sorted((*self.tokens, *self.others), key=len, reverse=True)
        return re.compile("|".join(map(re.escape, every)))

    def neutralise(self, text: str) -> str:
        """``text`` without any of ``tokens`` and ``others``; see the module for how."""
        return self.special.sub(_parted, text)


_MARKUP: Final = frozenset({"<s>", "</s>", "<bos>", "<eos>", "<filename>", "<reponame>"})
_FIM: Final = ("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>")
_STAR: Final = ("<fim_prefix>", "<fim_suffix>", "<fim_middle>")
_NOTEBOOKS: Final = (
    "<issue_start>",
    "<issue_comment>",
    "<issue_closed>",
    "<jupyter_start>",
    "<jupyter_text>",
    "<jupyter_code>",
    "<jupyter_output>",
    "<empty_output>",
)
_COMMITS: Final = ("<commit_before>", "<commit_msg>", "<commit_after>")

_TEMPLATES: Final = (
    # Order: QwenLM/Qwen3-Coder README, "Fill in the middle" (inside a chat turn there; Continue's
    # AutocompleteTemplate.ts has it plain, as here, for Qwen2.5-Coder). Tokens: the vocabulary in
    # the GGUF of Qwen2.5-Coder-0.5B-Instruct. Repository frame: that repository's examples
    # Qwen2.5-Coder.md and Qwen2.5-Coder-repolevel-fim.py, as DeepWiki's pages on it quote them.
    Template(
        "qwen-coder",
        *_FIM,
        tokens=(
            *_FIM,
            "<|fim_pad|>",
            "<|repo_name|>",
            "<|file_sep|>",
            "<|endoftext|>",
            "<|im_start|>",
            "<|im_end|>",
        ),
        repository="<|repo_name|>workspace\n",
        file="<|file_sep|>{path}\n",
        own=("<|file_sep|>{path}\n", ""),
    ),
    # Tokens: tokenizer_config.json of StarCoderBase 3B. Order: the example of StarCoder's README,
    # as ibm-granite/granite-code-models issue 3 quotes it.
    Template(
        "starcoder",
        *_STAR,
        tokens=(*_STAR, "<fim_pad>", "<reponame>", "<filename>", "<gh_stars>", "<|endoftext|>"),
        others=(*_NOTEBOOKS, *_COMMITS),
    ),
    # arXiv:2402.19173 (StarCoder 2), section 5.1: <file_sep> between files, and in the file with
    # the hole the path stands behind the prefix token. Table 5: the special tokens.
    Template(
        "starcoder2",
        *_STAR,
        tokens=(*_STAR, "<fim_pad>", "<repo_name>", "<file_sep>", "<|endoftext|>"),
        others=(
            *_NOTEBOOKS,
            "<jupyter_script>",
            "<code_to_intermediate>",
            "<intermediate_to_code>",
            "<pr>",
            "<pr_status>",
            "<pr_is_merged>",
            "<pr_base>",
            "<pr_file>",
            "<pr_base_code>",
            "<pr_diff>",
            "<pr_diff_hunk>",
            "<pr_comment>",
            "<pr_event_id>",
            "<pr_review>",
            "<pr_review_state>",
            "<pr_review_comment>",
            "<pr_in_reply_to_review_id>",
            "<pr_in_reply_to_comment_id>",
            "<pr_diff_hunk_comment_line>",
        ),
        repository="<repo_name>workspace",
        file="<file_sep>{path}\n",
        own=("<file_sep>", "{path}\n"),
    ),
    # stabilityai/stable-code-3b's model card, "Run with Fill in Middle". <file_sep>: Continue's
    # AutocompleteTemplate.ts. <repo_name> and <fim_pad> are a guess that costs nothing.
    Template(
        "stable-code",
        *_STAR,
        tokens=(*_STAR, "<fim_pad>", "<file_sep>", "<repo_name>", "<|endoftext|>"),
    ),
    # Tokens: tokenizer_config.json of Qwen/CodeQwen1.5-7B-Chat-AWQ. Order: Continue's
    # AutocompleteTemplate.ts. <file_sep> and <reponame> are a guess that costs nothing.
    Template(
        "codeqwen",
        *_STAR,
        tokens=(
            *_STAR,
            "<fim_pad>",
            "<file_sep>",
            "<reponame>",
            "<|endoftext|>",
            "<|im_start|>",
            "<|im_end|>",
        ),
    ),
    # ibm-granite/granite-code-models issue 3: "the same way as StarCoder's", say its authors. That
    # the further tokens are StarCoder's as well is a guess.
    Template(
        "granite-code",
        *_STAR,
        tokens=(*_STAR, "<fim_pad>", "<reponame>", "<filename>", "<|endoftext|>"),
        others=(*_NOTEBOOKS, *_COMMITS),
    ),
    # meta-llama/codellama, llama/generation.py `infilling_prompt_tokens`; the spaces are part of
    # the format: "<PRE> {prefix} <SUF>{suffix} <MID>". <EOT>: Continue's AutocompleteTemplate.ts.
    Template(
        "codellama",
        "<PRE> ",
        " <SUF>",
        " <MID>",
        tokens=("<PRE>", "<SUF>", "<MID>", "<EOT>", "<s>", "</s>"),
    ),
    # deepseek-ai/DeepSeek-Coder README, "Code Insertion" (full-width bars and U+2581); the README
    # of DeepSeek-Coder-V2 keeps it. "Repository Level Code Completion" there puts "#path" above
    # each file, without a hole; the comments that we write come close to it.
    Template(
        "deepseek-coder",
        "<｜fim▁begin｜>",
        "<｜fim▁hole｜>",
        "<｜fim▁end｜>",
        tokens=(
            "<｜fim▁begin｜>",
            "<｜fim▁hole｜>",
            "<｜fim▁end｜>",
            "<｜begin▁of▁sentence｜>",
            "<｜end▁of▁sentence｜>",
            "<|EOT|>",
        ),
    ),
    # ai.google.dev/gemma/docs/codegemma/prompt-structure: no spaces round the tokens, and
    # <|file_separator|> between files; gemma/docs/formatting: the turns.
    Template(
        "codegemma",
        *_FIM,
        tokens=(*_FIM, "<|file_separator|>", "<start_of_turn>", "<end_of_turn>", "<bos>", "<eos>"),
    ),
    # mistralai/cookbook, concept-deep-dive/tokenization/chat_templates.md, tokenizer V3 (Codestral
    # 22B's): <s>[SUFFIX]suffix[PREFIX]prefix, and no token for the middle. mistral-common's test
    # of `encode_fim` expects the same.
    Template(
        "codestral",
        "[PREFIX]",
        "[SUFFIX]",
        "",
        tokens=("[PREFIX]", "[SUFFIX]", "[MIDDLE]", "[INST]", "[/INST]", "<s>", "</s>"),
        suffix_first=True,
    ),
    # arXiv:2506.03524 (Seed-Coder), section 2.2: tokens, and the order suffix, prefix, middle, the
    # only one it was trained on. (Forks of Continue put the prefix first.) The other four tokens
    # are the stops of those forks.
    Template(
        "seed-coder",
        "<[fim-prefix]>",
        "<[fim-suffix]>",
        "<[fim-middle]>",
        tokens=(
            "<[fim-prefix]>",
            "<[fim-suffix]>",
            "<[fim-middle]>",
            "<[begin▁of▁sentence]>",
            "<[end▁of▁sentence]>",
            "<[PAD▁TOKEN]>",
            "<[SEP▁TOKEN]>",
        ),
        suffix_first=True,
    ),
)
TEMPLATES: Final = {template.family: template for template in _TEMPLATES}

# The special tokens of all families, and all that are spelled as most chat models spell theirs.
_ANY: Final = re.compile(
    "|".join(
        [
            r"<[|｜][^\s<>|｜]{1,40}[|｜]>",
            *(template.special.pattern for template in _TEMPLATES),
        ]
    )
)


def neutralise_any(text: str) -> str:
    """``text`` without special tokens of any family, for models whose tokens are not known."""
    return _ANY.sub(_parted, text)


def _parted(match: re.Match[str]) -> str:
    return f"{match[0][0]} {match[0][1:]}"


# Names as people and registries write them; the first match counts.
_NAMES: Final = tuple(
    (re.compile(pattern), family)
    for pattern, family in (
        (r"codeqwen", "codeqwen"),
        (r"qwen-?(2\.5|3)?-?coder", "qwen-coder"),
        (r"starcoder-?2", "starcoder2"),
        (r"starcoder", "starcoder"),
        (r"stable-?code", "stable-code"),
        (r"granite.*code", "granite-code"),
        (r"codellama|code-llama", "codellama"),
        (r"deepseek-?coder", "deepseek-coder"),
        (r"codegemma", "codegemma"),
        (r"codestral", "codestral"),
        (r"seed-?coder", "seed-coder"),
    )
)
# Models of these names share the family's words, not its training for holes.
_CHAT_ONLY: Final = re.compile(
    r"codellama.*(34b|70b|python)|codegemma.*(-it\b|instruct)|mamba-codestral|starchat"
)
# What a template of the backend's own (Ollama's `template`, say) shows of the family. Only
# strings that belong to one family are here.
_MARKS: Final = (
    ("<｜fim▁begin｜>", "deepseek-coder"),
    ("<[fim-suffix]>", "seed-coder"),
    ("<PRE>", "codellama"),
    ("[SUFFIX]", "codestral"),
    ("<|file_separator|>", "codegemma"),
)
# How `general.architecture` of a family begins, where it is the family's own.
_ARCHITECTURES: Final = {
    "qwen-coder": "qwen",
    "codeqwen": "qwen",
    "starcoder2": "starcoder2",
    "stable-code": "stablelm",
    "codegemma": "gemma",
}


def family_of(name: str, architecture: str = "", template: str = "") -> str:
    """The family of a model, "" if it is not surely known.

    ``template`` is the backend's own prompt template and is trusted before ``name`` (a name or
    the path of a GGUF file). ``architecture`` is GGUF's ``general.architecture``, "" if unknown:
    it can only contradict, since chat models share it with code models.
    """
    name = re.sub(r"[\s_]+", "-", re.split(r"[\\/](?=[^\\/]+$)", name.lower())[-1])
    if _CHAT_ONLY.search(name):
        return ""
    for mark, family in _MARKS:
        if mark in template:
            return family
    if "<|fim_prefix|>" in template and architecture.startswith("qwen"):
        return "qwen-coder"
    if "<fim_prefix>" in template and architecture == "starcoder2":
        return "starcoder2"
    named = next((family for pattern, family in _NAMES if pattern.search(name)), "")
    if architecture and not architecture.startswith(_ARCHITECTURES.get(named, "")):
        return ""
    return named
