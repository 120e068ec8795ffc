from __future__ import annotations

import pytest

from inglenook_context.imports import imports_of
from inglenook_context.names import names_near
from inglenook_context.text import Text
from tests.support.drawn import cursor_of


@pytest.mark.parametrize(
    ("drawing", "language", "names"),
    [
        ("alpha(1)\nbeta = gamma\nreturn delta(█)", "python", "delta alpha gamma beta"),
        ("self.head.move(tail)\nprint(len(tail))\n█", "python", "move head tail"),
        ("def f(box: Box):\n    bo█", "python", "Box box"),
        ("known(a)\nkno█", "python", "known"),
        ("█\nlater(thing)\n", "python", "later thing"),
        ("const x1 = await fetchAll(new Store());\n█", "typescript", "Store fetchAll x1"),
        ("", "python", ""),
    ],
)
def test_the_most_telling_names_come_first(drawing: str, language: str, names: str) -> None:
    cursor = cursor_of(drawing if "█" in drawing else drawing + "█", language)
    assert " ".join(names_near(cursor).every) == names


def test_names_far_away_do_not_count() -> None:
    source = "far(1)\n" + "\n" * 50 + "near(1)\n█\n" + "\n" * 20 + "below(1)\n"
    assert names_near(cursor_of(source)).every == ("near",)
    assert names_near(cursor_of(source), 60, 30).every == ("near", "below", "far")


@pytest.mark.parametrize(
    ("source", "language", "found"),
    [
        ("import os.path, json as j\n", "python", "os=os.path.* j=json.*"),
        ("from ..a import b, c as d  # note\n", "python", "b=..a.b d=..a.c"),
        ("from a import (\n    b,  # one\n    c,\n)\n", "python", "b=a.b c=a.c"),
        ("from a import *\n", "python", "*=a.*"),
        ("from a import (b,\n", "python", "b=a.b"),
        (
            'import d, { a as b, type C } from "./m";\n',
            "typescript",
            "d=./m.default b=./m.a C=./m.C",
        ),
        ("import * as ns from 'k';\n", "typescript", "ns=k.*"),
        ("import {\n  a,\n  b,\n} from 'k';\n", "javascript", "a=k.a b=k.b"),
        (
            "const fs = require('fs');\nconst { r, s: t } = require('u');\n",
            "javascript",
            "fs=fs.* r=u.r t=u.s",
        ),
        ("import 'side';\nimport { a } from 'b';\n", "javascript", "a=b.a"),
        ("import x\n", "rust", ""),
    ],
)
def test_what_comes_from_which_module(source: str, language: str, found: str) -> None:
    imports = imports_of(Text.of(source), language)
    assert " ".join(f"{one.name}={one.module}.{one.original}" for one in imports) == found
