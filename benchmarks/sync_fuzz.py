"""Run the synchronisation oracle many times: `python -m benchmarks.sync_fuzz [--runs N]`.

Each run edits one document in one alphabet, once in every position encoding. Exit code 1 if the
server's text ever differed from the editor's.
"""

from __future__ import annotations

import argparse
import json
import sys
import time

from tests.support.sync_oracle import ALPHABETS, ENCODINGS
from tests.support.sync_run import run


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--batches", type=int, default=20, help="didChange messages in a run")
    parser.add_argument("--seed", type=int, default=0, help="number of the first run")
    options = parser.parse_args()
    alphabets = list(ALPHABETS)
    began = time.monotonic()
    edits, differences = 0, []
    for seed in range(options.seed, options.seed + options.runs):
        for encoding in ENCODINGS:
            made, difference = run(
                seed, encoding, alphabets[seed % len(alphabets)], options.batches
            )
            edits += made
            if difference is not None:
                differences.append(difference)
                print(difference, file=sys.stderr)
    report = {
        "runs": options.runs,
        "encodings": list(ENCODINGS),
        "alphabets": alphabets,
        "edits": edits,
        "differences": len(differences),
        "seconds": round(time.monotonic() - began, 1),
    }
    print(json.dumps(report))
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
