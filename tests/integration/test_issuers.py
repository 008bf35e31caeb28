"""Tokens of other issuers, whose keys come over HTTP and rotate. [S1] [P6]"""

import asyncio
import base64
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import msgspec
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from backend.adapters.fetching import fetch
from backend.domain.refusals import Refusal
from backend.issuers_source import Issuer as Believed
from backend.services.issuers import Issuers, Patience
from backend.services.records import User
from backend.services.standing import principal_of
from tests.support.issuer import AUDIENCE, NAME, Issuer, issuing

ANA = User(id="ana", email="ana@andes.test", name="Ana", role="agent", password_hash="", company_id="andes", rights=3)
SECRET = base64.urlsafe_b64encode(b"a secret of an issuer, of 32 bytes at least").decode().rstrip("=")


class Here:
    """This platform, which believes the issuer; `now` moves as the test says."""

    def __init__(self, issuer: Issuer, user: User = ANA, **changes: Any) -> None:
        given: dict[str, Any] = {"algorithms": ("EdDSA", "RS256"), "jwks_url": issuer.url, **changes}
        self.user = user
        self.seconds = 0.0
        believed = Believed(issuer=NAME, audience=AUDIENCE, **given)
        patience = Patience(fresh=300, again=10, kept=3_600)
        self.issuers = Issuers([believed], fetch, patience, lambda: self.seconds)

    async def accepts(self, token: str) -> str:
        """`ok`, or the code of the refusal."""
        try:
            session = await self.issuers.session(token, datetime.now(UTC), self._find)
        except Refusal as refusal:
            return refusal.code
        if session is None:
            return "not theirs"
        assert session.principal == principal_of(self.user)
        return "ok"

    async def _find(self, believed: Believed, subject: str) -> User | None:
        return self.user if subject == (self.user.email if believed.subject == "email" else self.user.id) else None


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with issuing() as issuer:
        issuer.rotate("one")
        yield issuer


async def test_keys_are_fetched_once_and_kept(issuer: Issuer) -> None:
    here = Here(issuer)
    issuer.rotate("rsa", "RS256", keep=True)
    tokens = [issuer.token("one"), issuer.token("rsa")] * 10
    assert await asyncio.gather(*map(here.accepts, tokens)) == ["ok"] * 20
    assert issuer.asked == 1


async def test_a_new_key_is_found_and_an_old_one_goes(issuer: Issuer) -> None:
    """A name that is not known is asked for, but not again and again."""
    here = Here(issuer)
    old = issuer.token("one")
    assert await here.accepts(old) == "ok"
    issuer.rotate("two")
    new = issuer.token("two")
    assert await here.accepts(new) == "auth.invalid"
    here.seconds = 10
    assert await here.accepts(new) == "ok"
    assert await here.accepts(old) == "auth.invalid"
    forged = jwt.encode({"iss": NAME}, Ed25519PrivateKey.generate(), "EdDSA", headers={"kid": "unknown"})
    assert {await here.accepts(forged) for _ in range(50)} == {"auth.invalid"}
    assert issuer.asked == 2


async def test_keys_are_good_for_a_while_without_their_issuer(issuer: Issuer) -> None:
    here = Here(issuer)
    token = issuer.token("one")
    assert await here.accepts(token) == "ok"
    issuer.away = True
    here.seconds = 3_599
    assert await here.accepts(token) == "ok"
    here.seconds = 3_600
    assert await here.accepts(token) == "auth.invalid"
    issuer.away = False
    here.seconds = 3_700
    assert await here.accepts(token) == "ok"


async def test_an_issuer_that_was_never_there_is_not_believed(issuer: Issuer) -> None:
    issuer.away = True
    assert await Here(issuer).accepts(issuer.token("one")) == "auth.invalid"


def _public_as_secret(issuer: Issuer) -> list[str]:
    """Tokens signed by HMAC with what everybody may know: the classic confusion."""
    now = int(datetime.now(UTC).timestamp())
    claims = {"iss": NAME, "aud": AUDIENCE, "sub": "ana", "iat": now, "exp": now + 60}
    public = issuer.private["one"].public_key()
    raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    known = (raw, issuer.public("one")["x"].encode())
    header = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT","kid":"one"}').decode().rstrip("=")
    unsigned = f"{header}.{issuer.token('one').split('.')[1]}."
    return [*(jwt.encode(claims, key, "HS256", headers={"kid": "one"}) for key in known), unsigned]


