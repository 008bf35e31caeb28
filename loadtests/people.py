"""Who connects: hotels, agents of several agencies, clients, one operator, and spectators of announcements.

Everybody is made from a number, so that every process knows everybody without being told. Their tokens are signed
with the deployment's own secret, in the format that its login issues.
"""

import secrets
import time
from dataclasses import dataclass
from typing import NamedTuple

import jwt
import orjson

NAME = "spirit-tours-live"
"""Issuer and audience of access tokens."""
TEAM = ("agent", "agent", "hotel", "hotel", "hotel", "client")
"""The people around one quotation."""
QUOTATIONS_PER_AGENCY = 5
ADMIN = 0


class Person(NamedTuple):
    """One login. `company` is an agent's, `hotel` a hotel's staff's, `customer_of` a client's agency."""

    id: str
    role: str
    name: str
    company: str | None = None
    hotel: str | None = None
    customer_of: str | None = None


@dataclass(frozen=True, slots=True)
class Population:
    """So many people: number 0 is the operator, then follow the teams of `quotations`, then spectators."""

    size: int
    quotations: int

    def __post_init__(self) -> None:
        if self.spectators < 0:
            raise ValueError(f"{self.quotations} quotations take more than {self.size} people")

    @property
    def active(self) -> int:
        """The operator and the teams: the numbers below this."""
        return 1 + self.quotations * len(TEAM)

    @property
    def spectators(self) -> int:
        return self.size - self.active

    def person(self, number: int) -> Person:
        if number == ADMIN:
            return Person("load-admin", "admin", "Load operator")
        if number >= self.active:
            return Person(f"load-spectator-{number}", "client", f"Load spectator {number}", customer_of=_agency(0))
        quotation, place = divmod(number - 1, len(TEAM))
        role, agency = TEAM[place], _agency(quotation)
        return Person(
            id=f"load-{role}-{number}",
            role=role,
            name=f"Load {role} {number}",
            company=agency if role == "agent" else None,
            hotel=f"load-hotel-{number}" if role == "hotel" else None,
            customer_of=agency if role == "client" else None,
        )

    def team(self, quotation: int) -> tuple[int, ...]:
        """The numbers of the people around a quotation, in the order of `TEAM`."""
        first = 1 + quotation * len(TEAM)
        return tuple(range(first, first + len(TEAM)))


def population(size: int, quotations: int | None = None) -> Population:
    """By default one quotation per fifty people: 4% agents, 6% hotels, 2% their clients, the rest spectators."""
    return Population(size, min(size // 50, (size - 1) // len(TEAM)) if quotations is None else quotations)


def token(person: Person, secret: str, ttl: float) -> str:
    """An access token that lasts `ttl` seconds."""
    now = int(time.time())
    claims = {
        "sub": person.id,
        "role": person.role,
        "name": person.name,
        "company": person.company,
        "hotel": person.hotel,
        "iat": now,
        "exp": now + int(ttl),
        "jti": secrets.token_urlsafe(12),
        "iss": NAME,
        "aud": NAME,
    }
    return jwt.encode({name: value for name, value in claims.items() if value is not None}, secret, algorithm="HS256")


def auth(person: Person, secret: str, ttl: float) -> bytes:
    """The payload of a Socket.IO CONNECT."""
    return orjson.dumps({"token": token(person, secret, ttl)})


def _agency(quotation: int) -> str:
    return f"load-agency-{quotation // QUOTATIONS_PER_AGENCY}"
