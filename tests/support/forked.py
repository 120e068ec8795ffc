"""The real server, started a hundred times for the price of one: a fork server.

Nearly all that a start costs is importing (a second of a processor), and that is the same each
time. So one process imports everything and does nothing else; what a test or an editor starts is a
small program that hands its arguments, environment and standard streams over, and the server, or
the command, runs in a fork with just those, as it would have after its own imports. Who tests the
start itself, asks the system about the process, or kills it, starts ``python -m inglenook`` (for an
editor: `editors_server.installed`).
"""

from __future__ import annotations

import array
import atexit
import marshal
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Final

PYTHON: Final = (sys.executable, "-m", "inglenook")  # what the fork server stands for
_ROOT: Final = Path(__file__).parents[2]
_STREAMS: Final = 3
_NUMBER: Final = 4  # bytes of a number on the wire
_LOADED: Final = (
    *("cli", "commands", "server", "engine", "engine.chat", "engine.config", "engine.markdown"),
    *("engine.refactor", "models", "review", "review.checks", "workspace"),
)
_PROGRAM: Final = """\
#!{python} -IS
import _signal, _socket, array, marshal, os, sys
told = marshal.dumps((sys.argv[1:], dict(os.environ), os.getcwd()))
server = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
server.connect({address!r})
streams = [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, array.array("i", [0, 1, 2]))]
server.sendmsg([len(told).to_bytes({number}, "big")], streams)
while told:
    told = told[server.send(told):]
os.closerange(0, 2)  # now they are the server's alone
pid = int.from_bytes(server.recv({number}), "big")
_signal.signal(_signal.SIGTERM, lambda number, frame: os.kill(pid, number))
code = server.recv({number})
os._exit(int.from_bytes(code, "big") if code else 1)
"""


@contextmanager
def forked_server(folder: Path) -> Iterator[Path]:
    """The program to start, for as long as the fork server lives."""
    address = folder / "forks.socket"
    program = folder / "inglenook"
    words = {"python": sys.executable, "address": str(address), "number": _NUMBER}
    program.write_text(_PROGRAM.format(**words))
    program.chmod(0o755)
    command = [sys.executable, "-m", __name__, str(address)]
    with subprocess.Popen(
        command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as running:  # ends with its stdin
        assert running.stdout is not None
        assert running.stdout.readline() == b"ready\n"
        yield program


@cache
def inglenook() -> str:
    """The program to start, as long as this process lives."""
    folder = tempfile.mkdtemp(prefix="inglenook-forked-")
    running = ExitStack()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(running.close)
    return str(running.enter_context(forked_server(Path(folder))))


def main() -> int:
    for package in _LOADED:
        _load(f"inglenook.{package}")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(sys.argv[1])
        listener.listen(64)
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a keeper
        print("ready", flush=True)
        while True:
            ready, _, _ = select.select([listener, 0], [], [])
            if 0 in ready:
                return 0
            connection, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                _keep(connection)
            connection.close()


def _load(name: str) -> None:
    module = import_module(name)
    for each in iter_modules(getattr(module, "__path__", ())):
        if not each.ispkg and not each.name.startswith("__"):
            import_module(f"{name}.{each.name}")


def _keep(connection: socket.socket) -> None:
    """Run the server in a further fork, and tell the program how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    room = socket.CMSG_SPACE(_STREAMS * array.array("i").itemsize)
    head, rights, _, _ = connection.recvmsg(_NUMBER, room)
    streams = array.array("i", rights[0][2])
    size = int.from_bytes(head, "big")
    told = b""
    while len(told) < size:
        told += connection.recv(size - len(told))
    arguments, environment, folder = marshal.loads(told)
    pid = os.fork()
    if pid == 0:
        connection.close()
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        # What Python knows of its streams (whether they can seek, …) was true of those before.
        sys.stdin, sys.stdout = os.fdopen(0), os.fdopen(1, "w", buffering=1)
        sys.stderr = os.fdopen(2, "w", buffering=1)
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(folder)
        _run(arguments)
    for stream in (*range(_STREAMS), *streams):
        os.close(stream)
    connection.send(pid.to_bytes(_NUMBER, "big"))
    _, status = os.waitpid(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    connection.send((code if code >= 0 else 128 - code).to_bytes(_NUMBER, "big"))
    os._exit(0)


def _run(arguments: list[str]) -> None:
    from inglenook.cli import main as inglenook

    code: object = 1
    try:
        code = inglenook(arguments)
    except SystemExit as left:
        code = left.code
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    sys.exit(main())
