"""Pieces of other files as comments, for models that have no token for another file."""

from __future__ import annotations

from typing import Final

from inglenook_context.prompt import Prompt

# LSP language identifiers; a language that is not here gets //.
_MARKERS: Final = (
    ("#", "coffeescript dockerfile dockercompose elixir julia makefile perl perl6 plaintext"),
    ("#", "powershell properties python r ruby shellscript toml yaml"),
    ("--", "ada elm haskell lua sql vhdl"),
    (";", "clojure commonlisp emacs-lisp ini lisp scheme"),
    ("%", "bibtex erlang latex matlab prolog tex"),
)
_LINE: Final = {name: marker for marker, names in _MARKERS for name in names.split()}
_XML: Final = ("<!--", "-->")
_BLOCK: Final = {
    **dict.fromkeys(("html", "markdown", "svelte", "vue", "xml", "xsl"), _XML),
    "css": ("/*", "*/"),
    "ocaml": ("(*", "*)"),
}


def snippets_as_comments(prompt: Prompt) -> str:
    """Each snippet with its path, in comments of the language of ``prompt``; whole lines."""
    return "".join(
        _comment(f"Path: {snippet.path}\n{snippet.text}", prompt.language)
        for snippet in prompt.snippets
    )


def _comment(text: str, language: str) -> str:
    text = text.rstrip("\n")
    if language in _BLOCK:
        opening, closing = _BLOCK[language]
        # The snippet must not end the comment; a visible space keeps it readable.
        inside = text.replace(closing, closing[:1] + " " + closing[1:])
        return f"{opening}\n{inside}\n{closing}\n"
    marker = _LINE.get(language, "//")
    return "".join(f"{marker} {line}".rstrip() + "\n" for line in text.split("\n"))
