"""Edits of Python as small models break them, by class; the class is the oracle.

Each shape takes a place and a source of chance, and gives the text that the model would have
written for the target, or None where the place does not offer what the shape breaks.
"""

from __future__ import annotations

import ast
import random
import re
from collections.abc import Callable
from typing import Final

from tests.context.verify.places import Place

Shape = Callable[[Place, random.Random], str | None]

UNKNOWN: Final = (
    "normalized_value result_list tmp_data helper_result parsed_items cfg_value new_items "
    "validate_input compute_result get_default_value process_items logger_instance MAX_RETRIES_NR"
).split()
NO_MODULES: Final = (
    "utils_helper typing_utils common_helpers python_utils string_tools numpy_utils pandas_ext "
    "config_loader fastjson_tools asyncio.helpers collections.ordered json.utils os.files "
    "logging.helpers itertools_ext http.requests"
).split()


def margin(place: Place) -> str:
    line = place.lines[0]
    return line[: len(line) - len(line.lstrip())]


def body_line(place: Place, chance: random.Random, wanted: str = "") -> int | None:
    """The number of a line of the body that is whole statement, not in a string."""
    tree, shift = place.tree, 2 if margin(place) else 1
    first = len(place.lines)
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and node is not tree:
            if isinstance(node, (ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal)):
                continue
            compound = hasattr(node, "body")
            if (node.lineno == node.end_lineno) != compound and _fits(node, wanted):
                at = node.lineno - shift
                line = place.lines[at].strip()
                if line.startswith(('"', "'", "r'", 'r"')) or (compound and not line.endswith(":")):
                    continue
                found.append(at)
    found = [at for at in found if 0 < at < first]
    return chance.choice(sorted(set(found))) if found else None


def _fits(node: ast.stmt, wanted: str) -> bool:
    if wanted == "block":
        return isinstance(node, (ast.If, ast.For, ast.While, ast.With, ast.Try))
    if wanted == "if":
        return isinstance(node, ast.If)
    if wanted == "call":
        return isinstance(node, (ast.Expr, ast.Assign)) and isinstance(node.value, ast.Call)
    if wanted == "assign":
        return isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    return not hasattr(node, "body")


def with_line(place: Place, at: int, new: str | None) -> str:
    lines = place.lines
    lines[at : at + 1] = [] if new is None else [new if new.endswith("\n") else new + "\n"]
    return "".join(lines)


def inserted(place: Place, at: int, new: str) -> str:
    """The target with a statement before a line, at its margin."""
    lines = place.lines
    own = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
    lines.insert(at, "".join(f"{own}{row}\n" for row in new.split("\n")))
    return "".join(lines)


def _on_line(change: Callable[[str, random.Random], str | None], wanted: str = "") -> Shape:
    def shape(place: Place, chance: random.Random) -> str | None:
        at = body_line(place, chance, wanted)
        if at is None:
            return None
        line = place.lines[at].rstrip("\n")
        new = change(line, chance)
        return None if new is None or new == line else with_line(place, at, new)

    return shape


def _added(*texts: str, wanted: str = "") -> Shape:
    def shape(place: Place, chance: random.Random) -> str | None:
        at = body_line(place, chance, wanted)
        if at is None:
            return None
        text = chance.choice(texts)
        for name in ("UNKNOWN", "OTHER"):
            text = text.replace(name, chance.choice(UNKNOWN))
        return inserted(place, at, text.replace("MODULE", chance.choice(NO_MODULES)))

    return shape


def _code(line: str) -> str:
    """A line without comment; only lines without strings are taken."""
    return line if "#" not in line and "'" not in line and '"' not in line else ""


def _without(sign: str) -> Callable[[str, random.Random], str | None]:
    def change(line: str, chance: random.Random) -> str | None:
        code = _code(line)
        at = code.rfind(sign)
        return code[:at] + code[at + 1 :] if at >= 0 else None

    return change


DOES_NOT_PARSE: Final[tuple[Shape, ...]] = (
    _on_line(_without(")"), "call"),
    _on_line(_without("("), "call"),
    _on_line(lambda line, _: _code(line).rstrip().removesuffix(":") or None, "block"),
    _on_line(lambda line, _: line + '"'),
    _on_line(lambda line, _: line + " }"),
    _on_line(lambda line, _: line + ")", "call"),
    _on_line(lambda line, _: " " + line),
    _on_line(lambda line, _: line[1:] if line[:1] == " " else None),
    _added("if x = 1:\n    pass", "while (y := ):\n    pass", "for in range(3):\n    pass"),
    _added("x++", "count += += 1", "y = a && b", "var x = 1;", "const n = 2", "x = y ? 1 : 2"),
    _added("if self is None\n    return", "for item in []\n    pass", "try\n    pass"),
    _added("else:\n    pass", "except ValueError:\n    pass", "elif True:\n    pass"),
    _added("break", "continue", "return = 3", "yield = 2", "None = 4", "f() = 3"),
    _added("if True:", "for _ in ():", "while False:", "with open as f:", "try:"),
    _added("foo(a=1, 2)", "foo(**{}, *[])", "foo(x for x in y, 1)", "print 'done'"),
    _added('value = """unclosed', "value = 'unclosed", "value = [1, 2", "value = {'a': 1"),
    _added('s = f"{x"', 's = f"{}"', 's = f"{a b}"', 's = "abc\\"'),
    _added("def inner(a, a):\n    pass", "def inner(a=1, b):\n    pass", "lambda: (yield"),
    _added("async with x:\n    pass", "await x", "async for y in z:\n    pass", "nonlocal zzz"),
    _added("class A\n    pass", "import", "from x import", "import a as", "del", "raise from x"),
    lambda place, chance: "}\n" + place.target,
    lambda place, chance: place.target + margin(place) + "}\n",
    lambda place, chance: place.target.replace("def ", "function ", 1),
    lambda place, chance: place.target.replace("def ", "", 1),
    lambda place, chance: place.target.replace(":\n", " {\n", 1),
)


