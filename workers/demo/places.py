"""Where the demo's guides and vehicles are at home."""

from decimal import Decimal

from backend.domain.resources.places import Place


def _at(name: str, latitude: str, longitude: str) -> Place:
    return Place(name=name, latitude=Decimal(latitude), longitude=Decimal(longitude))


CUSCO = _at("Cusco", "-13.5319", "-71.9675")
URUBAMBA = _at("Urubamba", "-13.3047", "-72.1159")
CARTAGENA = _at("Cartagena", "10.3910", "-75.4794")
LISBOA = _at("Lisboa", "38.7223", "-9.1393")
PORTO = _at("Porto", "41.1579", "-8.6291")
BARILOCHE = _at("Bariloche", "-41.1335", "-71.3103")
