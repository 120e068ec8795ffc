"""Where the modules of installed packages are: after the workspace's own, stubs before sources."""

from __future__ import annotations

import pytest

from inglenook_context.modules import module_paths, submodule_paths
from tests.support.drawn_files import DrawnFiles

SITE = "site-packages"


@pytest.mark.parametrize(
    ("path", "module", "there", "found"),
    [
        ("app/main.py", "shop", {"shop.py", f"{SITE}/shop/__init__.py"}, "shop.py"),
        ("app/main.py", "shop", {"app/shop.py", f"{SITE}/shop.py"}, "app/shop.py"),
        (
            "app/main.py",
            "shop.api",
            {f"{SITE}/shop/api.py", f"{SITE}/shop/api.pyi", f"{SITE}/shop-stubs/api.pyi"},
            f"{SITE}/shop-stubs/api.pyi",
        ),
        (
            "app/main.py",
            "shop.api",
            {f"{SITE}/shop/api.py", f"{SITE}/shop/api.pyi"},
            f"{SITE}/shop/api.pyi",
        ),
        ("app/main.py", "shop", {f"{SITE}/shop.py"}, f"{SITE}/shop.py"),
        ("app/main.py", ".shop", {f"{SITE}/shop.py"}, None),
        (f"{SITE}/shop/web.py", ".api", {f"{SITE}/shop/api.py"}, f"{SITE}/shop/api.py"),
        (f"{SITE}/shop/web.py", "..other", {f"{SITE}/other.py"}, f"{SITE}/other.py"),
        (f"{SITE}/shop/web.py", "tools", {"tools.py", f"{SITE}/shop/tools.py"}, None),
        (f"{SITE}/shop/web.py", "shop.api", {f"{SITE}/shop/api.py"}, f"{SITE}/shop/api.py"),
        (
            f"{SITE}/shop-stubs/web.pyi",
            "shop.api",
            {f"{SITE}/shop/api.py"},
            f"{SITE}/shop/api.py",
        ),
    ],
)
def test_the_first_candidate_that_is_there(
    path: str, module: str, there: set[str], found: str | None
) -> None:
    assert next((each for each in module_paths(path, module) if each in there), None) == found


def test_parts_of_a_package() -> None:
    assert submodule_paths(f"{SITE}/shop/__init__.py", "api")[0] == f"{SITE}/shop/api/__init__.pyi"
    assert submodule_paths("shop/__init__.py", "api")[0] == "shop/api.py"


def test_signatures_of_installed_packages_are_shown() -> None:
    files = DrawnFiles.of(
        """
== app.py
import requests
from requests.models import Response
class Odd(Response):
    def work(self, session: requests.Session):
        session.█
== site-packages/requests/__init__.py
from .api import get
from .sessions import Session
== site-packages/requests/api.py
def get(url: str, **kwargs) -> "Response": ...
== site-packages/requests/sessions.py
class Base:
    def close(self) -> None: ...
class Session(Base):
    def request(self, method: str, url: str) -> "Response": ...
== site-packages/requests/models.py
class Response:
    def json(self) -> dict: ...
"""
    )
    assert set(files.ranked()[:2]) == {
        "site-packages/requests/sessions.py:Session.request",
        "site-packages/requests/sessions.py:Base.close",
    }
    shown = files.shown()
    assert "== site-packages/requests/sessions.py\n" in shown
    assert "def request(self, method: str, url: str)" in shown
