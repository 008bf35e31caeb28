"""The REST application over use cases that a test already has."""

import time
from datetime import timedelta
from functools import partial

from pwdlib.hashers.argon2 import Argon2Hasher

from backend.adapters.figures import figures
from backend.adapters.passwords import Argon2Passwords
from backend.api.context import Rest
from backend.domain.principals import Principal
from backend.services.auth import Auth
from backend.services.deps import Deps
from backend.services.limits import Limiter, SharedLimiter
from backend.services.ops import Board
from backend.services.tokens import Signer
from rooms.memory import MemoryBroker

_SIGNER = Signer("a secret of more than thirty-two bytes", timedelta(minutes=15))


def rest(
    deps: Deps, *, per_address: int = 100_000, per_email: int = 100_000, per_user: int = 100_000, **settings: object
) -> Rest:
    """What the application needs around `deps`; limits are in attempts a minute, `settings` are fields of Rest."""

    def limiter(most: int) -> SharedLimiter:
        return SharedLimiter("test", Limiter(most / 60, most, time.monotonic))

    auth = Auth(
        signer=_SIGNER,
        passwords=passwords(),
        refresh_ttl=timedelta(days=30),
        by_address=limiter(per_address),
        by_email=limiter(per_email),
    )
    broker = MemoryBroker()
    values = {
        "largest": 262_144,
        "broker_answers": lambda: broker.here("ready"),
        "board": Board(broker, "asked", partial(figures, ("node",)), 2.0),
    } | settings
    return Rest(deps=deps, auth=auth, by_user=limiter(per_user), **values)  # type: ignore[arg-type]  # the test's own


def passwords() -> Argon2Passwords:
    """As weak as can be, so that tests are quick."""
    return Argon2Passwords(Argon2Hasher(time_cost=1, memory_cost=64))


def token_of(deps: Deps, principal: Principal) -> str:
    """An access token of that person's, as of now."""
    return _SIGNER.issue(principal, deps.now())
