"""``inglenook refactor`` in a pipe: a file with selected lines in; a diff, sentences out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest

from tests.support.chat_command import shop_in
from tests.support.command import ALONE, Run
from tests.support.fake_backend import fake_backend
from tests.support.refactor_command import applied, asked, block, drawn_at, refactor

CART: Final = (
    "from prices import price_of\n\n\ndef total(items):\n⟦    return price_of(items)⟧\n"
    "\n\ndef count(items):\n    return len(items)\n"
)
DOUBLED: Final = block("    return 2 * price_of(items)")
DIFF: Final = (
    "--- a/cart.py\n+++ b/cart.py\n@@ -2,7 +2,7 @@\n \n \n def total(items):\n"
    "-    return price_of(items)\n+    return 2 * price_of(items)\n \n \n def count(items):\n"
)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return shop_in(tmp_path)


async def test_the_diff_goes_to_stdout_and_what_was_read_to_stderr(
    tmp_path: Path, shop: Path
) -> None:
    place = drawn_at(shop / "cart.py", CART)
    before = (shop / "cart.py").read_bytes()
    async with fake_backend(text=DOUBLED, chunk=3) as backend:
        done = await refactor(tmp_path, place, "Double it", address=backend.url)
        (question,) = asked(backend)
    read = "Read: cart.py (selection, scope), prices.py (definitions)\n"
    assert done == Run(0, DIFF, read)
    assert "Double it" in question
    assert "def price_of(items: list[str]) -> float" in question
    assert (shop / "cart.py").read_bytes() == before
    applied(shop, done.out)
    assert "    return 2 * price_of(items)\n" in (shop / "cart.py").read_text()


async def test_apply_says_that_other_names_keep_the_old_text(tmp_path: Path, shop: Path) -> None:
    place = drawn_at(shop / "cart.py", CART)
    before = (shop / "cart.py").read_text()
    (shop / "same.py").hardlink_to(shop / "cart.py")
    async with fake_backend(text=DOUBLED) as backend:
        done = await refactor(tmp_path, "--apply", *ALONE, place, "Double it", address=backend.url)
    assert done.code == 0
    said = "inglenook: cart.py had other names (hard links), which keep the old text.\n"
    assert said in done.errors
    assert (shop / "same.py").read_text() == before
    assert "2 * price_of" in (shop / "cart.py").read_text()


async def test_apply_writes_the_file_and_says_so(tmp_path: Path, shop: Path) -> None:
    place = drawn_at(shop / "cart.py", CART)
    (shop / "cart.py").chmod(0o750)
    async with fake_backend(text=DOUBLED) as backend:
        done = await refactor(tmp_path, "--apply", *ALONE, place, "Double it", address=backend.url)
    assert (done.code, done.out) == (0, "")
    assert done.errors.endswith(
        "\nApplied to cart.py: Edit the selection: Double it (qwen2.5-coder:0.5b)\n"
    )
    after = CART.replace("⟦    return ", "    return 2 * ").replace("⟧", "")
    assert (shop / "cart.py").read_text() == after
    assert (shop / "cart.py").stat().st_mode & 0o777 == 0o750
    assert sorted(each.name for each in shop.iterdir()) == [".git", "cart.py", "prices.py"]


@pytest.mark.parametrize("applies", [False, True])
async def test_json_is_one_object(tmp_path: Path, shop: Path, applies: bool) -> None:
    place = drawn_at(shop / "cart.py", CART.replace("def total", "# 😀\ndef total"))
    options = ["--json", *ALONE, *(["--apply"] if applies else [])]
    answer = block("    return price_of(items) * 2")
    async with fake_backend(text=answer) as backend:
        done = await refactor(tmp_path, *options, place, "Double it", address=backend.url)
    body = json.loads(done.out)
    assert (done.code, done.errors) == (0, "")
    diff, model = body.pop("diff"), body.pop("model")
    assert diff.startswith("--- a/cart.py\n+++ b/cart.py\n@@ -3,7 +3,7 @@\n")
    assert model == "qwen2.5-coder:0.5b"
    end = {"line": 5, "character": 26}
    assert body == {
        "path": "cart.py",
        "title": "Edit the selection: Double it",
        "edits": [{"start": end, "end": end, "newText": " * 2"}],
        "notes": [],
        "notices": [],
        "used": [
            {"path": "cart.py", "what": "selection"},
            {"path": "cart.py", "what": "scope"},
        ],
        "rounds": 1,
        "checks": [],
        "applied": applies,
    }
    assert ("* 2" in (shop / "cart.py").read_text()) is applies


async def test_characters_are_code_points(tmp_path: Path, shop: Path) -> None:
    place = drawn_at(shop / "cart.py", "y = ''\n⟦x = '😀' + y⟧\n")
    async with fake_backend(text=block("x = '😀' + y + y")) as backend:
        done = await refactor(tmp_path, "--json", *ALONE, place, "Twice", address=backend.url)
    (edit,) = json.loads(done.out)["edits"]
    assert (edit["start"], edit["newText"]) == ({"line": 1, "character": 11}, " + y")


# -- what can be asked for -------------------------------------------------------------------------

AREA: Final = "def area(width, height):\n⟦    return width * heigth⟧\n"
TYPED: Final = '{"width": "float", "height": "float", "return": "float"}'
TOLD: Final = '{"summary": "Return the area of a rectangle.", "details": ""}'


@pytest.mark.parametrize(
    ("arguments", "drawing", "answer", "wish", "after"),
    [
        (
            ["Add the border"],
            AREA.replace("heigth", "height"),
            block("    border = 1\n    return width * height + border"),
            "Change the selected code: Add the border",
            "def area(width, height):\n    border = 1\n    return width * height + border\n",
        ),
        (
            ["--fix", "`heigth` is not defined"],
            AREA,
            block("def area(width, height):\n    return width * height"),
            "`heigth` is not defined (in the line `return width * heigth`)",
            "def area(width, height):\n    return width * height\n",
        ),
        (
            ["--simplify"],
            "def is_big(n):\n⟦    if n > 9:\n        return True\n    return False⟧\n",
            block("    return n > 9"),
            "simpler",
            "def is_big(n):\n    return n > 9\n",
        ),
        (
            ["--types"],
            "⟦def area(width, height):⟧\n    return width * height\n",
            TYPED,
            "`area`",
            "def area(width: float, height: float) -> float:\n    return width * height\n",
        ),
        (
            ["--docstring"],
            "class Box:\n⟦    def area(self):⟧\n        return self.width\n",
            TOLD,
            "documentation of `area`",
            'class Box:\n    def area(self):\n        """Return the area of a rectangle."""\n'
            "        return self.width\n",
        ),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
async def test_each_purpose(
    tmp_path: Path,
    shop: Path,
    arguments: list[str],
    drawing: str,
    answer: str,
    wish: str,
    after: str,
    end: str,
) -> None:
    """With both line ends; the diff makes the file what ``--apply`` makes it."""
    place = drawn_at(shop / "cart.py", drawing.replace("\n", end))
    async with fake_backend(text=answer) as backend:
        done = await refactor(tmp_path, *ALONE, place, *arguments, address=backend.url)
        assert done.code == 0, done.errors
        assert wish in asked(backend)[0]
        applied(shop, done.out)
        assert (shop / "cart.py").read_bytes().decode() == after.replace("\n", end)
        place = drawn_at(shop / "cart.py", drawing.replace("\n", end))
        done = await refactor(tmp_path, "--apply", *ALONE, place, *arguments, address=backend.url)
        assert done.code == 0
        assert (shop / "cart.py").read_bytes().decode() == after.replace("\n", end)


@pytest.mark.parametrize("mark", ["", "\ufeff"])
async def test_a_mark_and_a_missing_last_line_end_stay(
    tmp_path: Path, shop: Path, mark: str
) -> None:
    drawing = f"{mark}⟦x = 1⟧\r\ny = 2"
    async with fake_backend(text=block("x = 3")) as backend:
        place = drawn_at(shop / "cart.py", drawing)
        done = await refactor(tmp_path, *ALONE, place, "Three", address=backend.url)
        applied(shop, done.out)
        assert (shop / "cart.py").read_bytes().decode() == f"{mark}x = 3\r\ny = 2"
        place = drawn_at(shop / "cart.py", drawing)
        await refactor(tmp_path, *ALONE, "--apply", place, "Three", address=backend.url)
        assert (shop / "cart.py").read_bytes().decode() == f"{mark}x = 3\r\ny = 2"


async def test_a_short_file_is_edited_as_a_whole(tmp_path: Path, shop: Path) -> None:
    (shop / "cart.py").write_text("x = 1\ny = x\n")
    async with fake_backend(text=block("x = 2\ny = x")) as backend:
        done = await refactor(
            tmp_path, *ALONE, f"{shop}/cart.py", "-", piped="Make it two\n", address=backend.url
        )
        assert "Make it two" in asked(backend)[0]
        assert "x = 1\ny = x\n" in asked(backend)[0]
    assert done.out.endswith("@@ -1,2 +1,2 @@\n-x = 1\n+x = 2\n y = x\n")


async def test_the_diff_is_for_where_the_project_is(tmp_path: Path, shop: Path) -> None:
    """A link is followed: git would not write through it."""
    place = drawn_at(shop / "packages" / "my code" / "cart.py", CART)
    (shop / "link.py").symlink_to("packages/my code/cart.py")
    async with fake_backend(text=DOUBLED) as backend:
        done = await refactor(
            tmp_path, *ALONE, f"{shop}/link.py:5", "Double it", address=backend.url
        )
        assert done.out.startswith("--- a/packages/my code/cart.py\t\n")
        applied(shop, done.out)
        await refactor(
            tmp_path, *ALONE, "--apply", f"{shop}/link.py:5", "Double it", address=backend.url
        )
    assert (shop / "link.py").is_symlink()
    assert place.startswith(str(shop / "packages"))
