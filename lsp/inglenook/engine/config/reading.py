"""Files of the user's own configuration, read whole and never followed into a pipe or a device."""

from __future__ import annotations

from pathlib import Path

from inglenook.engine.config.tree import MAX_BYTES, Value
from inglenook.engine.settings import Level, Notice


def read_bytes(file: Path) -> tuple[bytes | None, str]:
    """What is in a file, one byte more than may be at most; else None and what goes on after its
    name. The sentence is empty if there is no such file."""
    try:
        if file.exists() and not file.is_file():
            # To open a pipe would wait for its writer.
            return None, "cannot be read (it is not a regular file)"
        with file.open("rb") as opened:
            return opened.read(MAX_BYTES + 1), ""
    except (FileNotFoundError, NotADirectoryError):
        return None, ""
    except OSError as error:
        return None, f"cannot be read ({error.strerror})"
    except ValueError:  # a null character in the name
        return None, "cannot be read (its name is none)"


def read_value(file: Path) -> tuple[Value | None, list[Notice]]:
    """The value of a YAML or JSON file; None if it is not there, empty, or cannot be read."""
    data, trouble = read_bytes(file)
    if data is None:
        return None, [Notice(Level.WARNING, f"{file}: {trouble}")] if trouble else []
    if file.suffix.lower() in (".json", ".jsonc"):
        from inglenook.engine.config.json_tree import read_json

        return read_json(data, str(file))
    from inglenook.engine.config.yaml_tree import read_yaml  # costs 15 ms, and most have no file

    return read_yaml(data, str(file))
