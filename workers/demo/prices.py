"""The demo's price lists and exchange rates. Each list knows the same things by the same codes, in its own currency."""

from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import NamedTuple

from backend.domain.computation.tariff import Category, GuideRate, ItemRate, Per, Rate, SalesTax, Tariff, VehicleRate
from backend.domain.money import minor_digits


class _Country(NamedTuple):
    """`dollar` is what the list takes a dollar for, `level` how dear things are, compared with the general list."""

    id: str
    name: str
    currency: str
    dollar: Decimal
    level: Decimal
    tax: tuple[str, str] | None


_GENERAL = _Country("general", "Lista general", "USD", Decimal(1), Decimal(1), None)
_COUNTRIES = (
    _Country("peru", "Perú: Cusco y el Valle", "PEN", Decimal("3.75"), Decimal("0.92"), ("IGV", "18")),
    _Country("caribe", "Colombia: Caribe", "COP", Decimal(4_000), Decimal("0.95"), ("IVA", "19")),
    _Country("portugal", "Portugal", "EUR", Decimal("0.92"), Decimal("1.4"), ("IVA", "13")),
)
_VEHICLES = (
    ("car", "Auto", 3, "70", "0.35"),
    ("van", "Van", 11, "110", "0.45"),
    ("minibus", "Minibús", 20, "170", "0.60"),
    ("midibus", "Midibús", 32, "230", "0.75"),
    ("coach", "Bus", 53, "310", "0.95"),
)
_GUIDES = (
    ("es", "local", "75"),
    ("en", "local", "85"),
    ("pt", "local", "85"),
    ("fr", "local", "95"),
    ("es", "escort", "110"),
)
_ITEMS: tuple[tuple[str, str, Category, Per, str, str | None], ...] = (
    ("entrance", "Entrada a sitio principal", "ticket", "person", "42", "21"),
    ("museum", "Museo", "ticket", "person", "9", "4.5"),
    ("train", "Tren de ida y vuelta", "ticket", "person", "118", "64"),
    ("boat", "Paseo en lancha", "ticket", "person", "24", "14"),
    ("lunch", "Almuerzo", "meal", "person", "16", "10"),
    ("dinner-show", "Cena con música", "meal", "person", "34", "22"),
    ("porterage", "Maleteros", "porterage", "person", "3", None),
    ("insurance", "Seguro de viaje", "insurance", "person", "11", None),
    ("water", "Agua", "water", "person", "1.5", None),
    ("tips", "Propinas", "tip", "group", "60", None),
    ("permit", "Permiso de grupo", "permit", "group", "90", None),
)
_QUOTED = (
    ("USD", "PEN", "3.7620"),
    ("USD", "COP", "4041.50"),
    ("EUR", "USD", "1.0873"),
    ("USD", "BRL", "5.4105"),
    ("USD", "ARS", "1432.75"),
    ("USD", "MXN", "18.3340"),
    ("USD", "CLP", "942.30"),
)


def tariffs(today: date) -> tuple[Tariff, ...]:
    """All hold from the beginning of the year on. The general one began last, so it is what is taken where no list has
    the quotation's currency."""
    year = date(today.year, 1, 1)
    return (_tariff(_GENERAL, year + timedelta(days=1)), *(_tariff(country, year) for country in _COUNTRIES))


def rates(today: date) -> tuple[Rate, ...]:
    """Of today, and of a week ago, when a dollar was worth a little more."""
    return tuple(
        Rate(base=base, quote=quote, rate=(Decimal(value) * factor).quantize(Decimal("0.0001")), on=day)
        for day, factor in ((today - timedelta(days=7), Decimal("1.004")), (today, Decimal(1)))
        for base, quote, value in _QUOTED
    )


def _tariff(country: _Country, valid_from: date) -> Tariff:
    def cost(dollars: str | None) -> Decimal:
        exact = Decimal(dollars or 0) * country.dollar * country.level
        places = Decimal(1).scaleb(-minor_digits(country.currency))
        return exact.quantize(places if country.dollar < 100 else Decimal(100), rounding=ROUND_HALF_EVEN) + 0

    return Tariff(
        id=f"{country.id}-{valid_from.year}",
        name=f"{country.name} {valid_from.year}",
        currency=country.currency,
        valid_from=valid_from,
        vehicles=tuple(
            VehicleRate(
                code=code,
                name=name,
                seats=seats,
                day=cost(day),
                km=cost(km),
                toll_km=cost("0.04"),
                parking_day=cost("12"),
            )
            for code, name, seats, day, km in _VEHICLES
        ),
        fuel_percent=Decimal(6),
        guides=tuple(
            GuideRate(language=language, kind=kind, day=cost(day), overtime_hour=cost("14"), lodged=kind == "escort")
            for language, kind, day in _GUIDES
        ),
        staff_night=cost("38"),
        staff_day=cost("22"),
        items=tuple(
            ItemRate(
                code=code,
                name=name,
                category=category,
                per=per,
                amount=cost(each),
                child=cost(child) if child else None,
            )
            for code, name, category, per, each, child in _ITEMS
        ),
        contingency_percent=Decimal(3),
        taxes=(SalesTax(name=country.tax[0], percent=Decimal(country.tax[1])),) if country.tax else (),
    )
