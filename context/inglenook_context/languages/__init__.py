"""Which languages there are: by the endings of their files, and where their entries are.

Nothing is loaded here: an entry costs an import only when a file of its language is met.
"""

from __future__ import annotations

from typing import Final

# LSP language identifiers, by the module of this package that has their entries.
FAMILIES: Final = {
    language: family
    for family, languages in {
        "python": "python",
        "ecmascript": "javascript javascriptreact typescript typescriptreact",
        "go": "go",
        "rust": "rust",
        "java": "java",
        "c": "c cpp",
        "csharp": "csharp",
        "ruby": "ruby",
        "php": "php",
        "bash": "shellscript",
        "structure": "json jsonc html css toml yaml markdown",
    }.items()
    for language in languages.split()
}
# Those in which nothing is defined that code elsewhere uses: an open document has an outline.
STRUCTURE: Final = frozenset(name for name, family in FAMILIES.items() if family == "structure")
_ENDINGS: Final = {
    ending: language
    for language, endings in {
        "python": "py pyi pyw",
        "javascript": "js mjs cjs",
        "javascriptreact": "jsx",
        "typescript": "ts mts cts",
        "typescriptreact": "tsx",
        "go": "go",
        "rust": "rs",
        "java": "java",
        "c": "c",
        "cpp": "h cc cpp cxx hpp hh hxx ipp",  # as editors take .h: C++ knows most of C
        "csharp": "cs",
        "ruby": "rb rake gemspec",
        "php": "php",
        "shellscript": "sh bash",
        "json": "json",
        "jsonc": "jsonc",
        "html": "html htm",
        "css": "css",
        "toml": "toml",
        "yaml": "yaml yml",
        "markdown": "md markdown",
        # Without a grammar: the language decides how comments are written.
        "scss": "scss",
        "kotlin": "kt",
        "swift": "swift",
        "scala": "scala",
        "lua": "lua",
        "sql": "sql",
    }.items()
    for ending in endings.split()
}
LANGUAGES: Final = frozenset(_ENDINGS.values())


def language_of(name: str) -> str | None:
    """The LSP language identifier of a file's name by its ending; None if it has none that is
    known."""
    return _ENDINGS.get(name.rpartition(".")[2].lower()) if "." in name[1:] else None
