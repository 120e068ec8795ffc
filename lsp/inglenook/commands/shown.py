"""What a command may show a model, and what it says of what it showed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from inglenook.commands.asked import BadInput
from inglenook.engine.sensitive import is_sensitive

if TYPE_CHECKING:
    from inglenook.commands.headless import Desk
    from inglenook.engine.chat.question import Question, Used
    from inglenook.engine.choices import Choices


def shown_path(file: Path, root: Path, choices: Choices) -> str:
    """The path under which a model is shown a file; raises `BadInput` if it is not shown it."""
    if is_sensitive(file.name):
        raise BadInput(f"{file} is shown to no model: by its name it holds secrets.")
    if not file.is_relative_to(root):
        return file.name
    path = file.relative_to(root).as_posix()
    if choices.left_out(str(root)).leaves_out(path):
        raise BadInput(
            f"{file} is shown to no model: the configuration leaves it out (inglenook config show)."
        )
    return path


def material_of(question: Question) -> Callable[[Desk], None]:
    """Have the index look for what the answer to a question can need."""
    from inglenook.engine.chat.material import material

    def look(desk: Desk) -> None:
        for _ in material(desk.session, question):
            pass

    return look


def read_line(used: Sequence[Used]) -> str:
    """Each file once, with what of it was shown; a whole file alone."""
    parts: dict[str, list[str]] = {}
    for each in used:
        parts.setdefault(each.path, []).extend([] if each.what == "file" else [each.what])
    return "Read: " + ", ".join(
        f"{path} ({', '.join(what)})" if what else path for path, what in parts.items()
    )
