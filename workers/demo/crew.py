"""The demo's guides and vehicles; one of the guides is a named account, bots answer for the others."""

from datetime import date, timedelta
from decimal import Decimal

from backend.domain.resources.guides import Certificate, Guide, Level, Spoken
from backend.domain.resources.places import Place
from backend.domain.resources.vehicles import Vehicle
from workers.demo.people import bot_email, user_id_of
from workers.demo.places import BARILOCHE, CARTAGENA, CUSCO, LISBOA, PORTO, URUBAMBA

BOT_GUIDES = ("nilda", "saul", "noemi", "edilia", "alcides", "graca", "duarte", "pehuen", "marisol")
"""For whom bots answer."""

_LEVELS: dict[str, Level] = {"+": "native", "": "fluent", "-": "basic"}


def guides(today: date) -> tuple[Guide, ...]:
    """Their licences are good for a year or two; one's first aid runs out soon."""

    def guide(
        id_: str,
        name: str,
        home: Place,
        languages: str,
        skills: str,
        rating: str,
        *,
        kind: str = "local",
        aid: int = 400,
    ) -> Guide:
        return Guide(
            id=id_,
            name=name,
            kind=kind,
            user_id=user_id_of(bot_email(id_) if id_ in BOT_GUIDES else "guide@spirit.demo"),
            languages=tuple(Spoken(language=one[:2], level=_LEVELS[one[2:]]) for one in languages.split()),
            skills=tuple(skills.split(", ")),
            certificates=(
                Certificate(name="Licencia oficial", expires=today + timedelta(days=730)),
                Certificate(name="Primeros auxilios", expires=today + timedelta(days=aid)),
            ),
            rating=Decimal(rating),
            home=home,
        )

    return (
        guide("teo", "Teo Mamani", CUSCO, "es+ en", "arqueología, montaña, grupos escolares", "4.8"),
        guide("nilda", "Nilda Ccori", CUSCO, "es+ en pt-", "arqueología, adultos mayores", "4.6"),
        guide("saul", "Saúl Huallpa", URUBAMBA, "es+ fr", "aves, textiles, caminatas", "4.3", aid=60),
        guide("noemi", "Noemí Barrios", CUSCO, "es+ pt", "grupos escolares, gastronomía", "4.1"),
        guide("edilia", "Edilia Pombo", CARTAGENA, "es+ en", "historia colonial, gastronomía", "4.7"),
        guide("alcides", "Alcides Teherán", CARTAGENA, "es+ pt", "náutica, grupos escolares", "4.0"),
        guide("graca", "Graça Leitão", LISBOA, "pt+ es en", "azulejos, música", "4.9"),
        guide("duarte", "Duarte Seixas", PORTO, "pt+ en fr-", "vino, peregrinaciones", "4.5"),
        guide("pehuen", "Pehuén Antilef", BARILOCHE, "es+ en", "montaña, nieve", "4.4"),
        guide("marisol", "Marisol Verdú", CUSCO, "es+ en pt", "logística, adultos mayores", "4.6", kind="escort"),
    )


def _vehicle(id_: str, name: str, class_: str, seats: int, home: Place, **more: int | bool | str) -> Vehicle:
    plain = {"id": id_, "name": name, "vehicle_class": class_, "seats": seats, "home": home, "average_kmh": 45}
    return Vehicle(**(plain | more))  # type: ignore[arg-type]  # mypy reads no fields out of a dict


VEHICLES = (
    _vehicle("andino-1", "Andino 1", "coach", 44, CUSCO, carrier="Transportes Andino", drivers=2, plate="X1A-744"),
    _vehicle("andino-2", "Andino 2", "midibus", 30, CUSCO, carrier="Transportes Andino", plate="X2B-130"),
    _vehicle("andino-3", "Andino 3", "minibus", 19, CUSCO, carrier="Transportes Andino", plate="X3C-219"),
    _vehicle("valle-1", "Valle Sagrado 1", "minibus", 19, URUBAMBA, carrier="Móvil Valle", accessible=True),
    _vehicle("valle-2", "Valle Sagrado 2", "van", 11, URUBAMBA, carrier="Móvil Valle"),
    _vehicle("heroica", "La Heroica", "coach", 40, CARTAGENA, carrier="Caribe Buses", plate="TZK 402", average_kmh=55),
    _vehicle("bahia", "Bahía", "minibus", 20, CARTAGENA, carrier="Caribe Buses", plate="TZK 117", average_kmh=55),
    _vehicle("tejo", "Tejo", "coach", 53, LISBOA, carrier="Rota Atlântica", drivers=2, average_kmh=75),
    _vehicle("douro", "Douro", "midibus", 28, PORTO, carrier="Rota Atlântica", average_kmh=75, accessible=True),
    _vehicle("catedral-bus", "Catedral", "midibus", 32, BARILOCHE, carrier="Lagos del Sur"),
    _vehicle("campanario", "Campanario", "van", 12, BARILOCHE, carrier="Lagos del Sur"),
)
