"""How a language writes comments."""

from __future__ import annotations

from typing import Final

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


def comment_marks(language: str) -> tuple[str, str]:
    """What opens and what closes a comment; a comment that ends with its line closes with ""."""
    return _BLOCK.get(language) or (_LINE.get(language, "//"), "")
