"""What is no mistake though a grammar does not know it: new syntax, other dialects, templates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_SCRIPT: Final = ("javascript", "javascriptreact", "typescript", "typescriptreact")
# In these comments and commas too many are allowed, some are JSON5.
_JSONC_NAMES: Final = re.compile(
    r"(?:[^/]*(?:ts|js)config[^/]*|angular|babel\.config|biome|deno|devcontainer|nx|project|"
    r"turbo|tslint|typedoc|wrangler|rush|pyrightconfig|global|launchSettings|"
    r"api-extractor[^/]*|appsettings[^/]*|cspell[^/]*|language-configuration|"
    r"\.(?!package-lock)[^/]+|[^/]+rc|[^/]+\.vs|CppProperties|keybindings|"
    r"settings|tasks|launch|extensions)\.json",
    re.IGNORECASE,
)
_JSONC_PLACES: Final = re.compile(r"(?:^|/)(?:\.vscode|\.zed|\.devcontainer|\.cursor|rush)/")
_JSON_COMMENT: Final = re.compile(r"^[^\"\n]*(?://|/\*)", re.MULTILINE)
_FLOW: Final = re.compile(r"@(?:no)?flow\b")
_HEAD: Final = 4_096  # characters of a file in which it says that it is Flow
# What stands outside of strings and no language but a template's has: Jinja, ERB and EJS, PHP,
# Go's templates, Handlebars, and the front matter of Jekyll.
_TEMPLATE: Final = re.compile(
    r"""\A---\s*?$|^[^"'`\n]{0,200}(?:\{%[-+]?\s*\w|<%|<\?(?:php|=)"""
    r"""|\{\{[-~]?\s?(?:[#>^!]\s?\w|/\w|\.(?!\.)|(?:if|else|range|end|with|define|template|block)\b"""
    r"""|cookiecutter\.))""",
    re.MULTILINE,
)
_HOLE: Final = re.compile(r"\$?\{\{[^{}\n]{1,200}\}\}|\$\{[\w.]{1,80}\}|<%=[^%\n]{1,200}%>")
# How what is new is written in words that the grammars know; no line end is lost by it.
_KNOWN: Final = tuple(
    (frozenset(languages), re.compile(pattern, re.MULTILINE), known)
    for languages, pattern, known in (
        # PEP 696, defaults of type parameters; PEP 798, unpacking; PEP 810, lazy imports.
        (
            ("python",),
            r"^([ \t]*(?:class|(?:async +)?def|type) +\w+)\[[^\n=\]]{1,200}=.{1,400}\](?= *[(:=])",
            r"\1[T]",
        ),
        (("python",), r"\{ *\*\*(?=[^{}\n]{1,200} for )", "{1:"),
        (("python",), r"^( *)lazy +(?=import |from )", r"\1"),
        # TypeScript 4.7 (variance), 4.9 (accessor), 5.0 (export type *), 5.9 (import defer).
        (_SCRIPT, r"\bexport +type +(?=\*)", "export "),
        (_SCRIPT, r"\bimport +(?:defer|source) +(?=\*|[\w$]+ +from\b)", "import "),
        (_SCRIPT, r"\bimport\.(?:defer|source)\(", "import("),
        (_SCRIPT, r"\baccessor +(?=[\w$#\[\"'])", ""),
        (_SCRIPT, r"([<,]\s{0,20})(?:in +out|in|out) +(?=[A-Z$_])", r"\1"),
        (_SCRIPT, r"\b(?:in +)?out +(?=[A-Z$_][\w$]*(?: +extends\b|\s{0,20}[=,>]))", ""),
        (_SCRIPT, r"^([ \t]*)global +\{", r"\1namespace g {"),
        (_SCRIPT, r"\bexport +default +function *(?=[(<])", "export default function f"),
        (_SCRIPT, r"\bimport\([\"'][^\"'\n]{1,300}[\"']\)(?=\.\w)", "x"),
        (_SCRIPT, r"(\bfrom\s+(?:\"[^\"\n]*\"|'[^'\n]*')\s*)(?:with|assert)\s*\{[^{}\n]*\}", r"\1"),
        (_SCRIPT, r"\b(for +(?:await +)?\()(?:await +)?using +", r"\1const "),
        (_SCRIPT, r"\b(?:using|abstract|accessor)(?=\(|\.| = |;|\??:)", "x"),
        (_SCRIPT, r"^([ \t]*(?:readonly +)?)(?:in|instanceof)(?=\??:)", r"\1x"),
        (_SCRIPT, "&", "|"),  # bare in the text of JSX; elsewhere either is as good
        # Rust 2024 and what the standard library uses.
        (("rust",), r"\bsafe +(?=fn\b|static\b)", ""),
        (("rust",), r"\btry!(?=\()", "f!"),  # before `?`
        (("rust",), r"\bgen +(?=fn\b|move\b|\{)", ""),
        (("rust",), r"~const +|\[const\] +|\b(?:auto|const) +(?=(?:unsafe +)?trait\b)", ""),
        (("rust",), r"\bconst +(?=[\w:]+(?:<[^\n]{1,80}>)? +for\b)", ""),
        (("rust",), r"\bdefault +(?=(?:impl|fn|type|const|unsafe|async)\b)", ""),
        (("rust",), r"\b(?:become|do +yeet)\b", "return"),
        (("rust",), r"\bunsafe +(?=mod\b)|\bbox +(?=[\w(&])", ""),
        (("rust",), r"([<,] *)-(?=\d)", r"\1"),
        # Go 1.26: new takes a value. Constants on one line.
        (("go",), r"\bnew\((?!\)|[*\[]|(?:map|chan|func|struct|interface)\b|<-)", "new_("),
        # Java 22 (several patterns with `_`), 25 (module imports, constructor bodies).
        (("java",), r"^( *import +)module +(?=\w)", r"\1"),
        (("java",), r"\b(?:super|this)(?= *\()", "f"),
        (("java",), r"\bcase +(?=[^\n:]{0,200}\b_\b)[^\n:]{1,300}?(?=->)", "case A "),
        (("java",), r"\bvalue +(?=(?:class|record)\b)", ""),
    )
)


def is_strange(path: str, language: str, text: str) -> bool:
    """Whether a file is not to be judged by the grammar of its language at all."""
    if "{{" in path or "{%" in path or "__cookiecutter" in path or _TEMPLATE.search(text):
        return True
    if language == "json":
        name = path.rpartition("/")[2]
        named = _JSONC_NAMES.fullmatch(name) or _JSONC_PLACES.search(path)
        return bool(named) or _JSON_COMMENT.search(text) is not None
    return language in ("javascript", "javascriptreact") and bool(_FLOW.search(text[:_HEAD]))


def readings(language: str, text: str) -> Iterator[tuple[str, str]]:
    """Other ways to read a text, as a language and a text of as many lines: if one of them
    parses there is no mistake in it."""
    known = text
    for languages, pattern, words in _KNOWN:
        if language in languages:
            known = pattern.sub(words, known)
    if known != text:
        yield language, known
    if language in ("javascript", "javascriptreact"):
        yield "typescriptreact", known
    filled = _HOLE.sub("0" if language == "json" else "x", known)
    if filled != known:
        yield language, filled
