"""What is switched off: by the user, by the workspace, or in the entry of the model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from inglenook.commands.doctor_completing import Completing, disabled, meant, said_in
from inglenook.commands.doctor_facts import Facts
from inglenook.commands.doctor_trouble import Rank, Trouble
from inglenook.engine.ignored import Ignored
from inglenook.engine.settings import Fate, Row


def off(facts: Facts) -> Iterator[Trouble]:
    """Why nothing is completed here, though a model may serve."""
    choices, folder = facts.choices, facts.folder
    theirs, entry = said_in(choices, folder), facts.completing[0]
    if not facts.settings.switches.enabled:
        place = _place(facts.settings.rows, "inglenook.enabled", str(facts.settings.config_file))
        cause = f"Completion is switched off: inglenook.enabled is false in {place}"
        yield Trouble(Rank.OFF, cause, "Set inglenook.enabled to true there.")
    elif not theirs.switches.enabled:
        place = _place(theirs.rows, "inglenook.enabled", folder)
        cause = f"The workspace switches completion off: inglenook.enabled is false in {place}"
        cure = "Take that out there: what a workspace switches off, no other file switches on."
        yield Trouble(Rank.OFF, cause, cure)
    elif files_meant := meant(choices.left_out(folder)):
        files = dict.fromkeys([str(facts.settings.config_file), *(row.file for row in theirs.rows)])
        what = f"{files_meant.capitalize()} here"
        cause = f"{what} is left out by inglenook.ignore, in {' or '.join(files)}"
        yield Trouble(Rank.OFF, cause, "Narrow its patterns: inglenook config show")
    if entry.off:
        yield Trouble(Rank.OFF, *entry_off(facts, entry))


def entry_off(facts: Facts, entry: Completing) -> tuple[str, str]:
    """Cause and cure for a model whose entry completes nothing."""
    name = entry.entry.name if entry.entry else ""
    rows = [row for row in facts.settings.rows if row.key.endswith(f"Options.{entry.off}")]
    place = str(facts.settings.config_file)
    if len(rows) == 1:
        place = f"{rows[0].file}:{rows[0].line}"
    what = "is true" if entry.off == "disable" else f"means {_all_of(entry)}"
    return (
        f"{name!a} completes nothing: autocompleteOptions.{entry.off} {what}, in {place}",
        "Take that out there, or choose another model for autocomplete.",
    )


def _all_of(entry: Completing) -> str:
    return meant(Ignored.by([entry.entry.autocomplete.disabled_files])) if entry.entry else ""


def automatic(facts: Facts) -> bool:
    """Whether completions come while the user types."""
    theirs = said_in(facts.choices, facts.folder).switches
    return facts.settings.switches.automatic and theirs.automatic


def limited(facts: Facts) -> Iterator[Trouble]:
    """Where and when it is not completed because somebody wants it so: worth knowing."""
    theirs = said_in(facts.choices, facts.folder)
    zones = (
        (facts.settings.rows, facts.settings.switches, str(facts.settings.config_file)),
        (theirs.rows, theirs.switches, facts.folder),
    )
    for rows, switches, file in zones:
        if not switches.automatic:
            place = _place(rows, "inglenook.automatic", file)
            cause = f"Completions come only when you ask: inglenook.automatic is false in {place}"
            cure = "Nothing need be done; for completions while you type take that out there."
            yield Trouble(Rank.ASKED, cause, cure)
            break
    languages = sorted(disabled(facts.choices, facts.folder))
    if languages:
        places = [
            _place(rows, "inglenook.disabledLanguages", file)
            for rows, switches, file in zones
            if switches.disabled_languages
        ]
        cause = f"No completion in {', '.join(languages)}: inglenook.disabledLanguages in "
        cure = "Nothing need be done; for completions in one take it out there."
        yield Trouble(Rank.SPARED, cause + " and ".join(places), cure)


def _place(rows: Sequence[Row], key: str, file: str) -> str:
    """Where a key stands that counts; ``file`` if it goes by another name."""
    found = [row for row in rows if row.key == key and row.fate is Fate.USED]
    return f"{found[0].file}:{found[0].line}" if found else file
