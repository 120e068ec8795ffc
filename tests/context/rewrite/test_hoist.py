"""Imports that a model wrote before the code it was asked for."""

from __future__ import annotations

import pytest

from inglenook_context.document import Document
from inglenook_context.refactor.edits import Change, applied
from inglenook_context.rewrite.hoist import hoisted
from inglenook_context.rewrite.unit import unit_at
from inglenook_context.text import Text
from inglenook_context.verify.task import Purpose
from inglenook_context.verify.tree import syntax_of

OPENS, CLOSES = "⟦", "⟧"


def put(drawing: str, code: str, language: str = "python") -> str:
    """The text after ``code`` was put in the place of the selection."""
    start = drawing.index(OPENS)
    stop = drawing.index(CLOSES) - 1
    text = drawing.replace(OPENS, "").replace(CLOSES, "")
    document = Document("file:///case", language, 1, Text.of(text))
    syntax = syntax_of(text, language)
    unit = unit_at(document, syntax, start, stop, Purpose.EDIT)
    assert unit is not None
    rest, imports = hoisted(document, syntax, unit, code)
    return applied(text, (*imports, Change(unit.start, unit.stop, rest)))


@pytest.mark.parametrize(
    ("drawing", "code", "after"),
    [
        (  # behind the file's own
            "import os\n\nx = 1\n\n\ndef f():\n    ⟦return os⟧\n",
            "    import json\n\n    return json, os",
            "import os\nimport json\n\nx = 1\n\n\ndef f():\n    return json, os\n",
        ),
        (  # not what is there
            "import os\n\n\ndef f():\n    ⟦return os⟧\n",
            "    import os\n    from a import b\n    return os, b",
            "import os\nfrom a import b\n\n\ndef f():\n    return os, b\n",
        ),
        (  # a file without imports, with a docstring
            '#!/usr/bin/python\n"""Text."""\n\n\ndef f():\n    ⟦return 1⟧\n',
            "    import json\n    return json",
            '#!/usr/bin/python\n"""Text."""\nimport json\n\n\ndef f():\n    return json\n',
        ),
        ("⟦x = 1⟧\n", "import json\nx = json", "import json\nx = json\n"),
        (  # code that is among the imports itself stays as it was written
            "⟦import os\nx = 1⟧\n",
            "import json\nx = 1",
            "import json\nx = 1\n",
        ),
        ("x = 1\n⟦y = 1⟧\n", "import os", "x = 1\nimport os\n"),  # nothing but imports
        (
            "import os\r\n\r\n\r\ndef f():\r\n    ⟦return os⟧\r\n",
            "    import json\r\n    return json",
            "import os\r\nimport json\r\n\r\n\r\ndef f():\r\n    return json\r\n",
        ),
        (  # an import of several lines ends with its last
            "from a import (\n    b,\n)\n\n\ndef f():\n    ⟦return b⟧\n",
            "    import json\n    return json",
            "from a import (\n    b,\n)\nimport json\n\n\ndef f():\n    return json\n",
        ),
    ],
)
def test_python(drawing: str, code: str, after: str) -> None:
    assert put(drawing, code) == after


def test_typescript() -> None:
    drawing = 'import { a } from "./a";\n\nfunction f() {\n  ⟦return a;⟧\n}\n'
    code = '  import { b } from "./b";\n  return a + b;'
    assert put(drawing, code, "typescript") == (
        'import { a } from "./a";\nimport { b } from "./b";\n\nfunction f() {\n  return a + b;\n}\n'
    )


def test_other_languages_are_left_alone() -> None:
    assert put("⟦x := 1⟧\n", 'import "os"\nx := 1', "go") == 'import "os"\nx := 1\n'
