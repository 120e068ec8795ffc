"""What is said of the world outside a file: yes of what is there, no only where that is sure."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Final

import pytest

from inglenook.engine.refactor import world_library
from inglenook.engine.refactor.world import Here, Look
from inglenook.engine.sensitive import SECRET
from inglenook.engine.session import Session
from inglenook.workspace import standing
from inglenook.workspace.index import Index
from inglenook_context.document import Document
from inglenook_context.text import Text
from inglenook_context.verify.task import Wanted

MINOR: Final = world_library.MINOR
SITE: Final = f".venv/lib/python3.{MINOR}/site-packages"
VENV: Final = {
    ".venv/pyvenv.cfg": "home = /nowhere\n",
    f"{SITE}/_virtualenv.pth": "import _virtualenv",
}
TRUE, FALSE, UNTOLD = "yes", "no", "?"


@pytest.fixture(autouse=True)
def nothing_is_activated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    monkeypatch.setenv("PATH", os.devnull)


def draw(root: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


@pytest.fixture
async def session() -> AsyncIterator[Session]:
    session = Session(shown_path=lambda uri: uri.removeprefix("file:///"))
    yield session
    session.close()


async def told(session: Session, root: Path, path: str, wanted: str) -> dict[str, str]:
    """The answers to questions that are written ``module`` or ``module:name``."""
    asked = {each: question(each) for each in wanted.split()}
    answers = await Look(Here(session, root))(path, list(asked.values()))
    said = {True: TRUE, False: FALSE, None: UNTOLD}
    return {each: said[answers.known.get(one)] for each, one in asked.items()}


def question(written: str) -> Wanted:
    if written.startswith(("node:", "https:", "npm:")):
        return Wanted(written)
    module, _, name = written.partition(":")
    return Wanted(module, name)


async def holds(session: Session, root: Path, path: str, expected: str) -> None:
    """``expected`` has an answer and what it is the answer to in each line."""
    lines = [line.split() for line in expected.strip().splitlines()]
    wanted = {each: line[0] for line in lines for each in line[1:]}
    assert await told(session, root, path, " ".join(wanted)) == wanted


# -- the workspace ---------------------------------------------------------------------------------

SHOP: Final = {
    "shop/x.py": "",
    "shop/__init__.py": "from .cart import Cart\n",
    "shop/cart.py": """
import os, sys as system
from dataclasses import field as made
LIMIT, (low, *rest) = 1, [2, 3]
other: int
if LIMIT:
    with open(__file__) as file:
        found = file.read()
for each in "ab": pass
try: fast = 1
except OSError as error: pass
class Cart:
    total = 0
    def add(self, price, *, when=None): self.price = price; local = 1
    class Inner: pass
def outer(parameter):
    global planted
    planted = 1
    def inner(): pass
if (walrus := 1): pass
text = "in_text" ; call(keyword=1).attribute
# in_comment
""",
    "shop/tax/rates.py": "",
    "shop/tax/__init__.py": "RATE = 1\n",
    "shop/open.py": "def __getattr__(name): return 1\n",
    "shop/made.py": "globals().update(x=1)\n",
    "shop/broken.py": "def broken(:\n  word = 1\n",
    "shop/stars.py": "from .cart import *\nfrom .tax.rates import *\n",
    "shop/unknown.py": "from nowhere import *\n",
    "shop/circle.py": "from .circle2 import *\n",
    "shop/circle2.py": "from .circle import *\n",
    "shop/stub.pyi": "def a() -> int: ...\n",
    "shop/fast.cpython-311-x86_64-linux-gnu.so": "",
    "shop/.env.py": "",
    "space/part.py": "",
    "single.py": "one = 1\n",
    "src/app/__init__.py": "",
    "tests/help.py": "",
    "tests/deep/test_x.py": "",
    "tools/scripts/hidden.py": "",
}


async def test_names_of_a_module(tmp_path: Path, session: Session) -> None:
    """All that binds a name of the module; nothing that binds another's."""
    draw(tmp_path, SHOP | VENV)
    found = await told(
        session,
        tmp_path,
        "shop/x.py",
        " ".join(
            f".cart:{name}"
            for name in (
                *("os", "system", "made", "LIMIT", "low", "rest", "other", "file", "found", "each"),
                *("fast", "error", "Cart", "outer", "planted", "walrus", "text", "__file__"),
            )
        ),
    )
    assert FALSE not in found.values()
    await holds(
        session,
        tmp_path,
        "shop/x.py",
        """
        no  .cart:sys .cart:field .cart:total .cart:add .cart:Inner .cart:local .cart:inner
        no  .cart:parameter .cart:when .cart:keyword .cart:attribute .cart:in_text .cart:price
        no  .cart:in_comment .cart:anything .cart:dataclasses .cart:self
        yes .cart:Cart .cart:outer .cart:__doc__
        """,
    )


