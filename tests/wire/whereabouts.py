"""Who is in which quotation, as a client that watches an agency's list is told."""

from typing import Any

from tests.support.client import Client

ANDES = "company:andes"
BRUNO = {"kind": "agent", "id": "bruno-andes-demo", "name": "Bruno Salas"}


def moves(client: Client, room: str) -> list[tuple[list[str], list[str]]]:
    """Who came and who went in a quotation, as told in the company's list."""
    told = [body for name, body in client.events if name == "presence.changed" and body["room"] == ANDES]
    here = [body["data"] for body in told if body["data"]["room"] == room]
    return [([person["id"] for person in data["joined"]], data["left"]) for data in here]


def there(answer: dict[str, Any], room: str) -> list[dict[str, Any]]:
    """Whom a join's ack has in the quotation."""
    return [
        {key: value for key, value in person.items() if key != "room"}
        for person in answer["presence"]
        if person["room"] == room
    ]
