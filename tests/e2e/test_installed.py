"""What installed packages define is in the prompt, though they are in no folder of the editor."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.test_index import shown, workspace

SITE = ".venv/lib/python3.11/site-packages"
FILE = "from acme_tax import rate_of\n\ndef total(price):\n    return rate_of(█\n"
INNER = "def rate_of(country: str, year: int = 2026) -> float:\n    return 0.2\n"


async def test_a_signature_of_an_installed_package(tmp_path: Path) -> None:
    """By a re-export, from an environment that the workspace has, with a path of its own."""
    package = tmp_path / "work" / SITE / "acme_tax"
    package.mkdir(parents=True)
    (tmp_path / "work" / ".venv" / "pyvenv.cfg").write_text("home = /nowhere\n")
    (package / "__init__.py").write_text("from acme_tax.rates import rate_of\n")
    (package / "rates.py").write_text(INNER)
    async with workspace(tmp_path / "work", tmp_path) as house:
        house.open(FILE, house.uri)
        prompt = await shown(house, "def rate_of(country: str, year: int = 2026) -> float")
        assert "site-packages/acme_tax/rates.py" in prompt
        assert str(tmp_path) not in prompt
        assert ".venv" not in prompt


async def test_no_link_leads_out_of_the_packages(tmp_path: Path) -> None:
    site = tmp_path / "work" / SITE
    site.mkdir(parents=True)
    (tmp_path / "work" / ".venv" / "pyvenv.cfg").write_text("")
    (site / "acme_tax.py").write_text(INNER)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "__init__.py").write_text("def password_of(word='hunter2'): ...\n")
    (site / "acme_evil").symlink_to(outside)
    (site / "evil.pth").write_text(f"{tmp_path}\n")
    drawing = "from acme_evil import password_of\nfrom outside import password_of as other\n"
    async with workspace(tmp_path / "work", tmp_path) as house:
        house.open(drawing + FILE, house.uri)
        prompt = await shown(house, "def rate_of(country: str, year: int = 2026) -> float")
        assert "hunter2" not in prompt
