"""Who plays: two agencies, five people of four hotels, two clients, an operator and a guide."""

from dataclasses import dataclass
from typing import Final

from backend.adapters.db import open_database
from backend.adapters.db.migrate import migrate
from backend.domain.principals import Role
from backend.domain.quotation import Hotel
from backend.services.records import Company, User
from tests.support.rest import passwords

PASSWORD: Final = "chaos-of-tests"


@dataclass(frozen=True)
class Person:
    """`place` is their company or hotel; a client's is the agency whose customer it is."""

    name: str
    role: Role
    place: str = ""

    @property
    def id(self) -> str:
        return f"person-{self.name}"

    @property
    def email(self) -> str:
        return f"{self.name}@{self.place or 'platform'}.test"


COMPANIES: Final = ("c-andes", "c-rio")
HOTELS: Final = ("hotel-plaza", "hotel-mirador", "hotel-sol", "hotel-inca")
PEOPLE: Final = {
    person.name: person
    for person in (
        Person("ines", "admin"),
        Person("ana", "agent", "c-andes"),
        Person("bruno", "agent", "c-andes"),
        Person("carla", "agent", "c-rio"),
        Person("davi", "agent", "c-rio"),
        Person("marta", "hotel", "hotel-plaza"),
        Person("pedro", "hotel", "hotel-plaza"),
        Person("julio", "hotel", "hotel-mirador"),
        Person("rosa", "hotel", "hotel-sol"),
        Person("luz", "hotel", "hotel-inca"),
        Person("colegio", "client", "c-andes"),
        Person("clube", "client", "c-rio"),
        Person("teo", "guide"),
    )
}
TABS: Final = tuple((name, tab) for name, person in PEOPLE.items() for tab in range(1 if person.role == "guide" else 2))
"""The clients: everybody has two, the guide one."""

AUTHORS: Final = ("ana", "ana", "carla")
"""Who makes the quotations, by number; each is their agency's."""


def company_of(quotation: int) -> str:
    """The agency whose quotation it is."""
    return PEOPLE[AUTHORS[quotation]].place


def client_of(quotation: int) -> Person:
    """Whom it is for."""
    return next(one for one in PEOPLE.values() if one.role == "client" and one.place == company_of(quotation))


def staff_of(hotel: str) -> list[Person]:
    return [person for person in PEOPLE.values() if person.role == "hotel" and person.place == hotel]


async def prepare(database_url: str) -> None:
    """Brings the schema up to date and writes them into it."""
    await migrate(database_url)
    database = open_database(database_url)
    await database.start()
    secret = await passwords().hash(PASSWORD)
    for company in COMPANIES:
        await database.put_company(Company(id=company, name=company.upper()))
    for hotel in HOTELS:
        await database.put_hotel(Hotel(id=hotel, name=hotel.upper(), city="Cusco"))
    for person in PEOPLE.values():
        await database.put_user(_user(person, secret))
    await database.close()


def _user(person: Person, password_hash: str) -> User:
    def if_is(role: Role) -> str | None:
        return person.place if person.role == role else None

    return User(
        id=person.id,
        email=person.email,
        name=person.name.title(),
        role=person.role,
        password_hash=password_hash,
        company_id=if_is("agent"),
        hotel_id=if_is("hotel"),
        customer_of=if_is("client"),
    )
