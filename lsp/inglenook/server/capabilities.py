"""Client capabilities that lsprotocol cannot read must not keep the server from starting.

An editor newer than lsprotocol may list a kind or tag that it does not know; with plain pygls
the whole ``initialize`` then fails. Here the smallest section that cannot be read is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lsprotocol import types

from inglenook.server.structure import InvalidParams, structure

if TYPE_CHECKING:
    from cattrs import Converter


SCHEME: Final = "inglenook"  # of the documents that we make ourselves (`explaining`)


def reads_content(capabilities: types.ClientCapabilities) -> bool:
    """Whether the client asks for documents of the server's own (LSP 3.18)."""
    workspace = capabilities.workspace
    return workspace is not None and workspace.text_document_content is not None


def add_content(capabilities: types.ServerCapabilities) -> None:
    """Offer documents of our own; pygls has no way to say so."""
    workspace = capabilities.workspace or types.WorkspaceOptions()
    workspace.text_document_content = types.TextDocumentContentOptions([SCHEME])
    capabilities.workspace = workspace


def structure_initialize(params: Any, converter: Converter) -> types.InitializeParams:
    """The params of ``initialize``; InvalidParams if even their readable part is none."""
    try:
        structured = structure(types.INITIALIZE, params, converter)
    except InvalidParams:
        if not isinstance(params, dict) or not isinstance(params.get("capabilities"), dict):
            raise
        capabilities = _readable(params["capabilities"], converter)
        readable = {**params, "capabilities": capabilities}
        structured = structure(types.INITIALIZE, readable, converter)
    assert isinstance(structured, types.InitializeParams)
    return structured


def _readable(capabilities: dict[str, Any], converter: Converter) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for room, section in capabilities.items():
        if _is_readable({room: section}, converter):
            kept[room] = section
        elif isinstance(section, dict):
            kept[room] = {
                name: value
                for name, value in section.items()
                if _is_readable({room: {name: value}}, converter)
            }
    return kept


def _is_readable(capabilities: dict[str, Any], converter: Converter) -> bool:
    try:
        converter.structure(capabilities, types.ClientCapabilities)
    except Exception:
        return False
    return True
