"""Logging in and out, who one is, and the demo's accounts."""

from typing import Annotated

import msgspec
from msgspec import Meta

from backend.api.bodies import converted
from backend.api.operations import Call, Operation
from backend.api.schemas import DemoAccounts, Empty, Me
from backend.domain.refusals import Refusal
from backend.services import auth
from backend.services.catalogue import person_view
from backend.services.tokens import invalid_token

DEMO_PASSWORD = "demo"  # noqa: S105 - printed at the start; there is no demo in production
DEMO_EMAILS = (
    "ana@andes.demo",
    "bruno@andes.demo",
    "carla@rio.demo",
    "plaza@hotel.demo",
    "mirador@hotel.demo",
    "sol@hotel.demo",
    "client@andes.demo",
    "guide@spirit.demo",
    "admin@spirit.demo",
)


class RefreshRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    refresh_token: Annotated[str, Meta(min_length=1, max_length=200)]


class LogoutRequest(RefreshRequest, frozen=True, forbid_unknown_fields=True):
    """`everywhere` ends all logins of the token's person."""

    everywhere: bool = False


async def _login(call: Call) -> object:
    credentials = converted(call.body, auth.Credentials)
    return await auth.login(call.rest.deps, call.rest.auth, credentials, _address(call))


async def _refresh(call: Call) -> object:
    token = converted(call.body, RefreshRequest).refresh_token
    return await auth.refresh(call.rest.deps, call.rest.auth, token, _address(call))


async def _logout(call: Call) -> object:
    asked = converted(call.body, LogoutRequest)
    await auth.logout(call.rest.deps, asked.refresh_token, everywhere=asked.everywhere)
    return {}


async def _me(call: Call) -> object:
    user = await call.rest.deps.db.user(call.who.user_id)
    if user is None:
        raise invalid_token()
    seen = person_view(user)
    return {name: seen.get(name) for name in Me.__struct_fields__}


async def _demo(call: Call) -> object:
    if not call.rest.demo:
        raise Refusal("command.unknown", "There is nothing here.")
    found = [await call.rest.deps.db.user_by_email(email) for email in DEMO_EMAILS]
    accounts = [{"email": user.email, "label": user.name, "role": user.role} for user in found if user]
    return {"accounts": accounts, "password": DEMO_PASSWORD}


def _address(call: Call) -> str:
    return call.request.client.host if call.request.client else "unknown"


OPERATIONS = (
    Operation(
        name="login",
        method="POST",
        path="/api/v1/auth/login",
        summary="Tokens for an e-mail and its password",
        tag="session",
        handler=_login,
        answer=auth.TokenPair,
        body=auth.Credentials,
        access="anyone",
    ),
    Operation(
        name="refresh",
        method="POST",
        path="/api/v1/auth/refresh",
        summary="New tokens for a refresh token, which works once",
        tag="session",
        handler=_refresh,
        answer=auth.TokenPair,
        body=RefreshRequest,
        access="anyone",
    ),
    Operation(
        name="logout",
        method="POST",
        path="/api/v1/auth/logout",
        summary="End a refresh token and all that came from the same login, its live sessions too",
        tag="session",
        handler=_logout,
        answer=Empty,
        body=LogoutRequest,
        access="anyone",
    ),
    Operation(
        name="me",
        method="GET",
        path="/api/v1/me",
        summary="Who one is",
        tag="session",
        handler=_me,
        answer=Me,
    ),
    Operation(
        name="demo",
        method="GET",
        path="/api/v1/demo",
        summary="The demo's accounts, where there is a demo",
        tag="session",
        handler=_demo,
        answer=DemoAccounts,
        access="anyone",
    ),
)
