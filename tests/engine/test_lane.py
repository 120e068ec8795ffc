"""What tells the answers of one model from those of another."""

from __future__ import annotations

from dataclasses import replace

from inglenook.engine.lane import Lane
from inglenook.models.spec import ModelSpec
from tests.support.desk import INFO, ScriptedModel


def recipe(entry: ModelSpec, address: str, *, identified: bool) -> str:
    info = replace(INFO, address=address, identified=identified)
    return Lane(ScriptedModel(info), entry=entry).recipe


def test_a_server_that_does_not_tell_its_weights_is_known_by_where_it_is() -> None:
    entry = ModelSpec("A", "openai", "m")
    routes = [
        (entry, "http://127.0.0.1:1"),
        (entry, "http://127.0.0.1:2"),
        (replace(entry, headers=(("X-Route", "other"),)), "http://127.0.0.1:2"),
        (replace(entry, api_key="another"), "http://127.0.0.1:2"),
    ]
    assert len({recipe(*route, identified=False) for route in routes}) == 4
    assert len({recipe(*route, identified=True) for route in routes}) == 1
    assert all("another" not in recipe(*route, identified=False) for route in routes)
