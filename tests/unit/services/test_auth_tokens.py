"""Access tokens: only genuine, whole and current ones speak for anybody. [S1] [S2]"""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.principals import Principal
from backend.domain.refusals import Refusal
from backend.services.tokens import Signer

SECRET = "a secret that is long enough for HS512 too, which wants at least 64 bytes"
NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
ANA = Principal(user_id="ana", role="agent", name="Ana", company_id="andes")
SIGNER = Signer(SECRET, timedelta(minutes=15))


def code_of(token: str, now: datetime = NOW) -> str:
    with pytest.raises(Refusal) as refused:
        SIGNER.verify(token, now)
    return refused.value.code


def signed(key: str = SECRET, algorithm: str = "HS256", **changes: Any) -> str:
    claims: dict[str, Any] = {
        "sub": "ana",
        "role": "admin",
        "name": "Ana",
        "iat": int(NOW.timestamp()),
        "exp": int(NOW.timestamp()) + 60,
        "iss": "spirit-tours-live",
        "aud": "spirit-tours-live",
        "jti": "x",
    } | changes
    return jwt.encode({k: v for k, v in claims.items() if v is not None}, key, algorithm=algorithm)


def test_a_token_speaks_for_whom_it_was_issued_until_it_ends() -> None:
    session = SIGNER.verify(SIGNER.issue(ANA, NOW), NOW)
    assert session.principal == ANA
    assert session.expires_at == NOW + timedelta(minutes=15)


def test_a_token_ends_at_the_second() -> None:
    token = SIGNER.issue(ANA, NOW)
    SIGNER.verify(token, NOW + timedelta(minutes=15, microseconds=-1))
    assert code_of(token, NOW + timedelta(minutes=15)) == "auth.expired"


def test_no_token_is_not_a_bad_token() -> None:
    assert code_of("") == "auth.required"


def test_alg_none_is_refused() -> None:
    def part(value: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    claims = jwt.decode(signed(), options={"verify_signature": False})
    for algorithm in ("none", "None", "NONE"):
        assert code_of(f"{part({'alg': algorithm, 'typ': 'JWT'})}.{part(claims)}.") == "auth.invalid"


def test_other_keys_and_algorithms_are_refused() -> None:
    assert code_of(signed(key="another secret of thirty-two bytes..")) == "auth.invalid"
    assert code_of(signed(algorithm="HS512")) == "auth.invalid"
    assert code_of(signed(algorithm="HS384")) == "auth.invalid"


@pytest.mark.parametrize("claim", ["sub", "role", "name", "iat", "exp", "iss", "aud", "jti"])
def test_every_claim_is_required(claim: str) -> None:
    assert code_of(signed(**{claim: None})) == "auth.invalid"


@pytest.mark.parametrize(
    "changes",
    [
        {"role": "root"},
        {"iss": "someone"},
        {"aud": "elsewhere"},
        {"sub": "../admin"},
        {"exp": "soon"},
        {"exp": 1e300},
        {"exp": -1},
        {"company": 7},
    ],
)
def test_claims_of_the_wrong_kind_are_refused(changes: dict[str, Any]) -> None:
    assert code_of(signed(**changes)) == "auth.invalid"


def test_forged_and_expired_is_forged() -> None:
    """The signature is judged first: an expiry that anybody could write means nothing."""
    assert code_of(signed(key="another secret of thirty-two bytes..", exp=1)) == "auth.invalid"
    assert code_of(signed(exp=1)) == "auth.expired"


@given(st.one_of(st.text(min_size=1), st.text(alphabet="ey.AJ0_-", min_size=1, max_size=200)))
def test_no_text_makes_it_crash(text: str) -> None:
    assert code_of(text) == "auth.invalid"


def test_a_huge_token_is_refused_unread() -> None:
    assert code_of(signed(name="x" * 100_000)) == "auth.invalid"


def test_a_short_secret_is_no_secret() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Signer("x" * 31, timedelta(minutes=1))
