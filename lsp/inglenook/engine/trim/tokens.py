"""Template tokens that leaked into the text: cut there.

The families are those of ``inglenook.models.templates`` and their kin. A token between equal
quotes is a string constant, and a file that itself shows such tokens is about them.
"""

from __future__ import annotations

import re
from typing import Final

from inglenook.engine.trim.site import Site
from inglenook.engine.trim.trimmed import Trimmed

_ANGLED: Final = (
    *("fim_prefix", "fim_suffix", "fim_middle", "fim_pad", "file_sep", "repo_name", "reponame"),
    *("gh_stars", "issue_start", "jupyter_start", "jupyter_code", "commit_before", "PRE", "SUF"),
    *("MID", "EOT", "FIM_PREFIX", "bos", "eos", "pad", "start_of_turn", "end_of_turn", "/s"),
)
_SQUARED: Final = ("[SUFFIX]", "[PREFIX]", "[MIDDLE]", "[INST]", "[/INST]")
_TOKEN: Final = re.compile(
    r"<[|｜][A-Za-z/][\w▁/-]{1,40}[|｜]>"
    r"|<\[(?:fim-(?:prefix|suffix|middle)|[A-Za-z]+▁[\w▁]{2,30})\]>"
    rf"|<(?:{'|'.join(_ANGLED)})>"
    r"|(?<![\w)\]])\[(?:SUFFIX|PREFIX|MIDDLE|/?INST)\]"
    r"|(?m:^)<filename>"
)
_PARTIAL: Final = re.compile(
    r"<(?:[|｜][\w▁/-]{0,41}[|｜]?|\[[\w▁-]{0,32}\]?|/?[A-Za-z_]{0,14})?\Z"
)
_TORN: Final = re.compile(r"(?:<[|｜](?:fim|end|file|repo)\w*[|｜]?|<fim_\w*|<file_\w*)\Z")
_LONGEST: Final = 48


def tokens(text: str, site: Site, final: bool) -> Trimmed:
    if "<" not in text and "[" not in text:
        return Trimmed(text)
    for found in _TOKEN.finditer(text):
        start, stop = found.span()
        quoted = start and text[start - 1] in "\"'`"
        if quoted and stop == len(text) and not final:
            return Trimmed(text[:start])  # the next character tells
        if not (quoted and text[stop : stop + 1] == text[start - 1]) and _leaks(found[0], site):
            return Trimmed(text[:start], True)
    return Trimmed(text[: _certain(text, final)])


def _certain(text: str, final: bool) -> int:
    """The length of ``text`` without a token that the end of the text may have torn."""
    tail = max(len(text) - _LONGEST, 0)
    if final:
        torn = _TORN.search(text, tail)
        return torn.start() if torn else len(text)
    partial = _PARTIAL.search(text, tail)
    if partial:
        return partial.start()
    at = text.rfind("[", max(tail, len(text) - 7))
    if at >= 0 and any(token.startswith(text[at:]) for token in _SQUARED):
        return at
    return len(text)


def _leaks(token: str, site: Site) -> bool:
    if token == "</s>":
        return "<s" not in site.before and site.language not in ("html", "vue", "svelte")
    if token[1] in "|｜[":
        return not _TOKEN.search(site.before) and not _TOKEN.search(site.after)
    return token not in site.before and token not in site.after
