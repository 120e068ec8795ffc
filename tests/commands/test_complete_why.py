"""What ``inglenook complete`` knows of the workspace, and how it says why a prompt is so."""

from __future__ import annotations

import json
import re
from pathlib import Path

import psutil
import pytest

from inglenook.commands.headless import root_of
from tests.support.command import ALONE, Run, run
from tests.support.fake_backend import fake_backend

PRICES = "def vat_of(price: float, country: str) -> float:\n    return price\n"
CART = "from shop.prices import vat_of\n\n\ndef total(price):\n    return vat_of(\n"
SIGNATURE = "def vat_of(price: float, country: str) -> float"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A project whose cart is to be completed, at 5:19."""
    folder = tmp_path / "work" / "shop"
    folder.mkdir(parents=True)
    (tmp_path / "work" / "pyproject.toml").touch()
    (folder / "prices.py").write_text(PRICES)
    (folder / "cart.py").write_text(CART)
    (folder / "secrets.json").write_text('{"key": "hunter2"}')
    return folder


@pytest.fixture
def source(tmp_path: Path) -> Path:
    file = tmp_path / "cart.py"
    file.write_text("def total(prices):\n    \n\nprint(total([1]))\n")
    return file


async def test_the_prompt_has_what_other_files_define(tmp_path: Path, shop: Path) -> None:
    """As in an editor: paths are those below the project, and the index is kept."""
    place = f"{shop}/cart.py:5:19"
    for _ in range(2):
        done = await run(tmp_path, "complete", "--show-prompt", place)
        assert done == Run(
            0,
            f"--- shop/prices.py\n{SIGNATURE}\n\n--- shop/cart.py\n"
            + CART.replace("vat_of(\n", "vat_of(█\n\n"),
            "",
        )
    assert list((tmp_path / "cache" / "index").glob("*.db"))


async def test_a_completion_has_it_too(tmp_path: Path, shop: Path) -> None:
    async with fake_backend(text="price, 'at')") as backend:
        done = await run(tmp_path, "complete", f"{shop}/cart.py:5:19", address=backend.url)
        assert done == Run(0, "price, 'at')\n", "")
        assert SIGNATURE in backend.generations[0].json["prompt"]


async def test_without_a_disk_cache_the_index_is_gone_afterwards(
    tmp_path: Path, shop: Path
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    off = {"INGLENOOK_DISK_CACHE": "off", "TMPDIR": str(scratch)}
    done = await run(tmp_path, "complete", "--show-prompt", f"{shop}/cart.py:5:19", **off)
    assert SIGNATURE in done.out
    assert not (tmp_path / "cache").exists()
    assert list(scratch.iterdir()) == []


async def test_no_process_of_the_index_stays(tmp_path: Path, shop: Path) -> None:
    await run(tmp_path, "complete", "--show-prompt", f"{shop}/cart.py:5:19")
    left = [each for each in psutil.process_iter(["environ"]) if _belongs(each, tmp_path)]
    assert left == []


def _belongs(process: psutil.Process, directory: Path) -> bool:
    environment = process.info["environ"] or {}
    return environment.get("INGLENOOK_STATE_DIR", "").startswith(f"{directory}/")


async def test_an_index_that_takes_too_long_is_used_as_it_is(tmp_path: Path, shop: Path) -> None:
    done = await run(
        tmp_path, "complete", "--show-prompt", "--index-seconds", "1e-9", f"{shop}/cart.py:5:19"
    )
    assert (done.code, "█" in done.out) == (0, True)
    assert done.errors == (
        "inglenook: the index is not complete after 1e-09 s; it is used as it is.\n"
    )


@pytest.mark.parametrize("seconds", ["-1", "nan", "inf", "soon", "86401"])
async def test_seconds_that_are_none(tmp_path: Path, source: Path, seconds: str) -> None:
    done = await run(tmp_path, "complete", f"--index-seconds={seconds}", f"{source}:2:5")
    assert (done.code, done.out) == (2, "")
    assert done.errors.endswith(
        "argument --index-seconds: it is a number of seconds, from 0 to 86400, as in 30\n"
    )


@pytest.mark.parametrize(
    ("files", "file", "here", "root"),
    [
        pytest.param(("a/.git", "a/b/"), "a/b/x.py", "a/b", "a", id="a repository"),
        pytest.param(("a/.git", "a/b/go.mod"), "a/b/x.go", "a", "a/b", id="the nearest"),
        pytest.param(("a/b/",), "a/b/x.py", "a", "a", id="the current directory"),
        pytest.param(("a/b/", "c/"), "a/b/x.py", "c", "a/b", id="the file's own"),
    ],
)
def test_the_folder_that_an_editor_would_open(
    tmp_path: Path, files: tuple[str, ...], file: str, here: str, root: str
) -> None:
    for each in files:
        path = tmp_path / each
        (path if each.endswith("/") else path.parent).mkdir(parents=True, exist_ok=True)
        if not each.endswith("/"):
            path.touch()
    assert root_of(tmp_path / file, tmp_path / here) == tmp_path / root


# -- why -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("provider", ["llama.cpp", "ollama", "openai"])
async def test_the_prompt_is_shown_as_the_model_that_answers_would_get_it(
    tmp_path: Path, shop: Path, provider: str
) -> None:
    """Byte for byte, and nothing is asked of it."""
    place, options = f"{shop}/cart.py:5:19", {"provider": provider}
    async with fake_backend(text="price)") as backend:
        shown = await run(
            tmp_path, "complete", "--show-prompt", place, address=backend.url, **options
        )
        generated = len(backend.generations)
        await run(tmp_path, "complete", place, address=backend.url, **options)
        assert shown.out == backend.generations[-1].json["prompt"] + "\n"
    assert generated == 0 or provider == "openai"  # there a model is asked what it understands
    assert "<|fim_prefix|>" in shown.out


async def test_why_says_reasons_what_was_cut_and_the_times(tmp_path: Path, shop: Path) -> None:
    many = "".join(f"def vat_of_{n}(price: float, country: str) -> float: ...\n" for n in range(99))
    (shop / "prices.py").write_text(PRICES + many + f"def long({'argument, ' * 900}): ...\n")
    (shop / "cart.py").write_text(
        CART.replace("import vat_of", "import vat_of\nimport shop.prices")
    )
    done = await run(tmp_path, "complete", "--why", f"{shop}/cart.py:6:19")
    why, _, prompt = done.out.partition("\n=== prompt, in no model's frame\n")
    assert (done.code, done.errors) == (0, "")
    assert "The prompt for shop/cart.py, line 6, column 19\n" in why
    assert re.search(r"\n +25\.00  vat_of: its call is being written\n", why)
    assert re.search(r"\nCut: the best 15 of \d+, as their files are now\n", why)
    assert "in a module that is imported here; no room: others are worth more" in why
    assert re.search(r"\nTime: \d+\.\d\d ms\n", why)
    assert re.search(r"\n +\d+\.\d\d  candidates\n", why)
    assert "(budget 3600)" in why
    assert prompt.startswith(f"--- shop/prices.py\n{SIGNATURE}\n")


async def test_why_as_json(tmp_path: Path, shop: Path) -> None:
    async with fake_backend(text="price)") as backend:
        done = await run(
            tmp_path, "complete", "--why", "--json", f"{shop}/cart.py:5:19", address=backend.url
        )
    body = json.loads(done.out)
    assert body["path"] == "shop/cart.py"
    assert body["typed"].endswith("return vat_of(")
    assert [snippet["path"] for snippet in body["snippets"]] == ["shop/prices.py"]
    assert body["model"]["family"] == "qwen-coder"
    assert [part["name"] for part in body["sent"]] == ["prompt"]
    (shown,) = body["shown"]
    assert shown["definitions"] == [
        {"name": "vat_of", "reason": "call", "why": "its call is being written", "score": 25.0}
    ]
    assert body["cut"] == []
    assert list(body["ms"]) == [
        *("parse", "window", "reading", "candidates", "passages", "choice", "prompt", "secrets")
    ]
    assert body["sizes"]["snippets"] == shown["characters"]
    assert body["timings"] is None


async def test_an_unknown_model_is_no_reason_to_show_nothing(tmp_path: Path, source: Path) -> None:
    place = f"{source}:2:5"
    done = await run(tmp_path, "complete", "--why", *ALONE, place, "--model", "nobody")
    assert done.code == 0
    assert "█" in done.out
    assert "'nobody'" in done.errors
    assert done.errors.count("\n") == 1


async def test_escapes_of_a_file_do_not_reach_the_terminal(tmp_path: Path) -> None:
    file = tmp_path / "steer.py"
    file.write_text("x = '\x1b[31m'\ny = \n")
    for option in ("--show-prompt", "--why"):
        done = await run(tmp_path, "complete", option, *ALONE, f"{file}:2:5")
        assert "\x1b" not in done.out
        assert "\\x1b[31m" in done.out


async def test_a_secret_is_shown_as_it_would_be_sent(tmp_path: Path) -> None:
    file = tmp_path / "steer.py"
    file.write_text("password = 'Zk8#mQ2v!pLw'\ny = \n")
    done = await run(tmp_path, "complete", "--why", *ALONE, f"{file}:2:5")
    assert done.code == 0
    assert "Zk8#mQ2v" not in done.out
    assert "REDACTED" in done.out
    inside = await run(tmp_path, "complete", "--show-prompt", *ALONE, f"{file}:1:20")
    sentence = "inglenook: the cursor stands in a secret, where no model is asked.\n"
    assert inside == Run(1, "", sentence)
