"""One item of each kind of the catalogue, for tests that need one."""

from datetime import date
from decimal import Decimal
from typing import Any, Final

from backend.domain.computation.tariff import GuideRate, Rate, Tariff, VehicleRate
from backend.domain.resources.catalogue import id_of, kind_of
from backend.domain.resources.guides import Guide, Spoken
from backend.domain.resources.places import Place
from backend.domain.resources.templates import Profile, Template, TemplateDay
from backend.domain.resources.vehicles import Vehicle
from backend.services.ports import Catalogue

TARIFF: Final = Tariff(
    id="cusco-2027",
    name="Cusco 2027",
    currency="PEN",
    valid_from=date(2027, 1, 1),
    vehicles=(VehicleRate(code="minibus", name="Minibus", seats=19, day=Decimal(650), km=Decimal("2.4")),),
    guides=(GuideRate(language="es", day=Decimal(280)),),
)
ITEMS: Final = (
    Guide(id="teo", name="Teo Mamani", languages=(Spoken(language="es", level="native"),), home=Place(name="Cusco")),
    Vehicle(id="bus", name="Sprinter 19", vehicle_class="minibus", seats=19),
    TARIFF,
    Rate(base="USD", quote="PEN", rate=Decimal("3.78"), on=date(2026, 11, 20)),
    Template(id="valle", name="Valle Sagrado", destination="Cusco", days=(TemplateDay(title="Písac"),)),
    Profile(id="school", name="Colegio", pax_from=25, pax_to=45, guide_certificates=("Primeros auxilios",)),
)


async def catalogued(database: Catalogue) -> dict[str, Any]:
    """Puts them there; their ids by the names that paths have for them, with a hotel's and a month."""
    for item in ITEMS:
        assert await database.put_item(item, None)
    return {f"{kind_of(item)}_id": id_of(item) for item in ITEMS} | {"hotel_id": "plaza", "month": "2027-03"}
