"""python-socketio's manager over several nodes: `SocketServer(client_manager=AcrossNodes(broker))`.

All of its API works for clients of any node: emits to rooms and clients with acknowledgements, entering, leaving and
closing rooms, disconnecting. A node hears only the rooms that it has members of, and its own clients: their ids begin
with its name. What is emitted reaches members on the same node at once and the others by the broker's signals: in
each room in the order of its emitter, once, and not at all if their node has lost the broker at that moment.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable
from functools import partial
from typing import Any, Final, Self

from socketio import packet

from realtime.across import messages
from realtime.across.answers import Callbacks, Replies
from realtime.across.link import Link
from realtime.across.messages import Answer, Ask, Close, Disconnect, Done, Emit, Enter, Leave, Message, Room
from realtime.engine import packets as engine_packets
from realtime.engine.elsewhere import engine_of
from realtime.manager import Client, RoomManager, arguments_of
from realtime.packets import packets_of
from realtime.tasks import Tasks
from rooms.broker import Broker

PATIENCE: Final = 5.0
MESSAGE_BYTES: Final = 1_000_000

log = logging.getLogger("realtime.adapter")


def _ignore() -> None:
    pass


class AcrossNodes(RoomManager):
    """The manager of one of several nodes, or of a process without a server that only emits.

    It is started with its first use, or by `start`, and belongs to the loop that it is used on.

    Args:
        broker: the manager's own, not started yet; those of one application share a server and a prefix.
        write_only: for a process without clients: it emits, and tells the nodes who is to enter or leave what.
        serializer: as the servers have it; for `write_only`.
        patience: seconds in which a message is tried again while the broker is away, and in which another node has to
            answer.
        max_message: bytes of one message between nodes.
        on_lost: called when the broker was lost and is back; what other nodes emitted meanwhile did not come here.
    """

    def __init__(
        self,
        broker: Broker,
        *,
        write_only: bool = False,
        serializer: Any = "default",
        patience: float = PATIENCE,
        max_message: int = MESSAGE_BYTES,
        on_lost: Callable[[], None] = _ignore,
    ) -> None:
        super().__init__()
        self.write_only = write_only
        self._packets = packets_of(serializer)
        self._patience = patience
        self._on_lost = on_lost
        self._callbacks = Callbacks()
        self._replies = Replies()
        self._tasks = Tasks()
        self._link = Link(broker, self._take, self._lost, patience=patience, most=max_message)

    @property
    def heard(self) -> int:
        """Messages that the broker has brought."""
        return self._link.heard

    def set_server(self, server: Any) -> None:
        """The library's: the server has made its engine, whose sessions' ids tell their node from now on."""
        super().set_server(server)
        self._packets = server.packet_class
        server.eio.name = self._link.name

    def initialize(self) -> None:
        """The library's: the first client is about to come."""
        super().initialize()
        self._link.start_in_the_end()

    async def start(self) -> None:
        """Connects to the broker, unless that was done. Raises BrokerUnavailable; it may be tried again."""
        await self._link.start()

    async def close(self) -> None:
        """Hears and tells no more. The server is to be shut down before."""
        await self._tasks.close()
        await self._link.close()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def pre_connect(self, eio_sid: str, namespace: str, sid: str | None = None) -> str | None:
        """As `RoomManager` has it; what others emit to the client, and to all, is heard from then on."""
        registered = await super().pre_connect(eio_sid, namespace, sid)
        if registered is not None:
            rooms = (None,) if engine_of(registered) == self._link.name else (None, registered)
            await self._listen_to(namespace, rooms)
        return registered

    async def emit(
        self,
        event: str,
        data: Any,
        namespace: str | None = None,
        room: Any = None,
        skip_sid: Any = None,
        callback: Callable[..., Any] | None = None,
        to: Any = None,
        ignore_queue: bool = False,
        **_: Any,
    ) -> None:
        """Sends an event to clients of any node; those on this one do not wait for the broker.

        Raises:
            BrokerUnavailable: the broker was away for too long. Members on this node have the event, others may not.
            ValueError: it is too large for other nodes, or wants acknowledgements of everybody.
            TypeError: a room's name is neither a text nor a whole number.
        """
        namespace, target = namespace or "/", room if to is None else to
        if ignore_queue:
            await super().emit(event, data, namespace, target, skip_sid, callback)
            return
        rooms, skipped = messages.rooms_of(target), messages.sids(skip_sid)
        arguments = [event, *arguments_of(data)]
        if callback is not None:
            await self._ask_all(namespace, rooms, skipped, arguments, callback)
            return
        emit = Emit(self._link.id(), namespace, rooms, skipped, *self._packet(namespace, arguments))
        channels = self._elsewhere(namespace, rooms)
        body = self._link.encoded(emit) if channels else b""
        if self.server is not None:
            self._take(emit)
        await self._link.tell(channels, body)
        await self._pace()

    async def can_disconnect(self, sid: str, namespace: str) -> bool:
        """Whether a client is connected here; if it is not here at all, its node is asked to disconnect it."""
        client = self.find(sid, namespace)
        if client is None:
            await self._tell_of(namespace, sid, Disconnect(self._link.id(), namespace, sid))
        return client is not None and client.connected

    async def disconnect(self, sid: str, namespace: str | None = None, ignore_queue: bool = False, **_: Any) -> None:
        """Disconnects a client of any node; forgets one of this node that is not connected (any more)."""
        namespace = namespace or "/"
        client = self.find(sid, namespace)
        if client is None:
            if not ignore_queue:
                await self.can_disconnect(sid, namespace)
        elif ignore_queue or not client.connected:
            self.forget(client)
        else:
            await self.server.disconnect(sid, namespace=namespace, ignore_queue=True)

    async def enter_room(self, sid: str, namespace: str | None, room: Any, eio_sid: str | None = None) -> None:
        """Puts a client of any node into a room; returns when that is in force.

        Raises:
            ValueError: not connected to the namespace, or the room is somebody's own.
            BrokerUnavailable: its node could not be told.
        """
        namespace = namespace or "/"
        messages.room_name(room)
        if self.find(sid, namespace) is not None:
            self.basic_enter_room(sid, namespace, room, eio_sid)
            await self._listen_to(namespace, (room,))
        elif not await self._have_done(Enter, namespace, sid, room):
            raise ValueError("sid is not connected to requested namespace")

    async def leave_room(self, sid: str, namespace: str | None, room: Any) -> None:
        """Takes a client of any node out of a room; returns when that is in force. Raises BrokerUnavailable."""
        namespace = namespace or "/"
        if self.find(sid, namespace) is not None:
            self.basic_leave_room(sid, namespace, room)
        else:
            await self._have_done(Leave, namespace, sid, messages.room_name(room))

    async def close_room(self, room: Any, namespace: str | None = None) -> None:
        """Takes all clients out of a room. Raises BrokerUnavailable, or ValueError: the room is somebody's own."""
        namespace = namespace or "/"
        closing = self._link.encoded(Close(self._link.id(), namespace, messages.room_name(room)))
        self.basic_close_room(room, namespace)
        await self._link.tell((messages.channel_of(namespace, room),), closing)

    def basic_leave_room(self, sid: str, namespace: str, room: Any) -> None:
        super().basic_leave_room(sid, namespace, room)
        self._listen_no_more(namespace, (room,))

    def forget(self, client: Client) -> None:
        """As `RoomManager` has it; rooms without members here are heard no more."""
        rooms = (*(client.rooms or ()), client.sid, None)
        super().forget(client)
        self._listen_no_more(client.namespace, rooms)

    async def _ask_all(
        self,
        namespace: str,
        rooms: list[Room] | None,
        skipped: list[str],
        arguments: list[Any],
        callback: Callable[..., Any],
    ) -> None:
        if self.server is None:
            raise RuntimeError("callbacks are for servers")
        if rooms is None:
            raise ValueError("an acknowledgement is asked of a client or a room")
        channels, body = self._elsewhere(namespace, rooms), b""
        if channels:
            number = self._callbacks.put(callback, once=len(rooms) == 1 and _is_id(rooms[0]))
            body = self._link.encoded(Ask(self._link.id(), namespace, rooms, skipped, arguments, number))
        self.ask(namespace, rooms, skipped, arguments, callback)
        await self._link.tell(channels, body)

    async def _have_done(self, kind: type[Enter] | type[Leave], namespace: str, sid: str, room: Room) -> bool:
        """Has a client's node do something; whether it was done."""
        number = self._replies.begin()
        try:
            await self._tell_of(namespace, sid, kind(self._link.id(), namespace, sid, room, number))
            return await self._replies.wait(number, self._patience)
        finally:
            self._replies.end(number)

    async def _tell_of(self, namespace: str, sid: str, message: Message) -> None:
        await self._link.tell(_channels_of(namespace, sid), self._link.encoded(message))

    def _elsewhere(self, namespace: str, rooms: list[Room] | None) -> list[str]:
        """The channels by which an event reaches other nodes; none if it is for clients of this one."""
        if rooms is None:
            return [messages.channel_of(namespace, None)]
        away = [room for room in rooms if self.find(room, namespace) is None]
        return [channel for room in away for channel in _channels_of(namespace, room)]

    def _packet(self, namespace: str, arguments: list[Any]) -> tuple[str | None, list[bytes]]:
        encoded = self._packets(packet.EVENT, namespace=namespace, data=arguments).encode()
        first, *rest = encoded if isinstance(encoded, list) else [encoded]
        return (first, rest) if isinstance(first, str) else (None, [first, *rest])

    async def _listen_to(self, namespace: str, rooms: Collection[Room | None]) -> None:
        channels = {messages.channel_of(namespace, room): room for room in rooms}
        await self._link.listen_to(channels, lambda channel: self.has_members(namespace, channels[channel]))

    def _listen_no_more(self, namespace: str, rooms: Collection[Any]) -> None:
        left = (room for room in rooms if not self.has_members(namespace, room))
        self._link.listen_no_more([messages.channel_of(namespace, room) for room in left])

    def _lost(self, _: Collection[str]) -> None:
        log.warning("the broker was lost: what other nodes emitted meanwhile is missing here")
        self._on_lost()

    def _take(self, message: Message) -> None:
        """Does what another node tells; its messages come in its order."""
        match message:
            case Emit():
                frames = list(map(engine_packets.message, message.parts))
                self.deliver(message.namespace, _target(message.rooms), message.skipped, frames)
            case Ask():
                answered = partial(self._answered, message.id.node, message.number)
                self.ask(message.namespace, message.rooms, message.skipped, message.arguments, answered)
            case Answer():
                self._tasks.spawn(_called(self._callbacks.get(message.number), message.arguments))
            case Done():
                self._replies.settle(message.number, message.found)
            case Close():
                self.basic_close_room(message.room, message.namespace)
            case Disconnect():
                if self.find(message.sid, message.namespace) is not None:
                    self._tasks.spawn(self.server.disconnect(message.sid, message.namespace, ignore_queue=True))
            case Enter() | Leave():
                self._tasks.spawn(self._do(message))

    async def _do(self, message: Enter | Leave) -> None:
        """Puts a client of this node into a room, or out of it, and says so."""
        done = self.find(message.sid, message.namespace) is not None
        try:
            if done and isinstance(message, Enter):
                await self.enter_room(message.sid, message.namespace, message.room)
            elif done:
                await self.leave_room(message.sid, message.namespace, message.room)
        except ValueError:
            done = False
        await self._link.answer(message.id.node, Done(self._link.id(), message.number, done))

    async def _answered(self, node: str, number: int, *arguments: Any) -> None:
        await self._link.answer(node, Answer(self._link.id(), number, list(arguments)))


def _is_id(room: Room) -> bool:
    """Whether a room's name is, by its looks, a client's id."""
    return isinstance(room, str) and engine_of(room) is not None


def _channels_of(namespace: str, room: Room) -> Iterable[str]:
    yield messages.channel_of(namespace, room)
    if isinstance(room, str) and (node := engine_of(room)):
        # A client is heard of by its node, unless its id is of the application's own making.
        yield messages.channel_of_node(node)


def _target(rooms: list[Room] | None) -> Any:
    return rooms[0] if rooms is not None and len(rooms) == 1 else rooms


async def _called(callback: Callable[..., Any] | None, arguments: list[Any]) -> None:
    answer = callback(*arguments) if callback is not None else None
    if asyncio.iscoroutine(answer):
        await answer
