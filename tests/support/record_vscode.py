"""Pictures for the READMEs, of a real VS Code with a real model.

``python -m tests.support.record_vscode`` takes them anew: stills, and frames of one animated SVG,
which any page shows without a script. The model is Qwen's own file, which `test_model` fetches;
what is on screen is what it said.
"""

from __future__ import annotations

import base64
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.support.editors_server import Server, installed
from tests.support.editors_vscode import EXTENSION, package_extension, vscode
from tests.support.editors_workbench import workbench
from tests.support.house import config_for
from tests.support.test_model import obtain

TARGET: Final = EXTENSION / "images/session.svg"
STILLS: Final = ("ghost.png", "edit.png", "chat.png")
SIZE: Final = (960, 540)
SECONDS: Final = 3.0  # that a frame stays
LARGEST: Final = 500_000  # bytes
BASKET: Final = '''\
"""What a basket of goods costs."""

from dataclasses import dataclass


@dataclass
class Item:
    name: str
    price: float
    count: int


def total(items: list[Item]) -> float:
    BODY


def names(items: list[Item]) -> list[str]:
    result = []
    for item in items:
        if item.count > 0:
            result.append(item.name)
    return result
'''


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="inglenook-") as name:
        folder = Path(name)
        editor, extension = vscode(), package_extension()
        files = {"basket.py": BASKET.replace("BODY", "").encode()}
        bench = workbench(editor, _server(folder), files, folder / "session", {})
        bench.install(extension)
        print(json.dumps(bench.drive("shown"), indent=2))
        shots = sorted((folder / "session/shots-shown").glob("frame-*.webp"), key=_number)
        for still in STILLS:
            shutil.copy(folder / "session/shots-shown" / still, TARGET.parent)
        text = animated([shot.read_bytes() for shot in shots])
    if len(text) > LARGEST:
        print(f"{len(text)} bytes are too many.", file=sys.stderr)
        return 1
    TARGET.write_text(text)
    print(f"{TARGET}: {len(shots)} frames, {len(text)} bytes")
    return 0


def _server(folder: Path) -> Server:
    """The real server with the one model in a directory of its own."""
    env = config_for(folder, "llama.cpp", "http://127.0.0.1:9")
    Path(env["INGLENOOK_CONFIG"]).write_text("{}")
    return Server(installed(), env | {"INGLENOOK_MODELS_DIR": str(obtain().parent)})


def _number(shot: Path) -> int:
    return int(shot.stem.partition("-")[2])


def animated(frames: list[bytes]) -> str:
    """WebP images, one after the other, for ever."""
    width, height = SIZE
    share = 100 / len(frames)
    whole = SECONDS * len(frames)
    styles = [
        f"image {{ opacity: 0; animation: show {whole:g}s step-end infinite; }}",
        f"@keyframes show {{ 0% {{ opacity: 1; }} {share:.3f}%, 100% {{ opacity: 0; }} }}",
        "@media (prefers-reduced-motion: reduce) { image { animation: none; } "
        "image:last-of-type { opacity: 1; } }",
    ]
    images = [
        f'<image width="{width}" height="{height}" style="animation-delay: {number * SECONDS:g}s" '
        f'href="data:image/webp;base64,{base64.b64encode(frame).decode()}"/>'
        for number, frame in enumerate(frames)
    ]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" role="img">',
            "<title>Ghost text, a checked edit and the chat in VS Code, by a local model</title>",
            f"<style>{' '.join(styles)}</style>",
            *images,
            "</svg>\n",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
