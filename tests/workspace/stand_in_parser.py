"""A parser that does as its texts say: it hangs, dies, or knows one name. Started by tests."""

from __future__ import annotations

import json
import os
import signal
import sys
import time

from inglenook.workspace.child import read_frame, write_frame


def main() -> None:
    if sys.argv[1] == "absent":
        sys.exit(1)
    notes = sys.argv[1]
    stdout = sys.stdout.buffer
    write_frame(stdout, b"")
    stdout.flush()
    while read_frame(sys.stdin.buffer) is not None:
        data = read_frame(sys.stdin.buffer)
        assert data is not None
        with open(notes, "ab") as file:  # noqa: PTH123
            file.write(data + b"\n")
        if data == b"hang":
            time.sleep(1_000)
        elif data == b"die":
            os.kill(os.getpid(), signal.SIGKILL)
        elif data == b"die once" and not os.path.exists(f"{notes}.died"):  # noqa: PTH110
            open(f"{notes}.died", "x").close()  # noqa: PTH123
            os.kill(os.getpid(), signal.SIGKILL)
        elif data == b"too long":
            os.kill(os.getpid(), signal.SIGXCPU)
        write_frame(stdout, json.dumps(["name"]).encode())
        write_frame(stdout, b"facts of " + data)
        stdout.flush()


if __name__ == "__main__":
    main()
