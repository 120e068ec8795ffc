"""How many of the definitions that Universal Ctags finds in public code are found here.

``python -m benchmarks.definitions [LANGUAGE ...]``. A definition is found if there is one of the
same name, whose line is the same, of a kind that is comparable (`_KINDS`). What ctags counts and
is no definition that another file could use is not asked for (`_NOT_ASKED`).
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.definitions_sources import SOURCES, Source, files_of
from inglenook_context.parse import Parse
from inglenook_context.symbols import definitions_of
from inglenook_context.text import Text

_CTAGS: Final = {
    "go": "Go",
    "rust": "Rust",
    "java": "Java",
    "c": "C",
    "cpp": "C++",
    "ruby": "Ruby",
    "php": "PHP",
    "shellscript": "Sh",
}
_TYPE: Final = frozenset({"class", "interface", "enum", "type"})
_CALLED: Final = frozenset({"function", "method"})
_HELD: Final = frozenset({"variable", "field"})
_KINDS: Final = {
    **dict.fromkeys(("struct", "class", "interface", "enum", "union", "type", "typedef"), _TYPE),
    **dict.fromkeys(("talias", "trait", "annotation"), _TYPE),
    **dict.fromkeys(("func", "function", "method", "methodSpec", "prototype"), _CALLED),
    **dict.fromkeys(("singletonMethod",), _CALLED),
    **dict.fromkeys(("const", "var", "variable", "member", "field", "enumerator"), _HELD),
    **dict.fromkeys(("enumConstant", "constant", "externvar", "anonMember"), _HELD),
    "module": frozenset({"namespace", "class"}),
    "namespace": frozenset({"namespace"}),
    "accessor": _CALLED | _HELD,
    "alias": _CALLED | _TYPE,
    "macro": _CALLED | _HELD,  # with and without parameters
    "define": _HELD,
}
_HEAD: Final = 600  # characters of a definition in which its name is looked for
_ODD: Final = re.compile(r"\{|.*=").match  # ctags 5.9 takes `local x=` for a function sometimes
_NOT_ASKED: Final = {
    "go": {"package", "packageName", "unknown"},  # the clause, and imports
    "rust": {"implementation"},  # an impl block: what it holds is asked for
    "java": {"package"},
    "c": {"header"},
    "cpp": {"header"},
    "ruby": {"library"},  # what is required
    "php": {"alias"},  # of a use clause
    "shellscript": {"script", "heredoc", "alias"},
}


class Tag(NamedTuple):
    path: str
    name: str
    line: int  # from 1
    kind: str


class Here(NamedTuple):
    """``lines`` are those near the beginning on which the name stands: annotations come before."""

    kind: str
    lines: frozenset[int]


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m benchmarks.definitions")
    options.add_argument("languages", nargs="*", help="which of them; all, if none is named")
    options.add_argument("--misses", type=int, default=0, help="how many misses are shown")
    given = options.parse_args()
    for language in given.languages or SOURCES:
        if language not in SOURCES:
            options.error(f"{language!r} is none of: {', '.join(SOURCES)}")
    for language in given.languages or SOURCES:
        _print(language, given.misses)


def _print(language: str, shown: int) -> None:
    for source in SOURCES[language]:
        _print_one(language, source, shown)


def _print_one(language: str, source: Source, shown: int) -> None:
    files = files_of(source)
    tags = list(dict.fromkeys(_tags(language, files)))
    found = {str(path): _definitions(path, language) for path in files}
    missed = [tag for tag in tags if not _is_found(tag, found[tag.path])]
    share = 100 * (1 - len(missed) / max(len(tags), 1))
    figures = f"{len(files):4} files {len(tags):6} definitions {share:6.2f} % found"
    print(f"{language:12}{figures} {source.package}")
    asked, kinds = Counter(tag.kind for tag in tags), Counter(tag.kind for tag in missed)
    for kind, count in kinds.most_common():
        print(f"{'':12} {count:5} of {asked[kind]} {kind} missed")
    for tag in missed[:shown]:
        print(f"{'':12} {tag.path}:{tag.line} {tag.kind} {tag.name}")


def _tags(language: str, files: list[Path]) -> Iterator[Tag]:
    """What ctags finds: its own kinds, and in C and C++ prototypes."""
    name = _CTAGS[language]
    command = ["ctags", "--output-format=json", "--fields=NFnKz", f"--language-force={name}"]
    if language in ("c", "cpp"):
        command += [f"--kinds-{name}=+p", "--extras=-{anonymous}"]
    command += ["--sort=no", "-f", "-", "-L", "-"]
    try:
        ran = subprocess.run(
            command, input="\n".join(map(str, files)), capture_output=True, text=True, check=True
        )
    except FileNotFoundError:
        sys.exit("There is no ctags: install universal-ctags.")
    for line in ran.stdout.splitlines():
        tag = json.loads(line)
        if tag.get("_type") != "tag" or tag["kind"] in _NOT_ASKED[language]:
            continue
        tagged = tag["name"].removesuffix("=") if tag["kind"] == "accessor" else tag["name"]
        if not tagged.startswith("__anon") and not (language == "shellscript" and _ODD(tagged)):
            yield Tag(tag["path"], tagged, tag["line"], tag["kind"])


def _definitions(path: Path, language: str) -> dict[str, list[Here]]:
    text = Text.of(path.read_text("utf-8", errors="replace"))
    parse = Parse(language, text)
    while not parse.advance(1_000):
        pass
    syntax = parse.tree()
    found: dict[str, list[Here]] = {}
    for each in definitions_of(syntax) if syntax is not None else ():
        head = text.slice(each.start, min(each.stop, each.start + _HEAD))
        lines = {0} | {match.start() for match in re.finditer(re.escape(each.name), head)}
        here = frozenset(text.line_at(each.start + at) + 1 for at in lines)
        found.setdefault(each.name.replace(" ", ""), []).append(Here(each.kind, here))
    return found


def _is_found(tag: Tag, found: dict[str, list[Here]]) -> bool:
    return any(
        here.kind in _KINDS[tag.kind] and tag.line in here.lines
        for here in found.get(tag.name.replace(" ", ""), ())
    )


if __name__ == "__main__":
    main()
