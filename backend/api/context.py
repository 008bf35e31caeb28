"""What every REST operation works with."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from starlette.requests import Request

from backend.adapters.figures import Lags
from backend.bootstrap import Platform, board_of
from backend.config import Settings
from backend.services.auth import Auth
from backend.services.deps import Deps
from backend.services.inbox import MOST
from backend.services.limits import Limiter, SharedLimiter, ahead_of
from backend.services.ops import Board, Role


@dataclass(frozen=True, slots=True)
class Rest:
    """`broker_answers` raises when the broker cannot be reached; `largest` bounds a request body, in bytes,
    `inbox_most` what waits for one person.

    `stopping` says whether this process is about to end and not for new clients. `live_document` makes the document of
    the live protocol, where there is one.
    """

    deps: Deps
    auth: Auth
    by_user: SharedLimiter
    broker_answers: Callable[[], Awaitable[object]]
    largest: int
    board: Board
    inbox_most: int = MOST
    metrics_token: str = ""
    demo: bool = False
    origins: tuple[str, ...] = ()
    stopping: Callable[[], bool] = lambda: False
    live_document: Callable[[], bytes] | None = None


def rest_on(
    platform: Platform,
    stopping: Callable[[], bool] = lambda: False,
    lags: Lags = lambda _: (),
    live_document: Callable[[], bytes] | None = None,
) -> Rest:
    """What the operations need, taken from the platform; `lags` knows which of the node's channels lag."""
    settings = platform.settings
    return Rest(
        deps=platform.deps,
        auth=platform.auth,
        by_user=SharedLimiter(
            "request",
            Limiter(settings.command_rate, settings.command_burst, time.monotonic),
            platform.broker.spend,
            ahead=ahead_of(settings.command_burst),
        ),
        broker_answers=partial(platform.broker.here, "ready"),
        largest=settings.max_payload,
        inbox_most=settings.inbox_most,
        board=board_of(platform, *_roles(settings), lags=lags),
        metrics_token=settings.metrics_token.reveal(),
        demo=settings.demo,
        origins=settings.cors_origins,
        stopping=stopping,
        live_document=live_document,
    )


def _roles(settings: Settings) -> tuple[Role, ...]:
    return ("node", "relay", "worker") if settings.embedded else ("node",)


def rest_of(request: Request) -> Rest:
    rest: Rest = request.app.state.rest
    return rest
