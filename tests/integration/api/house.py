"""The REST application on a database, with people of every role."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from pwdlib.hashers.argon2 import Argon2Hasher

from backend.adapters.clock import utc_now
from backend.adapters.ids import new_id
from backend.adapters.passwords import Argon2Passwords
from backend.api.app import create_app
from backend.api.context import Rest
from backend.domain.events import Rules
from backend.domain.quotation import Hotel
from backend.services.auth import Auth, principal_of
from backend.services.deps import Deps
from backend.services.limits import Limiter
from backend.services.ports import Database
from backend.services.records import Company, User
from backend.services.tokens import Signer
from rooms.memory import MemoryBroker
from tests.support.asgi import AsgiClient

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
        token = self.rest.auth.signer.issue(principal_of(self.users[name]), self.rest.deps.now())
        return self.client.with_token(token)


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
    per_address: int = 100_000,
    per_email: int = 100_000,
    per_user: int = 100_000,
    clock: Callable[[], datetime] = utc_now,
    **settings: object,
) -> House:
    """The application over the database; limits are in attempts a minute."""

    def limiter(most: int) -> Limiter:
        return Limiter(most / 60, most, time.monotonic)

    auth = Auth(
        signer=Signer("a secret of more than thirty-two bytes", timedelta(minutes=15)),
        passwords=passwords(),
        refresh_ttl=timedelta(days=30),
        by_address=limiter(per_address),
        by_email=limiter(per_email),
    )
    broker = MemoryBroker()
    values = {"largest": 262_144, "broker_answers": lambda: broker.here("ready")} | settings
    deps = Deps(db=database, now=clock, new_id=new_id, wake=lambda: None, rules=Rules(), margin_percent=Decimal(8))
    rest = Rest(deps=deps, auth=auth, by_user=limiter(per_user), **values)  # type: ignore[arg-type]  # the test's own
    return House(rest, AsgiClient(create_app(rest)), users)


def passwords() -> Argon2Passwords:
    """As weak as can be, so that tests are quick."""
    return Argon2Passwords(Argon2Hasher(time_cost=1, memory_cost=64))
