"""The keys of the entries of all lists but ``models``."""

from __future__ import annotations

from typing import Final

from inglenook.engine.config.kinds import (
    Anything,
    Choice,
    Either,
    Flag,
    Keys,
    ListOf,
    MapOf,
    Number,
    Text,
    Zone,
    ignored,
    open_to,
    required,
    used,
)
from inglenook.engine.config.schema_models import block
from inglenook.engine.settings import CheckKind

_SOURCE: Final = ignored(Text(), "It only says where the entry is from.", quiet=True)
_NO_FETCH: Final = "Inglenook fetches no documentation."
_NO_TOOLS: Final = "Inglenook starts no programs and connects to no servers for tools."
_NO_CONTEXT: Final = "Inglenook finds by itself what a question needs to show."
_NO_DATA: Final = "Inglenook keeps its own counters, and no log of what you do."

RULE_KEYS: Final = open_to(
    Zone.USER | Zone.FOLDER,
    {
        "name": required(Text(), "What you call it."),
        "rule": required(Text(lines=True), "The instruction itself."),
        "description": used(Text(lines=True), "When it is of use."),
        "globs": used(ListOf(Text(), one=True), "Patterns of the files that it is for."),
        "regex": ignored(ListOf(Text(), one=True), "Which files a rule is for is said by globs."),
        "alwaysApply": used(Flag(), "true: always; false: only where globs match."),
        "invokable": used(Flag(), "Whether it is a slash command too."),
        "sourceFile": _SOURCE,
    },
)
RULE: Final = Either((Text(lines=True), block(RULE_KEYS, override=False)))

PROMPT_KEYS: Final = open_to(
    Zone.USER | Zone.FOLDER,
    {
        "name": required(Text(), "The slash command."),
        "prompt": required(Text(lines=True), "What it asks."),
        "description": used(Text(lines=True), "Shown beside it."),
        "sourceFile": _SOURCE,
    },
)
PROMPT: Final = block(PROMPT_KEYS)

# No zones: what a repository or an editor says of commands is refused, wherever it stands.
CHECK: Final = Keys(
    {
        "name": required(Text(), "What you call it; a failure begins with it."),
        "command": required(
            ListOf(Text(lines=True, empty=True)),
            "The program, by its name or whole path, and its arguments. {file} is a copy of the "
            "edited file alone, {path} its path below {folder}, the workspace's folder.",
        ),
        "kind": used(
            Choice(tuple(CheckKind)),
            "lint: the exit code judges. format: what it prints takes the place of the text. "
            "test: it runs in a copy of the folder.",
        ),
        "languages": used(ListOf(Text()), "LSP identifiers; without them it is for all."),
        "timeout": used(Number(0.1, 3_600), "Seconds, after which it has failed (60)."),
    }
)

DOCS: Final = block(
    {
        "name": required(Text()),
        "startUrl": required(Text(), "Shown to you, and never fetched."),
        "rootUrl": ignored(Text(), _NO_FETCH),
        "faviconUrl": ignored(Text(), _NO_FETCH),
        "favicon": ignored(Text(), _NO_FETCH),
        "useLocalCrawling": ignored(Flag(), _NO_FETCH),
        "sourceFile": _SOURCE,
    }
)

# What becomes of an entry of these three depends on what it is: see `…config.disabled`.
CONTEXT: Final = block(
    {
        "provider": required(Text()),
        "name": ignored(Text(), _NO_CONTEXT, quiet=True),
        "params": ignored(Anything(), _NO_CONTEXT, quiet=True),
    }
)
MCP_SERVER: Final = block(
    {
        "name": required(Text()),
        "type": ignored(Text(), _NO_TOOLS, quiet=True),
        "command": ignored(Text(), _NO_TOOLS, quiet=True),
        "args": ignored(ListOf(Text()), _NO_TOOLS, secret=True, quiet=True),  # --token=…
        "env": ignored(MapOf(Anything()), _NO_TOOLS, quiet=True),
        "cwd": ignored(Text(), _NO_TOOLS, quiet=True),
        "url": ignored(Text(), _NO_TOOLS, secret=True, quiet=True),
        "apiKey": ignored(Text(), _NO_TOOLS, secret=True, quiet=True),
        "requestOptions": ignored(MapOf(Anything()), _NO_TOOLS, quiet=True),
        "serverName": ignored(Text(), _NO_TOOLS, quiet=True),
        "faviconUrl": ignored(Text(), _NO_TOOLS, quiet=True),
        "connectionTimeout": ignored(Number(), _NO_TOOLS, quiet=True),
        "sourceFile": _SOURCE,
    }
)
DATA: Final = block(
    {
        "name": required(Text()),
        "destination": required(Text()),
        "schema": ignored(Text(), _NO_DATA, quiet=True),
        "level": ignored(Text(), _NO_DATA, quiet=True),
        "events": ignored(ListOf(Text()), _NO_DATA, quiet=True),
        "requestOptions": ignored(MapOf(Anything()), _NO_DATA, quiet=True),
        "apiKey": ignored(Text(), _NO_DATA, secret=True, quiet=True),
        "sourceFile": _SOURCE,
    }
)
