"""What holds for every language: how it is found, loaded, and read while it is being written."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from inglenook.workspace import languages as indexed
from inglenook_context import grammar as grammars
from inglenook_context.facts import facts_of
from inglenook_context.grammar import GRAMMARS, grammar_of
from inglenook_context.languages import FAMILIES, STRUCTURE, language_of
from inglenook_context.symbols import Definition, definitions_of
from inglenook_context.text import Text
from tests.context.test_symbols_bash import BASH
from tests.context.test_symbols_c import CPP, C
from tests.context.test_symbols_csharp import CSHARP
from tests.context.test_symbols_go import GO
from tests.context.test_symbols_java import JAVA
from tests.context.test_symbols_php import PHP
from tests.context.test_symbols_ruby import RUBY
from tests.context.test_symbols_rust import RUST
from tests.context.test_symbols_structure import CSS, HTML, JSONC, MARKDOWN, TOML, YAML
from tests.support.parsed import parsed

SOURCES = {
    "go": GO,
    "rust": RUST,
    "java": JAVA,
    "c": C,
    "cpp": CPP,
    "csharp": CSHARP,
    "ruby": RUBY,
    "php": PHP,
    "shellscript": BASH,
    "jsonc": JSONC,
    "html": HTML,
    "css": CSS,
    "toml": TOML,
    "yaml": YAML,
    "markdown": MARKDOWN,
}
ENDINGS = [
    ("main.go", "go"),
    ("lib.rs", "rust"),
    ("A.java", "java"),
    ("a.c", "c"),
    ("a.h", "cpp"),
    ("a.CPP", "cpp"),
    ("A.cs", "csharp"),
    ("a.rb", "ruby"),
    ("a.php", "php"),
    ("run.sh", "shellscript"),
    ("a.tsx", "typescriptreact"),
    ("a.pyi", "python"),
    ("tsconfig.json", "json"),
    ("a.jsonc", "jsonc"),
    ("index.htm", "html"),
    ("a.css", "css"),
    ("pyproject.toml", "toml"),
    ("ci.yml", "yaml"),
    ("README.md", "markdown"),
    ("a.kt", "kotlin"),
    (".go", None),
    ("Makefile", None),
    ("a.xyz", None),
]


@pytest.mark.parametrize(("name", "language"), ENDINGS)
def test_a_file_is_known_by_its_ending(name: str, language: str | None) -> None:
    assert language_of(name) == language


def test_data_and_documents_are_not_indexed() -> None:
    files = {name: language for name, language in ENDINGS if language in FAMILIES}
    assert {name for name in files if indexed.language_of(f"src/{name}")} == {
        name for name, language in files.items() if language not in STRUCTURE
    }
    assert indexed.language_of("src/a.kt") is None


@pytest.mark.parametrize("language", FAMILIES)
def test_an_entry_is_of_the_language_it_is_found_by(language: str) -> None:
    assert GRAMMARS[language].language == language


def test_no_language_is_loaded_before_it_is_met() -> None:
    script = """
import sys
from inglenook_context.grammar import grammar_of, load
from inglenook_context.languages import language_of
def loaded():
    families = "inglenook_context.languages.", "tree_sitter_"
    return sorted(name for name in sys.modules if name.startswith(families))
print(loaded())
load(grammar_of(language_of("a.rs")))
print(loaded())
"""
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines() == [
        "[]",
        "['inglenook_context.languages.rust', 'tree_sitter_rust', 'tree_sitter_rust._binding']",
    ]


@pytest.mark.parametrize("language", SOURCES)
def test_without_its_wheel_a_language_is_text(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = grammar_of(language)
    assert entry is not None
    absent = replace(entry, module="tree_sitter_absent")
    monkeypatch.setattr(grammars, "_entries", lambda _: {language: absent})
    assert facts_of("a", language, SOURCES[language]).definitions == ()


@pytest.mark.parametrize("language", SOURCES)
def test_a_file_that_ends_anywhere_keeps_what_was_whole_before(language: str) -> None:
    source = SOURCES[language]
    whole = _found(source, language)
    kept = wanted = 0
    for end in range(0, len(source), 3):
        before = {(one.name, one.start) for one in whole if one.stop < end}
        found = {(one.name, one.start) for one in _found(source[:end], language)}
        kept += len(found & before)
        wanted += len(before)
    assert kept >= 0.98 * wanted


def _found(source: str, language: str) -> tuple[Definition, ...]:
    syntax = parsed(Text.of(source), language)
    assert syntax is not None
    return definitions_of(syntax)
