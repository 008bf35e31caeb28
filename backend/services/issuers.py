"""Access tokens of other issuers: their keys, which rotate, and whom they speak for here. [P6] [S1]

A token says who issued it; that picks the issuer's settings, and only their algorithms and keys verify it. A key goes
with one algorithm by its kind, so that no public key is ever taken for a secret.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Final

import jwt
import msgspec
import structlog
from jwt.types import Options
from msgspec import Meta

from backend.domain.refusals import Refusal, revoked
from backend.issuers_source import KINDS, Issuer
from backend.services.records import User
from backend.services.standing import principal_of
from backend.services.tokens import LONGEST, Session, invalid_token

_MOST_KEYS: Final = 100
_SHORTEST_SECRET: Final = 32
_CHECKED: Options = {"require": ["sub", "iat", "exp", "iss", "aud"], "verify_exp": False, "verify_iat": False}
_log = structlog.get_logger(__name__)

Fetch = Callable[[str], Awaitable[bytes]]
"""What stands at a URL. Raises whatever it may."""
Find = Callable[[Issuer, str], Awaitable[User | None]]
"""The person whom an issuer's subject is."""


class Patience(msgspec.Struct, frozen=True):
    """Seconds: after which fetched keys are fetched again, between two fetches at least, and for which they are good
    if no fetch succeeds."""

    fresh: float = 300.0
    again: float = 10.0
    kept: float = 3_600.0


class _Claims(msgspec.Struct, frozen=True):
    sub: Annotated[str, Meta(min_length=1, max_length=200)]
    iat: Annotated[float, Meta(ge=0, le=253_402_300_799)]
    exp: Annotated[float, Meta(ge=0, le=253_402_300_799)]
    email: str = ""
    email_verified: bool = False


class _Claimed(msgspec.Struct, frozen=True):
    iss: str = ""


class _Keys(msgspec.Struct, frozen=True):
    keys: list[dict[str, Any]]


class KeySet:
    """One issuer's keys. `clock` gives seconds that only rise."""

    def __init__(self, issuer: Issuer, fetch: Fetch, patience: Patience, clock: Callable[[], float]) -> None:
        self._issuer = issuer
        self._fetch = fetch
        self._patience = patience
        self._clock = clock
        self._known = _usable(issuer, issuer.keys)
        self._fetched_at: float | None = None
        self._tried_at: float | None = None
        self._fetching: asyncio.Task[None] | None = None

    async def find(self, key_id: str | None, algorithm: str) -> jwt.PyJWK | None:
        """The key that a token names; without a name the issuer's only one for the algorithm."""
        if self._issuer.jwks_url and self._wanting(key_id):
            await self._fetched()
        if self._issuer.jwks_url and not self._younger_than(self._patience.kept):
            return None
        if key_id is not None:
            return self._known.get((key_id, algorithm))
        fitting = [key for (_, its), key in self._known.items() if its == algorithm]
        return fitting[0] if len(fitting) == 1 else None

    def _wanting(self, key_id: str | None) -> bool:
        known = key_id is None or any(name == key_id for name, _ in self._known)
        if known and self._younger_than(self._patience.fresh):
            return False
        return self._tried_at is None or self._clock() - self._tried_at >= self._patience.again

    def _younger_than(self, seconds: float) -> bool:
        return self._fetched_at is not None and self._clock() - self._fetched_at < seconds

    async def _fetched(self) -> None:
        """Fetches once for all who wait."""
        if self._fetching is None:
            self._fetching = asyncio.create_task(self._fetch_now())
        await asyncio.shield(self._fetching)

    async def _fetch_now(self) -> None:
        try:
            found = msgspec.json.decode(await self._fetch(self._issuer.jwks_url), type=_Keys)
            self._known = _usable(self._issuer, found.keys)
            self._fetched_at = self._clock()
        except Exception as failure:  # whatever a network and somebody else's server may do
            _log.warning("keys could not be fetched", issuer=self._issuer.issuer, failure=type(failure).__name__)
        finally:
            self._tried_at = self._clock()
            self._fetching = None


