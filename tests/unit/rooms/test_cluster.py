"""A cluster whose servers see it differently, or contradict themselves [D1] [P6].

They are played; see the contract suite for real ones.
"""

import asyncio
import gc
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Any

import hiredis
import msgspec
import pytest

from rooms.broker import BrokerUnavailable
from rooms.calls import Call
from rooms.cluster import Cluster
from rooms.redis_url import Address, place
from rooms.redis_url import Cluster as Place
from rooms.slots import SLOTS, slot_of
from rooms.subscriber import Patience
from rooms.topology import Redirection, view_of
from tests.support.wait import until

NAME, BESIDE = b"{a}1", b"{a}2"
SLOT = slot_of(NAME)
PATIENCE = Patience(timeout=30.0, silence=30.0, backoff=0.005, backoff_most=0.01, topology=30.0)
BRIEF = msgspec.structs.replace(PATIENCE, timeout=0.5)


class Server:
    """Serves what it was told to serve, and says who it believes serves everything."""

    def __init__(self) -> None:
        self.port = 0
        self.believes: Server | None = self
        self.serves = True
        self.mute = False
        self.last = SLOTS - 1
        self.refuses: list[bytes] = []
        self.held: list[bytes] | None = None
        self.heard: list[list[bytes]] = []
        self._writers: set[asyncio.StreamWriter] = set()

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        self._server.close()
        for writer in self._writers:
            writer.close()

    def asked(self, word: bytes) -> list[list[bytes]]:
        return [command[1:] for command in self.heard if command[0] == word]

    def drop(self) -> None:
        """Breaks all connections."""
        for writer in self._writers:
            writer.close()
        self._writers.clear()

    def release(self) -> None:
        """Answers the pings that were held back."""
        held, self.held = self.held, None
        for writer in self._writers:
            writer.write(b"".join(held or ()))

    def push(self, *words: bytes) -> None:
        """Says something to all who are connected, as a server does by itself."""
        for writer in self._writers:
            writer.write(b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%b\r\n" % (len(word), word) for word in words))

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        commands = hiredis.Reader()
        with suppress(ConnectionError, asyncio.CancelledError):
            while data := await reader.read(65_536):
                commands.feed(data)
                while command := commands.gets():
                    self._hear(command, writer)

    def _hear(self, command: list[bytes], writer: asyncio.StreamWriter) -> None:
        self.heard.append(command)
        answer = self._answer(command)
        if self.held is not None and command[0] == b"PING":
            self.held.append(answer)
        else:
            writer.write(answer)

    def _answer(self, command: Sequence[bytes]) -> bytes:
        match command[0]:
            case b"CLUSTER":
                return b"" if self.mute else self._view()
            case b"PING":
                return b"*2\r\n$4\r\npong\r\n$%d\r\n%b\r\n" % (len(command[1]), command[1])
            case b"SSUBSCRIBE" | b"SUNSUBSCRIBE" | b"GET":
                if self.refuses:
                    return b"-%b\r\n" % self.refuses.pop(0)
                if not self.serves:
                    assert self.believes is not None
                    return b"-MOVED %d 127.0.0.1:%d\r\n" % (SLOT, self.believes.port)
                if command[0] == b"GET":
                    return b"$4\r\nkept\r\n"
                word = command[0].lower()
                said = b"*3\r\n$%d\r\n%b\r\n$%d\r\n%b\r\n:1\r\n"
                return b"".join(said % (len(word), word, len(name), name) for name in command[1:])
            case _:
                return b"+OK\r\n"

    def _view(self) -> bytes:
        if self.believes is None:
            return b"*0\r\n"
        host = b"$0\r\n\r\n"
        return b"*1\r\n*3\r\n:0\r\n:%d\r\n*2\r\n%b:%d\r\n" % (self.last, host, self.believes.port)


class Scene:
    """Two servers, and a transport over them."""

    def __init__(self, first: Server, second: Server, patience: Patience = PATIENCE) -> None:
        self.first, self.second = first, second
        self.messages: list[tuple[bytes, bytes]] = []
        self.lost: list[list[bytes]] = []
        named = place(f"redis+cluster://127.0.0.1:{first.port}")
        assert isinstance(named, Place)
        self.transport = Cluster(named, self._on_message, self._on_lost, patience)

    def _on_message(self, name: bytes, message: bytes) -> None:
        self.messages.append((name, message))

    def _on_lost(self, names: Any) -> None:
        self.lost.append(sorted(names))


@asynccontextmanager
async def opened(patience: Patience) -> AsyncIterator[Scene]:
    servers = Server(), Server()
    for server in servers:
        await server.start()
    made = Scene(*servers, patience)
    await made.transport.start()
    yield made
    await made.transport.close()
    for server in servers:
        await server.stop()


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with opened(PATIENCE) as made:
        yield made


@pytest.fixture
async def brief() -> AsyncIterator[Scene]:
    """One that waits for nobody long."""
    async with opened(BRIEF) as made:
        yield made


async def test_a_slot_is_heard_where_the_server_says_that_it_is_whatever_the_view(scene: Scene) -> None:
    """The first server refuses, and its view is the new one by then."""
    scene.first.believes, scene.first.serves = scene.second, False
    await scene.transport.hear([NAME, BESIDE])
    scene.first.push(b"smessage", NAME, b"of somebody else")
    scene.second.push(b"smessage", NAME, b"1")
    await until(lambda: scene.messages == [(NAME, b"1")])
    assert scene.second.asked(b"SSUBSCRIBE")[0] == [NAME, BESIDE]


async def test_d1_a_slot_that_a_server_drops_is_told_as_lost_once_it_is_heard_again(scene: Scene) -> None:
    await scene.transport.hear([NAME, BESIDE])
    assert scene.lost == []
    scene.first.push(b"sunsubscribe", NAME, b"0")
    scene.first.push(b"sunsubscribe", BESIDE, b"0")
    scene.first.push(b"smessage", NAME, b"unsettled")
    await until(lambda: scene.lost == [[NAME, BESIDE]])
    scene.first.push(b"smessage", NAME, b"1")
    await until(lambda: scene.messages == [(NAME, b"1")])


async def test_p6_nothing_of_a_slot_is_passed_on_before_its_loss_was_told(scene: Scene) -> None:
    """On a connection that was there before."""
    await scene.transport.hear([NAME])
    scene.first.held = []
    scene.first.push(b"sunsubscribe", NAME, b"0")
    await until(lambda: scene.first.held)
    scene.first.push(b"smessage", NAME, b"early")
    scene.first.release()
    await until(lambda: scene.lost == [[NAME]])
    scene.first.push(b"smessage", NAME, b"1")
    await until(lambda: scene.messages == [(NAME, b"1")])


async def test_what_one_server_said_of_a_slot_holds_until_the_next_view(scene: Scene) -> None:
    call = Call(NAME.decode(), ("GET", NAME))
    scene.first.refuses.append(b"MOVED %d 127.0.0.1:%d" % (SLOT, scene.second.port))
    assert await scene.transport.run([call]) == [b"kept"]
    assert scene.second.asked(b"GET") == [[NAME]]

    async def asked_again() -> bool:
        await scene.transport.run([call])
        return len(scene.first.asked(b"GET")) > 1

    await until(asked_again)


async def test_d1_a_slot_that_moves_on_while_it_is_subscribed_to_is_settled_where_it_ends(scene: Scene) -> None:
    """And what the old server says of it later is no reason to drop it."""
    await scene.transport.hear([NAME])
    scene.first.believes, scene.first.serves = scene.second, False
    scene.second.believes = scene.second
    scene.first.push(b"sunsubscribe", NAME, b"0")
    await until(lambda: scene.lost == [[NAME]])
    scene.first.push(b"sunsubscribe", NAME, b"0")
    scene.second.push(b"smessage", NAME, b"1")
    await until(lambda: scene.messages == [(NAME, b"1")])
    assert scene.lost == [[NAME]]


async def test_who_no_longer_wants_a_slot_that_is_gone_is_not_bothered(scene: Scene) -> None:
    """The refusal to unsubscribe says where the slot is, and no more; the connection stays."""
    await scene.transport.hear([NAME, BESIDE])
    scene.first.refuses.append(b"MOVED %d 127.0.0.1:%d" % (SLOT, scene.first.port))
    await scene.transport.hear_no_more([NAME, b"{b}never wanted"])
    await until(lambda: scene.first.asked(b"SUNSUBSCRIBE") == [[NAME]])
    await until(lambda: scene.lost == [[BESIDE]])
    scene.first.push(b"smessage", NAME, b"1")
    scene.first.push(b"smessage", BESIDE, b"2")
    await until(lambda: (BESIDE, b"2") in scene.messages)
    assert scene.messages == [(BESIDE, b"2")]
    await scene.transport.hear([NAME])
    # It knows nothing any more of the unsubscription that is on its way.
    scene.first.push(b"sunsubscribe", NAME, b"0")
    await until(lambda: scene.lost == [[BESIDE], [NAME, BESIDE]])
    scene.first.refuses.append(b"MOVED %d 127.0.0.1:%d" % (SLOT, scene.first.port))
    await scene.transport.hear_no_more([NAME, BESIDE])
    await until(lambda: not scene.first.refuses)
    await scene.transport.hear([NAME])
    assert len(scene.lost) == 2


async def test_a_refusal_of_another_kind_ends_the_connection_and_is_told_as_a_loss(scene: Scene) -> None:
    await scene.transport.hear([NAME])
    scene.first.refuses.append(b"NOPERM no permissions")
    await scene.transport.hear([BESIDE])
    await until(lambda: scene.lost == [[NAME, BESIDE]])


async def test_a_server_without_a_view_is_passed_over_until_it_has_one(scene: Scene) -> None:
    scene.first.believes = None
    await scene.transport.close()
    again = Scene(scene.first, scene.second)
    with pytest.raises(BrokerUnavailable, match="no view of the cluster"):
        await again.transport.start()
    await again.transport.close()


async def test_servers_that_say_nothing_are_no_cluster(brief: Scene) -> None:
    brief.first.mute = True
    again = Scene(brief.first, brief.second, BRIEF)
    with pytest.raises(BrokerUnavailable, match="looks like"):
        await again.transport.start()
    await again.transport.close()


async def test_d1_what_is_wanted_of_a_slot_without_a_master_is_told_as_lost_once_it_has_one(brief: Scene) -> None:
    brief.first.last = SLOT - 1
    brief.first.push(b"sunsubscribe", NAME, b"0")
    await brief.transport.hear([b"{b}1"])
    brief.first.push(b"sunsubscribe", b"{b}1", b"0")
    await until(lambda: len(brief.first.asked(b"CLUSTER")) > 1)
    with pytest.raises(BrokerUnavailable, match="not subscribed in time"):
        await brief.transport.hear([NAME])
    with pytest.raises(BrokerUnavailable, match="a slot has no master"):
        await brief.transport.run([Call(NAME.decode(), ("GET", NAME))])
    brief.first.last = SLOTS - 1
    assert await brief.transport.run([Call("{b}", ("GET", b"{b}"))]) == [b"kept"]
    brief.transport._topology.doubt()
    await until(lambda: [NAME] in brief.lost)


async def test_who_waits_at_a_server_whose_slot_goes_is_served_where_it_went(scene: Scene) -> None:
    await scene.transport.hear([NAME])
    scene.first.held = []
    waits = asyncio.create_task(scene.transport.hear([BESIDE]))
    await until(lambda: scene.first.held)
    scene.first.believes, scene.first.serves = scene.second, False
    scene.first.push(b"sunsubscribe", NAME, b"0")
    await waits
    assert scene.second.asked(b"SSUBSCRIBE") == [[NAME, BESIDE]]


@pytest.mark.parametrize("on_its_way", ["the slot", "the wish"])
async def test_what_is_wanted_of_a_slot_is_wanted_where_it_is_alone(scene: Scene, on_its_way: str) -> None:
    """Else a server that gets the slot later is subscribed to what nobody wants any more."""
    stays, other = b"{c}1", b"{b}1"
    await scene.transport.hear([NAME, stays, other])
    scene.first.mute = scene.second.mute = True
    topology = scene.transport._topology
    here = topology.master(SLOT)
    assert here is not None
    there = replace(here, port=scene.second.port)
    topology.correct(Redirection(slot_of(other), there))
    await until(lambda: scene.second.asked(b"SSUBSCRIBE") == [[other]])
    if on_its_way == "the slot":
        topology.correct(Redirection(SLOT, there))
        topology.correct(Redirection(SLOT, here))
        await scene.transport.hear([BESIDE])
    else:
        waits = asyncio.create_task(scene.transport.hear([BESIDE]))
        await asyncio.sleep(0)
        topology.correct(Redirection(SLOT, there))
        await waits
    await scene.transport.hear_no_more([NAME, BESIDE])
    for server in (scene.first, scene.second):
        server.heard.clear()
        server.drop()
    await until(lambda: scene.first.asked(b"SSUBSCRIBE") and scene.second.asked(b"SSUBSCRIBE"))
    assert [server.asked(b"SSUBSCRIBE") for server in (scene.first, scene.second)] == [[[stays]], [[other]]]


async def test_who_waits_too_long_is_told(brief: Scene) -> None:
    await brief.transport.hear([NAME])
    brief.first.held = []
    with pytest.raises(BrokerUnavailable, match="in time"):
        await brief.transport.hear([BESIDE])


async def test_who_waits_when_it_is_closed_is_told(scene: Scene) -> None:
    await scene.transport.hear([NAME])
    scene.first.held = []
    waits = asyncio.create_task(scene.transport.hear([BESIDE]))
    await until(lambda: scene.first.held)
    await scene.transport.close()
    with pytest.raises(BrokerUnavailable, match="closed"):
        await waits


async def test_a_connection_that_breaks_while_nothing_is_settled_loses_nothing_twice(scene: Scene) -> None:
    await scene.transport.hear([NAME])
    scene.first.held = []
    scene.first.push(b"sunsubscribe", NAME, b"0")
    await until(lambda: scene.first.held)
    scene.first.held.clear()
    scene.first.drop()
    await until(lambda: scene.first.held)
    scene.first.release()
    await until(lambda: scene.lost == [[NAME]])


async def test_a_call_follows_its_slot_and_waits_where_it_must(scene: Scene) -> None:
    ask = b"ASK %d 127.0.0.1:%d" % (SLOT, scene.second.port)
    scene.first.refuses += [b"TRYAGAIN later", b"CLUSTERDOWN later", ask, ask]
    call = Call(NAME.decode(), ("GET", NAME))
    assert await scene.transport.run([call]) == [b"kept"]
    heard = scene.second.heard
    assert heard[heard.index([b"GET", NAME]) - 1] == [b"ASKING"]
    assert await scene.transport.run([call, call]) == [b"kept", b"kept"]
    scene.first.refuses.append(b"WRONGTYPE no")
    [refusal] = await scene.transport.run([call])
    assert str(refusal) == "WRONGTYPE no"


async def test_who_gives_up_leaves_no_error_that_nobody_hears(scene: Scene) -> None:
    unheard: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: unheard.append(context))
    for turns in range(1, 6):
        asking = asyncio.create_task(scene.transport.run([Call(NAME.decode(), ("GET", NAME))]))
        for _ in range(turns):
            await asyncio.sleep(0)
        asking.cancel()
        await asyncio.wait((asking,))
    assert await scene.transport.run([Call(NAME.decode(), ("GET", NAME))]) == [b"kept"]
    gc.collect()
    assert not unheard


async def test_servers_that_send_on_and_on_are_given_up(brief: Scene) -> None:
    brief.first.believes, brief.first.serves = brief.second, False
    brief.second.believes, brief.second.serves = brief.first, False
    with pytest.raises(BrokerUnavailable):
        await brief.transport.run([Call(NAME.decode(), ("GET", NAME))])
    # Back-off: not as often as could be.
    assert len(brief.first.asked(b"GET")) < 200


async def test_a_slot_without_a_master_is_nobodys() -> None:
    asked = Address(host="h")
    view = view_of([[10, 20, [b"i", 1, b"id"], [None, 2, b"id"]], [30, 40, [b"?", 3, b"id"]]], asked)
    masters = [view.master(slot) for slot in (9, 10, 20, 25, 30, 41)]
    assert masters == [None, Address("i", 1), Address("i", 1), None, Address("h", 3), None]
    assert view.servers == {Address("i", 1), Address("h", 2), Address("h", 3)}
