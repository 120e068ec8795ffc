"""The workspace's folders, as the editor lists them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from inglenook.server import uris


class Folders:
    """URIs of the workspace folders, in the editor's order and spelling."""

    def __init__(self) -> None:
        self._uris: dict[str, str] = {}

    def add(self, folders: Iterable[str]) -> None:
        for uri in folders:
            self._uris.setdefault(uris.key_of(uri).rstrip("/"), uri)

    def remove(self, folders: Iterable[str]) -> None:
        for uri in folders:
            self._uris.pop(uris.key_of(uri).rstrip("/"), None)

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self._uris.values()))

    def __len__(self) -> int:
        return len(self._uris)

    def placed(self, uri: str) -> uris.Placed | None:
        """The innermost folder that ``uri`` is in, and its path there."""
        return uris.placed(uri, tuple(self._uris.values()))

    def relative_path(self, uri: str) -> str | None:
        """The path of ``uri`` below the innermost folder, with forward slashes, else None."""
        found = self.placed(uri)
        return found.path if found is not None else None