async def test_modules_of_the_workspace(tmp_path: Path, session: Session) -> None:
    draw(tmp_path, SHOP | VENV)
    await holds(
        session,
        tmp_path,
        "shop/x.py",
        """
        yes . .cart .tax .tax.rates .stub .fast shop shop.cart shop.tax.rates single space app
        yes .:cart .:Cart .:tax .tax:rates .tax:RATE shop:tax space:part ..single
        no  .cash .tax.rate .cart.x shop.cash shop.cart.x nosuch nosuch.part .:cash shop:cash
        no  .tax:rote single:two
        ?   space.other space:other ...single hidden help scripts
        """,
    )
    await holds(
        session,
        tmp_path,
        "tests/deep/test_x.py",
        """
        yes help shop ..help
        no  ..helf .help
        """,
    )


async def test_what_is_made_at_run_time_cannot_be_told(tmp_path: Path, session: Session) -> None:
    draw(tmp_path, SHOP | VENV)
    await holds(
        session,
        tmp_path,
        "shop/x.py",
        """
        ?   .open:a .made:a .broken:word .unknown:a .stub:b .fast:a .env:a .circle:a
        yes .stub:a .stars:Cart
        no  .stars:nothing .broken:other .stars:total
        """,
    )


@pytest.mark.parametrize(
    "text",
    [
        "__getattr__, __dir__, __all__ = lazy.attach(__name__, ['a'])\n",
        "import sys\nsys.modules[__name__] = make()\n",
        "import sys\nsys.modules['shop.m'] = make()\n",
        "this = sys.modules[__name__]\nsetattr(this, 'a', 1)\n",
        "exec(compile(source, 'x', 'exec'))\n",
        "from enum import global_enum, Enum\n@global_enum\nclass E(Enum):\n    a = 1\n",
        "fill(vars())\n",
        "for k in x: locals()[k] = 1\n",
        "inject(target=1, into=2, module=(__name__))\n",
        "import sys\nmake(sys._getframe(0).f_globals)\n",
        "__all__ = ['a']\n",
        "__all__ += ['a']\n",
        "__all__.extend(['a'])\n",
    ],
)
async def test_ways_to_make_names(tmp_path: Path, session: Session, text: str) -> None:
    draw(tmp_path, {"shop/m.py": text, "shop/x.py": "", **VENV})
    assert await told(session, tmp_path, "shop/x.py", ".m:a") == {".m:a": UNTOLD}


@pytest.mark.parametrize(
    "text",
    [
        "import logging\nlog = logging.getLogger(__name__)\n",
        "if __name__ == '__main__':\n    main()\n",
        "app = Flask(__name__)\nb = Blueprint('b', __name__, url_prefix='/')\n",
        "class A:\n    def __init__(self, **k):\n        for n in k: setattr(self, n, 1)\n",
        "name = f'{__name__}'\nmodule = sys.modules[name]\n",
    ],
)
async def test_what_makes_none(tmp_path: Path, session: Session, text: str) -> None:
    draw(tmp_path, {"shop/m.py": text, "shop/x.py": "", **VENV})
    assert await told(session, tmp_path, "shop/x.py", ".m:zzz") == {".m:zzz": FALSE}


async def test_a_package_that_grows(tmp_path: Path, session: Session) -> None:
    """Its ``__path__`` may lead anywhere."""
    text = "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n"
    draw(tmp_path, {"shop/__init__.py": text, "shop/x.py": "", "shop/sub/x.py": "", **VENV})
    expected = "? .nosuch shop.nosuch shop:nosuch .:nosuch"
    await holds(session, tmp_path, "shop/x.py", expected)
    await holds(session, tmp_path, "shop/sub/x.py", "? ..nosuch\nno .nosuch")


