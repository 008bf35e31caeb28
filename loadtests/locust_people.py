"""Whom Locust's users log in as.

With SPIRIT_JWT_SECRET they are the people of `python -m loadtests.seeding LOAD_PEOPLE`, with tokens signed here, each
user a person of its own. Without, they share the demo's accounts, which log in by REST: enough for `make run`.
"""

import os
import time
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import requests

from loadtests.people import ADMIN, TEAM, population, token

TTL = 900.0
_DEMO = {
    "admin": ("admin@spirit.demo",),
    "agent": ("ana@andes.demo", "bruno@andes.demo", "carla@rio.demo"),
    "hotel": ("plaza@hotel.demo", "mirador@hotel.demo", "sol@hotel.demo"),
    "client": ("client@andes.demo",),
    "spectator": ("client@andes.demo", "guide@spirit.demo"),
}
_DEMO_HOTELS = ("plaza", "mirador", "sol")
_DEMO_CLIENTS = {"ana@andes.demo": "client-andes-demo", "bruno@andes.demo": "client-andes-demo"}


class Login(NamedTuple):
    """A person to be. `token()` gives a valid access token; an agent has hotels to invite and maybe a client."""

    name: str
    token: Callable[[], str]
    hotels: tuple[str, ...] = ()
    client: str | None = None


def person(role: str, number: int, host: str) -> Login:
    """The number-th user of a role, which may also be `spectator`; beyond the last they begin again."""
    secret = os.environ.get("SPIRIT_JWT_SECRET")
    return _seeded(role, number, secret) if secret else _demo(role, number, host)


def _seeded(role: str, number: int, secret: str) -> Login:
    people = population(int(os.environ.get("LOAD_PEOPLE", "1000")))
    if role == "admin":
        index = ADMIN
    elif role == "spectator":
        index = people.active + number % people.spectators
    else:
        places = [place for place, member in enumerate(TEAM) if member == role]
        quotation, place = divmod(number, len(places))
        index = people.team(quotation % people.quotations)[places[place]]
    who = people.person(index)
    team = [people.person(one) for one in people.team((index - 1) // len(TEAM))] if role == "agent" else []
    return Login(
        name=who.id,
        token=lambda: token(who, secret, TTL),
        hotels=tuple(one.hotel for one in team if one.hotel),
        client=next((one.id for one in team if one.role == "client"), None),
    )


def _demo(role: str, number: int, host: str) -> Login:
    email = _DEMO[role][number % len(_DEMO[role])]
    return Login(
        email, lambda: _logged_in(host, email, int(time.time() / (TTL / 2))), _DEMO_HOTELS, _DEMO_CLIENTS.get(email)
    )


@lru_cache(maxsize=64)
def _logged_in(host: str, email: str, _period: int) -> str:
    """One login of each account every so often: logins of one address are limited."""
    answer = requests.post(f"{host}/api/v1/auth/login", json={"email": email, "password": "demo"}, timeout=30)
    answer.raise_for_status()
    return str(answer.json()["access_token"])
