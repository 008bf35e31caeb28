"""Who acts: people with a role, and the system itself."""

from typing import Literal

import msgspec

Role = Literal["admin", "agent", "hotel", "client", "guide"]
ActorKind = Literal["admin", "agent", "hotel", "client", "guide", "system"]


class Principal(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An authenticated person. Agents have a company, hotel staff a hotel, the others neither.

    `rights` counts how often the person's rights had changed when they were given these; `login` is the login that
    they came by, where there was one here.
    """

    user_id: str
    role: Role
    name: str
    company_id: str | None = None
    hotel_id: str | None = None
    rights: int = 0
    login: str | None = None


class Actor(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who caused an event, as it is kept with it."""

    kind: ActorKind
    id: str = ""
    name: str = ""
    company_id: str | None = None
    hotel_id: str | None = None


SYSTEM = Actor(kind="system", name="system")


def actor_of(principal: Principal) -> Actor:
    return Actor(
        kind=principal.role,
        id=principal.user_id,
        name=principal.name,
        company_id=principal.company_id,
        hotel_id=principal.hotel_id,
    )
