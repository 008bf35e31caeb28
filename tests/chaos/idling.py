"""What processes hold while nobody is connected: tasks, by what they tell operators of themselves, and files."""

import asyncio
import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from typing import Final, NamedTuple

import aiohttp

from tests.chaos.processes import Process
from tests.support.wait import until

EVERY_SECONDS: Final = 0.3
SPARE: Final = 3
"""Tasks that a process may have more: a connection to each master of a cluster is opened when it is needed first."""


class Held(NamedTuple):
    """Tasks of a process' event loop; open files that are no sockets, which `leftovers` looks at."""

    tasks: int
    files: int


class Told(NamedTuple):
    """What a process held, and when it said so."""

    at: str
    held: Held


Idle = Mapping[str, Held]
"""By role, the most that one of its processes holds."""


async def idle(http: aiohttp.ClientSession, token: str, processes: Collection[Process]) -> Idle:
    """What each role's processes hold now: each told the same twice, so it has all that it begins with."""
    told: dict[str, Told] = {}
    settled: dict[str, Held] = {}

    async def all_settled() -> bool:
        for name, now in (await _told(http, token, processes)).items():
            before = told.get(name, now)
            if before.at != now.at and before.held == now.held:
                settled[name] = now.held
            told[name] = now
        return settled.keys() == {process.name for process in processes}

    await until(all_settled, within=30, what="all processes told what they hold")
    most: dict[str, Held] = {}
    for name, held in settled.items():
        known = most.get(_role(name), held)
        most[_role(name)] = Held(max(held.tasks, known.tasks), max(held.files, known.files))
    return most


async def grown(
    http: aiohttp.ClientSession, token: str, processes: Collection[Process], before: Idle, least: dict[str, Held]
) -> list[str]:
    """Who holds more than before, and who has not told.

    `least` is the least that each has told since everybody left: there is always somebody who just asks something.
    """
    for name, (_, held) in (await _told(http, token, processes)).items():
        known = least.get(name, held)
        least[name] = Held(min(held.tasks, known.tasks), min(held.files, known.files))
    return [*_more(least, before), *(f"{one.name} tells nothing" for one in processes if one.name not in least)]


def _more(least: Mapping[str, Held], before: Idle) -> Iterator[str]:
    for name, held in least.items():
        then = before[_role(name)]
        if held.tasks > then.tasks + SPARE:
            yield f"{name} has {held.tasks} tasks, and had {then.tasks} before anybody came"
        if held.files > then.files:
            yield f"{name} has {held.files} open files, and had {then.files} before anybody came"


async def _told(http: aiohttp.ClientSession, token: str, processes: Collection[Process]) -> dict[str, Told]:
    """By name; not more often than an operator may ask."""
    await asyncio.sleep(EVERY_SECONDS)
    node = next(process for process in processes if process.is_node)
    url = f"http://127.0.0.1:{node.port}/api/v1/ops"
    async with http.get(url, headers={"Authorization": f"Bearer {token}"}) as answer:
        body = await answer.json()
        assert answer.status == 200, body
    told = {one["pid"]: one for one in body["processes"] if one["alive"]}
    return {
        one.name: Told(said["at"], Held(said["tasks"], _files(one.pid)))
        for one in processes
        if (said := told.get(one.pid))
    }


def _files(pid: int) -> int:
    count = 0
    for number in os.listdir(f"/proc/{pid}/fd"):
        with suppress(FileNotFoundError):  # closed meanwhile
            count += not os.readlink(f"/proc/{pid}/fd/{number}").startswith("socket:")
    return count


def _role(name: str) -> str:
    return name.split()[0]
