"""Who is connected to which namespace and is in which rooms: python-socketio's manager, indexed both ways.

Joining, leaving and going away cost the same however many rooms and members there are. What is emitted to a client
whose connect handler still runs waits for its CONNECT packet, and is dropped if it is refused.
"""

import asyncio
import itertools
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import attrgetter
from typing import Any, Final

from socketio import packet
from socketio.base_manager import BaseManager

from realtime.engine.sessions import Session

EMITS_PER_TURN: Final = 64
"""Emits after which others get their turn: a loop that only emits would starve the writing."""

_session_of = attrgetter("session")


class Client:
    """One session in one namespace.

    `held` are the frames that wait for the end of its connect handler, `waiting` the events that wait for their turn,
    `running` those whose handlers run.
    """

    __slots__ = ("acks", "held", "leaving", "namespace", "numbers", "rooms", "running", "session", "sid", "waiting")

    def __init__(self, sid: str, session: Session, namespace: str) -> None:
        self.sid = sid
        self.session = session
        self.namespace = namespace
        self.rooms: set[Any] | None = None
        self.held: list[bytes] | None = []
        self.leaving = False
        self.running = 0
        self.waiting: deque[Any] | None = None
        self.acks: dict[int, Callable[..., Any]] | None = None
        self.numbers: Iterator[int] | None = None

    @property
    def connected(self) -> bool:
        return self.held is None and not self.leaving


class _Namespace:
    __slots__ = ("clients", "rooms")

    def __init__(self) -> None:
        self.clients: dict[str, Client] = {}
        self.rooms: dict[Any, dict[str, Client]] = {}


