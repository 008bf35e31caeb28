"""`python -m tests.chaos`: plays many seeds, tells of each, and adds the sum to docs/CHAOS.md (`make chaos`)."""

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

import uvloop

from tests.chaos.page import Total, add
from tests.chaos.plan import make, told
from tests.chaos.run import Failed, play
from tests.chaos.stage import Servers, servers


def main() -> None:
    """Ends with 1 if a seed failed. The logs of one that failed are kept."""
    asked = _arguments()
    total = Total(asked.broker)
    with servers(asked.broker) as over:
        ends = time.monotonic() + asked.minutes * 60
        for seed in range(asked.first, asked.first + asked.seeds):
            if time.monotonic() > ends:
                break
            while asked.pause and Path(asked.pause).exists():
                time.sleep(1)
            print(_one(seed, asked.broker, over, total), flush=True)
    print(total.told())
    if asked.page:
        add(total)
    sys.exit(bool(total.failed))


def _one(seed: int, broker: str, over: Servers, total: Total) -> str:
    folder = Path(tempfile.mkdtemp(prefix=f"spirit-chaos-{seed}-"))
    try:
        outcome = uvloop.run(play(make(seed, broker), over, folder))
    except Failed as failed:
        total.failed.append(seed)
        return f"seed {seed} FAILED\n{failed}"
    except Exception as failure:
        total.failed.append(seed)
        return f"seed {seed} FAILED: {failure!r}\n{told(make(seed, broker))}"
    shutil.rmtree(folder)
    total.take(outcome)
    faults, frames = sum(outcome.faults.values()), outcome.counts["frames"]
    return f"seed {seed}: {outcome.seconds:.1f} s, {faults} faults, {frames} frames"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make chaos")
    parser.add_argument("--seeds", type=int, default=20, help="how many")
    parser.add_argument("--first", type=int, default=1, help="the first of them")
    parser.add_argument("--broker", default="redis", choices=["redis", "cluster"])
    parser.add_argument("--minutes", type=float, default=10_000.0, help="after which no further seed is begun")
    parser.add_argument("--pause", help="a file: as long as it exists, no further seed is begun")
    parser.add_argument("--page", action="store_true", help="adds the sum to docs/CHAOS.md")
    return parser.parse_args()


if __name__ == "__main__":
    main()
