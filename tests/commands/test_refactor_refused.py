"""``inglenook refactor``: what becomes of an answer that fails a check, and what else is said."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from tests.support.chat_command import shop_in
from tests.support.command import ALONE, Run
from tests.support.fake_backend import fake_backend
from tests.support.refactor_command import asked, block, drawn_at, refactor

CART: Final = (
    "from prices import price_of\n\n\ndef total(items):\n⟦    return price_of(items)⟧\n"
    "\n\ndef count(items):\n    return len(items)\n"
)
DOUBLED: Final = block("    return 2 * price_of(items)")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return shop_in(tmp_path)


async def test_what_fails_a_check_is_refused_with_its_name(tmp_path: Path, shop: Path) -> None:
    place = drawn_at(shop / "cart.py", CART)
    before = (shop / "cart.py").read_bytes()
    async with fake_backend(text=block("    return unknown_{n}(items)")) as backend:
        done = await refactor(tmp_path, "--apply", *ALONE, place, "Guess", address=backend.url)
        assert len(backend.generations) == 2
    assert (done.code, done.out) == (1, "")
    said, failed = done.errors.splitlines()
    assert said.startswith("inglenook: The model's edit is not offered: it was tried twice and ")
    assert failed.startswith("undefined: ")
    assert "unknown_2" in failed
    assert (shop / "cart.py").read_bytes() == before


async def test_a_repair_is_asked_for_once(tmp_path: Path, shop: Path) -> None:
    def answer(number: int, _request: dict[str, Any]) -> str:
        return block("    return unknown(items)") if number == 1 else DOUBLED

    place = drawn_at(shop / "cart.py", CART)
    async with fake_backend(answer=answer) as backend:
        done = await refactor(tmp_path, "--json", *ALONE, place, "Double", address=backend.url)
        assert "unknown" in asked(backend)[1]
    assert (done.code, json.loads(done.out)["rounds"]) == (0, 2)


async def test_what_vanishes_is_said(tmp_path: Path, shop: Path) -> None:
    drawing = "def total(items):\n⟦    print(items)  # of a cart\n    return len(items)⟧\n"
    place = drawn_at(shop / "cart.py", drawing)
    async with fake_backend(text=block("    return len(items)")) as backend:
        done = await refactor(tmp_path, *ALONE, place, "Say less", address=backend.url)
    assert (done.code, "-    print(items)  # of a cart\n" in done.out) == (0, True)
    assert "inglenook: The comment # of a cart is gone.\n" in done.errors


@pytest.mark.parametrize(
    ("name", "code", "errors"),
    [
        ("price_of", 0, "Read: cart.py (selection)\n"),
        ("price_off", 1, "import: The module prices has no price_off.\n"),
    ],
)
async def test_the_workspace_is_asked_what_it_has(
    tmp_path: Path, shop: Path, name: str, code: int, errors: str
) -> None:
    place = drawn_at(shop / "cart.py", "⟦def total(items):\n    return 1⟧\n")
    answer = block(f"def total(items):\n    from prices import {name}\n    return {name}(items)")
    async with fake_backend(text=answer) as backend:
        done = await refactor(tmp_path, *ALONE, place, "Ask for it", address=backend.url)
    assert (done.code, done.errors.endswith(errors)) == (code, True)


async def test_checks_of_the_users_own_judge_it_too(tmp_path: Path, shop: Path) -> None:
    """One that finds nothing, one that is of another language, and one that finds something."""
    config, place = tmp_path / "checks.yaml", drawn_at(shop / "cart.py", CART)
    finds = (
        "import sys; text = sys.stdin.read(); sys.exit('2 * is too much' if '2 *' in text else 0)"
    )

    def checked(*names: str) -> dict[str, str]:
        known = {"fine": ["", "pass"], "rusty": ["rust", "1 / 0"], "strict": ["python", finds]}
        checks = [
            {
                "name": name,
                "command": [sys.executable, "-c", known[name][1]],
                "languages": [known[name][0]] if known[name][0] else [],
            }
            for name in names
        ]
        model = {"name": "fake", "provider": "llama.cpp", "model": "m", "apiBase": backend.url}
        config.write_text(json.dumps({"models": [model], "inglenook": {"checks": checks}}))
        return {"INGLENOOK_CONFIG": str(config)}

    async with fake_backend(text=DOUBLED) as backend:
        ask = (tmp_path, "--json", *ALONE, place, "Double it")
        done = await refactor(*ask, address=backend.url, **checked("fine", "rusty"))
        assert (done.code, json.loads(done.out)["checks"]) == (0, ["fine"])
        done = await refactor(*ask, address=backend.url, **checked("fine", "strict"))
    assert (done.code, done.out) == (1, "")
    assert done.errors.endswith("strict: strict: 2 * is too much\n")


async def test_a_file_that_changed_meanwhile_is_left_alone(tmp_path: Path, shop: Path) -> None:
    file = shop / "cart.py"

    def answer(_number: int, _request: dict[str, Any]) -> str:
        file.write_text("z = 0\n")
        return DOUBLED

    place = drawn_at(file, CART)
    async with fake_backend(answer=answer) as backend:
        done = await refactor(tmp_path, "--apply", *ALONE, place, "Double", address=backend.url)
    sentence = f"inglenook: {file} has changed while the edit was made; nothing was written.\n"
    assert done == Run(1, "", sentence)
    assert file.read_text() == "z = 0\n"


async def test_no_model_is_one_sentence(tmp_path: Path, shop: Path) -> None:
    place = drawn_at(shop / "cart.py", CART)
    done = await refactor(tmp_path, *ALONE, place, "Double", address="http://127.0.0.1:9")
    assert (done.code, done.out, done.errors.count("\n")) == (3, "", 1)
