"""`python -m tests.chaos.deaths`: a worker dies at every boundary of every story, on both databases (`make deaths`)."""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from backend.adapters.db import open_database
from backend.adapters.db.migrate import migrate
from tests.chaos.deaths.play import enumerated, killed, theatre, undisturbed
from tests.chaos.deaths.stories import NAMES
from tests.fixtures.postgres import postgres
from tests.fixtures.redis import RedisServer
from tests.support.platform import from_nurseries

_PLAYS: Final = 3
"""So often a boundary is played at which nobody was."""


def main() -> None:
    """Ends with 1 if something does not hold."""
    asked = _arguments()
    wrong: list[str] = []
    with from_nurseries():
        for kind in asked.databases.split(","):
            with _servers(kind) as (url, broker, folder):
                wrong += asyncio.run(_played(kind, (url, broker), folder, asked))
    print("\n".join(wrong))
    sys.exit(bool(wrong))


@contextmanager
def _servers(kind: str) -> Iterator[tuple[str, str, Path]]:
    """The URLs of a database of that kind and of a broker, and a folder."""
    with ExitStack() as kept:
        folder = Path(kept.enter_context(tempfile.TemporaryDirectory()))
        redis = RedisServer()
        redis.start()
        kept.callback(redis.stop)
        if kind == "sqlite":
            url = f"sqlite:///{folder}/spirit.db"
        else:
            server = kept.enter_context(postgres())
            url = server.url(kept.enter_context(server.database()))
        yield url, redis.url, folder


async def _played(kind: str, urls: tuple[str, str], folder: Path, asked: argparse.Namespace) -> list[str]:
    """What does not hold. Tells how far it is."""
    await migrate(urls[0])
    database = open_database(urls[0])
    await database.start()
    wrong: list[str] = []
    try:
        with theatre(database, urls, folder, most=max(asked.at_once, len(NAMES))) as stage:
            await stage.stories.set_up()
            boundaries, endings = await undisturbed(stage)
            left = enumerated(boundaries)[asked.first :: asked.every]
            print(f"{kind}: {len(left)} boundaries", flush=True)
            for _ in range(_PLAYS):
                places, left = left, []
                for number in range(0, len(places), asked.at_once):
                    begun, batch = time.monotonic(), places[number : number + asked.at_once]
                    found, missed = await killed(stage, batch, endings)
                    took, died = time.monotonic() - begun, len(batch) - len(missed)
                    print(f"{kind}: died at {died} of {len(batch)} in {took:.0f} s: {len(found)} wrong", flush=True)
                    wrong, left = wrong + found, left + missed
            print(f"{kind}: nobody was at {left or 'no other'}", flush=True)
    finally:
        await database.close()
    return wrong


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make deaths")
    parser.add_argument("--databases", default="sqlite,postgres", help="separated by commas")
    parser.add_argument("--at-once", type=int, default=60, help="sagas whose worker is killed at once")
    parser.add_argument("--every", type=int, default=1, help="only every so-manieth boundary, from the `--first`")
    parser.add_argument("--first", type=int, default=0, help="the number of the first boundary")
    return parser.parse_args()


if __name__ == "__main__":
    main()
