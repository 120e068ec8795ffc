"""A team's gateway: LiteLLM's proxy before two real engines, and our server before the proxy.

    python -m benchmarks.gateway [-n 40]

What of a request passes, and how soon an engine stops (`gateway_wire`); then completions through
the real server over stdio while one engine is killed, then the other, and one comes back at its
old address, with health checks by the gateway and without. The first run installs the proxy:
`tests/support/litellm_proxy.py` says which, and why that one.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.figures import save, summary, table
from benchmarks.gateway_wire import PLAN, ends, passes
from benchmarks.servers import OURS, ready
from tests.support.house import AUTOMATIC, config_for
from tests.support.litellm_proxy import (
    MODEL,
    ROUTING,
    VERSION,
    Deployment,
    Gateway,
    litellm_proxy,
)
from tests.support.lsp_client import LspClient, start
from tests.support.real_engine import RealEngine, real_engine

_URI: Final = "file:///workspace/areas.py"
_PAUSE: Final = 0.3  # seconds between two completions
_LIMIT: Final = 60.0  # seconds that anything may take
_TROUBLE: Final = frozenset({"offline", "refused"})


@dataclass
class _Editor:
    """Asks for the rest of a line that was never there before."""

    client: LspClient
    asked: int = 0

    async def complete(self) -> tuple[float, str]:
        """Milliseconds, and what the status says if there could be no answer."""
        self.asked += 1
        text = f"def area_{self.asked}(width_{self.asked}, height):\n    return "
        self.client.change(_URI, self.asked + 1, {"text": text})
        params = {
            "textDocument": {"uri": _URI},
            "position": {"line": 1, "character": 11},
            "context": {"triggerKind": AUTOMATIC},
        }
        answer = await self.client.request("textDocument/inlineCompletion", params, _LIMIT)
        trouble = "" if answer.result["items"] else self.trouble
        await asyncio.sleep(_PAUSE)
        return answer.milliseconds, trouble

    @property
    def trouble(self) -> str:
        """What the last status says, if it is none of a model that serves."""
        status = self.client.seen("inglenook/status")[-1]
        return str(status["text"]) if status["state"] in _TROUBLE else ""

    async def times(self, count: int) -> dict[str, Any]:
        """So many completions, one after another."""
        told = [await self.complete() for _ in range(count)]
        good = [ms for ms, trouble in told if not trouble]
        failed = len(told) - len(good)
        return {"completions": count, "failed": failed, "ms": summary(good, 0) if good else None}

    async def again(self) -> float:
        """Seconds until a completion succeeds."""
        began = time.monotonic()
        async with asyncio.timeout(_LIMIT):
            while (await self.complete())[1]:
                pass
        return round(time.monotonic() - began - _PAUSE, 1)


@asynccontextmanager
async def _editor(gateway: Gateway, key: str) -> AsyncIterator[_Editor]:
    """Our server, with what a team's ``config.yaml`` says."""
    with tempfile.TemporaryDirectory(prefix="inglenook-bench-") as home:
        variables = config_for(Path(home), "openai", gateway.url)
        Path(variables["INGLENOOK_CONFIG"]).write_text(
            "models:\n  - name: Team\n    provider: openai\n"
            f"    model: {MODEL}\n    apiBase: {gateway.url}/v1\n    apiKey: {key}\n"
            "    roles: [autocomplete]\n"
        )
        async with await start(OURS, variables) as client:
            await client.initialize()
            client.open(_URI, "")
            yield _Editor(client)
            await client.shutdown(limit=15)


async def team(count: int, routing: Mapping[str, Any]) -> dict[str, Any]:
    """Two engines behind the gateway; what happens when they go, and when one comes back."""
    with ExitStack() as stack:
        engines = [stack.enter_context(real_engine(PLAN)) for _ in range(2)]
        deployments = [Deployment(each.url, each.key) for each in engines]
        async with litellm_proxy(deployments, routing) as gateway:
            told: dict[str, Any] = {"wrong key": await _wrong_key(gateway)}
            async with _editor(gateway, gateway.key) as editor:
                await ready(editor.client)
                rows = [{"engines": "two"} | await editor.times(count)]
                _kill(engines[0])
                rows.append({"engines": "one killed"} | await editor.times(count))
                _kill(engines[1])
                rows.append({"engines": "both killed"} | await editor.times(5))
                told["both killed"] = editor.trouble
                stack.enter_context(real_engine(PLAN, again=engines[1]))
                told["seconds until one that is back is used"] = await editor.again()
                rows.append({"engines": "one is back"} | await editor.times(count))
            told["foreign hosts"] = gateway.foreign()
    print(table(rows), flush=True)
    print(told, flush=True)
    return {"rows": rows, **told}


async def _wrong_key(gateway: Gateway) -> str:
    """What the editor is told; the key is not in it."""
    key = "sk-" + "0" * 20
    async with _editor(gateway, key) as editor:
        await editor.client.until(
            lambda: bool(editor.client.seen("inglenook/status")) and editor.trouble, _LIMIT
        )
        assert key not in editor.trouble
        return editor.trouble


def _kill(engine: RealEngine) -> None:
    os.kill(engine.pid, signal.SIGKILL)


async def measure(count: int, places: int = 10, closes: int = 3) -> dict[str, Any]:
    return {
        "litellm": VERSION,
        "passes": await passes(places),
        "ends": await ends(closes),
        "team": await team(count, ROUTING),
        "team without health checks": await team(count, {}),
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("-n", type=int, default=40, help="completions with each set of engines")
    save("gateway", asyncio.run(measure(options.parse_args().n)))


if __name__ == "__main__":
    main()
