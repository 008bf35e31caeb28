"""Logging in, staying so, and out. [S1]"""

import asyncio
from datetime import timedelta

import msgspec

from backend.adapters.clock import utc_now
from backend.services.auth import principal_of
from tests.integration.api.house import PASSWORD, Build, House
from tests.support.asgi import Answer, AsgiClient

ANA = {"email": "ana@andes.test", "password": PASSWORD}


async def refreshed(client: AsgiClient, token: str) -> Answer:
    return await client.post("/api/v1/auth/refresh", {"refresh_token": token})


async def test_a_login_gives_tokens_that_say_who_one_is(house: House) -> None:
    answer = await house.client.post("/api/v1/auth/login", ANA | {"email": "Ana@Andes.test"})
    assert answer.status == 200
    assert answer.json.keys() == {"access_token", "refresh_token", "expires_in"}
    assert answer.json["expires_in"] == 900
    assert answer.headers["cache-control"] == "no-store"
    me = await house.client.with_token(answer.json["access_token"]).get("/api/v1/me")
    assert me.json == {
        "id": "ana",
        "email": "ana@andes.test",
        "name": "Ana",
        "role": "agent",
        "company_id": "andes",
        "hotel_id": None,
    }


async def test_who_was_entered_in_capitals_logs_in_in_any_case(house: House) -> None:
    await house.rest.deps.db.put_user(msgspec.structs.replace(house.users["ana"], email="ANA@Andes.Test"))
    for email in ("ana@andes.test", "Ana@ANDES.test", "ANA@Andes.Test"):
        answer = await house.client.post("/api/v1/auth/login", ANA | {"email": email})
        assert answer.status == 200
        me = await house.client.with_token(answer.json["access_token"]).get("/api/v1/me")
        assert me.json["email"] == "ana@andes.test"


async def test_a_wrong_password_and_an_unknown_email_look_the_same(house: House) -> None:
    wrong = await house.client.post("/api/v1/auth/login", ANA | {"password": "wrong"})
    unknown = await house.client.post("/api/v1/auth/login", {"email": "nobody@andes.test", "password": PASSWORD})
    assert wrong.status == 401
    assert wrong.json["code"] == "auth.invalid"
    assert (wrong.status, wrong.headers, wrong.body) == (unknown.status, unknown.headers, unknown.body)


async def test_who_is_not_active_does_not_get_in(house: House) -> None:
    await house.rest.deps.db.put_user(msgspec.structs.replace(house.users["ana"], active=False))
    assert (await house.client.post("/api/v1/auth/login", ANA)).status == 401
    assert (await house.as_("ana").get("/api/v1/me")).json["code"] == "auth.revoked"


async def test_a_token_of_rights_that_have_changed_is_worth_nothing(house: House) -> None:
    """[P6] At the next request, not when the token ends."""
    before = house.as_("ana")
    assert (await before.get("/api/v1/me")).status == 200
    await house.rest.deps.db.put_user(msgspec.structs.replace(house.users["ana"], company_id="rio"))
    assert (await before.get("/api/v1/quotations")).json["code"] == "auth.revoked"


async def test_a_refresh_token_works_once_and_its_return_ends_the_family(house: House) -> None:
    first = (await house.client.post("/api/v1/auth/login", ANA)).json["refresh_token"]
    second = (await refreshed(house.client, first)).json["refresh_token"]
    third = (await refreshed(house.client, second)).json["refresh_token"]
    stolen = await refreshed(house.client, first)
    assert stolen.status == 401
    assert stolen.json["code"] == "auth.invalid"
    assert (await refreshed(house.client, third)).status == 401


async def test_of_two_refreshes_at_once_one_at_most_succeeds_and_nothing_of_it_lives_on(house: House) -> None:
    token = (await house.client.post("/api/v1/auth/login", ANA)).json["refresh_token"]
    answers = await asyncio.gather(*(refreshed(house.client, token) for _ in range(5)))
    won = [answer for answer in answers if answer.status == 200]
    assert len(won) <= 1
    for answer in won:
        assert (await refreshed(house.client, answer.json["refresh_token"])).status == 401


async def test_another_login_is_another_family(house: House) -> None:
    one = (await house.client.post("/api/v1/auth/login", ANA)).json["refresh_token"]
    other = (await house.client.post("/api/v1/auth/login", ANA)).json["refresh_token"]
    await refreshed(house.client, one)
    await refreshed(house.client, one)
    assert (await refreshed(house.client, other)).status == 200


