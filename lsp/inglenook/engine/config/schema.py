"""Every key of a configuration file: Continue's config.yaml, and our own block in it.

The table decides what is checked, what `inglenook config show` says, what an editor is told by
the JSON schema, and who may set a key: a key without zones is the user's own, wherever it stands.
"""

from __future__ import annotations

from typing import Final

from inglenook.engine.config.kinds import (
    ANYBODY,
    Anything,
    Choice,
    Either,
    Flag,
    Key,
    Keys,
    ListOf,
    MapOf,
    Text,
    Zone,
    ignored,
    required,
    used,
)
from inglenook.engine.config.schema_lists import (
    CHECK,
    CONTEXT,
    DATA,
    DOCS,
    MCP_SERVER,
    PROMPT,
    RULE,
)
from inglenook.engine.config.schema_models import MODEL, REQUEST_OPTIONS
from inglenook.models.spec import ROLES, Think

_FOLDER: Final = Zone.USER | Zone.FOLDER
_DESCRIBES: Final = "It describes the file and sets nothing."

# Role -> name of an entry of `models`; a name is all that a lower zone can give.
_BY_ROLE: Final = {role: used(Text(), zones=ANYBODY) for role in sorted(ROLES)}
_BY_LANGUAGE: Final = used(
    MapOf(Keys(_BY_ROLE)), "The same by language, where that differs.", zones=ANYBODY
)
SELECTION: Final = Keys(_BY_ROLE | {"languages": _BY_LANGUAGE})

_THINK: Final = Either((Choice(tuple(Think)), Flag()))
_ENABLED: Final = Key(Flag(), narrow=False, zones=ANYBODY, about="false: nothing is offered.")
_AUTOMATIC: Final = Key(
    Flag(), narrow=False, zones=ANYBODY, about="false: completions only when asked for."
)
_DISABLED: Final = used(
    ListOf(Text()), "LSP identifiers of languages without completions.", zones=ANYBODY
)
_MODELS: Final = used(SELECTION, "Names of the models to use, by role.", zones=ANYBODY)

INGLENOOK: Final = Keys(
    {
        "hosts": used(
            ListOf(
                Either(
                    (
                        Text(expected="scheme, host and port (https://gpu.example:8443)"),
                        Keys(
                            {
                                "origin": required(
                                    Text(expected="scheme, host and port"),
                                    "As https://gpu.example:8443.",
                                ),
                                "ca": used(
                                    ListOf(Text(expected="the path of a file"), one=True),
                                    "PEM files of authorities that its TLS may have.",
                                ),
                            }
                        ),
                    )
                )
            ),
            "Servers beside this machine that may be asked, and see the code that they are asked "
            "about: scheme, host and port of each.",
        ),
        "models": _MODELS,
        "workspaces": used(
            ListOf(
                Keys(
                    {
                        "folder": required(Text(), "A folder or a pattern; all below is meant."),
                        "models": used(SELECTION),
                    }
                )
            ),
            "Names of the models to use, by folder.",
        ),
        "think": used(
            Keys(
                {role: used(_THINK) for role in sorted(ROLES - {"autocomplete"})}
                | {"autocomplete": ignored(_THINK, "A completion never waits for reasoning.")}
            ),
            "Whether a reasoning model reasons, by role: off, on, low, medium, high.",
        ),
        "enabled": _ENABLED,
        "automatic": _AUTOMATIC,
        "disabledLanguages": _DISABLED,
        "ignore": used(
            ListOf(Text()), "Patterns as in .gitignore of files that are left alone.", zones=_FOLDER
        ),
        "probe": used(Flag(), "Whether models are probed in the background."),
        "diskCache": used(Flag(), "Whether answers and the index are kept on the disk."),
        "counters": used(Flag(), "Whether what was shown and accepted is counted, here."),
        "checks": used(
            ListOf(CHECK, most=20), "Commands of yours that judge an edit before it is offered."
        ),
    }
)

CONFIG: Final = Keys(
    {
        "name": ignored(Anything(), _DESCRIBES, zones=_FOLDER, quiet=True),
        "version": ignored(Anything(), _DESCRIBES, zones=_FOLDER, quiet=True),
        "schema": ignored(Anything(), _DESCRIBES, zones=_FOLDER, quiet=True),
        "metadata": ignored(Anything(), _DESCRIBES, zones=_FOLDER, quiet=True),
        "models": used(ListOf(MODEL, most=100), "The models that you have."),
        "requestOptions": used(REQUEST_OPTIONS, "What every entry of models has, unless it says."),
        "rules": used(ListOf(RULE), "Instructions for chats and edits.", zones=_FOLDER),
        "prompts": used(ListOf(PROMPT), "Slash commands.", zones=_FOLDER),
        "docs": used(ListOf(DOCS), "Documentation that you want at hand."),
        "context": used(ListOf(CONTEXT)),
        "mcpServers": used(ListOf(MCP_SERVER)),
        "data": used(ListOf(DATA)),
        "env": ignored(MapOf(Anything()), "Nothing in Inglenook reads it."),
        "inglenook": used(INGLENOOK, "What Continue's keys have no word for.", zones=ANYBODY),
    }
)
# The object "inglenook" of an editor's settings. (What stands under "machine" there is the
# user's, if the client was started so that it can vouch for that: see `…config.editor`.)
EDITOR: Final = Keys(
    {
        "enabled": _ENABLED,
        "automatic": _AUTOMATIC,
        "disabledLanguages": _DISABLED,
        "models": _MODELS,
        "reportTimings": used(Flag(), "Whether answers say what they took.", zones=ANYBODY),
        "rename": used(Flag(), "Whether the editor asks for renames here.", zones=ANYBODY),
    }
)
