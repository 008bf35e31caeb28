"""[S1] A person comes with somebody else's token: over REST and the socket."""

import json
from collections.abc import Iterator

import aiohttp
import pytest
import socketio

from tests.support.client import Client, connected
from tests.support.issuer import AUDIENCE, NAME, Issuer, issuing
from tests.support.server import ROOMY, TWO_STACKS, Server, running
from tests.support.wait import until


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with issuing() as issuer:
        issuer.rotate("one")
        yield issuer


@pytest.fixture(scope="module", params=TWO_STACKS)
def server(
    request: pytest.FixtureRequest, issuer: Issuer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    believed = {"issuer": NAME, "audience": AUDIENCE, "algorithms": ["EdDSA"], "subject": "email"}
    given = {"jwt_issuers": json.dumps([believed | {"jwks_url": issuer.url}]), "jwks_again": 0.1}
    with running(request.param, tmp_path_factory.mktemp("issuers"), request, **ROOMY, **given) as server:
        yield server


async def test_somebody_elses_token_opens_a_session(server: Server, issuer: Issuer) -> None:
    """As the person here whose address it has; until their rights change here."""
    ana = {"sub": "4711", "email": "ana@andes.demo", "email_verified": True}
    token = issuer.token("one", **ana)
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession() as http, http.get(f"{server.url}/api/v1/me", headers=headers) as me:
        assert (await me.json())["id"] == "ana-andes-demo"
    async with connected(server.url, token) as client:
        ready = await client.event("session.ready")
        assert ready["user"]["id"] == "ana-andes-demo"
        created = await client.command("quotation.create", title="By somebody else's token")
        assert created["quotation"]["title"] == "By somebody else's token"
        issuer.rotate(server.stack, keep=True)

        async def renewed() -> bool:
            return bool((await client.ack("session.refresh", {"token": issuer.token(server.stack, **ana)}))["ok"])

        await until(renewed, what="the new key is known")
        assert (await client.refused("session.refresh", token=await server.token("bruno"))).code == "auth.invalid"
        admin = {"Authorization": f"Bearer {await server.token('admin')}"}
        revoke = f"{server.url}/api/v1/people/ana-andes-demo/revoke"
        async with aiohttp.ClientSession() as http, http.post(revoke, headers=admin) as answer:
            assert answer.status == 200
        await client.event("session.closed", lambda body: body == {"code": "auth.revoked"})
    again = Client(server.url, issuer.token(server.stack, **ana, iat=1))
    with pytest.raises(socketio.exceptions.ConnectionError):
        await again.connect()
    assert again.refusals[0]["data"] == {"code": "auth.revoked"}