class RoomManager(BaseManager):  # type: ignore[misc]  # the library has no types
    """The manager of one process."""

    def __init__(self) -> None:
        super().__init__()
        self._namespaces: dict[str, _Namespace] = {}
        # Those who connect or leave: only while there are any, an emit has to look for them.
        self._changing = 0
        self._emitted = 0

    @property
    def rooms(self) -> Mapping[str, Mapping[Any, Mapping[str, Any]]]:
        """Members by namespace and room, as the stock manager keeps them: everybody is in the room None."""
        return {name: {None: space.clients, **space.rooms} for name, space in self._namespaces.items()}

    @rooms.setter
    def rooms(self, _: Any) -> None:
        """The stock manager's constructor sets it."""

    def client(self, session: Session, namespace: str) -> Client | None:
        """A session's client in a namespace, but not one that leaves: it may come again at once."""
        clients: tuple[Client, ...] = session.application or ()
        for client in clients:
            if client.namespace == namespace and not client.leaving:
                return client
        return None

    def find(self, sid: Any, namespace: str) -> Client | None:
        """The client with a sid."""
        space = self._namespaces.get(namespace)
        return space.clients.get(sid) if space is not None else None

    def has_members(self, namespace: str, room: Any) -> bool:
        """Whether anybody is in a room, in the namespace if it is None."""
        space = self._namespaces.get(namespace)
        return space is not None and (room is None or room in space.clients or room in space.rooms)

    def get_namespaces(self) -> Iterable[str]:
        return list(self._namespaces)

    def get_participants(self, namespace: str, room: Any) -> Iterator[tuple[str, str]]:
        """`(sid, session's sid)` of a room's members, of several rooms' if it is a list, of everybody's if None."""
        for client in self._recipients(namespace, room):
            yield client.sid, client.session.sid

    async def pre_connect(self, eio_sid: str, namespace: str, sid: str | None = None) -> str | None:
        """Registers a client whose connect handler is about to run; None if there is one in the namespace.

        `sid` is what it is to be called, by default something new; None if another is called so.
        """
        session = self.server.eio.sockets.get(eio_sid)
        if session is None or session.closed or self.client(session, namespace) is not None:
            return None
        if sid is not None and self.find(sid, namespace) is not None:
            return None
        client = Client(sid or self.server.eio.generate_id(), session, namespace)
        session.application = (*(session.application or ()), client)
        self._namespaces.setdefault(namespace, _Namespace()).clients[client.sid] = client
        self._changing += 1
        return client.sid

    async def connect(self, sid: str, namespace: str) -> str:
        """The client is connected: what was emitted to it meanwhile follows."""
        client = self.find(sid, namespace)
        if client is not None and client.held is not None:
            held, client.held = client.held, None
            self._changing -= 1
            for frame in held:
                client.session.send(frame)
        return sid

    def is_pre_connected(self, sid: str, namespace: str) -> bool:
        client = self.find(sid, namespace)
        return client is not None and client.held is not None

    def is_connected(self, sid: str, namespace: str) -> bool:
        client = self.find(sid, namespace)
        return client is not None and client.connected

    async def can_disconnect(self, sid: str, namespace: str) -> bool:
        return self.is_connected(sid, namespace)

    def sid_from_eio_sid(self, eio_sid: str, namespace: str) -> str | None:
        session = self.server.eio.sockets.get(eio_sid)
        client = self.client(session, namespace) if session is not None else None
        return client.sid if client is not None else None

    def eio_sid_from_sid(self, sid: str, namespace: str) -> str | None:
        client = self.find(sid, namespace)
        return client.session.sid if client is not None else None

    def pre_disconnect(self, sid: str, namespace: str) -> str | None:
        """The disconnect handler is about to run: nobody sends to the client any more."""
        client = self.find(sid, namespace)
        if client is None:
            return None
        if not client.leaving:
            client.leaving = True
            self._changing += 1
        return client.session.sid

    async def disconnect(self, sid: str, namespace: str, **_: Any) -> None:
        """Forgets a client."""
        client = self.find(sid, namespace)
        if client is not None:
            self.forget(client)

    def forget(self, client: Client) -> None:
        """Takes a client out of its rooms and its namespace."""
        space = self._namespaces[client.namespace]
        if space.clients.pop(client.sid, None) is None:
            return
        for room in client.rooms or ():
            _take_out(space, room, client.sid)
        if not client.connected:
            self._changing -= 1
        if not space.clients:
            del self._namespaces[client.namespace]
        session = client.session
        others = tuple(other for other in session.application or () if other is not client)
        # Who was refused everywhere has joined nothing; who has left everywhere has.
        session.application = others if others or client.held is None else None

    async def enter_room(self, sid: str, namespace: str, room: Any, eio_sid: str | None = None) -> None:
        """Raises ValueError: not connected to the namespace, or the room is somebody's own."""
        self.basic_enter_room(sid, namespace, room, eio_sid)

    async def leave_room(self, sid: str, namespace: str, room: Any) -> None:
        self.basic_leave_room(sid, namespace, room)

    async def close_room(self, room: Any, namespace: str) -> None:
        """Raises ValueError: the room is somebody's own."""
        self.basic_close_room(room, namespace)

    def basic_enter_room(self, sid: str, namespace: str, room: Any, eio_sid: str | None = None) -> None:
        client = self.find(sid, namespace)
        if client is None:
            raise ValueError("sid is not connected to requested namespace")
        space = self._namespaces[namespace]
        if room in space.clients and room != sid:
            raise ValueError("cannot enter a sid room")
        if room is None or room == sid:
            return
        space.rooms.setdefault(room, {})[sid] = client
        if client.rooms is None:
            client.rooms = set()
        client.rooms.add(room)

    def basic_leave_room(self, sid: str, namespace: str, room: Any) -> None:
        client = self.find(sid, namespace)
        if client is None or client.rooms is None or room not in client.rooms:
            return
        client.rooms.discard(room)
        _take_out(self._namespaces[namespace], room, sid)

    def basic_close_room(self, room: Any, namespace: str) -> None:
        if self.find(room, namespace) is not None:
            raise ValueError("cannot close a sid room")
        space = self._namespaces.get(namespace)
        for sid in tuple(space.rooms.get(room, ())) if space else ():
            self.basic_leave_room(sid, namespace, room)

    def get_rooms(self, sid: str, namespace: str) -> list[Any]:
        client = self.find(sid, namespace)
        return [] if client is None else [sid, *(client.rooms or ())]

    async def emit(
        self,
        event: str,
        data: Any,
        namespace: str,
        room: Any = None,
        skip_sid: Any = None,
        callback: Callable[..., Any] | None = None,
        to: Any = None,
        **_: Any,
    ) -> None:
        """Sends an event: to a client, a room, several rooms (a list), or to all in the namespace."""
        target = room if to is None else to
        arguments = [event, *arguments_of(data)]
        if callback is None:
            self.deliver(namespace, target, skip_sid, self._frames(namespace, arguments, None))
        else:
            self.ask(namespace, target, skip_sid, arguments, callback)
        await self._pace()

    def deliver(self, namespace: str, target: Any, skip_sid: Any, frames: list[bytes]) -> None:
        """Sends frames to whom an emit reaches."""
        self._send(self._reached(namespace, target, skip_sid), frames)

    def ask(
        self, namespace: str, target: Any, skip_sid: Any, arguments: list[Any], callback: Callable[..., Any]
    ) -> None:
        """Sends an event to whom an emit reaches, and calls back with each acknowledgement."""
        for client in tuple(self._reached(namespace, target, skip_sid)):
            self._send((client,), self._frames(namespace, arguments, _expect(client, callback)))

    async def _pace(self) -> None:
        self._emitted += 1
        if self._emitted % EMITS_PER_TURN == 0:
            await asyncio.sleep(0)

    async def trigger_callback(self, sid: str, id: int, data: list[Any]) -> None:  # noqa: A002  # the library's name
        """Calls what waits for a client's ack; an ack that nobody waits for is nothing."""
        for space in self._namespaces.values():
            client = space.clients.get(sid)
            callback = client.acks.pop(id, None) if client is not None and client.acks else None
            if callback is not None:
                answer = callback(*data)
                if asyncio.iscoroutine(answer):
                    await answer

    def _reached(self, namespace: str, target: Any, skip_sid: Any) -> Iterable[Client]:
        recipients = self._recipients(namespace, target)
        if skip_sid is None:
            return recipients
        skipped = {skip_sid} if isinstance(skip_sid, str) else set(skip_sid)
        return [client for client in recipients if client.sid not in skipped]

    def _recipients(self, namespace: str, room: Any) -> Iterable[Client]:
        space = self._namespaces.get(namespace)
        if space is None:
            return ()
        if room is None:
            return list(space.clients.values())
        if isinstance(room, list | tuple | set | frozenset):
            found: dict[str, Client] = {}
            for one in room:
                found.update((client.sid, client) for client in _members(space, one))
            return list(found.values())
        return _members(space, room)

    def _frames(self, namespace: str, arguments: list[Any], number: int | None) -> list[bytes]:
        made = self.server.packet_class(packet.EVENT, namespace=namespace, data=arguments, id=number)
        frames: list[bytes] = self.server.frames(made)
        return frames

    def _send(self, clients: Iterable[Client], frames: list[bytes]) -> None:
        if self._changing:
            clients = [client for client in clients if _receives(client, frames)]
        elif not isinstance(clients, list | tuple):
            clients = tuple(clients)
        outbox = self.server.eio.outbox
        for frame in frames:
            outbox.broadcast(map(_session_of, clients), frame)


def _take_out(space: _Namespace, room: Any, sid: str) -> None:
    members = space.rooms[room]
    del members[sid]
    if not members:
        del space.rooms[room]


def _members(space: _Namespace, room: Any) -> Iterable[Client]:
    alone = space.clients.get(room)
    return (alone,) if alone is not None else space.rooms.get(room, {}).values()


def _receives(client: Client, frames: list[bytes]) -> bool:
    """Whether frames are sent at once; for one who connects they are kept, for one who leaves they are not."""
    if client.held is not None:
        client.held += frames
    return client.connected


def _expect(client: Client, callback: Callable[..., Any]) -> int:
    """The number of an ack to come."""
    if client.acks is None or client.numbers is None:
        client.acks, client.numbers = {}, itertools.count(1)
    number = next(client.numbers)
    client.acks[number] = callback
    return number


def arguments_of(data: Any) -> Iterable[Any]:
    """What an event is emitted with: several arguments are a tuple; None is none."""
    if isinstance(data, tuple):
        return data
    return () if data is None else (data,)