class Issuers:
    """The issuers believed besides this platform."""

    def __init__(
        self,
        known: Collection[Issuer] = (),
        fetch: Fetch | None = None,
        patience: Patience | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._known: Mapping[str, tuple[Issuer, KeySet]] = {
            one.issuer: (one, KeySet(one, fetch or _fetch_nothing, patience or Patience(), clock)) for one in known
        }

    async def session(self, token: str, now: datetime, find: Find) -> Session | None:
        """For whom one of their tokens speaks, with the rights that the person has now; None if it is no token of
        theirs.

        Raises:
            Refusal: `auth.expired`, `auth.invalid`, or `auth.revoked` for one from before the person's rights changed.
        """
        found = self._known.get(_claimed_issuer(token)) if self._known and len(token) <= LONGEST else None
        if found is None:
            return None
        issuer, keys = found
        claims = await _genuine(token, issuer, keys)
        expires_at = datetime.fromtimestamp(claims.exp, UTC)
        if expires_at <= now:
            raise Refusal("auth.expired", "The access token has expired.")
        user = await find(issuer, _subject(issuer, claims))
        if user is None:
            raise invalid_token()
        if not user.active or (user.rights_at and datetime.fromtimestamp(claims.iat, UTC) < user.rights_at):
            raise revoked()
        return Session(principal_of(user), expires_at)


async def _genuine(token: str, issuer: Issuer, keys: KeySet) -> _Claims:
    try:
        header = jwt.get_unverified_header(token)
        algorithm, key_id = header.get("alg"), header.get("kid")
        if algorithm not in issuer.algorithms:
            raise invalid_token()
        key = await keys.find(key_id, str(algorithm))
        if key is None:
            raise invalid_token()
        payload = jwt.decode(
            token, key, algorithms=[algorithm], audience=issuer.audience, issuer=issuer.issuer, options=_CHECKED
        )
        return msgspec.convert(payload, _Claims)
    except (jwt.PyJWTError, msgspec.ValidationError, ValueError):
        raise invalid_token() from None


def _subject(issuer: Issuer, claims: _Claims) -> str:
    if issuer.subject == "id":
        return claims.sub
    if not claims.email_verified or not claims.email:
        raise invalid_token()
    return claims.email.lower()


def _claimed_issuer(token: str) -> str:
    """Who a token says issued it, which is nothing to believe yet."""
    try:
        return msgspec.convert(jwt.decode(token, options={"verify_signature": False}), _Claimed).iss
    except (jwt.PyJWTError, msgspec.ValidationError, ValueError):
        return ""


def _usable(issuer: Issuer, keys: Collection[Mapping[str, Any]]) -> dict[tuple[str, str], jwt.PyJWK]:
    """By their names and algorithms, those keys that the issuer's algorithms go with."""
    found: dict[tuple[str, str], jwt.PyJWK] = {}
    for key in list(keys)[:_MOST_KEYS]:
        for algorithm in issuer.algorithms:
            made = _key(key, algorithm) if _fits(key, algorithm) else None
            if made is not None:
                found[str(key.get("kid", "")), algorithm] = made
    return found


def _fits(key: Mapping[str, Any], algorithm: str) -> bool:
    kind = next(kind for name, kind in KINDS.items() if name == algorithm)
    return key.get("kty") == kind and key.get("use", "sig") == "sig" and key.get("alg", algorithm) == algorithm


def _key(key: Mapping[str, Any], algorithm: str) -> jwt.PyJWK | None:
    try:
        made = jwt.PyJWK(dict(key), algorithm)
    except (jwt.PyJWTError, ValueError, TypeError, KeyError):
        return None
    if algorithm == "HS256" and len(made.key) < _SHORTEST_SECRET:
        return None
    return made


async def _fetch_nothing(_: str) -> bytes:
    raise OSError("nothing is fetched here")
