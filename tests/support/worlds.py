"""Two worlds side by side: plays a scenario on a fresh stage and writes down all that one person can observe."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import cache, partial
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import orjson
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import make_url

from backend.adapters.db.migrate import migrate
from backend.adapters.db.sqlite import SqliteDatabase
from backend.adapters.db.store import DatabaseSettings
from backend.adapters.figures import figures
from backend.adapters.passwords import Argon2Passwords
from backend.api.app import create_app
from backend.api.context import Rest
from backend.domain.refusals import Refusal
from backend.services import inbox
from backend.services.auth import Auth
from backend.services.joining import automatic_rooms, room_state
from backend.services.limits import Limiter, SharedLimiter
from backend.services.ops import Board
from backend.services.ports import Database
from backend.services.records import ChannelPosition
from backend.services.tokens import Signer
from privacy.audiences import audience_of
from privacy.papers import KINDS
from privacy.presence import presence_view, scope_of
from rooms.memory import MemoryBroker
from tests.support.asgi import Answer, AsgiClient
from tests.support.notes import Notes
from tests.support.stage import Stage

S = TypeVar("S", bound=Stage)
T = TypeVar("T")

READS = (
    "quotations/{quotation}",
    "quotations/{quotation}/offers",
    "quotations?limit=1",
    "bookings",
)
MORE_READS = (
    "quotations",
    "quotations/{quotation}/versions",
    "quotations/{quotation}/audit",
    "bookings/{booking}",
    "quotations/{quotation}/timeline",
    "quotations/{quotation}/documents",
    "quotations/{quotation}/pdf",
    *(f"bookings/{{booking}}/documents/{kind}" for kind in KINDS),
    "inbox",
    "me",
    "announcements",
    "hotels",
    "clients",
    "people",
    "dashboard",
    "dashboard?company_id=andes",
    "ops",
    "audit",
)
_FAST = next((folder for folder in ("/dev/shm",) if Path(folder).is_dir()), None)  # noqa: S108 - private folders in it
SIGNER = Signer("a secret of tests that is long enough", timedelta(days=3_650))
_NEVER = SharedLimiter("never", Limiter(1e9, 1e9, lambda: 0.0))


class DirectSqlite(SqliteDatabase):
    """SQLite without threads: nothing else runs in a world, so nothing waits for them."""

    async def _on(self, threads: ThreadPoolExecutor, function: Callable[..., T], *arguments: Any) -> T:
        return function(*arguments)


@asynccontextmanager
async def fresh_stage(kind: Callable[[Database], S] = Stage) -> AsyncIterator[S]:  # type: ignore[assignment]  # S is one
    """A stage on an SQLite database of its own."""
    with TemporaryDirectory(dir=_FAST) as folder:
        path = Path(folder) / "world.db"
        shutil.copy(_template(), path)
        database = await _opened(path)
        try:
            yield kind(database)
        finally:
            await database.close()


@cache
def _template() -> Path:
    """A database with its schema and the stage's people, made once."""
    path = Path(_kept().name) / "template.db"
    with ThreadPoolExecutor(1) as beside:
        beside.submit(asyncio.run, _make_template(path)).result()
    return path


@cache
def _kept() -> TemporaryDirectory[str]:
    return TemporaryDirectory(dir=_FAST)


async def _make_template(path: Path) -> None:
    await migrate(f"sqlite:///{path}")
    database = await _opened(path)
    await Stage(database).set_up()
    await database.close()


async def _opened(path: Path) -> DirectSqlite:
    database = DirectSqlite(make_url(f"sqlite:///{path}"), DatabaseSettings())
    await database.start()
    return database


async def side_by_side(*worlds: Awaitable[list[str]]) -> list[list[str]]:
    """What was seen in each world."""
    return list(await asyncio.gather(*worlds))


class ToldApart(AssertionError):
    """Somebody could tell the worlds apart."""


def assert_same(logs: list[list[str]]) -> None:
    """[P2] The worlds look the same.

    Raises:
        ToldApart: with the first line that differs, as it is in each.
    """
    first, *others = logs
    for other in others:
        for line, (one, another) in enumerate(zip_longest(first, other)):
            if one != another:
                raise ToldApart(f"line {line}:\n{one}\n{another}")