async def test_what_is_open_in_the_editor(tmp_path: Path, session: Session) -> None:
    """A file that was never saved is there, and what is written in one counts with its disk."""
    draw(tmp_path, {"shop/x.py": "", "shop/cart.py": "old = 1\n", **VENV})
    for name, text in (("new", "def a(): ...\n"), ("cart", "def fresh(): ...\n")):
        session.on_open(Document(f"file:///shop/{name}.py", "python", 1, Text.of(text)))
    await session.settled()
    await holds(
        session,
        tmp_path,
        "shop/x.py",
        """
        yes .new shop.new .new:a .cart:fresh .cart:old
        no  .cart:nothing .newer
        ?   .new:b
        """,
    )
    star = "from .elsewhere import *\n"
    document = Document("file:///shop/cart.py", "python", 2, Text.of(star))
    session.on_close(document.uri)
    session.on_open(document)
    await session.settled()
    assert (await told(session, tmp_path, "shop/x.py", ".cart:nothing"))[".cart:nothing"] != FALSE


async def test_a_directory_of_another_name_is_not_what_is_meant(
    tmp_path: Path, session: Session
) -> None:
    """Without an environment it cannot be told whether `requests` is what lies beside the file."""
    draw(tmp_path, {"app/web/requests.py": "mine = 1\n", "app/web/x.py": "", "own.py": ""})
    draw(tmp_path, {"src/pkg/__init__.py": ""})
    await holds(
        session,
        tmp_path,
        "app/web/x.py",
        """
        ?   requests:get requests.sessions
        yes requests requests:mine
        no  own:get pkg:get pkg.part own.part
        """,
    )
    draw(tmp_path, VENV)
    await holds(session, tmp_path, "app/web/x.py", "no requests:get requests.sessions")


