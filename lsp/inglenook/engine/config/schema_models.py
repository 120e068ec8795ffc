"""The keys of an entry of ``models``, and of what stands in one.

They are those of Continue's config-yaml 1.23, and a few that its older config.json had.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from inglenook.engine.config.kinds import (
    Anything,
    Choice,
    Flag,
    Key,
    Keys,
    ListOf,
    MapOf,
    Number,
    Text,
    ignored,
    refused,
    required,
    used,
)
from inglenook.engine.settings import Fate
from inglenook.models.spec import ROLES, Multiline

TOKENS: Final = Number(1, 100_000_000, whole=True)
_PENALTY: Final = Number(-10, 10)
_PATH: Final = Text(expected="the path of a file")
_ONE: Final = "Inglenook asks for one answer, or for several where it shows several."
_TOOLS: Final = "Inglenook lets models use no tools."
_CONTEXT: Final = "Inglenook chooses by itself what a completion shows of other code."
_CUT: Final = "Inglenook divides the prompt by what the code round the cursor needs."
_EMBED: Final = "Inglenook finds code by its names and needs no embeddings."
_ASKED: Final = "What the server can do is found out by asking it."

REQUEST_OPTIONS: Final = Keys(
    {
        "timeout": used(
            Number(0.001, 1_000_000), "Seconds that the server may be silent in an answer."
        ),
        "verifySsl": Key(
            Flag(),
            Fate.IGNORED,
            "Certificates are always verified.",
            quiet=True,
            never={
                False: "Without verified certificates anybody on the way could read your code; "
                "for a certificate of your own give its authority's file as caBundlePath"
            },
        ),
        "caBundlePath": used(
            ListOf(_PATH, one=True), "PEM files of authorities that this server's TLS may have."
        ),
        "proxy": refused(
            Text(), "A proxy would see your code; Inglenook connects to your models directly"
        ),
        "noProxy": ignored(ListOf(Text(), one=True), "No proxy is ever used.", quiet=True),
        "headers": used(
            MapOf(Text(empty=True)), "Headers of every request to this server.", secret=True
        ),
        "extraBodyProperties": used(
            MapOf(Anything()), "Put into the body of every request.", secret=True
        ),
        "clientCertificate": used(
            Keys(
                {
                    "cert": required(_PATH, "A PEM file."),
                    "key": required(_PATH, "A PEM file, without a passphrase."),
                    "passphrase": refused(
                        Text(), "A key with a passphrase is not supported; give one without"
                    ),
                }
            ),
            "The certificate that this server wants to see.",
        ),
    }
)

COMPLETION_OPTIONS: Final = Keys(
    {
        "contextLength": used(TOKENS, "Tokens of the model's context."),
        "maxTokens": used(
            Number(-2, 100_000_000, whole=True), "Tokens of an answer in chats and edits."
        ),
        "temperature": used(Number(0, 10)),
        "topP": used(Number(0, 1)),
        "topK": used(Number(-1, 1_000_000, whole=True)),
        "minP": used(Number(0, 1)),
        "presencePenalty": used(_PENALTY),
        "frequencyPenalty": used(_PENALTY),
        "stop": used(ListOf(Text(lines=True)), "Texts at which an answer ends."),
        "n": ignored(Number(), _ONE),
        "reasoning": used(Flag(), "Whether the model reasons before it answers."),
        "reasoningBudgetTokens": used(
            Number(0, 100_000_000, whole=True), "0 keeps the model from reasoning."
        ),
        "promptCaching": ignored(Flag(), "Local engines keep what they have evaluated anyway."),
        "stream": ignored(Flag(), "Every answer is streamed."),
        "keepAlive": used(
            Number(-1_000_000_000, 1_000_000_000),
            "Seconds that Ollama keeps the model in memory; negative: for ever.",
        ),
        # Of config.json; Continue's own converter loses them.
        "numGpu": used(Number(-1, 100_000, whole=True), "Layers that Ollama puts on the GPU."),
        "numThreads": used(Number(0, 4_096, whole=True), "Threads that Ollama computes with."),
        "useMmap": used(Flag(), "Whether Ollama maps the weights into memory."),
        "mirostat": ignored(Number(), "No backend is asked for mirostat."),
        "raw": ignored(Flag(), "Whether a template is applied is known for each kind of request."),
    }
)

AUTOCOMPLETE_OPTIONS: Final = Keys(
    {
        "disable": used(Flag(), "Whether this model completes nothing."),
        "maxPromptTokens": used(TOKENS, "Tokens of a completion's prompt."),
        "debounceDelay": used(
            Number(0, 60_000), "Milliseconds that a completion waits for the next key."
        ),
        "multilineCompletions": used(Choice(tuple(Multiline))),
        "template": used(
            Text(lines=True),
            "The prompt of a completion, in Handlebars: {{{prefix}}}, {{{suffix}}}, "
            "{{{filename}}}, {{{reponame}}}, {{{language}}}.",
        ),
        "onlyMyCode": used(Flag(), "Whether nothing of installed packages is shown."),
        "useCache": used(Flag(), "Whether answers are kept."),
        "useImports": used(Flag(), "Whether definitions of other files are shown."),
        "useRecentlyEdited": used(Flag(), "Whether places that were just edited are shown."),
        "useRecentlyOpened": used(Flag(), "Whether code of other open files is shown."),
        "disableInFiles": used(ListOf(Text()), "Patterns of files without completions."),
        "modelTimeout": ignored(
            Number(), "How long an answer may take follows from the speed that was measured here."
        ),
        "maxSuffixPercentage": ignored(Number(), _CUT),
        "prefixPercentage": ignored(Number(), _CUT),
        "slidingWindowPrefixPercentage": ignored(Number(), _CUT),
        "slidingWindowSize": ignored(Number(), _CUT),
        "transform": ignored(Flag(), "What an answer has too much is always trimmed."),
        "showWhateverWeHaveAtXMs": ignored(
            Number(), "When an answer is shown follows from the speed that was measured here."
        ),
        "experimental_includeClipboard": ignored(Flag(), "The clipboard is never read."),
        "experimental_includeRecentlyVisitedRanges": ignored(Flag(), _CONTEXT),
        "experimental_includeRecentlyEditedRanges": ignored(Flag(), _CONTEXT),
        "experimental_includeDiff": ignored(Flag(), _CONTEXT),
        "experimental_enableStaticContextualization": ignored(Flag(), _CONTEXT),
    }
)

_PROMPT_TEMPLATES: Final = Keys(
    {
        "autocomplete": used(
            Text(lines=True),
            "The prompt of a completion; goes before autocompleteOptions.template.",
        ),
        "chat": ignored(Text(), "The backend applies the chat template of the model itself."),
        "edit": ignored(Text(), "Inglenook words the question for an edit itself."),
        "apply": ignored(Text(), "Inglenook applies edits without a model."),
    }
)

_CHAT_OPTIONS: Final = Keys(
    {
        "baseSystemMessage": used(
            Text(lines=True, empty=True), "What the model is told before a chat."
        ),
        "baseAgentSystemMessage": ignored(Text(), _TOOLS),
        "basePlanSystemMessage": ignored(Text(), _TOOLS),
        "toolOverrides": ignored(MapOf(Anything()), _TOOLS),
    }
)

_EMBED_OPTIONS: Final = Keys(
    {
        "maxChunkSize": ignored(Number(), _EMBED),
        "maxBatchSize": ignored(Number(), _EMBED),
        "embeddingPrefixes": ignored(MapOf(Text()), _EMBED),
    }
)

_MODEL: Final[dict[str, Key]] = {
    "name": required(Text(), "What you call it; two entries never have the same name."),
    "provider": required(Text(), "What runs the model: ollama, llama.cpp, lmstudio, vllm, openai…"),
    "model": required(Text(), "What its server calls it, or AUTODETECT for all that it has."),
    "apiKey": used(
        Text(empty=True, expected="a key of ASCII letters without blanks"),
        "The key that its server wants, better as ${{ secrets.NAME }}.",
        secret=True,
    ),
    "apiBase": used(Text(empty=True, expected="an address"), "The address of its server."),
    "roles": used(ListOf(Choice(tuple(sorted(ROLES)))), "What it is used for."),
    "capabilities": used(ListOf(Text()), "tool_use, image_input, next_edit."),
    "contextLength": used(TOKENS, "Tokens of its context."),
    "maxStopWords": used(Number(0, 1_000, whole=True), "Stop texts that its server takes."),
    "defaultCompletionOptions": used(COMPLETION_OPTIONS),
    "autocompleteOptions": used(AUTOCOMPLETE_OPTIONS),
    "requestOptions": used(REQUEST_OPTIONS),
    "promptTemplates": used(_PROMPT_TEMPLATES),
    "chatOptions": used(_CHAT_OPTIONS),
    "embedOptions": used(_EMBED_OPTIONS),
    "cacheBehavior": ignored(MapOf(Flag()), "Local engines keep what they have evaluated anyway."),
    "useLegacyCompletionsEndpoint": ignored(Flag(), _ASKED),
    "useResponsesApi": ignored(Flag(), _ASKED),
    "env": ignored(MapOf(Anything()), "It configures services of other companies."),
    "sourceFile": ignored(Text(), "It only says where the entry is from.", quiet=True),
}


def optional(keys: dict[str, Key]) -> Keys:
    """The same keys, none of which need be there."""
    return Keys({name: replace(key, required=False) for name, key in keys.items()})


def block(keys: dict[str, Key], *, override: bool = True) -> Keys:
    """An entry of a list of blocks, or a reference to a file that has one.

    Only the user's own file may name another file.
    """
    uses = {
        "uses": used(
            Text(expected="the path of a file, or file://…"),
            "A file whose entry stands for this one.",
        ),
        "with": used(MapOf(Text(empty=True)), "Values of its ${{ inputs.NAME }}.", secret=True),
    }
    if override:
        uses["override"] = used(optional(keys), "Keys that go before the file's.")
    return Keys(keys | uses)


MODEL: Final = block(_MODEL)
