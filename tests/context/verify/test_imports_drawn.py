"""Imports in their less usual forms."""

from __future__ import annotations

import pytest

from inglenook_context.verify.task import Answers, Purpose, Wanted
from tests.context.verify.drawn import checks, judged

_NONE = {Wanted("no_such"): False, Wanted("os.path", "joined"): False, Wanted("os.path"): None}


@pytest.mark.parametrize(
    "code",
    [
        "import importlib\nx = importlib.import_module(name='no_such')\n",
        "import importlib\nx = importlib.import_module('no_such', package=None)\n",
        "try:\n    import no_such\nexcept Exception:\n    raise\n",
        "try:\n    import no_such\nexcept Exception as error:\n    print(error)\n    raise error\n",
        "try:\n    import no_such\nexcept ImportError:\n    raise\n",
        "from os import path\nx = path.joined('a')\n",
        "from os import path as p\nx = p.joined('a')\n",
        "import os.path as p\nx = p.joined('a')\n",
        "from os.path import joined\n",
    ],
)
def test_an_import_of_what_is_not_there(code: str) -> None:
    assert checks(judged("x = 1\n", code + "x = 1\n", world=Answers(_NONE))) == ["import"]


@pytest.mark.parametrize(
    "code",
    [
        "try:\n    import no_such\nexcept Exception:\n    no_such = None\n",
        "try:\n    import no_such\nexcept ImportError as e:\n    raise SystemExit('none') from e\n",
        "import importlib\nx = importlib.import_module(name=f'no_such')\n",
        "from os import path\npath = str(path)\nx = path.joined\n",
    ],
)
def test_an_import_that_is_forgiven_or_cannot_be_told(code: str) -> None:
    assert judged("x = 1\n", code + "x = 1\n", world=Answers(_NONE)).good


_DEFAULTS = "def f(a=[], b=1):\n    a.append(b)\n    return a\n"
_MENDED = "def f(a=None, b=1):\n    a = [] if a is None else a\n    a.append(b)\n    return a\n"


def test_only_the_default_that_is_shared_may_become_none() -> None:
    assert judged(_DEFAULTS, _MENDED, Purpose.FIX, defaults_may_change=True).good
    other = _MENDED.replace("b=1", "b=2")
    assert "signature" in checks(judged(_DEFAULTS, other, Purpose.FIX, defaults_may_change=True))


def test_none_for_what_is_shared_where_the_body_does_not_know() -> None:
    after = _DEFAULTS.replace("[]", "None").replace("append", "extend")
    assert "signature" in checks(judged(_DEFAULTS, after, Purpose.FIX))
    assert "signature" in checks(judged(_DEFAULTS, _MENDED, Purpose.EDIT))