async def test_a_folder_too_large_to_be_looked_at(
    tmp_path: Path, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw(tmp_path, {"a.py": "", **VENV, **{f"d{n}/f{n}.txt": "" for n in range(20)}})
    assert (await told(session, tmp_path, "a.py", "nosuch"))["nosuch"] == FALSE
    monkeypatch.setattr(standing, "_MOST", 30)
    assert (await told(session, tmp_path, "a.py", "nosuch"))["nosuch"] == UNTOLD
    monkeypatch.setattr(standing, "_MOST", 5)
    assert (await told(session, tmp_path, "a.py", ".nosuch"))[".nosuch"] == UNTOLD


# -- the library -----------------------------------------------------------------------------------

LIBRARY: Final = """
yes os os.path os:path os.path:join json:dumps xml.etree.ElementTree collections:OrderedDict
yes itertools:chain sys:path asyncio:sleep concurrent.futures:Future re:IGNORECASE typing:Any
no  os:frobnicate json:dump_all collections:OrderedDefaultDict itertools:zatched sys:nosuch
no  json.nosuch re:INVENTED_FLAG asyncio:sleeep random:rand_int subprocess:runn time:sleep_ms
no  pathlib:Pathh json:cls os.nosuch
?   os:startfile os:O_INVENTED signal:SIGINVENTED sys:getwindowsversion
"""


async def test_the_standard_library(tmp_path: Path, session: Session) -> None:
    import random  # noqa: F401  (a module is asked itself where this program has it)

    draw(tmp_path, {"a.py": "", **VENV})
    await holds(session, tmp_path, "a.py", LIBRARY)


@pytest.mark.parametrize("site", [None, f".venv/lib/python3.{MINOR + 1}/site-packages"])
async def test_another_python_may_have_more(
    tmp_path: Path, session: Session, site: str | None
) -> None:
    draw(tmp_path, {"a.py": ""})
    if site is not None:
        draw(tmp_path, {".venv/pyvenv.cfg": "", f"{site}/x.py": ""})
    await holds(
        session,
        tmp_path,
        "a.py",
        """
        yes os json:dumps os.path:join
        ?   os:frobnicate json:dump_all json.nosuch tomllib distutils compression
        """,
    )


@pytest.mark.parametrize(
    ("files", "path", "expected"),
    [
        ({".python-version": f"3.{MINOR}\n"}, "", FALSE),
        ({".python-version": f"cpython-3.{MINOR}.4\n"}, "", FALSE),
        ({".python-version": "3.8\n"}, f"python3.{MINOR}", UNTOLD),
        ({".python-version": "pypy3.9\n"}, f"python3.{MINOR}", UNTOLD),
        ({}, f"python3.{MINOR}", FALSE),
        ({}, "python3.8", UNTOLD),
        ({}, "shim", UNTOLD),
    ],
)
async def test_which_python_a_folder_is_for(
    tmp_path: Path,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    files: dict[str, str],
    path: str,
    expected: str,
) -> None:
    root, bin_ = tmp_path / "root", tmp_path / "bin"
    draw(root, {"a.py": "", **files})
    bin_.mkdir()
    if path:
        (bin_ / path).write_text("")
        (bin_ / path).chmod(0o755)
        (bin_ / "python3").symlink_to(bin_ / path)
        monkeypatch.setenv("PATH", str(bin_))
    assert (await told(session, root, "a.py", "json:dump_all"))["json:dump_all"] == expected


# What a real program finds in modules, of which nothing may be denied.
_ALL: Final = """
os re json collections asyncio typing socket signal enum logging.handlers unittest.mock ssl errno
http.client xml.dom.minidom yaml tree_sitter pytest
""".split()
_DIR: Final = """
import importlib, json, sys
print(json.dumps({module: dir(importlib.import_module(module)) for module in sys.argv[1:]}))
"""


def really_there(directory: Path) -> dict[str, list[str]]:
    command = [sys.executable, "-W", "ignore", "-c", _DIR, *_ALL]
    found = subprocess.run(command, cwd=directory, capture_output=True, check=True)
    names: dict[str, list[str]] = json.loads(found.stdout)
    return names


async def test_nothing_is_denied_that_is_there(
    tmp_path: Path, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    from inglenook.engine.refactor import world

    monkeypatch.setattr(world, "_SECONDS", 600.0)
    monkeypatch.setattr(world, "_MOST", 100_000)
    there = await asyncio.to_thread(really_there, tmp_path)
    draw(tmp_path, {"a.py": ""})
    monkeypatch.setenv("VIRTUAL_ENV", sys.prefix)
    # Some of the names; all of them, and of 150 modules more, were tried once.
    wanted = [Wanted(module, name) for module, names in there.items() for name in names[::9]]
    answers = await Look(Here(session, tmp_path))("a.py", wanted)
    assert len(answers.known) == len(wanted) > 100
    assert [each for each, has in answers.known.items() if has is False] == []
    invented = [Wanted(module, "inglenook_invented") for module in there]
    denied = await Look(Here(session, tmp_path))("a.py", invented)
    assert sum(has is False for has in denied.known.values()) >= len(invented) // 3
    assert [each for each, has in denied.known.items() if has] == []


# -- what is installed -----------------------------------------------------------------------------


def installed(**files: str) -> dict[str, str]:
    return {**VENV, "a.py": "", **{f"{SITE}/{path}": text for path, text in files.items()}}


async def test_packages_of_the_environment(tmp_path: Path, session: Session) -> None:
    draw(
        tmp_path,
        installed(
            **{
                "shop/__init__.py": "from .api import *\nfrom ._fast import quick\n",
                "shop/api.py": "def buy(): ...\nfrom shop.more import *\n",
                "shop/more.py": "def sell(): ...\n",
                "shop/_fast.abi3.so": "",
                "single.py": "alone = 1\n",
                "both.py": "runs = 1\n",
                "both.pyi": "told: int\n",
                "typed-stubs/__init__.pyi": "",
                "space/part/__init__.py": "",
                "quick.cp311-win_amd64.pyd": "",
                "shop-1.0.dist-info/METADATA": "",
            }
        ),
    )
    await holds(
        session,
        tmp_path,
        "a.py",
        """
        yes shop shop.api shop:buy shop:api single single:alone both:told both:runs quick space.part
        yes shop._fast
        no  shop:cell shop.nosuch single:b both:none shopp single.x shop.api:cell
        ?   space.other space:other quick:any typed shop._fast:any
        """,
    )


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, FALSE),
        ({f"{SITE}/distutils-precedence.pth": "import os; os.environ.get('X')"}, FALSE),
        ({f"{SITE}/own.pth": "{root}/elsewhere\n"}, FALSE),
        ({f"{SITE}/own.pth": "# comment\n\n{root}/code\n", "code/wanted/__init__.py": ""}, TRUE),
        ({f"{SITE}/own.pth": "below\n", f"{SITE}/below/wanted.py": ""}, TRUE),
        ({f"{SITE}/other.pth": "/somewhere/else\n"}, UNTOLD),
        ({f"{SITE}/nspkg.pth": "import sys, types; p = ('wanted',)"}, UNTOLD),
        (
            {
                f"{SITE}/e.pth": "import __editable___a_finder; __editable___a_finder.install()",
                f"{SITE}/__editable___a_finder.py": "MAPPING = {'wanted': '/x/wanted'}",
            },
            UNTOLD,
        ),
        (
            {
                f"{SITE}/e.pth": "import __editable___a_finder; __editable___a_finder.install()",
                f"{SITE}/__editable___a_finder.py": "MAPPING = {'other': '/x/other'}",
            },
            FALSE,
        ),
        ({f"{SITE}/x.egg-link": "/somewhere"}, UNTOLD),
        ({f"{SITE}/wanted-stubs/__init__.pyi": ""}, UNTOLD),
        ({".venv/pyvenv.cfg": "include-system-site-packages = true\n"}, UNTOLD),
        ({"deep/down/wanted.py": ""}, UNTOLD),
        ({"deep/wanted/data.txt": ""}, UNTOLD),
        ({"node_modules/wanted/index.js": ""}, FALSE),
    ],
)
async def test_a_package_that_is_not_listed(
    tmp_path: Path, session: Session, files: dict[str, str], expected: str
) -> None:
    written = {path: text.replace("{root}", str(tmp_path)) for path, text in files.items()}
    draw(tmp_path, {**installed(), **written})
    assert await told(session, tmp_path, "a.py", "wanted") == {"wanted": expected}


