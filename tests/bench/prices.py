"""From an edit to the new prices at a colleague, over real sockets: each author edits one quotation with a programme.

Every other edit changes what is bought, whose prices are in the edit's own frame; the others move the trip to another
year, for which another tariff is in force: the reaction reprices, and `quotation.repriced` brings the prices.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import aiohttp
import socketio

from tests.bench.editing import AUTHOR, WATCHER, call, connect, login

_ADMIN: Final = "admin@spirit.demo"
_YEARS: Final = (2041, 2042)
_WITHIN: Final = 30.0


@dataclass
class Priced:
    """Seconds from when an edit was sent until a colleague had the prices: in its own frame, and as repriced."""

    in_the_edit: list[float] = field(default_factory=list)
    repriced: list[float] = field(default_factory=list)


async def priced(url: str, authors: int, edits: int, every: float) -> Priced:
    """So many edits of each author, one in `every` seconds."""
    await _put_tariffs(url)
    token, watcher = await login(url, AUTHOR), await connect(url, await login(url, WATCHER))
    sockets = [await connect(url, token) for _ in range(authors)]
    found = Priced()
    heard: dict[tuple[str, str], asyncio.Future[float]] = {}
    for name in ("quotation.edited", "quotation.repriced"):
        watcher.on(name, lambda frame, *_, name=name: _hear(heard, name, frame))
    try:
        await asyncio.gather(*(_edit(socket, watcher, heard, found, edits, every) for socket in sockets))
    finally:
        for socket in (*sockets, watcher):
            await socket.disconnect()
    return found


def _hear(heard: Mapping[tuple[str, str], asyncio.Future[float]], name: str, frame: dict[str, Any]) -> None:
    waiting = heard.get((name, frame["room"]))
    if waiting and not waiting.done() and "running" in frame["data"]["change"]:
        waiting.set_result(time.perf_counter())


async def _edit(
    socket: socketio.AsyncClient,
    watcher: socketio.AsyncClient,
    heard: dict[tuple[str, str], asyncio.Future[float]],
    found: Priced,
    edits: int,
    every: float,
) -> None:
    terms = {"title": "Measured", "adults": 20, **_days(0), "programme": _programme(1)}
    made = await call(socket, "quotation.create", {**terms, "key": f"create-{socket.get_sid()}"})
    quotation, version = str(made["quotation"]["id"]), 1
    room = f"quotation:{quotation}"
    await call(watcher, "room.join", {"room": room})
    for number in range(1, edits + 1):
        moves = number % 2 == 0
        name = "quotation.repriced" if moves else "quotation.edited"
        waiting = heard[name, room] = asyncio.get_running_loop().create_future()
        changed = _days(number // 2) if moves else {"programme": _programme(1 + number)}
        changes = [{"field": field_, "value": value} for field_, value in changed.items()]
        edit = {"quotation_id": quotation, "base_version": version, "changes": changes}
        begun = time.perf_counter()
        version = (await call(socket, "quotation.edit", {**edit, "key": f"{quotation}-{number}"}))["version"]
        took = await asyncio.wait_for(waiting, _WITHIN) - begun
        (found.repriced if moves else found.in_the_edit).append(took)
        await asyncio.sleep(every)


def _days(number: int) -> dict[str, str]:
    year = _YEARS[number % 2]
    return {"check_in": f"{year}-03-01", "check_out": f"{year}-03-05"}


def _programme(days: int) -> dict[str, Any]:
    return {"guides": [{"language": "en", "days": days}]}


async def _put_tariffs(url: str) -> None:
    """One of each year, which an admin keeps by REST."""
    headers = {"Authorization": f"Bearer {await login(url, _ADMIN)}", "If-None-Match": "*"}
    async with aiohttp.ClientSession(headers=headers) as http:
        for year in _YEARS:
            tariff = {
                "name": f"{year}",
                "currency": "USD",
                "valid_from": f"{year}-01-01",
                "valid_until": f"{year}-12-31",
                "guides": [{"language": "en", "day": str(year - 1_940)}],
            }
            async with http.put(f"{url}/api/v1/catalogue/tariffs/bench-{year}", json=tariff) as answer:
                answer.raise_for_status()
