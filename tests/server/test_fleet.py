"""What changes live when the user's configuration does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from inglenook.engine.configuration import Sources, read
from inglenook.models.errors import EgressRefused
from inglenook.server.configuring import Start
from inglenook.server.fleet import Fleet
from inglenook.server.folders import Folders
from tests.support.house import config_for


class Server:
    """An editor without a folder."""

    folders = Folders()


async def test_a_host_that_is_taken_off_is_gone_for_all_that_is_still_under_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also for what was begun before the change before."""
    for name, value in config_for(tmp_path, "ollama", "http://127.0.0.1:9").items():
        monkeypatch.setenv(name, value)
    file, host = tmp_path / "config.yaml", "http://192.0.2.1:8080"

    def with_hosts(*hosts: str) -> Any:
        file.write_text(f"inglenook: {{hosts: {list(hosts)}}}\n")
        return read(Sources()).choices

    file.write_text(f"inglenook: {{hosts: ['{host}', 'http://192.0.2.2:8080']}}\n")
    server: Any = Server()
    fleet = Fleet(server, Start(read(Sources())), lambda _status: None)
    first = fleet.client
    assert first.check(host)
    before = fleet.choices
    for hosts in ((host,), ()):
        after = with_hosts(*hosts)
        fleet._changed(before, after)
        before = after
    for client in (first, fleet.client):
        with pytest.raises(EgressRefused):
            client.check(host)
    await fleet.close()
