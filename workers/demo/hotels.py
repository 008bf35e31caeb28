"""The demo's hotels: three with a login, the rest answered by bots."""

from decimal import Decimal

from backend.domain.quotation import Hotel

WITH_LOGIN = frozenset({"plaza", "mirador", "sol"})


def _hotel(id_: str, name: str, city: str, rating: str, km: str, capacity: int, answers: int, amenities: str) -> Hotel:
    return Hotel(
        id=id_,
        name=name,
        city=city,
        rating=Decimal(rating),
        distance_km=Decimal(km),
        capacity=capacity,
        amenities=tuple(amenities.split()),
        answer_rate=Decimal(answers),
    )


HOTELS = (
    _hotel("plaza", "Hotel Plaza Mayor", "Cusco", "4.5", "0.2", 140, 96, "wifi restaurant bar heating lift"),
    _hotel("mirador", "Mirador de San Blas", "Cusco", "4.2", "0.9", 80, 91, "wifi restaurant terrace heating"),
    _hotel("sol", "Casa del Sol", "Cusco", "3.9", "1.4", 110, 84, "wifi breakfast garden parking"),
    _hotel("valle", "Tambo del Valle", "Urubamba", "4.6", "3.5", 160, 93, "wifi restaurant pool garden parking"),
    _hotel("caliente", "Aguas Calientes Lodge", "Machu Picchu", "4.0", "0.4", 90, 78, "wifi restaurant spa"),
    _hotel("murallas", "Las Murallas", "Cartagena", "4.4", "0.5", 120, 90, "wifi pool restaurant lift"),
    _hotel("bocagrande", "Bocagrande Beach", "Cartagena", "4.1", "3.2", 260, 88, "wifi pool beach restaurant parking"),
    _hotel("getsemani", "Posada Getsemaní", "Cartagena", "3.8", "0.8", 60, 81, "wifi terrace breakfast"),
    _hotel("alfama", "Alfama Terrace", "Lisboa", "4.3", "0.7", 95, 92, "wifi restaurant terrace lift"),
    _hotel("ribeira", "Ribeira do Douro", "Porto", "4.5", "0.3", 105, 94, "wifi restaurant bar lift"),
    _hotel("boavista", "Boavista Grupos", "Porto", "3.9", "2.8", 220, 86, "wifi restaurant parking lift"),
    _hotel("nahuel", "Nahuel Huapi Lodge", "Bariloche", "4.4", "4.0", 150, 89, "wifi pool spa restaurant heating"),
    _hotel(
        "catedral", "Cerro Catedral Inn", "Bariloche", "4.0", "12.0", 180, 83, "wifi ski restaurant heating parking"
    ),
)
