"""The keys of Continue's older ``config.json``, and the places that they have in ``config.yaml``.

From `SerializedContinueConfig` of Continue (core/index.d.ts) and the schema that it gave editors.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final

Target = tuple[str, ...]  # keys, from the outermost

_SAME: Final = ("provider", "model", "apiKey", "apiBase", "requestOptions")
_CLOUD: Final = (  # of services of other companies; config.yaml has them in `env`
    "accessKeyId",
    "accountId",
    "aiGatewaySlug",
    "apiType",
    "apiVersion",
    "deployment",
    "deploymentId",
    "engine",
    "modelArn",
    "profile",
    "projectId",
    "region",
    "secretAccessKey",
)

ROOT: Final[dict[str, Target]] = {"requestOptions": ("requestOptions",), "data": ("data",)}

_OWN: Final = "Continue wrote it for itself."

MODEL: Final[dict[str, Target | str]] = {
    **{key: (key,) for key in _SAME},
    **{key: ("env", key) for key in _CLOUD},
    "title": ("name",),
    "completionOptions": ("defaultCompletionOptions",),
    "systemMessage": ("chatOptions", "baseSystemMessage"),
    "template": ("promptTemplates", "chat"),
    "promptTemplates": ("promptTemplates",),
    "contextLength": ("contextLength",),
    "maxStopWords": ("maxStopWords",),
    "capabilities": ("capabilities",),
    "cacheBehavior": ("cacheBehavior",),
    "useLegacyCompletionsEndpoint": ("useLegacyCompletionsEndpoint",),
    "useResponsesApi": ("useResponsesApi",),
    # No keys of config.json by its schema, but Continue takes them from it.
    "roles": ("roles",),
    "autocompleteOptions": ("autocompleteOptions",),
    "isFromAutoDetect": _OWN,
    "underlyingProviderName": _OWN,
}
SKILLS: Final = {"tools": "tool_use", "uploadImage": "image_input", "nextEdit": "next_edit"}

EMBEDDINGS: Final[dict[str, Target | str]] = {
    **{key: (key,) for key in _SAME},
    **{key: ("env", key) for key in _CLOUD},
    "maxEmbeddingChunkSize": ("embedOptions", "maxChunkSize"),
    "maxChunkSize": ("embedOptions", "maxChunkSize"),
    "maxEmbeddingBatchSize": ("embedOptions", "maxBatchSize"),
    "maxBatchSize": ("embedOptions", "maxBatchSize"),
}
# Which model a provider has that is given none.
EMBEDDINGS_MODEL: Final = {"transformers.js": "all-MiniLM-L6-v2", "free-trial": "voyage-code-2"}

RERANKER: Final[dict[str, Target | str]] = {
    **{key: (key,) for key in _SAME},
    "name": ("provider",),
}

ROLES: Final = {"inlineEdit": "edit", "applyCodeBlock": "apply"}  # of `experimental.modelRoles`

CONTEXT: Final[dict[str, Target | str]] = {"name": ("provider",), "params": ("params",)}
COMMAND: Final[dict[str, Target | str]] = {
    "name": ("name",),
    "description": ("description",),
    "prompt": ("prompt",),
    "params": "A slash command of Inglenook is its prompt alone.",
}
DOCS: Final[dict[str, Target | str]] = {
    "title": ("name",),
    "startUrl": ("startUrl",),
    "rootUrl": ("rootUrl",),
    "faviconUrl": ("faviconUrl",),
    "useLocalCrawling": ("useLocalCrawling",),
    "maxDepth": "Inglenook fetches no documentation.",
}
MCP: Final[dict[str, Target | str]] = {
    **{key: (key,) for key in ("type", "command", "args", "env", "cwd", "url", "requestOptions")},
    "name": ("name",),
    "server_name": ("name",),
    "id": _OWN,
    "faviconUrl": "Inglenook shows no tools.",
    "timeout": "Inglenook starts no programs and connects to no servers for tools.",
}

_LOOKS: Final = "How it looks is for the editor to say."
_NO_TOOLS: Final = "Inglenook lets models use no tools."
EXPERIMENTAL: Final = {
    "contextMenuPrompts": "Inglenook's commands are the editor's code actions.",
    "defaultContext": "Inglenook finds by itself what a question needs to show.",
    "enableStaticContextualization": "Inglenook finds by itself what a completion needs to show.",
    "onlyUseSystemMessageTools": _NO_TOOLS,
    "optInNextEditFeature": "Inglenook has no model that predicts edits.",
    "promptPath": "Prompts are in the prompts of the configuration.",
    "quickActions": "Inglenook's commands are the editor's code actions.",
    "readResponseTTS": "Inglenook reads nothing aloud.",
    "useChromiumForDocsCrawling": "Inglenook fetches no documentation.",
    "useCurrentFileAsContext": "Inglenook finds by itself what a question needs to show.",
    "useTools": _NO_TOOLS,
    "codebaseToolCallingOnly": _NO_TOOLS,
}
IGNORED: Final = {
    "$schema": "It is for an editor that has the file open.",
    "allowAnonymousTelemetry": "Inglenook has no telemetry.",
    "analytics": "Inglenook sends no analytics.",
    "controlPlane": "Inglenook has no service that it belongs to.",
    "disableIndexing": "Inglenook indexes names and makes no vectors; "
    "inglenook.diskCache: false keeps that off the disk.",
    "disableSessionTitles": "Inglenook asks for no titles.",
    "env": "Nothing in Inglenook reads it.",
    "mergeBehavior": "It is for .continuerc.json.",
    "slashCommands": "Inglenook has commands of its own.",
    "ui": _LOOKS,
    "userToken": "Inglenook has no accounts.",
}


def nearest(key: str, known: Sequence[str]) -> str:
    """The known key that ``key`` may have been meant to be; empty if there is none."""
    lower = {each.lower(): each for each in known}
    close = get_close_matches(key.lower()[:60], lower, 1, 0.7)
    return lower[close[0]] if close else ""