def _renamed_use(place: Place, chance: random.Random) -> str | None:
    """One use of a local is called otherwise."""
    tree = place.tree
    stores = {
        n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)
    }
    stores |= {each.arg for each in ast.walk(tree.args) if isinstance(each, ast.arg)}
    shift = 2 if margin(place) else 1
    uses = [
        node
        for statement in tree.body
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in stores
    ]
    uses = [n for n in uses if place.lines[n.lineno - shift].isascii() and not _in_fstring(tree, n)]
    if not uses:
        return None
    node = chance.choice(uses)
    lines = place.lines
    row = lines[node.lineno - shift]
    new = chance.choice([f"{node.id}_new", f"{node.id}s_", f"new_{node.id}", *UNKNOWN])
    at = node.col_offset
    if row[at : at + len(node.id)] != node.id:
        return None
    lines[node.lineno - shift] = row[:at] + new + row[at + len(node.id) :]
    return "".join(lines)


def _in_fstring(tree: ast.AST, name: ast.AST) -> bool:
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and any(each is name for each in ast.walk(node)):
            return True
    return False


def _removed_assignment(place: Place, chance: random.Random) -> str | None:
    """What binds a local is gone, its uses are not."""
    tree = place.tree
    if any(isinstance(node, (ast.Global, ast.Nonlocal)) for node in ast.walk(tree)):
        return None
    shift = 2 if margin(place) else 1
    found = []
    for statement in tree.body[:-1]:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            name = statement.targets[0].id
            all_ = [n for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id == name]
            arguments = {each.arg for each in ast.walk(tree) if isinstance(each, ast.arg)}
            writes = [n for n in all_ if not isinstance(n.ctx, ast.Load)]
            if len(writes) == 1 and len(all_) > 1 and name not in arguments:
                top = rf"^(?:class|def|import|from|{name} =).*\b{name}\b"
                if not re.search(top, place.text, re.M):
                    found.append(statement)
    if not found:
        return None
    node = chance.choice(found)
    lines = place.lines
    del lines[node.lineno - shift : (node.end_lineno or node.lineno) - shift + 1]
    return "".join(lines)


UNDEFINED: Final[tuple[Shape, ...]] = (
    _renamed_use,
    _renamed_use,
    _removed_assignment,
    _removed_assignment,
    _added("UNKNOWN(OTHER)", "UNKNOWN()"),
    _added("if UNKNOWN:\n    return None", "assert UNKNOWN is not None"),
    _added("total_ = sum(UNKNOWN)", "text_ = f'{UNKNOWN}'", "flag_ = not UNKNOWN.ready"),
    _added("np.asarray([1])", "pd.DataFrame()", "requests.get('x')", "torch.zeros(3)"),
    _added("cache_: Dict2[str, int] = {}", "x_: Optional2[int] = None", "y_: 'UnknownType' = None"),
    _added("for i_ in UNKNOWN:\n    print(i_)", "with UNKNOWN as f_:\n    print(f_)"),
    _added(
        "[i_ for i_ in (1, 2)]\nprint(i_)", "print(k_ for j_ in ())", "print((lambda q_: q_)(q_))"
    ),
    _added("try:\n    pass\nexcept UnknownError:\n    pass", "raise UNKNOWN('no')"),
    _added("try:\n    pass\nexcept Exception as e_:\n    pass\nprint(e_)"),
    _added("counter_ += 1", "counter_ = counter_ + 1", "print(later_)\nlater_ = 1"),
    _added("del UNKNOWN", "UNKNOWN.append(1)", "UNKNOWN[0] = 1", "UNKNOWN.x = 2"),
    _added("def inner_(a_=UNKNOWN):\n    return a_", "@UNKNOWN\ndef inner_():\n    pass"),
    _added("null", "true", "undefined", "this.value", "NULL", "nil", "console.log(1)"),
    lambda place, chance: (
        re.sub(r"\n([ \t]+)(return )", rf"\n\1\2{chance.choice(UNKNOWN)} or ", place.target)
        if re.search(r"\n[ \t]+return \S", place.target)
        else None
    ),
)


