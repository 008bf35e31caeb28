"""The REST application on a database, with people of every role."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from backend.adapters.clock import utc_now
from backend.adapters.gateways.local import LocalGateway
from backend.adapters.ids import new_id
from backend.api.app import create_app
from backend.api.context import Rest
from backend.domain.events import Rules
from backend.domain.quotation import Hotel
from backend.services.auth import principal_of
from backend.services.deps import Deps
from backend.services.payment_ports import Gateway
from backend.services.payments import webhook
from backend.services.ports import Database
from backend.services.records import Company, User
from tests.support.asgi import AsgiClient
from tests.support.printing import documents
from tests.support.reacting import react_to_all
from tests.support.rest import passwords, rest, token_of

PASSWORD = "correct horse"
PEOPLE = (
    ("admin", "admin@spirit.test", "admin", {}),
    ("ana", "ana@andes.test", "agent", {"company_id": "andes"}),
    ("bruno", "bruno@andes.test", "agent", {"company_id": "andes"}),
    ("carla", "carla@rio.test", "agent", {"company_id": "rio"}),
    ("plaza", "plaza@hotel.test", "hotel", {"hotel_id": "plaza"}),
    ("mirador", "mirador@hotel.test", "hotel", {"hotel_id": "mirador"}),
    ("client", "client@andes.test", "client", {"customer_of": "andes"}),
    ("guide", "guide@spirit.test", "guide", {}),
)


@dataclass
class House:
    """The application and its people."""

    rest: Rest
    client: AsgiClient
    users: dict[str, User]

    def as_(self, name: str) -> AsgiClient:
        """A client logged in as somebody."""
        return self.client.with_token(token_of(self.rest.deps, principal_of(self.users[name])))

    async def settle(self) -> None:
        """Does what the relay would: hands the events to the reactions and empties the outbox."""
        await react_to_all(self.rest.deps)


Build = Callable[..., House]


async def furnish(database: Database) -> dict[str, User]:
    """Puts companies, hotels and people into it; the people by name."""
    hashed = await passwords().hash(PASSWORD)
    users = {
        name: User(id=name, email=email, name=name.title(), role=role, password_hash=hashed, **belongs)
        for name, email, role, belongs in PEOPLE
    }
    for company in ("andes", "rio"):
        await database.put_company(Company(id=company, name=company.title()))
    for hotel in ("plaza", "mirador", "sol"):
        await database.put_hotel(Hotel(id=hotel, name=hotel.title(), city="Cusco"))
    for user in users.values():
        await database.put_user(user)
    return users


def build_house(
    database: Database,
    users: dict[str, User],
    *,
    clock: Callable[[], datetime] = utc_now,
    **settings: Any,
) -> House:
    """The application over the database; `settings` are those of `tests.support.rest`."""
    gateways: dict[str, Gateway] = {}
    deps = Deps(
        db=database,
        now=clock,
        new_id=new_id,
        wake=lambda: None,
        rules=Rules(),
        margin_percent=Decimal(8),
        documents=documents(),
        gateways=gateways,
    )
    gateways["local"] = LocalGateway(database, b"a secret of tests", partial(webhook, deps))
    built = rest(deps, **settings)
    return House(built, AsgiClient(create_app(built)), users)
