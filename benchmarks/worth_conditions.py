"""What a prompt holds of other files in each condition, and how a site is asked for in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from benchmarks.site_files import Prepared, SiteFiles
from benchmarks.sites_data.build import Gold
from benchmarks.sites_data.recall import recalled
from benchmarks.worth_model import Recorded
from inglenook.engine.ask import Ask
from inglenook.engine.complete import Completer
from inglenook.engine.lane import Lane
from inglenook.engine.pacing import Speed
from inglenook.engine.session import Session
from inglenook.engine.status import State, Status
from inglenook.engine.supplies import only
from inglenook.engine.supply import Discovery, Supply
from inglenook.models.comments import snippets_as_comments
from inglenook_context.choice import snippets
from inglenook_context.compact import header
from inglenook_context.facts import Facts
from inglenook_context.prompt import Prompt, Snippet
from inglenook_context.resolve import Place, Resolver

# The product asks for little of an engine that it has seen to be slow, as two cores are.
SPEEDS: Final = {"small": Speed(prompt_per_second=200.0), "large": Speed()}
_NEAR: Final = 3  # lines between two notes of where one definition begins

# The first line of the documentation as well; as in a stub file; as comments at the start of the
# file's window, at the end of its frozen part, and at the start of what counts as typed.
FORMS: Final = ("doc", "stub", "comment", "near", "typed")


@dataclass(eq=False)
class Disk:
    """`inglenook.engine.library.Files`: a package that does not change."""

    files: SiteFiles
    generation: int = 0
    edition: str = "disk"

    def facts(self, path: str) -> Facts | None:
        return self.files.facts(path)

    def exists(self, path: str) -> bool:
        return self.files.exists(path)

    def aliases(self) -> tuple[()]:
        return ()

    def listed(self, directory: str) -> Sequence[str]:
        return ()  # neither Python nor TypeScript has packages that are directories


async def inserted(prepared: Prepared, model: Recorded, speed: Speed) -> str | None:
    """What the product would insert at a site, invoked by hand; None if it was never asked."""
    session = Session(lambda _uri: prepared.site.path)
    session.files = Disk(prepared.files)
    session.on_open(prepared.cursor.document)
    supply = Supply(nowhere, lambda _status: None, lane=Lane(model, speed))
    completer = Completer(session, only(supply))
    try:
        await session.settled()
        answer = await completer.complete(Ask(prepared.cursor, automatic=False))
    finally:
        await completer.close()
        session.close()
        await supply.close()
    if supply.status.state is State.REFUSED:
        return None
    return answer.texts[0] if answer.texts else ""


async def nowhere() -> Discovery:
    return Discovery(None, Status(State.OFFLINE))


# -- conditions ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Condition:
    """``name``: *none*, *ours* or *oracle*; of these also ``ours-`` and a form of `FORMS`."""

    name: str
    prepared: Prepared

    @property
    def form(self) -> str:
        return self.name.partition("-")[2]

    def shown(self, prompt: Prompt) -> tuple[Snippet, ...]:
        """What is shown of other files beside the product's ``prompt``."""
        if self.name == "none":
            return ()
        return oracle(self.prepared) if self.name.startswith("oracle") else prompt.snippets

    def altered(self, prompt: Prompt) -> Prompt:
        """What is made of the product's ``prompt``."""
        shown, site = self.shown(prompt), self.prepared.site
        if self.form == "doc":
            shown = tuple(_documented(each, self.prepared) for each in shown)
        elif self.form == "stub":
            shown = tuple(replace(each, text=_stub(each.text, site.lang)) for each in shown)
        prompt = replace(prompt, snippets=shown)
        if self.form not in ("comment", "near", "typed"):
            return prompt
        told = snippets_as_comments(prompt)
        if self.form == "typed":
            return replace(prompt, snippets=(), typed=told + prompt.typed)
        prefix = told + prompt.prefix if self.form == "comment" else prompt.prefix + told
        return replace(prompt, snippets=(), prefix=prefix)


def oracle(prepared: Prepared) -> tuple[Snippet, ...]:
    """The definitions that a site needs, and no others, as the product shows them.

    Where the product's facts do not have one, or show less of it than is asked for, its lines
    are taken from the source.
    """
    resolver = Resolver(Disk(prepared.files))
    places, sources = [], []
    for gold in prepared.site.gold:
        place = gold_place(prepared, gold)
        told = snippets((place,), resolver) if place is not None else ()
        if place is not None and any(recalled(gold, each.text) for each in told):
            places.append(place)
        else:
            sources.append(_source(prepared, gold))
    return (*snippets(tuple(sorted(set(places))), resolver), *sources)


def gold_place(prepared: Prepared, gold: Gold) -> Place | None:
    """Where the product knows the definition of ``gold``."""
    facts = prepared.files.facts(gold.def_path)
    if facts is None:
        return None
    text = _text(prepared, gold.def_path)
    away = {
        number: abs(text.count("\n", 0, facts.definitions[number].start) - gold.def_line)
        for number in facts.defines.get(gold.definition_name, ())
    }
    near = min(away, key=lambda number: away[number], default=None)
    if near is None or away[near] > _NEAR:
        return None
    return Place(gold.def_path, near)


def _source(prepared: Prepared, gold: Gold) -> Snippet:
    lines = _text(prepared, gold.signature_path).split("\n")
    count = max(1, gold.signature_lines)
    body = "\n".join(lines[gold.signature_line : gold.signature_line + count])
    if gold.owners and gold.kind in ("method", "field"):
        heading = f"class {gold.owners[0]}"
        body = f"{heading}:\n{body}" if prepared.site.lang == "python" else f"{heading} {{\n{body}"
    elif gold.signature_line != gold.def_line or gold.signature_path != gold.def_path:
        own = _text(prepared, gold.def_path).split("\n")[gold.def_line]
        body = f"{own}\n{body}"
    return Snippet(gold.signature_path, body + "\n")


def _text(prepared: Prepared, path: str) -> str:
    return (prepared.files.root / path).read_bytes().decode("utf-8", "replace")


# -- other forms of the same -----------------------------------------------------------------------


def _documented(snippet: Snippet, prepared: Prepared) -> Snippet:
    """With the first line of each definition's documentation."""
    facts = prepared.files.facts(snippet.path)
    docs = {header(each): each.doc for each in facts.definitions if each.doc} if facts else {}
    mark = "#" if prepared.site.lang == "python" else "//"
    lines = []
    for line in snippet.text.split("\n"):
        doc = docs.get(line.strip().removesuffix(" {").removesuffix(":"))
        lines.append(f"{line}  {mark} {doc}" if doc else line)
    return replace(snippet, text="\n".join(lines))


def _stub(text: str, language: str) -> str:
    """As in a ``.pyi`` or ``.d.ts`` file."""
    python = language == "python"
    return "\n".join(_stub_line(line, python) for line in text.split("\n"))


def _stub_line(line: str, python: bool) -> str:
    if not python:
        whole = line.strip() and not line.endswith(("{", "}", ";", ",", "=>"))
        return line + ";" if whole else line
    head = line.lstrip()
    if head.startswith(("def ", "async def ")) and line.count("(") == line.count(")"):
        return line.removesuffix(":") + ": ..."
    return line + ": ..." if head.startswith("class ") and not line.endswith(":") else line