def _signature(change: Callable[[ast.FunctionDef, random.Random], bool]) -> Shape:
    """The header is written anew; the body stays."""

    def shape(place: Place, chance: random.Random) -> str | None:
        tree = place.tree
        if tree.name.startswith("_") and not tree.name.startswith("__"):
            return None
        first = tree.body[0].lineno - (2 if margin(place) else 1)
        if not change(tree, chance):
            return None
        tree.body = [ast.Pass()]
        own = margin(place)
        header = ast.unparse(tree).rsplit("\n", 1)[0]
        head = "".join(f"{own}{row}\n" for row in header.split("\n"))
        return head + "".join(place.lines[first:])

    return shape


def _drop_last(tree: ast.FunctionDef, chance: random.Random) -> bool:
    if not tree.args.args[1:] or tree.args.defaults:
        return False
    tree.args.args.pop()
    return True


def _add(tree: ast.FunctionDef, chance: random.Random) -> bool:
    new = ast.arg(chance.choice(["verbose", "strict", "extra", "options_"]), None)
    tree.args.args.append(new)
    if tree.args.defaults or chance.random() < 0.5:
        tree.args.defaults.append(ast.Constant(None))
    return True


def _rename_function(tree: ast.FunctionDef, chance: random.Random) -> bool:
    tree.name = chance.choice([f"{tree.name}_new", f"{tree.name}2", f"updated_{tree.name}"])
    return True


def _rename_argument(tree: ast.FunctionDef, chance: random.Random) -> bool:
    if not tree.args.args[1:]:
        return False
    tree.args.args[-1].arg += "_value"
    return True


def _swap(tree: ast.FunctionDef, chance: random.Random) -> bool:
    if len(tree.args.args) < 3:
        return False
    tree.args.args[-1], tree.args.args[-2] = tree.args.args[-2], tree.args.args[-1]
    return True


def _no_default(tree: ast.FunctionDef, chance: random.Random) -> bool:
    if not tree.args.defaults:
        return False
    tree.args.defaults.pop(0)
    return True


def _default(tree: ast.FunctionDef, chance: random.Random) -> bool:
    if tree.args.defaults or not tree.args.args[1:]:
        return False
    tree.args.defaults.append(ast.Constant(None))
    return True


def _async(tree: ast.FunctionDef, chance: random.Random) -> bool:
    tree.name = f"ASYNC{tree.name}"
    return True


def _decorate(tree: ast.FunctionDef, chance: random.Random) -> bool:
    new = chance.choice(["staticmethod", "classmethod", "property"])
    tree.decorator_list.insert(0, ast.Name(new, ast.Load()))
    return True


def _undecorate(tree: ast.FunctionDef, chance: random.Random) -> bool:
    had = bool(tree.decorator_list)
    tree.decorator_list = []
    return had


def _star(tree: ast.FunctionDef, chance: random.Random) -> bool:
    if tree.args.kwarg is not None:
        tree.args.kwarg = None
    else:
        tree.args.kwarg = ast.arg("kwargs", None)
    return True


def _keyword_only(tree: ast.FunctionDef, chance: random.Random) -> bool:
    if len(tree.args.args) < 2 or tree.args.vararg or tree.args.defaults:
        return False
    tree.args.kwonlyargs.append(tree.args.args.pop())
    tree.args.kw_defaults.append(None)
    return True


def _async_shape(place: Place, chance: random.Random) -> str | None:
    if place.name.startswith("_"):
        return None
    return place.target.replace("def ", "async def ", 1)


CHANGED_SIGNATURE: Final[tuple[Shape, ...]] = (
    _signature(_drop_last),
    _signature(_add),
    _signature(_rename_function),
    _signature(_rename_argument),
    _signature(_swap),
    _signature(_no_default),
    _signature(_default),
    _async_shape,
    _signature(_decorate),
    _signature(_undecorate),
    _signature(_star),
    _signature(_keyword_only),
)

INVENTED_IMPORT: Final[tuple[Shape, ...]] = (
    _added("import MODULE"),
    _added("from MODULE import helper_"),
    _added("import MODULE as mod_"),
    _added("from collections import OrderedDictionary", "from os import read_file"),
    _added("from functools import lru_cached", "from itertools import chains, islice"),
    _added("from .helpers_missing import run", "from . import missing_module_"),
    _added("from json.decoder import JSONParser", "from typing import Optionals"),
    _added("import os, MODULE", "import json.fast", "import string.utils as su_"),
    _added("import os\nos.read_text_file('x')", "import string\nstring.to_camel('x')"),
    _added("if True:\n    import MODULE", "def inner_():\n    import MODULE"),
    lambda place, chance: (
        f"import {chance.choice(NO_MODULES)}\n\n" + place.target if not margin(place) else None
    ),
    lambda place, chance: (
        f"from {chance.choice(NO_MODULES)} import *\n\n" + place.target
        if not margin(place)
        else None
    ),
)
