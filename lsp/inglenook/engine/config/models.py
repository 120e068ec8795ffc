"""The entries of ``models``, checked, made into `ModelSpec`s; or refused, each with its reason.

An entry is refused as a whole where a part of it would send code to a machine that the user has
not allowed. Its keys and headers are part of it, so they go to its own address and no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from inglenook.engine.address import Address, AddressRefused, model_address
from inglenook.engine.config import options
from inglenook.engine.config.certificates import authority_files, below, both
from inglenook.engine.config.files import is_file
from inglenook.engine.config.options import inner, text_of, texts
from inglenook.engine.config.providers import CLOUD, KNOWN, WITHOUT_USE, Known
from inglenook.engine.config.report import Report
from inglenook.engine.config.scalars import nearest
from inglenook.engine.config.tree import Value, plain
from inglenook.engine.settings import Fate, Level
from inglenook.models.egress import Trust
from inglenook.models.spec import ModelSpec, Provider, Think

_HEADER: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}", re.ASCII)
# What frames a request is the business of who sends it.
_FRAMING: Final = frozenset(
    "connection content-length expect host keep-alive te trailer transfer-encoding upgrade".split()
)
_NO_SERVER: Final = (Provider.EMBEDDED, Provider.FAKE)
_LEVELS: Final = {Fate.IGNORED: Level.INFO}
_ROOM: Final = 1_000  # tokens


class _Refused(Exception):
    """An entry that cannot be used: the value at which that shows, and the sentence."""

    def __init__(
        self, value: Value, text: str, *, missing: str = "", fate: Fate = Fate.REFUSED
    ) -> None:
        super().__init__(text)
        self.value = value
        self.missing = missing  # a key of ``value`` that is not there
        self.fate = fate


def model_specs(
    entries: Sequence[Value],
    defaults: Value | None,
    allowed: frozenset[str],
    directory: Path,
    report: Report,
) -> tuple[tuple[ModelSpec, ...], tuple[Trust, ...]]:
    """The models, and what of TLS was set for their servers.

    ``defaults`` are the request options of all; ``allowed`` the origins beside this machine;
    ``directory`` is where paths begin.
    """
    specs: dict[str, ModelSpec] = {}
    trusts: dict[str, Trust] = {}
    for entry in entries:
        if not entry.entries:
            continue
        try:
            spec, trust = _Entry(entry, defaults, allowed, directory, report).read()
            if spec.name in specs:
                named = entry.entries["name"]
                quoted = "" if named.hidden else f" ({spec.name!r})"
                text = f"is the name of another model too{quoted}; expected another"
                raise _Refused(named, text)
        except _Refused as refused:
            _refuse(entry, refused, report)
            continue
        specs[spec.name] = spec
        if trust.ca_files or trust.client_cert:
            trusts[trust.origin] = both(trusts.get(trust.origin), trust)
    return tuple(specs.values()), tuple(trusts.values())


def _refuse(entry: Value, refused: _Refused, report: Report) -> None:
    """One notice where it shows, and the reason beside every key of the entry."""
    value, text, path = refused.value, str(refused), report.path(refused.value)
    if refused.missing:
        path = (*path, refused.missing)
    report.say(value, path, text, _LEVELS.get(refused.fate, Level.WARNING))
    why = text.splitlines()[0].rstrip(":")
    for part in (entry, *entry.entries.values()):  # an overriding key stands in another file
        other = part is not value or bool(refused.missing)
        if other and (part is entry or part.file != entry.file):
            report.mark(part, report.path(part), refused.fate, f"Its entry is {refused.fate}.")
    if not refused.missing:
        report.mark(value, path, refused.fate, why[0].upper() + why[1:])


class _Entry:
    def __init__(
        self,
        entry: Value,
        defaults: Value | None,
        allowed: frozenset[str],
        directory: Path,
        report: Report,
    ) -> None:
        self._entry = entry
        self._keys = entry.entries
        self._own = inner(entry.entries, "requestOptions")
        self._request = _request_options(self._own, defaults)
        self._allowed = allowed
        self._directory = directory
        self._report = report

    def read(self) -> tuple[ModelSpec, Trust]:
        keys, report = self._keys, self._report
        known = self._provider()
        provider = known.provider
        address = self._address(known)
        body = dict(inner(self._request, "extraBodyProperties"))
        think = self._think(body)
        kept = self._keep_alive(body, provider)
        context = options.context_tokens(keys, report)
        name = text_of(keys["name"])
        spec = ModelSpec(
            name=name,
            provider=provider,
            model=text_of(keys["model"]),
            address=address.url if address else known.address,
            # None at all: every role that no other entry names. Continue has chat, edit, apply
            # and summarize there; a lone entry of ours completes too.
            roles=texts(keys.get("roles")),
            api_key=self._api_key(provider),
            headers=tuple(self._headers()),
            extra_body=tuple((key, plain(value)) for key, value in body.items()),
            timeout=options.number(self._request.get("timeout")),
            context_tokens=context,
            capabilities=texts(keys.get("capabilities")),
            sampling=options.sampling(keys),
            loading=options.loading(keys, provider, context, kept, report),
            autocomplete=options.autocomplete(keys, report),
            think=think,
            system_message=text_of(inner(keys, "chatOptions").get("baseSystemMessage")),
        )
        self._check_room(spec)
        return spec, self._trust(address)

    def _provider(self) -> Known:
        value = self._keys["provider"]
        name = text_of(value)
        known = KNOWN.get(name)
        if known is not None:
            return known
        if name in CLOUD:
            raise _Refused(
                value,
                f"{name!r} runs on another company's machines, and what you write would go there; "
                "for a server of your own write provider: openai and its apiBase",
            )
        if name in WITHOUT_USE:
            why = f"{name!r} answers nothing that Inglenook asks; the entry is left out"
            raise _Refused(value, why, fate=Fate.IGNORED)
        meant = nearest(name, {each.lower(): each for each in (*KNOWN, *CLOUD)})
        quoted = "is not known" if value.hidden else f"{name[:40]!r} is not known"
        tail = f"; did you mean {meant!r}?" if meant else ""
        raise _Refused(value, f"{quoted}; expected one of {', '.join(KNOWN)}{tail}")

    def _address(self, known: Known) -> Address | None:
        """For OpenAI's API ``apiBase`` may end in a version or not: /v1 stands for none, and
        another (/v3) is asked as it stands there (`inglenook.models.openai_models.OpenAIServer`).
        """
        base = self._keys.get("apiBase")
        text = text_of(base)
        if base is not None and known.provider in _NO_SERVER:
            self._report.mark(base, self._report.path(base), Fate.IGNORED, "It has no server.")
            return None
        if base is None or not text:
            if known.needs_base:
                raise _Refused(
                    self._entry,
                    "is missing; without it api.openai.com is meant, which runs on another "
                    "company's machines; expected the address of a server of yours",
                    missing="apiBase",
                )
            return None
        try:
            found = model_address(text, known.port, self._allowed)
        except AddressRefused as refused:
            raise _Refused(base, _address_text(refused, base.hidden)) from None
        if found.remark:
            self._report.say(base, self._report.path(base), found.remark, Level.INFO)
        openai = known.provider.speaks_openai  # with /v1 or without it is the same server
        return replace(found, url=found.url.removesuffix("/v1")) if openai else found

    def _api_key(self, provider: Provider) -> str:
        """No message quotes it."""
        value = self._keys.get("apiKey")
        key = text_of(value)
        if value is None or not key:
            return ""
        if "${{" in key:
            raise _Refused(value, "has a template that is none; expected ${{ secrets.NAME }}")
        if not key.isascii() or " " in key:
            raise _Refused(value, "has other characters; expected ASCII without blanks")
        if provider in _NO_SERVER:
            self._report.mark(value, self._report.path(value), Fate.IGNORED, "Nobody asks for it.")
            return ""
        return key

    def _headers(self) -> Iterator[tuple[str, str]]:
        for name, value in inner(self._request, "headers").items():
            text = text_of(value)
            if not _HEADER.fullmatch(name):
                raise _Refused(value, "is no name of a header; expected ASCII letters and -")
            if name.lower() in _FRAMING or name.lower().startswith("proxy-"):
                self._report.refuse(value, "is refused; who sends a request frames it")
                continue
            if not text.isascii() or not (text.isprintable() or not text):
                raise _Refused(value, "has other characters; expected one line of ASCII")
            yield name, text

    def _think(self, body: dict[str, Value]) -> Think | None:
        """``think`` of the request's body goes before ``reasoning``, as it does in Continue."""
        value = body.pop("think", None)
        if value is None:
            return options.reasoning(self._keys)
        found = options.think(value)
        if found is None:
            text = "is another value; expected one of true, false, low, medium, high"
            self._report.refuse(value, text)
        return found

    def _keep_alive(self, body: dict[str, Value], provider: Provider) -> float | None:
        if provider is not Provider.OLLAMA or "keep_alive" not in body:
            return None
        value = body.pop("keep_alive")
        found = options.seconds(value)
        if found is None:
            self._report.refuse(value, "is no time; expected seconds, or a text such as '30m'")
        return found

    def _trust(self, address: Address | None) -> Trust:
        origin = address.origin if address else ""
        files = self._request.get("caBundlePath")
        client = self._request.get("clientCertificate")
        if not origin.startswith("https://"):
            why = "Its address is not https, so no certificate is looked at."
            for key in ("caBundlePath", "clientCertificate"):
                if (value := self._own.get(key)) is not None:
                    self._report.mark(value, self._report.path(value), Fate.IGNORED, why)
            return Trust(origin)
        keys = client.entries if client is not None else {}
        return Trust(
            origin,
            tuple(authority_files(files, self._directory, self._report)),
            *(str(self._file(keys[key])) if key in keys else "" for key in ("cert", "key")),
        )

    def _file(self, value: Value) -> Path:
        file = below(self._directory, text_of(value))
        if file is None or not is_file(file):
            raise _Refused(value, "names no file that is there; expected the path of a PEM file")
        return file

    def _check_room(self, spec: ModelSpec) -> None:
        most = spec.sampling.max_tokens or 0
        if spec.context_tokens and most and spec.context_tokens - most < _ROOM:
            value = self._keys.get("contextLength", self._entry)
            text = f"leaves a prompt less than {_ROOM:,} tokens beside maxTokens"
            self._report.say(value, self._report.path(value), text, Level.INFO)


def _request_options(own: Mapping[str, Value], defaults: Value | None) -> Mapping[str, Value]:
    """The options of an entry over those of all; of headers each one, as Continue has it."""
    general = defaults.entries if defaults is not None else {}
    both = {**general, **own}
    if "headers" in own and "headers" in general:
        headers = own["headers"]
        both["headers"] = replace(headers, data={**general["headers"].entries, **headers.entries})
    return both


def _address_text(refused: AddressRefused, hidden: bool) -> str:
    if not refused.origin:
        return f"{refused}; expected an address such as http://127.0.0.1:11434"
    if hidden:
        return f"{refused}, and it is not in inglenook.hosts; expected it there"
    return (
        f"{refused}, which is asked only if your own configuration file allows it with these "
        f"lines:\ninglenook:\n  hosts:\n    - {refused.origin}"
    )
