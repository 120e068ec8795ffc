"""Which models of an Ollama server do not run on this machine.

Ollama forwards models that were made from its cloud's to another machine, whatever their name;
`/api/tags` and `/api/show` tell (``remote_host``, ``remote_model``). It also forwards every model
whose name ends in ``:cloud``, or whose tag ends in ``-cloud``, whatever its manifest says.
"""

from __future__ import annotations

from inglenook.models.lines import Body


def is_forwarded(body: Body, name: str) -> bool:
    """Whether ``body`` (of a tag, of `/api/show`, of an event) or ``name`` says so."""
    told = body.get("remote_host") or body.get("remote_model")
    return bool(told) or name.lower().endswith((":cloud", "-cloud"))