async def test_without_an_environment_nothing_is_missing(tmp_path: Path, session: Session) -> None:
    draw(tmp_path, {"a.py": ""})
    await holds(session, tmp_path, "a.py", "? wanted wanted.part wanted:name")


async def test_the_environment_that_is_activated(
    tmp_path: Path, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw(tmp_path / "other", installed(**{"shop/__init__.py": ""}))
    draw(tmp_path / "root", {"a.py": ""})
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "other" / ".venv"))
    await holds(session, tmp_path / "root", "a.py", "yes shop\nno wanted json:dump_all")
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    await holds(session, tmp_path / "root", "a.py", "yes shop\n? wanted")


if os.name == "posix":

    async def test_no_link_leads_out(tmp_path: Path, session: Session) -> None:
        """What a link names is there, but nothing outside of the folder is read."""
        outside = tmp_path / "outside"
        draw(outside, {"m.py": "known = 1\n", "p/__init__.py": "known = 1\n"})
        root = tmp_path / "root"
        draw(root, {"pkg/x.py": "", "pkg/__init__.py": "", **VENV})
        (root / "pkg" / "m.py").symlink_to(outside / "m.py")
        (root / "pkg" / "p").symlink_to(outside / "p")
        expected = "yes .m .p\n? .m:known .m:other .p:known .p:other"
        await holds(session, root, "pkg/x.py", expected)


# -- scripts ---------------------------------------------------------------------------------------

SCRIPTS: Final = {
    "package.json": '{"dependencies": {"declared": "1"}}',
    "node_modules/react/index.js": "",
    "node_modules/@scope/one/index.js": "",
    "node_modules/@types/typed/index.d.ts": "",
    "node_modules/@types/scope__two/index.d.ts": "",
    "src/a.ts": "",
    "src/b.ts": "export const here = 1\nconst hidden = 2\nexport { x as y }\n",
    "src/all.ts": "export * from './b'\nexport * from './deep'\n",
    "src/more.ts": "export * from 'react'\nexport const z = 1\n",
    "src/deep/index.tsx": "export default function View() {}\n",
    "src/old.js": "module.exports = { a: 1 }\n",
    "src/plain.ts": "const inside = 1\n",
    "src/view.vue": "",
    "src/data.json": "{}",
    "src/lib/package.json": "{}",
    "src/globals.d.ts": "declare const VERSION: string\ndeclare namespace App { type T = 1 }\n",
}


