"""Other issuers of access tokens that are believed, as they are configured."""

import json
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

Algorithm = Literal["HS256", "RS256", "ES256", "EdDSA"]
Kind = Literal["oct", "RSA", "EC", "OKP"]

KINDS: Final[dict[Algorithm, Kind]] = {"HS256": "oct", "RS256": "RSA", "ES256": "EC", "EdDSA": "OKP"}
"""The one kind of key that each algorithm goes with."""
_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")


class Issuer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose tokens are believed, and how their subjects are people here.

    Keys (JWKs) are given, or fetched from `jwks_url`; HS256 takes given ones only, since they are secrets. `subject`
    says what a token's person is found by: their id is its `sub`, or their address its verified `email`. What they may
    do is decided here, never by the token.

    Raises:
        ValueError: some of it does not go together.
    """

    issuer: Annotated[str, Meta(min_length=1, max_length=500)]
    audience: Annotated[str, Meta(min_length=1, max_length=500)]
    algorithms: Annotated[tuple[Algorithm, ...], Meta(min_length=1)]
    jwks_url: str = ""
    keys: tuple[dict[str, Any], ...] = ()
    subject: Literal["id", "email"] = "id"

    def __post_init__(self) -> None:
        if bool(self.jwks_url) == bool(self.keys):
            raise ValueError("an issuer has either `jwks_url` or `keys`")
        if self.jwks_url and "HS256" in self.algorithms:
            raise ValueError("HS256 needs `keys`: a secret is not fetched")
        if self.jwks_url and not _is_safe(self.jwks_url):
            raise ValueError("`jwks_url` is https://, or http:// on this machine")

    @property
    def asymmetric(self) -> bool:
        """Whether it takes more than HMAC to verify its tokens."""
        return self.algorithms != ("HS256",)


def issuers(text: str) -> object:
    """The list that a JSON text holds, or a file of that name. Raises ValueError."""
    try:
        return json.loads(text if text.lstrip().startswith("[") else Path(text).read_text())
    except OSError:
        raise ValueError("Expected a JSON list of issuers, or a file that holds one") from None
    except ValueError:
        raise ValueError("Expected a list of issuers in JSON") from None


def _is_safe(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
