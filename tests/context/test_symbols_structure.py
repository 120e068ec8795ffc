from __future__ import annotations

from tests.support.outline import outline

JSONC = """\
{
  // no
  "name": "x",
  "scripts": {
    "build": "make",
    "test": {"deep": {"deeper": 1}}
  },
  "list": [{"a": 1}]
}
"""
JSONC_SHOWN = """\
variable name | "name": "x"
variable scripts | "scripts"
field scripts.build | "build": "make"
field scripts.test | "test": {"deep": {"deeper": 1}}
variable list | "list": [{"a": 1}]
"""
HTML = """\
<!doctype html>
<html>
<body>
<main id="top" class="x">
  <h1>Shapes</h1>
  <img id='logo' src="x.png"/>
  <shape-list data-a="b"></shape-list>
  <p>text</p>
</main>
<script id="code">let x = 1;</script>
</body>
</html>
"""
HTML_SHOWN = """\
variable top | <main id="top" class="x">
namespace top.Shapes | <h1>Shapes</h1>
field top.logo | <img id='logo' src="x.png"/>
field top.shape-list | <shape-list data-a="b"></shape-list>
variable code | <script id="code">let x = 1;</script>
"""
CSS = """\
:root {
  --gap: 4px;
  color: red;
}
a, .card > #main {
  margin: 0;
}
@media (min-width: 10px) {
  .wide { margin: 1px; }
}
@keyframes fade { from { opacity: 0; } }
"""
CSS_SHOWN = """\
class :root | :root
field :root.--gap | --gap: 4px;
class a, .card > #main | a, .card > #main
class .wide | .wide { margin: 1px; }
function fade | @keyframes fade { from { opacity: 0; } }
"""
TOML = """\
title = "x"

[project.urls]
home = { page = 1 }
"the docs".link = 2

[[bin]]
name = "a"
"""
TOML_SHOWN = """\
variable title | title = "x"
namespace project.urls | [project.urls]
field project.urls.home | home = { page = 1 }
field project.urls.the docs.link | "the docs".link = 2
namespace bin | [[bin]]
field bin.name | name = "a"
"""
YAML = """\
on: push
"jobs":
  build: &build
    steps:
      - run: make
  test: {uses: x}
list:
  - a: 1
"""
YAML_SHOWN = """\
variable on | on: push
variable jobs | "jobs"
field jobs.build | build: &build
field jobs.test | test: {uses: x}
variable list | list
"""
MARKDOWN = """\
# Inglenook

Text.

## How to *use* it ##

```py
# no heading
```

Under
-----
"""
MARKDOWN_SHOWN = """\
namespace Inglenook | # Inglenook
namespace Inglenook.How to *use* it | ## How to *use* it
namespace How to *use* it.Under | Under
"""


def test_json() -> None:
    assert outline(JSONC, "jsonc") == JSONC_SHOWN


def test_html() -> None:
    assert outline(HTML, "html") == HTML_SHOWN


def test_css() -> None:
    assert outline(CSS, "css") == CSS_SHOWN


def test_toml() -> None:
    assert outline(TOML, "toml") == TOML_SHOWN


def test_yaml() -> None:
    assert outline(YAML, "yaml") == YAML_SHOWN


def test_markdown() -> None:
    assert outline(MARKDOWN, "markdown") == MARKDOWN_SHOWN
