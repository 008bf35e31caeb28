"""The demo's companies and people. Every password is `demo`; none of this exists unless SPIRIT_DEMO is set."""

from backend.domain.principals import Role
from backend.domain.quotation import Hotel
from backend.domain.resources.guides import Guide
from backend.services.records import Company, User

PASSWORD = "demo"  # noqa: S105 -- it is printed at the start and opens nothing real

ANDES = Company(id="andes", name="Andes Viajes")
RIO = Company(id="rio", name="Rio Grupos")
LUSO = Company(id="luso", name="Luso Travel")
COMPANIES = (ANDES, RIO, LUSO)

ACCOUNTS: tuple[tuple[str, str, Role, str | None], ...] = (
    ("admin@spirit.demo", "Inés Robles", "admin", None),
    ("ana@andes.demo", "Ana Quispe", "agent", "andes"),
    ("bruno@andes.demo", "Bruno Salas", "agent", "andes"),
    ("carla@rio.demo", "Carla Nunes", "agent", "rio"),
    ("plaza@hotel.demo", "Marta Paredes", "hotel", "plaza"),
    ("mirador@hotel.demo", "Julio Condori", "hotel", "mirador"),
    ("sol@hotel.demo", "Rosa Huamán", "hotel", "sol"),
    ("client@andes.demo", "Colegio San Martín", "client", "andes"),
    ("guide@spirit.demo", "Teo Mamani", "guide", None),
)
"""The accounts that a person logs in with: e-mail, name, role, and the company or hotel they belong to."""

BACKSTAGE: tuple[tuple[str, str, Role, str | None], ...] = (
    ("dora@luso.demo", "Dora Pinto", "agent", "luso"),
    ("client@rio.demo", "Clube Carioca", "client", "rio"),
    ("client@luso.demo", "Associação Douro", "client", "luso"),
)
"""People whom the world needs but nobody plays."""


ADMIN = "admin@spirit.demo"


def bot_email(id_: str) -> str:
    """The address with which a bot logs in for a hotel or a guide."""
    return f"{id_}@bot.demo"


def desk_of(hotel: Hotel, password_hash: str) -> User:
    """The sales desk that a bot sits at."""
    account: tuple[str, str, Role, str | None] = (bot_email(hotel.id), f"Reservas {hotel.name}", "hotel", hotel.id)
    return user_of(account, password_hash)


def guide_of(guide: Guide, password_hash: str) -> User:
    """The login of a guide for whom a bot answers."""
    return user_of((bot_email(guide.id), guide.name, "guide", None), password_hash)


def user_id_of(email: str) -> str:
    """The address's words joined."""
    return email.replace("@", "-").replace(".", "-")


def user_of(account: tuple[str, str, Role, str | None], password_hash: str) -> User:
    """The account as the directory keeps it."""
    email, name, role, place = account
    return User(
        id=user_id_of(email),
        email=email,
        name=name,
        role=role,
        password_hash=password_hash,
        company_id=place if role == "agent" else None,
        hotel_id=place if role == "hotel" else None,
        customer_of=place if role == "client" else None,
    )
