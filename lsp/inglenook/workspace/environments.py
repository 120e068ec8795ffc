"""Where the packages of a workspace are installed: found by looking, without running anything.

A workspace can name any directory as its environment, or make a link that is called ``.venv``. So
whatever is named, only its real path counts, and only if that is the ``site-packages`` of a
directory with a ``pyvenv.cfg``, which is not read. No interpreter is started; ``.pth`` files are
not followed, for they name any directory, and can hold code.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Final

from inglenook.workspace.source import Root
from inglenook_context.jsonc import read_jsonc

_USUAL: Final = (".venv", "venv", "env", ".env")
_NESTED: Final = (".venv", "venv")
_CONFIGS: Final = ("pyrightconfig.json", "pyproject.toml", ".vscode/settings.json")
# When a file of such a name changes, another environment may be the one.
SETTINGS: Final = frozenset(("pyvenv.cfg", *(name.rpartition("/")[2] for name in _CONFIGS)))
_INTERPRETERS: Final = ("python.defaultInterpreterPath", "python.pythonPath")
_MOST_ENTRIES: Final = 1_000  # of a root
_LARGEST: Final = 200_000  # bytes of a file of settings
_MOST_DOTS: Final = 100  # in a line of TOML
_VERSION: Final = re.compile(r"python3\.(\d{1,3})(t?)")


def site_packages(path: Path, environment: str = "") -> Path | None:
    """The real path of the packages that are installed for a root, None if there are none.

    ``environment`` is the one that the user has activated; the root's own goes before it.
    """
    root = Root.of(path)
    for place in (*_named(root), *_usual(root.path), Path(environment) if environment else None):
        found = site_of(place) if place is not None else None
        if found is not None:
            return found
    return None


def site_of(environment: Path) -> Path | None:
    """The real path of the packages in an environment; None if it is none."""
    try:
        if not environment.is_absolute() or not _is_environment(environment):
            return None
        for below in _sites(environment):
            real = Path(os.path.realpath(environment / below))
            if _is_site(real):
                return real
    except (OSError, ValueError):  # no path can have these characters
        pass
    return None


def _sites(environment: Path) -> list[str]:
    """Where packages can be in an environment, those of the newest Python first."""
    found: list[tuple[int, str, str]] = []
    try:
        with os.scandir(environment / "lib") as entries:
            for entry in islice(entries, _MOST_ENTRIES):
                if version := _VERSION.fullmatch(entry.name):
                    found.append((int(version[1]), version[2], f"lib/{entry.name}/site-packages"))
    except OSError:
        pass
    return [path for _, _, path in sorted(found, reverse=True)] + ["Lib/site-packages"]


def _is_site(real: Path) -> bool:
    """Whether a real path is that of an environment's packages."""
    above = real.parent
    if real.name != "site-packages" or not stat.S_ISDIR(real.lstat().st_mode):
        return False
    if _VERSION.fullmatch(above.name) and above.parent.name == "lib":
        return _is_environment(above.parent.parent)
    return above.name == "Lib" and _is_environment(above.parent)


def _is_environment(directory: Path) -> bool:
    try:
        return stat.S_ISREG((directory / "pyvenv.cfg").lstat().st_mode)
    except OSError:
        return False


def _usual(root: Path) -> Iterator[Path]:
    """Directories of the usual names, then any with a ``pyvenv.cfg``, then those of parts."""
    yield from (root / name for name in _USUAL)
    try:
        with os.scandir(root) as entries:
            inside = [entry.name for entry in islice(entries, _MOST_ENTRIES) if entry.is_dir()]
    except OSError:
        return
    yield from (root / name for name in sorted(inside) if _is_environment(root / name))
    yield from (root / name / each for name in sorted(inside) for each in _NESTED)


def _named(root: Root) -> Iterator[Path]:
    """What the root's own files name, if anything."""
    for name in _CONFIGS:
        text = root.text(name, _LARGEST)
        settings = _settings(name, text) if text else {}
        for place in _places(settings):
            expanded = _expanded(root.path, place)
            if expanded is not None:
                yield expanded


def _settings(name: str, text: str) -> Mapping[str, Any]:
    if not name.endswith(".toml"):
        found = read_jsonc(text)
    elif "tool.pyright" in text or "[tool]" in text:
        import tomllib  # few workspaces need it

        # Time goes by the square of a dotted key's parts.
        if any(line.count(".") > _MOST_DOTS for line in text.split("\n")):
            return {}
        try:
            tool = tomllib.loads(text).get("tool")
        except (ValueError, RecursionError):
            return {}
        found = tool.get("pyright") if isinstance(tool, dict) else None
    else:
        found = None
    return found if isinstance(found, dict) else {}


def _places(settings: Mapping[str, Any]) -> Iterator[str]:
    """Environments as they are written."""
    above, name = settings.get("venvPath", ""), settings.get("venv")
    if isinstance(above, str) and isinstance(name, str):
        yield f"{above}/{name}" if above else name
    for key in _INTERPRETERS:
        interpreter = settings.get(key)
        if isinstance(interpreter, str):
            # The interpreter is a link to the system's; the environment is where the link is.
            bin_, _, file = interpreter.replace("\\", "/").rpartition("/")
            yield bin_.rpartition("/")[0] if file.startswith("python") and "/" in bin_ else ""


def _expanded(root: Path, place: str) -> Path | None:
    for variable in ("${workspaceFolder}", "${workspaceRoot}"):
        place = place.replace(variable, str(root))
    home = os.environ.get("HOME") or os.environ.get("USERPROFILE", "")
    for start in ("~/", "${userHome}/"):
        if home and place.startswith(start):
            place = f"{home}/{place.removeprefix(start)}"
    # To look at \\\\host\\share is to connect to it, and to log in there.
    is_far = place.replace("\\", "/").startswith("//")
    return root / place if place and not is_far and "$" not in place and "\0" not in place else None