async def test_scripts_of_the_workspace(tmp_path: Path, session: Session) -> None:
    draw(tmp_path, SCRIPTS)
    await holds(
        session,
        tmp_path,
        "src/a.ts",
        """
        yes ./b ./b.js ./deep ./view.vue ./data.json ./old ../src/b ./b?raw
        no  ./c ./c.js ./deep/other ../c ./view.svelte
        ?   ./view ./lib . ../../out /abs
        no  ./b:absent ./b:default ./deep:Other ./all:absent ./b:hidden2
        ?   ./b:here ./b:y ./deep:default ./all:here ./more:any ./old:a ./plain:inside ./data.json:a
        ?   ./c:x
        """,
    )


async def test_packages_of_scripts(tmp_path: Path, session: Session) -> None:
    draw(tmp_path, SCRIPTS)
    await holds(
        session,
        tmp_path,
        "src/a.ts",
        """
        yes react react/jsx-runtime @scope/one @scope/one/deep typed @scope/two
        yes node:fs fs fs/promises
        no  reakt left-pad @scop/one @scope/three
        ?   declared declared/x https://x/y npm:x #inner ~/x @/x $lib lib view deep/x
        ?   react:useState fs:readFile
        """,
    )


@pytest.mark.parametrize(
    "files",
    [
        {"vite.config.ts": "alias: { wanted: './src/x' }"},
        {"tsconfig.json": '{"compilerOptions": {"paths": {"wanted/*": ["./x/*"]}}}'},
        {"src/package.json": '{"imports": {}, "dependencies": {"wanted": "*"}}'},
        {".pnp.cjs": ""},
        {"src/shims.d.ts": "declare module 'wanted'"},
        {"src/wanted/index.css": ""},
        {"deno.jsonc": '{"imports": {"wanted": "jsr:x"}}'},
    ],
)
async def test_a_package_that_something_names(
    tmp_path: Path, session: Session, files: dict[str, str]
) -> None:
    draw(tmp_path, SCRIPTS)
    assert await told(session, tmp_path, "src/a.ts", "wanted") == {"wanted": FALSE}
    draw(tmp_path, files)
    assert await told(session, tmp_path, "src/a.ts", "wanted") == {"wanted": UNTOLD}


async def test_where_packages_can_lie_elsewhere(tmp_path: Path, session: Session) -> None:
    """In a folder above, or behind a link."""
    root = tmp_path / "mono" / "root"
    draw(root, SCRIPTS)
    assert await told(session, root, "src/a.ts", "wanted") == {"wanted": FALSE}
    (tmp_path / "node_modules").mkdir()
    assert await told(session, root, "src/a.ts", "wanted") == {"wanted": UNTOLD}


async def test_packages_of_a_folder_that_declares_none(tmp_path: Path, session: Session) -> None:
    draw(tmp_path, {"a.ts": ""})
    assert await told(session, tmp_path, "a.ts", "wanted") == {"wanted": FALSE}
    draw(tmp_path, {"b/index.html": "<script type=importmap>{'imports': {'wanted': '…'}}"})
    assert await told(session, tmp_path, "a.ts", "wanted") == {"wanted": UNTOLD}


