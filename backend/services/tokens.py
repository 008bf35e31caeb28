"""Access tokens: signed, short-lived, and the same for REST and the socket."""

import base64
import secrets
from datetime import UTC, datetime, timedelta
from typing import Annotated

import jwt
import msgspec
from jwt.types import Options
from msgspec import Meta

from backend.domain.principals import Principal, Role
from backend.domain.refusals import Refusal
from backend.domain.terms import Id

_ALGORITHM = "HS256"
_ISSUER = "spirit-tours-live"
_AUDIENCE = "spirit-tours-live"
LONGEST = 4_096
"""Characters of a token that is looked at."""
_CHECKED: Options = {"require": ["sub", "iat", "exp", "iss", "aud", "jti"], "verify_exp": False, "verify_iat": False}


class Session(msgspec.Struct, frozen=True):
    """Who a valid access token speaks for, and until when."""

    principal: Principal
    expires_at: datetime


class _Claims(msgspec.Struct, frozen=True, omit_defaults=True):
    sub: Id
    role: Role
    name: str
    iat: int
    exp: Annotated[int, Meta(ge=0, le=253_402_300_799)]
    jti: Id
    company: Id | None = None
    hotel: Id | None = None
    rights: int = 0
    login: Id | None = None
    iss: str = _ISSUER
    aud: str = _AUDIENCE


class Signer:
    """Signs and verifies access tokens with one secret; `ttl` is the life of those that it issues."""

    def __init__(self, secret: str, ttl: timedelta) -> None:
        if len(secret.encode()) < 32:
            raise ValueError("a signing secret has at least 32 bytes")
        self._secret = secret
        # As a JWK it is prepared once; as a string PyJWT would look at it anew for each token.
        key = base64.urlsafe_b64encode(secret.encode()).rstrip(b"=").decode()
        self._key = jwt.PyJWK({"kty": "oct", "k": key}, _ALGORITHM)
        self.ttl = ttl

    def issue(self, principal: Principal, now: datetime) -> str:
        claims = _Claims(
            sub=principal.user_id,
            role=principal.role,
            name=principal.name,
            company=principal.company_id,
            hotel=principal.hotel_id,
            rights=principal.rights,
            login=principal.login,
            iat=int(now.timestamp()),
            exp=int((now + self.ttl).timestamp()),
            jti=secrets.token_urlsafe(12),
        )
        payload = {**msgspec.to_builtins(claims), "iss": claims.iss, "aud": claims.aud}
        return jwt.encode(payload, self._secret, algorithm=_ALGORITHM)

    def verify(self, token: str, now: datetime) -> Session:
        """Whom the token speaks for.

        Raises:
            Refusal: `auth.required` for none, `auth.expired` for a genuine one that is over, else `auth.invalid`.
        """
        if not token:
            raise Refusal("auth.required", "Log in first.")
        claims = self._genuine(token)
        expires_at = datetime.fromtimestamp(claims.exp, UTC)
        if expires_at <= now:
            raise Refusal("auth.expired", "The access token has expired.")
        return Session(_principal(claims), expires_at)

    def _genuine(self, token: str) -> _Claims:
        if len(token) > LONGEST:
            raise invalid_token()
        try:
            payload = jwt.decode(
                token, self._key, algorithms=[_ALGORITHM], audience=_AUDIENCE, issuer=_ISSUER, options=_CHECKED
            )
            return msgspec.convert(payload, _Claims)
        except (jwt.PyJWTError, msgspec.ValidationError, ValueError):
            raise invalid_token() from None


def invalid_token() -> Refusal:
    return Refusal("auth.invalid", "The access token is not valid.")


def _principal(claims: _Claims) -> Principal:
    return Principal(
        user_id=claims.sub,
        role=claims.role,
        name=claims.name,
        company_id=claims.company,
        hotel_id=claims.hotel,
        rights=claims.rights,
        login=claims.login,
    )