async def test_a_refresh_token_ends_in_time(build: Build) -> None:
    times = [utc_now()]
    house = build(clock=lambda: times[-1])
    token = (await house.client.post("/api/v1/auth/login", ANA)).json["refresh_token"]
    times.append(times[-1] + timedelta(days=30))
    assert (await refreshed(house.client, token)).status == 401


async def test_logging_out_ends_the_family_and_is_never_refused(house: House) -> None:
    token = (await house.client.post("/api/v1/auth/login", ANA)).json["refresh_token"]
    for given in (token, token, "nobody's"):
        answer = await house.client.post("/api/v1/auth/logout", {"refresh_token": given})
        assert (answer.status, answer.json) == (200, {})
    assert (await refreshed(house.client, token)).status == 401


async def test_logins_are_limited_by_address(build: Build) -> None:
    house = build(per_address=2)
    for _ in range(2):
        await house.client.post("/api/v1/auth/login", ANA)
    limited = await house.client.post("/api/v1/auth/login", ANA)
    assert limited.status == 429
    assert limited.json["code"] == "rate.limited"
    assert int(limited.headers["retry-after"]) == 30
    elsewhere = AsgiClient(house.client.app, address="192.0.2.8")
    assert (await elsewhere.post("/api/v1/auth/login", ANA)).status == 200


async def test_failed_logins_are_limited_by_account_and_good_ones_are_not(build: Build) -> None:
    house = build(per_email=2)
    for _ in range(4):
        assert (await house.client.post("/api/v1/auth/login", ANA)).status == 200
    for _ in range(2):
        await house.client.post("/api/v1/auth/login", ANA | {"password": "wrong"})
    assert (await house.client.post("/api/v1/auth/login", ANA)).status == 429
    assert (await house.client.post("/api/v1/auth/login", {**ANA, "email": "bruno@andes.test"})).status == 200


async def test_a_refresh_that_works_is_not_counted_by_address(build: Build) -> None:
    house = build(per_address=2)
    token = (await house.client.post("/api/v1/auth/login", ANA)).json["refresh_token"]
    for _ in range(5):
        answer = await refreshed(house.client, token)
        assert answer.status == 200
        token = answer.json["refresh_token"]


async def test_after_login_a_bucket_belongs_to_one_user(build: Build) -> None:
    """[S2] [P2] One user's haste is nobody else's wait."""
    house = build(per_user=2)
    answers = [await house.as_("ana").get("/api/v1/me") for _ in range(3)]
    assert [answer.status for answer in answers] == [200, 200, 429]
    assert (await house.as_("bruno").get("/api/v1/me")).status == 200


async def test_without_a_good_token_nothing_is_said(house: House) -> None:
    for header in ("", "Basic YTpi", "Bearer", "Bearer x.y.z", "bearer " + "A" * 10_000):
        answer = await house.client.get("/api/v1/quotations", authorization=header)
        assert answer.status == 401
        assert answer.json["code"] in ("auth.required", "auth.invalid")
        assert answer.headers["www-authenticate"] == "Bearer"


async def test_an_expired_token_says_so(house: House) -> None:
    past = house.rest.deps.now() - timedelta(hours=1)
    token = house.rest.auth.signer.issue(principal_of(house.users["ana"]), past)
    assert (await house.client.with_token(token).get("/api/v1/me")).json["code"] == "auth.expired"


async def test_logins_leave_audit_rows_without_a_secret(house: House) -> None:
    await house.client.post("/api/v1/auth/login", ANA)
    await house.client.post("/api/v1/auth/login", ANA | {"password": "wrong"})
    rows = (await house.as_("admin").get("/api/v1/audit")).json["items"]
    logins = [row for row in rows if row["action"] == "auth.login"]
    assert [row["outcome"] for row in logins] == ["auth.invalid", "ok"]
    assert PASSWORD not in str(rows)
    assert "wrong" not in str(rows)


async def test_the_demo_is_there_only_where_there_is_a_demo(build: Build) -> None:
    assert (await build().client.get("/api/v1/demo")).json["code"] == "command.unknown"
    there = await build(demo=True).client.get("/api/v1/demo")
    assert there.json == {"accounts": [], "password": "demo"}
