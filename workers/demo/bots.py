"""Bots for the demo's hotels and guides without a login. They speak the public protocol like any client."""

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from functools import partial
from random import Random
from typing import Any, NamedTuple
from uuid import uuid4

import aiohttp
import socketio
import structlog
from socketio.exceptions import SocketIOError

from backend.domain.quotation import Hotel
from workers.demo.crew import BOT_GUIDES
from workers.demo.hotels import HOTELS, WITH_LOGIN
from workers.demo.offers import offer_for
from workers.demo.people import PASSWORD, bot_email

log = structlog.get_logger()

BETWEEN = 0.5
"""Seconds between two bots' logins: checking a password is work, and people log in at the start too."""
AGAIN = 2.0
"""Seconds before a bot that could not connect tries again."""
PATIENCE = 10.0
"""Seconds that a bot waits for an answer."""

BROKEN = (aiohttp.ClientError, SocketIOError)
"""What a broken connection or a stopping server raises. What was left undone is found when the bot is back."""


Owed = list[tuple[str, dict[str, Any]]]
"""Commands with their payloads."""


class Player(NamedTuple):
    """Whom a bot stands for: their id, and what they owe to a quotation as it is shown to them."""

    id: str
    owes: Callable[[dict[str, Any]], Owed]


async def run_bots(url: str, *, pause: tuple[float, float] = (4.0, 15.0)) -> None:
    """Runs every bot until cancelled; each thinks for a time within `pause`, in seconds, before it answers."""
    async with asyncio.TaskGroup() as group:
        for player in players():
            group.create_task(Bot(url, player, pause).run())
            await asyncio.sleep(BETWEEN)


def players() -> Iterator[Player]:
    for hotel in HOTELS:
        if hotel.id not in WITH_LOGIN:
            yield Player(hotel.id, partial(desk_owes, hotel))
    for guide_id in BOT_GUIDES:
        yield Player(guide_id, guide_owes)


def desk_owes(hotel: Hotel, shown: dict[str, Any]) -> Owed:
    """A sales desk answers invitations with an offer and confirms what it is asked to hold."""
    offer = next(iter(shown.get("offers", {}).values()), {"state": "none"})
    if shown.get("invitation") == "open" and offer["state"] in ("none", "outdated"):
        return [("offer.submit", {"quotation_id": shown["id"], "offer": offer_for(hotel, shown)})]
    booking = shown.get("booking", {})
    return [
        ("booking.confirm_line", {"booking_id": booking["id"], "line_id": line["id"]})
        for line in booking.get("lines", {}).values()
        if line["state"] == "pending"
    ]


def guide_owes(shown: dict[str, Any]) -> Owed:
    """A guide comes wherever they are wanted."""
    booking = shown.get("booking", {})
    if booking.get("status") == "cancelled":
        return []
    asked = [one for one in booking.get("holds", {}).values() if one.get("answer") == "awaited"]
    return [("guide.confirm", {"assignment_id": one["id"]}) for one in asked]


class Bot:
    """Plays one of those without a login."""

    def __init__(self, url: str, player: Player, pause: tuple[float, float]) -> None:
        self.url = url
        self.player = player
        self.pause = pause
        self.random = Random(player.id)  # noqa: S311 -- how long a bot thinks is no secret
        self.gone = asyncio.Event()
        self.socket = socketio.AsyncClient(reconnection=False, handle_sigint=False)
        self.socket.on("disconnect", self._disconnected)
        self.socket.on("session.ready", self._ready)
        self.socket.on("session.expiring", self._refresh)
        self.socket.on("*", self._event)
        self.token = ""
        self.thinking: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Connects, and stays connected until cancelled."""
        task = asyncio.current_task()
        try:
            while not (task and task.cancelling()):  # the client library may swallow a cancellation
                with contextlib.suppress(*BROKEN):
                    await self._stay()
                await asyncio.sleep(AGAIN)
        finally:
            for thinking in self.thinking.values():
                thinking.cancel()
            await self.socket.disconnect()

    async def _stay(self) -> None:
        self.gone.clear()
        await self._login()
        await self.socket.connect(self.url, auth=self._auth, transports=["websocket"], wait_timeout=PATIENCE)
        await self.gone.wait()

    def _disconnected(self, *_: Any) -> None:
        self.gone.set()

    def _auth(self) -> dict[str, str]:
        return {"token": self.token}

    async def _login(self) -> str:
        async with aiohttp.ClientSession() as http:
            body = {"email": bot_email(self.player.id), "password": PASSWORD}
            async with http.post(f"{self.url}/api/v1/auth/login", json=body, raise_for_status=True) as answer:
                self.token = str((await answer.json())["access_token"])
                return self.token

    async def _ready(self, *_: Any) -> None:
        headers = {"Authorization": f"Bearer {self.token}"}
        with contextlib.suppress(*BROKEN):
            async with (
                aiohttp.ClientSession(headers=headers, raise_for_status=True) as http,
                http.get(f"{self.url}/api/v1/quotations", params={"limit": "100"}) as answer,
            ):
                for row in (await answer.json())["items"]:
                    self._consider(row["id"])

    async def _refresh(self, *_: Any) -> None:
        with contextlib.suppress(*BROKEN):
            await self._call("session.refresh", {"token": await self._login()})

    async def _event(self, name: str, frame: dict[str, Any], *_: Any) -> None:
        room = str(frame.get("room", ""))
        if room.startswith(("hotel:", "user:")):
            for rows in ("invitations", "quotations"):
                for quotation_id, row in frame["data"].get("change", {}).get(rows, {}).items():
                    if row is not None:
                        self._consider(quotation_id)
        elif room.startswith("quotation:"):
            self._consider(room.partition(":")[2])

    def _consider(self, quotation_id: str) -> None:
        if quotation_id not in self.thinking:
            task = asyncio.create_task(self._answer(quotation_id))
            self.thinking[quotation_id] = task
            task.add_done_callback(lambda _: self.thinking.pop(quotation_id, None))

    async def _answer(self, quotation_id: str) -> None:
        with contextlib.suppress(*BROKEN):
            if not await self._owed(quotation_id):
                return
            await asyncio.sleep(self.random.uniform(*self.pause))
            for name, payload in await self._owed(quotation_id):
                await self._call(name, {"key": uuid4().hex, **payload})

    async def _owed(self, quotation_id: str) -> Owed:
        joined = await self._call("room.join", {"room": f"quotation:{quotation_id}"})
        return self.player.owes(joined.get("snapshot") or {})

    async def _call(self, name: str, payload: dict[str, Any]) -> dict[str, Any]:
        answer = await self.socket.call(name, payload, timeout=PATIENCE)
        if not answer["ok"]:
            log.info("a bot was refused", who=self.player.id, command=name, code=answer["error"]["code"])
        return answer.get("data") or {}