@cache
def _passwords() -> Argon2Passwords:
    return Argon2Passwords(Argon2Hasher(time_cost=1, memory_cost=64))


def rest_application(stage: Stage) -> Rest:
    """What REST works with on the stage, for anybody with a token of `SIGNER`."""
    auth = Auth(signer=SIGNER, passwords=_passwords(), refresh_ttl=timedelta(1), by_address=_NEVER, by_email=_NEVER)
    broker = MemoryBroker()
    return Rest(
        deps=stage.deps,
        auth=auth,
        by_user=_NEVER,
        broker_answers=lambda: broker.here("ready"),
        largest=262_144,
        board=Board(broker, "asked", partial(figures, ("node",)), 2.0),
    )


class Observer:
    """Writes down what `who` sees: answers, refusals, frames, positions, snapshots, presence, inbox, REST."""

    def __init__(self, stage: Stage, who: str) -> None:
        self.stage = stage
        self.who = who
        self.booking = "none"
        self._notes = Notes()
        self._rest = AsgiClient(create_app(rest_application(stage))).with_token(
            SIGNER.issue(stage.people[who], stage.now)
        )
        self._started: dict[str, ChannelPosition] = {}
        self._tags: dict[str, str] = {}

    @property
    def log(self) -> list[str]:
        return self._notes.lines

    async def do(self, command: str, **payload: Any) -> Any:
        """Does something as that person and notes the answer."""
        return await self._noted(command, lambda: self.stage.do(self.who, command, **payload))

    async def post(self, path: str, body: Any = None) -> Any:
        """Does something by REST and notes the answer; its body, or None for a refusal."""
        answer = await self._rest.post(f"/api/v1/{path}", body, idempotency_key=self.stage.new_id())
        self._notes.answer(f"POST {path}", answer)
        return answer.json if answer.status < 300 else None

    async def look(self, quotation_id: str, *more: str) -> None:
        """Notes everything live there is to see now, what a join since its first look would replay, and REST's reads.

        `more` are reads besides the usual ones.
        """
        await self.stage.settle()
        principal = self.stage.people[self.who]
        for room in (f"quotation:{quotation_id}", *automatic_rooms(principal)):
            await self._noted(f"join {room}", lambda room=room: self._room(room))
        self._notes.note("presence", await self._presence(quotation_id))
        self._notes.note("inbox", await inbox.page(self.stage.deps, principal))
        for path in (*READS, *more):
            await self._read(path.format(quotation=quotation_id, booking=self.booking))

    async def _read(self, path: str) -> Answer:
        answer = await self._rest.get(f"/api/v1/{path}", if_none_match=self._tags.get(path, ""))
        self._tags[path] = answer.headers.get("etag", "")
        self._notes.answer(f"GET {path}", answer)
        if path == "bookings" and answer.body and (items := answer.json["items"]):
            self.booking = items[0]["id"]
        return answer

    async def _room(self, room: str) -> Any:
        state = await room_state(self.stage.deps, self.stage.people[self.who], room)
        place, start = state.position, self._started.get(state.channel)
        if start is None or start.epoch != place.epoch:
            start = self._started[state.channel] = place
        frames = await self.stage.db.frames(state.channel, place.epoch, start.seq, 1_000)
        return {
            "channel": state.channel,
            "epoch": place.epoch,
            "seq": place.seq,
            "frames": [orjson.loads(frame.body) for frame in frames],
            "view": state.snapshot,
        }

    async def _presence(self, quotation_id: str) -> Any:
        quotation = await self.stage.db.quotation(quotation_id)
        audience = audience_of(self.stage.people[self.who], quotation) if quotation else None
        if quotation is None or audience is None:
            return None
        return presence_view(self.stage.present.get(quotation_id, {}).values(), audience, scope_of(quotation))

    async def _noted(self, what: str, doing: Callable[[], Awaitable[Any]]) -> Any:
        try:
            done = await doing()
        except Refusal as refusal:
            self._notes.note(what, {"refused": [refusal.code, refusal.message, refusal.data]})
            return None
        self._notes.note(what, done)
        return done


async def quietly(doing: Awaitable[Any]) -> Any:
    """The answer, or None for a refusal: what was refused did not happen, which is all that a scenario needs."""
    try:
        return await doing
    except Refusal:
        return None
