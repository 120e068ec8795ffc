"""The parsers: at most two processes, started when there is work, replaced when they break."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from inglenook.workspace.child import read_frame, write_frame

WALL_SECONDS: Final = 10.0  # for one text, however busy the machine is
_TRIES: Final = 2  # of a text whose parser died: it may have been killed for another reason
_OUT_OF_TIME: Final = -getattr(signal, "SIGXCPU", 1_000)
_MOST: Final = 2  # processes
_BACKLOG: Final = 4  # texts that wait before a second process is worth its start
_IDLE_SECONDS: Final = 10.0  # after which the second one ends
# Not from the working directory (-P), which is the user's workspace.
COMMAND: Final = (sys.executable, "-P", "-m", "inglenook.workspace.parser")


class Job(NamedTuple):
    """A text to be parsed, and what the caller wants to know with the answer."""

    path: str
    language: str
    data: bytes
    about: Any = None


class Done(NamedTuple):
    """``body`` is empty if the file has no facts, None if the text breaks parsers, or
    (``broken``) if no parser can be started."""

    job: Job
    names: tuple[str, ...]
    body: bytes | None
    broken: bool = False


class Pool:
    """Answers are given to ``tell`` in threads of the pool's."""

    def __init__(self, tell: Callable[[Done], None], command: Sequence[str] = COMMAND) -> None:
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._slots = [
            _Slot(self._jobs, tell, command, _IDLE_SECONDS if number else None)
            for number in range(max(1, min(_MOST, os.cpu_count() or 1)))
        ]
        self._asked = 0

    @property
    def capacity(self) -> int:
        """Texts that may be in the pool at once, so that a new one never waits for many."""
        return 2 * len(self._slots)

    def ask(self, job: Job) -> None:
        self._jobs.put(job)
        self._slots[0].start()
        if self._jobs.qsize() >= min(_BACKLOG, self.capacity - 1):
            for slot in self._slots:
                slot.start()

    def warm(self) -> None:
        """Have a parser ready for the next file that is saved."""
        self._slots[0].start(ready=True)

    def check(self, now: float | None = None) -> None:
        """Kill parsers that take too long over one text."""
        for slot in self._slots:
            slot.check(time.monotonic() if now is None else now)

    def close(self) -> None:
        for slot in self._slots:
            self._jobs.put(None)
            slot.kill()


@dataclass(slots=True)
class _Slot:
    """A thread that asks one process at a time."""

    jobs: queue.SimpleQueue[Job | None]
    tell: Callable[[Done], None]
    command: Sequence[str]
    idle: float | None  # seconds after which the process ends; None: never
    thread: threading.Thread | None = None
    process: subprocess.Popen[bytes] | None = None
    since: float | None = None  # when the text came that is being parsed
    overdue: bool = False  # the process was killed because of that text
    closed: bool = False

    def start(self, *, ready: bool = False) -> None:
        if self.thread is None:
            run = self._run_ready if ready else self._run
            self.thread = threading.Thread(target=run, daemon=True)
            self.thread.start()

    def check(self, now: float) -> None:
        since = self.since
        if since is not None and now - since > WALL_SECONDS:
            self.overdue = True
            self._kill_process()

    def kill(self) -> None:
        self.closed = True
        self._kill_process()

    def _run_ready(self) -> None:
        self._started()
        self._run()

    def _run(self) -> None:
        while True:
            try:
                job = self.jobs.get(timeout=self.idle)
            except queue.Empty:
                self._end()
                job = self.jobs.get()
            if job is None or self.closed:
                return
            self.tell(self._answer(job))

    def _answer(self, job: Job) -> Done:
        for _ in range(_TRIES):
            self.since, self.overdue = time.monotonic(), False
            process = self._started()
            found = self._asked(process, job) if process is not None else None
            self.since = None
            if found is not None:
                return found
            code = self._end()
            if process is None or self.closed:
                return Done(job, (), None, broken=True)
            if self.overdue or code == _OUT_OF_TIME:
                break
        return Done(job, (), None)

    def _asked(self, process: subprocess.Popen[bytes], job: Job) -> Done | None:
        """The answer; None if the process died of the question."""
        assert process.stdin is not None
        assert process.stdout is not None
        about = json.dumps({"path": job.path, "language": job.language})
        try:
            write_frame(process.stdin, about.encode())
            write_frame(process.stdin, job.data)
            process.stdin.flush()
            names, body = read_frame(process.stdout), read_frame(process.stdout)
            if names is not None and body is not None:
                return Done(job, tuple(json.loads(names)), body)
        except (OSError, ValueError):
            pass
        return None

    def _started(self) -> subprocess.Popen[bytes] | None:
        """A process that has said that it is ready; None if there can be none."""
        if self.process is not None and self.process.poll() is None:
            return self.process
        self._end()
        flags: dict[str, Any] = {}
        if sys.platform == "win32":
            flags = {"creationflags": subprocess.CREATE_NO_WINDOW}
        try:
            process = self.process = subprocess.Popen(
                [*self.command, str(os.getpid())],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                **flags,
            )
        except OSError:
            return None
        if self.closed:
            self._kill_process()
        assert process.stdout is not None
        return process if read_frame(process.stdout) == b"" else None

    def _end(self) -> int | None:
        """The exit code of the process, which ends now if it has not yet."""
        process, self.process = self.process, None
        if process is None:
            return None
        with contextlib.suppress(OSError):
            process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        return process.wait()

    def _kill_process(self) -> None:
        process = self.process
        if process is not None:
            with contextlib.suppress(OSError):
                process.kill()