async def test_algorithms_are_not_confused(issuer: Issuer) -> None:
    """[S2] Nor where an issuer has keys of both kinds."""
    given = ({"kty": "oct", "k": SECRET, "kid": "hmac"}, issuer.public("one"))
    both = Here(issuer, algorithms=("HS256", "EdDSA"), jwks_url="", keys=given)
    assert await both.accepts(issuer.token("one")) == "ok"
    for here in (Here(issuer), both):
        for token in _public_as_secret(issuer):
            assert await here.accepts(token) == "auth.invalid"


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
async def test_given_secrets_verify_hmac(issuer: Issuer) -> None:
    keys = ({"kty": "oct", "k": SECRET, "kid": "hmac"}, {"kty": "oct", "k": "c2hvcnQ", "kid": "short"})
    here = Here(issuer, algorithms=("HS256",), jwks_url="", keys=keys)
    now = int(datetime.now(UTC).timestamp())
    claims = {"iss": NAME, "aud": AUDIENCE, "sub": "ana", "iat": now, "exp": now + 60}
    secret = base64.urlsafe_b64decode(SECRET + "=" * (-len(SECRET) % 4))
    assert await here.accepts(jwt.encode(claims, secret, "HS256", headers={"kid": "hmac"})) == "ok"
    assert await here.accepts(jwt.encode(claims, b"short", "HS256", headers={"kid": "short"})) == "auth.invalid"
    assert issuer.asked == 0


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"iss": "https://elsewhere.example"}, "not theirs"),
        ({"iss": None}, "not theirs"),
        ({"aud": "others"}, "auth.invalid"),
        ({"aud": None}, "auth.invalid"),
        ({"sub": "nobody"}, "auth.invalid"),
        ({"sub": None}, "auth.invalid"),
        ({"iat": None}, "auth.invalid"),
        ({"exp": 1}, "auth.expired"),
        ({"exp": None}, "auth.invalid"),
    ],
)
async def test_only_a_token_for_somebody_here_is_one(issuer: Issuer, changes: dict[str, Any], outcome: str) -> None:
    assert await Here(issuer).accepts(issuer.token("one", **changes)) == outcome


async def test_an_address_counts_if_the_issuer_verified_it(issuer: Issuer) -> None:
    here = Here(issuer, subject="email")
    for verified, outcome in ((True, "ok"), (False, "auth.invalid"), (None, "auth.invalid")):
        token = issuer.token("one", sub="whatever", email="Ana@Andes.test", email_verified=verified)
        assert await here.accepts(token) == outcome
    assert await here.accepts(issuer.token("one")) == "auth.invalid"


async def test_a_token_from_before_a_change_of_rights_is_over(issuer: Issuer) -> None:
    """[P6] It does not say what rights it is of, but when it was made."""
    now = datetime.now(UTC)
    here = Here(issuer, msgspec.structs.replace(ANA, rights_at=now))
    made = {"exp": int(now.timestamp()) + 60}
    assert await here.accepts(issuer.token("one", iat=int(now.timestamp()) - 1, **made)) == "auth.revoked"
    assert await here.accepts(issuer.token("one", iat=int((now + timedelta(seconds=1)).timestamp()), **made)) == "ok"
    out = Here(issuer, msgspec.structs.replace(ANA, active=False))
    assert await out.accepts(issuer.token("one")) == "auth.revoked"


@pytest.mark.parametrize(
    "wrong",
    [
        {"jwks_url": ""},
        {"jwks_url": "http://login.example/keys"},
        {"jwks_url": "file:///etc/passwd"},
        {"algorithms": ("HS256",)},
        {"keys": ({"kty": "oct", "k": SECRET},)},
    ],
)
def test_settings_that_do_not_go_together_are_refused(wrong: dict[str, Any]) -> None:
    given = {"algorithms": ("EdDSA",), "jwks_url": "https://login.example/keys"} | wrong
    with pytest.raises(ValueError, match=r"."):
        Believed(issuer=NAME, audience=AUDIENCE, **given)
