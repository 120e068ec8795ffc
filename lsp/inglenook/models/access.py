"""What the user set for the requests to one server: a key, headers, fields of the body, patience.

It belongs to the address that stands beside it, by scheme, host and port, and is shown nowhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Final

from inglenook.models.errors import EgressRefused
from inglenook.models.lines import Body
from inglenook.models.spec import ModelSpec

# Fields of a body that decide what is asked and in which form the answer comes. They are known by
# any case, because Ollama's JSON is: "Prompt" would stand for "prompt" there.
PROTECTED: Final = frozenset(
    {
        *("model", "prompt", "messages", "suffix", "input", "images", "system", "context"),
        *("input_prefix", "input_suffix", "input_extra", "template", "raw", "echo"),
        *("n_predict", "num_predict", "max_tokens", "max_completion_tokens", "stop"),
        *("stream", "stream_options", "response_fields", "timings_per_token", "logprobs"),
        *("n", "n_cmpl", "best_of", "id_slot", "cache_prompt", "n_cache_reuse"),
        *("grammar", "json_schema", "response_format", "format", "guided_grammar"),
        *("tools", "tool_choice", "functions", "function_call", "mcp_servers", "plugins"),
        *("options", "keep_alive", "truncate", "shift", "think", "name"),
    }
)
# What an HTTP message is made of, and what only the client itself may say of it.
_OWN_HEADERS: Final = frozenset(
    {
        *("host", "content-length", "content-type", "content-encoding", "transfer-encoding"),
        *("connection", "keep-alive", "te", "trailer", "upgrade", "expect", "accept-encoding"),
        *("proxy-authorization", "proxy-connection", "http2-settings"),
    }
)
_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII)  # RFC 9110, 5.6.2
_VALUE: Final = re.compile(r"[\t\x20-\x7e]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Access:
    """``timeout``: seconds that the server may be silent in an answer; None: as `Limits` says."""

    api_key: str = field(default="", repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    extra_body: tuple[tuple[str, object], ...] = field(default=(), repr=False)
    timeout: float | None = None

    @property
    def head(self) -> dict[str, str] | None:
        """The headers of every request; None if there are none. Raises EgressRefused.

        A header of the user's own goes before the one that is made of the key.
        """
        if not self.api_key and not self.headers:
            return None
        head: dict[str, tuple[str, str]] = {}  # by the name in small letters
        if self.api_key:
            if not _VALUE.fullmatch(self.api_key):
                raise EgressRefused(
                    "The API key of your configuration file (apiKey) has a character that no "
                    "header can hold, such as a line end."
                )
            head["authorization"] = ("Authorization", f"Bearer {self.api_key}")
        for name, value in self.headers:
            if trouble := unusable_header(name, value):
                raise EgressRefused(trouble)
            head[name.lower()] = (name, value)
        return dict(head.values())

    def with_key(self, api_key: str) -> Access:
        """The same with another key, unless that is empty."""
        return replace(self, api_key=api_key) if api_key else self

    def body(self, body: Body) -> Body:
        """``body`` with the user's own fields, which change nothing that is protected."""
        added = {key: value for key, value in self.extra_body if not is_protected(key)}
        for key in added.keys() & body.keys():
            own, ours = added[key], body[key]
            if isinstance(own, dict) and isinstance(ours, dict):
                added[key] = own | ours
        return body | added


def access_of(spec: ModelSpec) -> Access:
    """What an entry of the user's file gives to the requests for it."""
    return Access(spec.api_key, spec.headers, spec.extra_body, spec.timeout)


def is_protected(field_name: str) -> bool:
    """Whether ``extraBodyProperties`` may not hold a field of this name."""
    return field_name.casefold() in PROTECTED


def unusable_header(name: str, value: str) -> str:
    """Why a header cannot be sent, as a sentence without its value; empty if it can."""
    where = f"The header {name[:40]!a} of your configuration file"
    if not _NAME.fullmatch(name):
        return f"{where} cannot be sent: its name may have letters, digits and hyphens."
    if name.lower() in _OWN_HEADERS:
        return f"{where} cannot be set: Inglenook itself decides over it."
    if not _VALUE.fullmatch(value):
        return f"{where} cannot be sent: its value has a character that no header can hold."
    return ""
