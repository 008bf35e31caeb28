"""Which colleagues are in which quotation now, as an agency's people see it in their list. [D6]"""

from tests.support.server import Server
from tests.wire.stories import draft, published
from tests.wire.whereabouts import ANDES, BRUNO, moves, there


async def test_a_colleague_is_shown_where_they_are(live_server: Server) -> None:
    """The ack of joining the list has who is there; a signal who comes and, at once, who leaves."""
    async with live_server.clients("ana", "bruno") as (ana, bruno):
        room = f"quotation:{await draft(ana)}"
        assert there(await ana.join(ANDES), room) == []
        await bruno.join(room)
        await ana.until(lambda: moves(ana, room) == [([BRUNO["id"]], [])])
        assert there(await ana.join(ANDES), room) == [BRUNO]
        await bruno.command("presence.update", room=room, focus="title", typing=True)
        await bruno.command("room.leave", room=room)
        await ana.until(lambda: moves(ana, room)[1:] == [([], [BRUNO["id"]])])
        assert there(await ana.join(ANDES), room) == []
        signals = {name for name, body in ana.events if body.get("room") == ANDES and "seq" not in body}
        assert signals == {"presence.changed"}


async def test_a_lost_connection_is_unseen_within_the_grace(live_server: Server) -> None:
    """[D9.2] Bruno is back before anybody is told that he went."""
    async with live_server.clients("ana", "bruno") as (ana, bruno):
        room = f"quotation:{await draft(ana)}"
        await ana.join(ANDES)
        await bruno.join(room)
        await ana.until(lambda: moves(ana, room))
        await bruno.break_off()
        async with live_server.client("bruno") as again:
            await again.join(room)
            assert there(await ana.join(ANDES), room) == [BRUNO]
            await again.command("room.leave", room=room)
        assert moves(ana, room) == [([BRUNO["id"]], [])]


async def test_only_colleagues_are_shown_and_only_to_colleagues(live_server: Server) -> None:
    """[P2] The hotel, the client and the operator in the room are in nobody's list, and see none."""
    who = ("ana", "bruno", "carla", "plaza", "client", "admin")
    async with live_server.clients(*who) as (ana, bruno, *others):
        quotation = await published(ana, ("plaza",), client_id="client-andes-demo")
        room = f"quotation:{quotation}"
        await ana.join(ANDES)
        carla, *insiders = others
        await carla.join("company:rio")
        for one in insiders:
            await one.join(room)
        for one in others:
            assert (await one.refused("room.join", room=ANDES)).code == "room.forbidden"
        await bruno.join(room)
        await ana.until(lambda: moves(ana, room))
        assert moves(ana, room) == [([BRUNO["id"]], [])]
        assert there(await ana.join(ANDES), room) == [BRUNO]
        for one in others:
            await one.command("inbox.ack", ids=[])
            assert not [body for name, body in one.events if name == "presence.changed" and body["room"] == ANDES]
        assert BRUNO["id"] not in str(carla.log)