@pytest.fixture
def own_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The site-packages of the Python that the user has, who has no environment."""
    prefix = tmp_path / "usr"
    draw(prefix, {f"bin/python3.{MINOR}": "", f"lib/python3.{MINOR}/site-packages/had.py": ""})
    (prefix / "bin" / f"python3.{MINOR}").chmod(0o755)
    (prefix / "bin" / "python3").symlink_to(prefix / "bin" / f"python3.{MINOR}")
    monkeypatch.setenv("PATH", str(prefix / "bin"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return prefix / "lib" / f"python3.{MINOR}" / "site-packages"


@pytest.mark.parametrize(
    ("files", "wanted", "expected"),
    [
        ({}, "made_up", FALSE),
        ({}, "made_up.part", FALSE),
        ({}, "had", UNTOLD),
        ({"tests/x.py": "def f():\n    import other, made_up.part"}, "made_up", UNTOLD),
        ({"n.ipynb": '"source": ["from made_up import x"]'}, "made_up", UNTOLD),
        ({"pyproject.toml": 'dependencies = ["Made-Up>=1"]'}, "made_up", UNTOLD),
        ({"requirements/dev.txt": "made_up\n"}, "made_up", UNTOLD),
        ({"requirements/dev.txt": "x\n"}, "made_up", FALSE),
        ({"requirements/dev-requirements.txt": "PyYAML==6\nPillow\n"}, "yaml", UNTOLD),
        ({"requirements/dev-requirements.txt": "PyYAML==6\nPillow\n"}, "PIL", UNTOLD),
        ({"uv.lock": 'name = "scikit-learn"'}, "sklearn", UNTOLD),
        ({"README.md": "import made_up"}, "made_up", FALSE),
    ],
)
async def test_packages_without_an_environment(
    tmp_path: Path,
    session: Session,
    own_python: Path,
    files: dict[str, str],
    wanted: str,
    expected: str,
) -> None:
    root = tmp_path / "root"
    draw(root, {"a.py": "", **files})
    assert await told(session, root, "a.py", wanted) == {wanted: expected}


async def test_where_the_users_python_is_hidden_nothing_is_denied(
    tmp_path: Path, session: Session
) -> None:
    draw(tmp_path, {"a.py": ""})
    assert await told(session, tmp_path, "a.py", "made_up") == {"made_up": UNTOLD}


async def test_globals_that_a_declaration_tells_of(tmp_path: Path, session: Session) -> None:
    draw(tmp_path, SCRIPTS)
    await holds(session, tmp_path, "src/a.ts", "yes :VERSION :App\n? :Nothing :T2 :string")


async def test_aliases_of_the_index(tmp_path: Path, session: Session) -> None:
    root = tmp_path / "root"
    draw(
        root,
        {
            "package.json": "{}",
            "tsconfig.json": json.dumps(
                {"compilerOptions": {"baseUrl": ".", "paths": {"@app/*": ["src/*"]}}}
            ),
            "src/b.ts": "",
            "src/a.ts": "",
        },
    )
    index = Index([root], tmp_path / "store", secret=SECRET)
    index.start()
    session.files = index
    try:
        async with asyncio.timeout(60):
            await index.settled()
        await holds(session, root, "src/a.ts", "yes @app/b src/b\n? @app/c")
    finally:
        session.files = None
        await index.close()


# -- bounds ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["main.go", "", "x", "a.vue"])
async def test_of_other_languages_nothing_is_told(
    tmp_path: Path, session: Session, path: str
) -> None:
    answers = await Look(Here(session, tmp_path))(path, [Wanted("a"), Wanted("a", "b")])
    assert set(answers.known.values()) <= {None}


async def test_strange_questions(tmp_path: Path, session: Session) -> None:
    draw(tmp_path, {"a.py": "", "src/a.ts": "", **VENV})
    strange = [
        "",
        ".",
        "..",
        "....",
        "a..b",
        "a.",
        "a/b",
        "\0",
        "../x",
        "é",
        "a b",
        "*",
        "\ud800",
        "x" * 5000,
    ]
    for path in ("a.py", "src/a.ts", "nosuch/b.py", "../c.py", "/d.py", "e.ipynb"):
        wanted = [Wanted(each, name) for each in strange for name in ("", "n", "\ud800", "*")]
        answers = await Look(Here(session, tmp_path))(path, wanted)
        assert set(answers.known) <= set(wanted)


async def test_what_takes_too_long_is_not_told(
    tmp_path: Path, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    from inglenook.engine.refactor import world

    draw(tmp_path, {"a.py": "", "m.py": "x = 1\n" * 50_000, **VENV})
    monkeypatch.setattr(world, "_SECONDS", 0.0)
    assert await told(session, tmp_path, "a.py", "m:y os") == {"m:y": UNTOLD, "os": UNTOLD}


async def test_a_long_module_is_parsed_in_slices(
    tmp_path: Path, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    from inglenook.engine.refactor import world

    slices: list[float] = []
    real = world.Parse.advance

    def advance(self: world.Parse, budget_ms: float) -> bool:
        slices.append(budget_ms)
        return real(self, 0.2)

    monkeypatch.setattr(world.Parse, "advance", advance)
    lines = "".join(f"def f{n}(a, b):\n    wanted = a\n    return wanted\n" for n in range(2_000))
    draw(tmp_path, {"a.py": "", "m.py": lines, **VENV})
    found = await told(session, tmp_path, "a.py", "m:f1 m:absent m:a")
    assert (found["m:f1"], found["m:absent"]) == (TRUE, FALSE)
    assert len(slices) > 3
    assert max(slices) <= 3
