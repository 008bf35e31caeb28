"""Whatever leaves the server over a socket has the shape that the browser app's types are made from."""

import asyncio
from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from backend.domain.refusals import Refusal
from privacy.hearing import NAMES
from realtime import protocol
from realtime.node import HANDLERS, SLOW
from tests.property.lives import CALLED_OFF, DECLINED, WHOLE, Covered, Life
from tests.support.client import Client
from tests.support.live import LiveStage, live_stage
from tests.support.wait import until

PEOPLE = ("admin", "ana", "bruno", "carla", "clara", "cesar", "plaza-desk", "mirador-desk", "sol-desk", "gina", "gil")
OTHERS = frozenset(("announcement.published", "inbox.read", "notification.created"))


class SocketStage(LiveStage):
    """Commands go by the person's socket, too."""

    async def do(self, who: str, command: str, **payload: Any) -> dict[str, Any]:
        client = await self.client(who)
        answer = await client.ack(command, {"key": self.new_id(), **payload})
        if not answer["ok"]:
            raise Refusal(answer["error"]["code"], answer["error"]["message"])
        data: dict[str, Any] = answer["data"]
        return data


class Watched(Life):
    """A life with everybody in its room, at a field and away from it again."""

    async def _act(self, name: str, number: int) -> None:
        await super()._act(name, number)
        for who in PEOPLE:
            await self.stage.enter(who, self.quotation, "title" if number % 2 else None)


def has_shape(shape: type[msgspec.Struct], body: Any, what: str) -> None:
    try:
        msgspec.convert(body, shape, strict=True)
    except msgspec.ValidationError as wrong:
        raise AssertionError(f"{what}: {wrong}: {body}") from None


def check_ack(name: str, answer: Mapping[str, Any]) -> None:
    if answer["ok"]:
        has_shape(protocol.Accepted, answer, name)
        has_shape(protocol.COMMANDS[name].data, answer["data"], name)
        return
    has_shape(protocol.Refused, answer, name)
    if answer["error"]["code"] == "quotation.conflict":
        has_shape(protocol.Conflict, answer["error"]["data"], name)


def check_event(name: str, body: Mapping[str, Any]) -> None:
    if "seq" in body and "snapshot" not in body:
        has_shape(protocol.Fact, body, name)
        assert body["name"] == name
        assert name in NAMES | OTHERS
    else:
        has_shape({**protocol.SERVICE, **protocol.SIGNALS}[name], body, name)


def check(client: Client) -> set[str]:
    """Everything that came; the names of it."""
    for kind, name, body in client.log:
        check_ack(name, body) if kind == "ack" else check_event(name, body)
    return {name for _, name, _ in client.log}


@pytest.mark.parametrize("acts", [WHOLE, DECLINED, CALLED_OFF], ids=["whole", "declined", "called off"])
def test_all_that_comes_over_a_socket_has_its_shape(acts: list[tuple[str, int]]) -> None:
    """Acks, refusals, facts, signals and service events of everybody in whole lives of a quotation."""

    async def heard() -> set[str]:
        async with live_stage(SocketStage) as stage:
            for who in PEOPLE:
                await stage.client(who)
            await Watched(stage, Covered()).live(acts)
            await stage.settle()
            await _again(stage)
            return {name for client in stage.clients.values() for name in check(client)}

    names = asyncio.run(heard())
    assert names >= {*protocol.SIGNALS, "session.ready", "inbox.page", "notification.created", "quotation.created"}
    if acts is WHOLE:
        assert names >= {"room.reset", "room.closed", "announcement.published", "quotation.prices_revealed"}


async def _again(stage: LiveStage) -> None:
    """A replay, a conflict, a field in focus, a refresh, a bad command, the end of a session and that of the node."""
    ana, bruno = await stage.client("ana"), await stage.client("bruno")
    quotation = await stage.draft()
    room = f"quotation:{quotation}"
    await ana.join(room)
    known = {"epoch": ana.rooms[room].epoch, "seq": ana.rooms[room].seq}
    for who, title in ((ana, "Theirs"), (bruno, "Mine")):
        change = [{"field": "title", "value": title}]
        edit = {"quotation_id": quotation, "base_version": 1, "changes": change, "key": stage.new_id()}
        await who.ack("quotation.edit", edit)
    assert (await bruno.join(room, known))["events"]
    heard = len(bruno.log)
    await ana.ack("presence.update", {"room": room, "focus": "title", "typing": True})
    for signal in ("focus.changed", "typing.changed"):
        await bruno.event(signal, after=heard)
    await ana.ack("room.leave", {"room": room})
    await ana.ack("session.refresh", {"token": stage.token("ana")})
    await ana.ack("no.such", {})
    stage.node.end(next(one.sid for one in stage.node.live.sessions if one.principal.user_id == "ana"), "auth.expired")
    await ana.event("session.closed")
    await until(lambda: not ana.socket.connected)
    await stage.node.drain(0.0)
    await bruno.event("server.draining")


def test_every_command_is_described() -> None:
    assert protocol.COMMANDS.keys() >= HANDLERS.keys()


def test_every_code_that_ends_a_session_is_described() -> None:
    has_shape(protocol.SessionClosed, {"code": SLOW}, "session.closed")
