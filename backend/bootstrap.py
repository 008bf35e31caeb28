"""Builds the platform from its settings: every port with the implementation that the settings name."""

import asyncio
import hmac
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final

from backend.adapters.caching.memory import MemoryCache
from backend.adapters.caching.shared import SharedCache
from backend.adapters.clock import utc_now
from backend.adapters.db import DatabaseSettings, open_database
from backend.adapters.db.migrate import migrate
from backend.adapters.fetching import fetch
from backend.adapters.figures import Lags, count_tasks, figures
from backend.adapters.gateways.local import NAME as LOCAL
from backend.adapters.gateways.local import LocalGateway
from backend.adapters.ids import new_id
from backend.adapters.passwords import Argon2Passwords
from backend.adapters.pdf.renderer import Renderer
from backend.config import Settings
from backend.domain.events import Rules
from backend.domain.refusals import Refusal
from backend.services.auth import Auth
from backend.services.deps import Deps
from backend.services.issuers import Issuers
from backend.services.issuers import Patience as KeyPatience
from backend.services.limits import Limiter, SharedLimiter
from backend.services.ops import Board, Role
from backend.services.payment_ports import Gateway
from backend.services.payments import webhook
from backend.services.printing import Documents
from backend.services.tokens import Signer
from rooms.broker import Broker, BrokerUnavailable
from rooms.memory import MemoryBroker
from rooms.sealing import keys_of

_TELL_AGAIN: Final = 0.1
"""Seconds between attempts."""


@dataclass(frozen=True, slots=True)
class Platform:
    """All that a process runs on."""

    settings: Settings
    deps: Deps
    auth: Auth
    broker: Broker


@asynccontextmanager
async def platform(settings: Settings) -> AsyncIterator[Platform]:
    """The platform, closed again at the end. In the embedded mode its database is brought up to date.

    The broker is not started: who listens to it says so first, then starts it.
    """
    if settings.embedded:
        settings.data.mkdir(parents=True, exist_ok=True)
        await migrate(settings.database_url)
    count_tasks()
    database = open_database(settings.database_url, DatabaseSettings(inbox_kept=timedelta(days=settings.inbox_days)))
    broker = _broker(settings)
    renderer = Renderer(settings.document_processes)
    await database.start()
    try:
        wake = _Waker(broker)
        near = MemoryCache(settings.cache_bytes)
        gateways: dict[str, Gateway] = {}
        deps = Deps(
            db=database,
            now=utc_now,
            new_id=new_id,
            wake=wake.soon,
            rules=_rules(settings),
            margin_percent=settings.margin_percent,
            tell=partial(tell_all, broker, settings.tell_patience),
            documents=Documents(renderer, near),
            cache=near if settings.embedded else SharedCache(broker),
            gateways=gateways,
        )
        gateways[LOCAL] = LocalGateway(database, _gateway_secret(settings), partial(webhook, deps))
        yield Platform(settings, deps, _auth(settings, broker), broker)
        await wake.done()
    finally:
        await renderer.close()
        await broker.close()
        await database.close()


def _gateway_secret(settings: Settings) -> bytes:
    """Signs what the embedded gateway says; the same on every process."""
    return hmac.digest(settings.jwt_secret.reveal().encode(), b"local gateway", "sha256")


def board_of(built: Platform, *roles: Role, lags: Lags = lambda _: ()) -> Board:
    """The board where a process that plays these roles tells its figures; `lags` knows a node's channels."""
    return Board(built.broker, built.deps.new_id(), partial(figures, roles, lags), built.settings.ops_interval)


def _broker(settings: Settings) -> Broker:
    if settings.broker_url == "memory://":
        return MemoryBroker()
    from rooms.redis import RedisBroker  # a fifth of the start's time, and the embedded mode has no Redis

    return RedisBroker(settings.broker_url, keys=keys_of(settings.broker_keys.reveal()))


def _rules(settings: Settings) -> Rules:
    return Rules(
        revisions=settings.offer_revisions,
        extensions=settings.rfq_extensions,
        rfq_open=timedelta(days=settings.rfq_days),
        deadline_reminder=timedelta(seconds=settings.deadline_reminder),
        acceptance_open=timedelta(days=settings.acceptance_days),
        payment_open=timedelta(days=settings.payment_days),
        line_answer=timedelta(seconds=settings.line_answer),
        guide_answer=timedelta(seconds=settings.guide_answer),
        proposal_reminder=timedelta(seconds=settings.proposal_reminder),
    )


def _auth(settings: Settings, broker: Broker) -> Auth:
    def per_window(name: str, most: int) -> SharedLimiter:
        return SharedLimiter(name, Limiter(most / settings.login_window, most, time.monotonic), broker.spend)

    return Auth(
        signer=Signer(settings.jwt_secret.reveal(), timedelta(seconds=settings.token_ttl)),
        issuers=Issuers(settings.jwt_issuers, fetch, _key_patience(settings)),
        passwords=Argon2Passwords(),
        refresh_ttl=timedelta(seconds=settings.refresh_ttl),
        by_address=per_window("login address", settings.login_per_address),
        by_email=per_window("login email", settings.login_per_email),
    )


def _key_patience(settings: Settings) -> KeyPatience:
    return KeyPatience(fresh=settings.jwks_fresh, again=settings.jwks_again, kept=settings.jwks_kept)


async def tell_all(broker: Broker, patience: float, body: bytes) -> None:
    """Tells every node, and again for `patience` seconds as long as the broker is away.

    Raises:
        Refusal: `change.pending`.
    """
    try:
        async with asyncio.timeout(patience):
            while True:
                try:
                    return await broker.tell_all(body)
                except BrokerUnavailable:
                    await asyncio.sleep(_TELL_AGAIN)
    except TimeoutError:
        raise Refusal(
            "change.pending",
            "It is stored, but not every node could be told; ask again to be sure that it is in force.",
            retry_after=1.0,
        ) from None


class _Waker:
    """Makes one wake-up of all that are asked for while one is on its way."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._task: asyncio.Task[None] | None = None
        self._again = False

    def soon(self) -> None:
        self._again = True
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._wake())

    async def done(self) -> None:
        if self._task is not None:
            await self._task

    async def _wake(self) -> None:
        while self._again:
            self._again = False
            with suppress(BrokerUnavailable):  # the relay looks by itself
                await self._broker.wake()
