"""A completion in a real Helix, which knows no ghost text: it comes in the popup."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.editors_cache import InstallationError
from tests.support.editors_helix import helix
from tests.support.editors_server import fake_server
from tests.support.tmux import Terminal, terminal

pytestmark = pytest.mark.editor

README = Path(__file__).parents[2] / "editors/helix/README.md"


def documented() -> str:
    """The configuration that the documentation shows."""
    return README.read_text().split("```toml\n")[1].split("```")[0]


def ask(shown: Terminal, for_: str) -> None:
    """Ask by hand until it is there: Helix does not say when its server is ready."""

    def there(screen: str) -> bool:
        if for_ not in screen:
            shown.press("C-x")
        return for_ in screen

    shown.until(there)


def test_a_completion_is_offered_in_the_popup_and_taken(tmp_path: Path) -> None:
    try:
        program = helix()
    except InstallationError as error:
        pytest.fail(str(error), pytrace=False)
    server = fake_server(tmp_path, "return a + b")
    settings = tmp_path / "config/helix"
    settings.mkdir(parents=True)
    ours = documented().replace('"inglenook"\nargs', f'"{server.program}"\nargs')
    assert str(server.program) in ours
    (settings / "languages.toml").write_text(ours)
    file = tmp_path / "case.py"
    file.write_text("def add(a, b):\n    \n")
    kinds = ("CONFIG", "CACHE", "STATE", "DATA")
    own = {f"XDG_{kind}_HOME": str(tmp_path / kind.lower()) for kind in kinds}
    with terminal([program, "case.py:2:5"], tmp_path, {**server.env, **own}) as shown:
        shown.until(lambda screen: "NOR" in screen and "def add" in screen)
        shown.press("A")
        shown.until(lambda screen: "INS" in screen)
        ask(shown, "return a + b")
        shown.press("C-n")
        shown.until(lambda screen: " 2      return a + b\n" in screen and "Inglenook" in screen)
        shown.press("Enter")
        shown.until(lambda screen: "Inglenook" not in screen)
        shown.press("Escape")
        shown.type(":write")
        shown.press("Enter")
        # It moves a new file into the old one's place, so for a moment there is none.
        shown.until(lambda _: file.exists() and "return" in file.read_text())
        assert file.read_text() == "def add(a, b):\n    return a + b\n"
