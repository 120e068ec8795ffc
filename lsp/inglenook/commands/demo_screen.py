"""How the demo looks: code with ghost text in its place, and the figures under it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from rich.console import Console
from rich.text import Text

from inglenook.commands.terminal import safe

_ABOVE: Final = 4  # lines of code shown above the typed text
_BELOW: Final = 2  # lines of code shown below the ghost text
_OPEN, _CLOSE = "{+", "+}"  # what marks ghost text where there is no colour, as in wdiff


@dataclass(frozen=True)
class Shot:
    """A document with the keys typed in ``text[start:stop]`` and ``ghost`` offered at ``stop``."""

    text: str
    start: int
    stop: int
    ghost: str


def picture(shot: Shot, *, colour: bool) -> Text:
    """The lines round the cursor, numbered from 1."""
    text = Text()
    text.append(shot.text[: shot.start])
    text.append(shot.text[shot.start : shot.stop], "bold")
    ghost = safe(shot.ghost)
    if colour:
        text.append(ghost, "italic cyan")
    elif ghost:
        text.append(f"{_OPEN}{ghost}{_CLOSE}")
    text.append(shot.text[shot.stop :])

    typed_in = shot.text.count("\n", 0, shot.start)
    ends_in = shot.text.count("\n", 0, shot.stop) + ghost.count("\n")
    first = max(0, typed_in - _ABOVE)
    out = Text()
    lines = text.split("\n", allow_blank=True)
    for number, line in enumerate(lines[first : ends_in + _BELOW + 1], start=first + 1):
        mark = "|" if typed_in < number - 1 <= ends_in else " "
        out.append(f"{number:5} {mark} ", "dim").append_text(line).append("\n")
    return out


def figures(report: dict[str, Any], waited_ms: float) -> list[str]:
    """The lines that tell what an answer cost: ours from the last key, and the engine's own."""
    total = (report.get("ms") or {}).get("total")
    server = "" if total is None else f" ({total:.1f} ms of them in the server)"
    source = "from the cache" if report.get("cached") else "generated"
    lines = [
        f"{safe(str(report.get('model', '?')))} on {report.get('backend', '?')}, {source}",
        f"{waited_ms:.0f} ms from the last key to the answer{server}",
    ]
    prompt, predicted = report.get("prompt") or {}, report.get("predicted") or {}
    if prompt.get("tokens") is not None:
        lines.append(
            f"prompt: {prompt['tokens']} tokens, {_count(prompt.get('evaluated'))} evaluated, "
            f"{_count(prompt.get('reused'))} reused"
        )
    else:
        lines.append("prompt: the engine told nothing of it")
    if predicted.get("perSecond") is not None:
        lines.append(
            f"answer: {_count(predicted.get('tokens'))} tokens, "
            f"{predicted['perSecond']:.0f} tokens a second"
        )
    return lines


def show(console: Console, title: str, file: str, shot: Shot, lines: list[str]) -> None:
    """Print one scene."""
    console.print()
    console.print(Text(title, "bold").append(f"  {file}", "not bold dim"))
    colour = console.color_system is not None
    console.print(picture(shot, colour=colour), end="", soft_wrap=True)
    for line in lines:
        console.print(Text(f"        {line}", "dim"), soft_wrap=True)


def _count(number: int | None) -> str:
    return "an untold number" if number is None else str(number)
