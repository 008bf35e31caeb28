"""Logging in and staying so: passwords, and refresh tokens that rotate. [S1]

A refresh token is used once. All that came from one login are a family; one that comes back used was stolen or
copied, so its family ends and everybody in it logs in again.
"""

import hashlib
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, Protocol

import msgspec
from msgspec import Meta

from backend.domain.refusals import Refusal
from backend.issuers_source import Issuer
from backend.services.deps import Deps
from backend.services.issuers import Issuers
from backend.services.limits import SharedLimiter
from backend.services.records import AuditRow, RefreshToken, User
from backend.services.standing import Ended, end_logins, principal_of, require, tell_ended
from backend.services.tokens import Session, Signer

__all__ = [
    "Auth",
    "Credentials",
    "Passwords",
    "Session",
    "Signer",
    "TokenPair",
    "authenticate",
    "login",
    "logout",
    "principal_of",
    "refresh",
]

Email = Annotated[str, Meta(min_length=3, max_length=254, pattern="^[^@\\s]+@[^@\\s]+$")]
Password = Annotated[str, Meta(min_length=1, max_length=200)]


class Passwords(Protocol):
    """A slow hash, computed off the event loop."""

    async def hash(self, password: str) -> str: ...

    async def verify(self, password: str, hashed: str | None) -> bool:
        """Takes as long, and is False, when there is no hash."""


@dataclass(frozen=True, slots=True)
class Auth:
    """What logging in needs besides `Deps`. `by_address` counts logins and failed refreshes,
    `by_email` failed logins."""

    signer: Signer
    passwords: Passwords
    refresh_ttl: timedelta
    by_address: SharedLimiter
    by_email: SharedLimiter
    issuers: Issuers = field(default_factory=Issuers)


class Credentials(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    email: Email
    password: Password


class TokenPair(msgspec.Struct, frozen=True):
    """`expires_in` is the access token's life in seconds."""

    access_token: str
    refresh_token: str
    expires_in: int


async def login(deps: Deps, auth: Auth, credentials: Credentials, address: str) -> TokenPair:
    """Tokens for the right password; every wrong one looks and lasts the same, whoever exists.

    Raises:
        Refusal: `rate.limited`, or `auth.invalid`.
    """
    email = credentials.email.lower()
    await auth.by_address.take(address)
    await auth.by_email.take(email)
    user = await deps.db.user_by_email(email)
    fits = await auth.passwords.verify(credentials.password, user.password_hash if user else None)
    if user is None or not fits or not user.active:
        _record(deps, user, "auth.login", "auth.invalid")
        raise Refusal("auth.invalid", "E-mail or password is wrong.")
    await auth.by_email.give_back(email)
    _record(deps, user, "auth.login", "ok")
    return await _pair(deps, auth, user, family=deps.new_id())


async def refresh(deps: Deps, auth: Auth, token: str, address: str) -> TokenPair:
    """New tokens for a refresh token, which is thereby used.

    Raises:
        Refusal: `rate.limited`, or `auth.invalid`; for a used token its family has ended with it.
    """
    await auth.by_address.take(address)
    before = await deps.db.use_token(_hashed(token), deps.now())
    user = await deps.db.user(before.user_id) if before else None
    if before is None:
        _record(deps, None, "auth.refresh", "auth.invalid")
        raise _not_refreshable()
    if before.used or user is None or not user.active:
        await deps.db.end_family(before.family)
        _record(deps, user, "auth.refresh", "auth.invalid")
        with suppress(Refusal):  # it is refused anyhow, and nodes look for themselves
            await tell_ended(deps, Ended(before.user_id, login=before.family))
        raise _not_refreshable()
    pair = await _pair(deps, auth, user, family=before.family)
    await auth.by_address.give_back(address)
    return pair


async def logout(deps: Deps, token: str, *, everywhere: bool = False) -> None:
    """Ends the token's family, or all of its person's, and the sessions that came of it. A token that is not valid is
    nobody's and ends nothing.

    Raises:
        Refusal: `change.pending`.
    """
    before = await deps.db.use_token(_hashed(token), deps.now())
    if before is None:
        return
    await deps.db.end_family(before.family)
    user = await deps.db.user(before.user_id)
    rights = await end_logins(deps, user) if everywhere and user else 0
    _record(deps, user, "auth.logout_everywhere" if everywhere else "auth.logout", "ok")
    await tell_ended(deps, Ended(before.user_id, rights=rights, login=before.family))


async def authenticate(deps: Deps, auth: Auth, token: str) -> Session:
    """The token's session, if its person still has the rights that it was made for. [P6]

    Raises:
        Refusal: as `Signer.verify`; `auth.revoked` for rights that have changed since.
    """

    async def find(issuer: Issuer, subject: str) -> User | None:
        by_email = issuer.subject == "email"
        return await (deps.db.user_by_email(subject) if by_email else deps.db.user(subject))

    elsewhere = await auth.issuers.session(token, deps.now(), find)
    if elsewhere is not None:
        return elsewhere
    session = auth.signer.verify(token, deps.now())
    await require(deps, session.principal)
    return session


async def _pair(deps: Deps, auth: Auth, user: User, *, family: str) -> TokenPair:
    now, refresh_token = deps.now(), secrets.token_urlsafe(32)
    await deps.db.put_token(
        RefreshToken(
            token_hash=_hashed(refresh_token), family=family, user_id=user.id, expires_at=now + auth.refresh_ttl
        )
    )
    access_token = auth.signer.issue(principal_of(user, family), now)
    return TokenPair(access_token, refresh_token, int(auth.signer.ttl.total_seconds()))


def _hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _not_refreshable() -> Refusal:
    return Refusal("auth.invalid", "The refresh token is not valid; log in again.")


def _record(deps: Deps, user: User | None, action: str, outcome: str) -> None:
    row = AuditRow(
        id=deps.new_id(),
        at=deps.now(),
        user_id=user.id if user else "",
        company_id=user.company_id if user else None,
        action=action,
        subject=f"user:{user.id}" if user else "user:unknown",
        outcome=outcome,
    )
    deps.db.record(row)
