"""Who sees whom in a room, and what of what they do."""

from typing import Any

from tests.support.client import Client
from tests.support.server import Server
from tests.wire.stories import draft, published

SIGNALS = ("presence.changed", "focus.changed", "typing.changed")


def _signals(client: Client, room: str) -> list[tuple[str, Any]]:
    return [(name, body) for name, body in client.events if name in SIGNALS and body["room"] == room]


def _names(people: list[dict[str, Any]]) -> set[str]:
    return {person["name"] for person in people}


async def _both_in(ana: Client, other: Client, room: str) -> None:
    """Both join, and the first is told of the second: who comes with something in focus is told of as one thing."""
    await ana.join(room)
    await other.join(room)
    await ana.event("presence.changed", lambda body: body["room"] == room and body["data"]["joined"])


async def test_colleagues_see_each_other_come_and_go(live_server: Server) -> None:
    """The ack has who is there; `presence.changed` has who comes and, at once, who leaves."""
    async with live_server.clients("ana", "bruno") as (ana, bruno):
        room = f"quotation:{await draft(ana)}"
        assert _names((await ana.join(room))["presence"]) == {"Ana Quispe"}
        assert _names((await bruno.join(room))["presence"]) == {"Ana Quispe", "Bruno Salas"}
        came = await ana.event("presence.changed", lambda body: body["data"]["joined"])
        assert came["data"]["joined"] == [{"kind": "agent", "id": "bruno-andes-demo", "name": "Bruno Salas"}]
        assert "seq" not in came
        assert "epoch" not in came
        await bruno.command("room.leave", room=room)
        left = await ana.event("presence.changed", lambda body: body["data"]["left"])
        assert left["data"]["left"] == ["bruno-andes-demo"]


async def test_focus_and_typing_reach_colleagues(live_server: Server) -> None:
    """They say who and what; an end is told as well."""
    async with live_server.clients("ana", "bruno") as (ana, bruno):
        room = f"quotation:{await draft(ana)}"
        await _both_in(ana, bruno, room)
        await bruno.command("presence.update", room=room, focus="rooms.double", typing=True)
        focus = await ana.event("focus.changed", lambda body: body["room"] == room)
        assert focus["by"] == {"kind": "agent", "id": "bruno-andes-demo", "name": "Bruno Salas"}
        assert focus["data"] == {"focus": "rooms.double"}
        typing = await ana.event("typing.changed", lambda body: body["room"] == room)
        assert typing["data"] == {"typing": True}
        await bruno.command("presence.update", room=room, focus=None, typing=False)
        await ana.event("focus.changed", lambda body: body["room"] == room and body["data"] == {"focus": None})


async def test_a_later_joiner_is_told_what_is_in_focus(live_server: Server) -> None:
    """The ack's presence has it."""
    async with live_server.clients("ana", "bruno") as (ana, bruno):
        room = f"quotation:{await draft(ana)}"
        await ana.join(room)
        await ana.command("presence.update", room=room, focus="title")
        present = (await bruno.join(room))["presence"]
        assert {"kind": "agent", "id": "ana-andes-demo", "name": "Ana Quispe", "focus": "title"} in present


async def test_hotels_never_see_each_other(live_server: Server) -> None:
    """[P2] A hotel sees the agency's people and no rival; the agency sees that both hotels are there, no more."""
    async with live_server.clients("ana", "plaza", "mirador") as (ana, plaza, mirador):
        room = f"quotation:{await published(ana)}"
        await ana.join(room)
        assert _names((await plaza.join(room))["presence"]) == {"Ana Quispe"}
        assert _names((await mirador.join(room))["presence"]) == {"Ana Quispe"}

        def joined() -> list[dict[str, Any]]:
            return [person for _, body in _signals(ana, room) for person in body["data"].get("joined", ())]

        await ana.until(lambda: {person["id"] for person in joined()} == {"plaza", "mirador"})
        assert all(person["kind"] == "hotel" for person in joined())
        await mirador.command("presence.update", room=room, focus="offer.rooms.0.net_rate", typing=True)
        await mirador.command("room.leave", room=room)
        await ana.event("presence.changed", lambda body: body["data"]["left"] == ["mirador"])
        assert _signals(plaza, room) == []
        assert [name for name, _ in _signals(ana, room) if name != "presence.changed"] == []


async def test_a_hidden_fields_focus_reaches_no_hotel(live_server: Server) -> None:
    """[P2] The markup is the agency's: a hotel sees the person and not the focus; an open field it does see."""
    async with live_server.clients("ana", "bruno", "plaza") as (ana, bruno, plaza):
        room = f"quotation:{await published(ana)}"
        await plaza.join(room)
        await _both_in(ana, bruno, room)
        await plaza.until(lambda: len([1 for _, body in _signals(plaza, room) for _ in body["data"]["joined"]]) == 2)
        await ana.command("presence.update", room=room, focus="markup_percent", typing=True)
        await bruno.event("typing.changed", lambda body: body["room"] == room)
        await ana.command("presence.update", room=room, focus="check_in", typing=False)
        await plaza.event("focus.changed", lambda body: body["data"] == {"focus": "check_in"})
        assert [body["data"] for name, body in _signals(plaza, room) if name == "focus.changed"] == [
            {"focus": "check_in"}
        ]
        assert not [body for name, body in _signals(plaza, room) if name == "typing.changed"]


async def test_many_signals_become_few(live_server: Server) -> None:
    """[D6] At most one per 100 ms and source; the last one is what remains."""
    async with live_server.clients("ana", "bruno") as (ana, bruno):
        room = f"quotation:{await draft(ana)}"
        await _both_in(ana, bruno, room)
        for field in ("rooms.double", "rooms.single") * 25:
            await bruno.socket.emit("presence.update", {"room": room, "focus": field})
        await bruno.command("presence.update", room=room, focus="title")
        await ana.event("focus.changed", lambda body: body["data"] == {"focus": "title"})
        assert len([name for name, _ in _signals(ana, room) if name == "focus.changed"]) < 25


async def test_two_windows_are_one_person(live_server: Server) -> None:
    """Nobody sees a second window open or the first one close."""
    async with live_server.clients("ana", "bruno") as (ana, bruno):
        room = f"quotation:{await draft(ana)}"
        await _both_in(ana, bruno, room)
        known = len(_signals(ana, room))
        async with live_server.client("bruno") as second:
            assert len((await second.join(room))["presence"]) == 2
            await bruno.command("room.leave", room=room)
            await second.command("presence.update", room=room, focus="title")
            await ana.event("focus.changed", lambda body: body["room"] == room)
            await second.command("room.leave", room=room)
        left = await ana.event("presence.changed", lambda body: body["data"]["left"])
        assert left["data"]["left"] == ["bruno-andes-demo"]
        assert [name for name, _ in _signals(ana, room)[known:]] == ["focus.changed", "presence.changed"]
