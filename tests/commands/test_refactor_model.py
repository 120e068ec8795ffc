"""``inglenook refactor`` with the real engine and the real model."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Final

import pytest

from tests.support.chat_command import shop_in
from tests.support.command import ALONE
from tests.support.real_engine import real_engine
from tests.support.refactor_command import applied, drawn_at, refactor

pytestmark = pytest.mark.model

CART = """\
def total(prices):
⟦    result = 0
    for price in prices:
        result = result + price
    return result⟧


def is_empty(prices):
    if len(prices) == 0:
        return True
    else:
        return False
"""


PATIENCE: Final = 300.0  # seconds, on a machine that has other things to do


async def test_an_edit_parses_or_is_refused(tmp_path: Path) -> None:
    """A small model fails often; what it fails at is never offered."""
    shop = shop_in(tmp_path)
    wishes = (["Round the result to two digits"], ["--docstring"])
    codes = []
    config = tmp_path / "real.yaml"
    with real_engine() as engine:
        config.write_text(
            "models:\n"
            f"  - {{name: real, provider: llama.cpp, model: coder, apiBase: '{engine.url}',\n"
            f"     apiKey: '{engine.key}', roles: [chat, edit]}}\n"
        )
        for wish in wishes:
            place = drawn_at(shop / "cart.py", CART)
            before = (shop / "cart.py").read_text()
            done = await refactor(
                *(tmp_path, *ALONE, place, *wish),
                address=engine.url,
                patience=PATIENCE,
                INGLENOOK_CONFIG=str(config),
            )
            codes.append(done.code)
            if done.code == 1:
                assert (done.out, done.errors.startswith("inglenook: ")) == ("", True)
                continue
            assert done.code == 0
            applied(shop, done.out)
            after = (shop / "cart.py").read_text()
            assert after != before
            assert ast.unparse(ast.parse(after).body[1]) == ast.unparse(ast.parse(before).body[1])
    assert 0 in codes  # one at least is within its reach: the form of a docstring is given
