"""What the user set, resolved and frozen; and what a workspace may add, which only narrows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from inglenook.models.egress import EgressPolicy
from inglenook.models.spec import ModelSpec, Think

OLLAMA_ADDRESS = "http://127.0.0.1:11434"
LLAMA_CPP_ADDRESS = "http://127.0.0.1:8080"
LM_STUDIO_ADDRESS = "http://127.0.0.1:1234"
VLLM_ADDRESS = "http://127.0.0.1:8000"
ENGINE_IDLE = 60.0  # seconds
CHECK_SECONDS = 60.0  # that one of the user's own checks may take


class Level(StrEnum):
    WARNING = "warning"  # something that the user asked for is not done
    INFO = "info"  # worth knowing; nothing is wrong


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence for the user about the configuration."""

    level: Level
    text: str


class Fate(StrEnum):
    """What becomes of a key of a configuration file."""

    USED = "used"
    IGNORED = "ignored"  # harmless and without effect here
    REFUSED = "refused"  # it would weaken what Inglenook promises, or its value cannot be used
    UNKNOWN = "unknown"  # no key of the schema


@dataclass(frozen=True, slots=True)
class Row:
    """One key of a configuration file, and what became of it.

    ``key`` is its path ("models[0].requestOptions.proxy"). ``value`` is for the user to read, and
    never a secret: keys, headers and what came from a template are shown as "(hidden)".
    """

    key: str
    fate: Fate
    file: str
    line: int  # from 1
    why: str = ""  # empty if it is used as it stands
    value: str = ""


@dataclass(frozen=True, slots=True)
class Selection:
    """Names of models by role, and by language and role where that differs."""

    roles: Mapping[str, str] = field(default_factory=dict)  # role -> name of a model
    languages: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # LSP identifiers

    def name(self, role: str, language: str = "") -> str:
        """The model that is selected; empty if none is."""
        special = self.languages.get(language, {})
        return special.get(role, "") or self.roles.get(role, "")


@dataclass(frozen=True, slots=True)
class FolderRule:
    """What the user's own file says of the folders that ``pattern`` means.

    ``pattern`` is an absolute path, "~" expanded, in which * and ** stand for what they do in
    .gitignore; it means the folder and all below it.
    """

    pattern: str
    selection: Selection


@dataclass(frozen=True, slots=True)
class Rule:
    """An instruction for chats and edits. ``globs`` empty and ``always`` unset: it always holds."""

    text: str
    name: str = ""
    description: str = ""
    globs: tuple[str, ...] = ()
    always: bool | None = None
    source: str = ""  # the file it is from, for the user


@dataclass(frozen=True, slots=True)
class PromptTemplate:
    """A slash command."""

    name: str
    text: str
    description: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Docs:
    """A site of documentation, shown to the user; it is never fetched."""

    name: str
    url: str


class CheckKind(StrEnum):
    LINT = "lint"  # the exit code says whether the new text is good
    FORMAT = "format"  # what it prints takes the place of the new text
    TEST = "test"  # runs in a copy of the workspace folder that has the new text


@dataclass(frozen=True, slots=True)
class Check:
    """A command of the user's own that judges an edit before it is offered.

    ``command`` is a program, by its name or whole path, and its arguments, in which ``{file}``,
    ``{path}`` and ``{folder}`` stand for places. No shell reads it.
    """

    name: str
    command: tuple[str, ...]
    kind: CheckKind = CheckKind.LINT
    languages: frozenset[str] = frozenset()  # LSP language identifiers; empty: all
    seconds: float = CHECK_SECONDS

    def is_for(self, language: str) -> bool:
        return not self.languages or language in self.languages


@dataclass(frozen=True, slots=True)
class Switches:
    """What can be switched off: by the user's file for all, by a workspace for itself."""

    enabled: bool = True
    automatic: bool = True  # ghost text while typing; without it only when it is asked for
    disabled_languages: frozenset[str] = frozenset()  # LSP language identifiers
    ignored: tuple[str, ...] = ()  # patterns as in .gitignore: no ghost text, never shown


@dataclass(frozen=True, slots=True)
class FolderSettings:
    """What the files of one workspace folder add. Nothing in it can widen what the user allows."""

    selection: Selection = Selection()
    switches: Switches = Switches()
    rules: tuple[Rule, ...] = ()
    prompts: tuple[PromptTemplate, ...] = ()
    rows: tuple[Row, ...] = ()
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """See `inglenook.engine.config.load_settings`."""

    config_file: Path  # where it is looked for; it need not exist
    state_dir: Path  # where what was found out of models is kept
    cache_dir: Path | None  # where answers are kept on the disk; None: they are not
    index_dir: Path | None  # where what the workspace's files define is kept; None: nowhere
    models_dir: Path  # where the embedded engine's GGUF files are, and where `models get` writes
    engines_dir: Path  # where the programs of one user meet to share an embedded engine
    models: tuple[ModelSpec, ...] = ()
    ollama_address: str = OLLAMA_ADDRESS  # "" if OLLAMA_HOST names a machine that is not this one
    llama_cpp_address: str = LLAMA_CPP_ADDRESS
    lm_studio_address: str = LM_STUDIO_ADDRESS
    probes: bool = True  # models are probed in the background
    counters: bool = True  # what was shown and accepted is counted, on this machine
    engine_idle: float = ENGINE_IDLE  # seconds without a program that uses it, then it goes
    policy: EgressPolicy = EgressPolicy()
    selection: Selection = Selection()  # for all folders
    folder_rules: tuple[FolderRule, ...] = ()  # the longest pattern that means a folder wins
    think: Mapping[str, Think] = field(default_factory=dict)  # by role; before the models' own
    switches: Switches = Switches()
    rules: tuple[Rule, ...] = ()
    prompts: tuple[PromptTemplate, ...] = ()
    docs: tuple[Docs, ...] = ()
    checks: tuple[Check, ...] = ()  # of edits; only the user's own file has any
    files: tuple[Path, ...] = ()  # all that were read or looked for: a change in one counts
    rows: tuple[Row, ...] = ()
    notices: tuple[Notice, ...] = ()

    @property
    def probes_dir(self) -> Path:
        """Where the findings of probes are kept."""
        return self.state_dir / "probes"
