"""What a client makes of a room: the view that its frames keep, who is there, and what it saw in which order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.client import RoomView


@dataclass
class Stretch:
    """Facts that came one after the other: their ids, after the position (epoch, seq) that a snapshot had."""

    room: str
    epoch: str
    after: int
    ids: list[str] = field(default_factory=list)


@dataclass
class Kept:
    """A room as one client keeps it. Frames count only while `live`: a join's ack has those before it."""

    view: RoomView
    stretch: Stretch
    live: bool = True
    present: dict[str, dict[str, Any]] = field(default_factory=dict)


class Views:
    """The rooms of one client, over all of its connections.

    `wrong` is what broke a rule, `stretches` everything that was seen, `resets` the snapshots that were declared.
    """

    def __init__(self) -> None:
        self.rooms: dict[str, Kept] = {}
        self.stretches: list[Stretch] = []
        self.wrong: list[str] = []
        self.resets = 0
        self.replayed = 0

    def start(self, room: str, epoch: str, seq: int, snapshot: Any) -> Kept:
        """A room begins, or begins anew, at a position."""
        stretch = Stretch(room, epoch, seq)
        self.stretches.append(stretch)
        present = self.rooms[room].present if room in self.rooms else {}
        self.rooms[room] = Kept(RoomView(epoch, seq, snapshot), stretch, present=present)
        return self.rooms[room]

    def since(self, room: str) -> dict[str, Any] | None:
        """What to join with, to go on where one was."""
        kept = self.rooms.get(room)
        return {"epoch": kept.view.epoch, "seq": kept.view.seq} if kept else None

    def pause(self) -> None:
        """The connection is over: what comes of a room counts once it was joined again."""
        for kept in self.rooms.values():
            kept.live = False

    def forget(self, room: str) -> None:
        self.rooms.pop(room, None)

    def joined(self, data: Mapping[str, Any]) -> None:
        """A join was answered."""
        room, known = data["room"], self.rooms.get(data["room"])
        if data["recovered"] and known is None:
            self.wrong.append(f"{room}: recovered without a since")
            return
        if known is None or not data["recovered"]:
            self.resets += known is not None
            known = self.start(room, data["epoch"], data["seq"], data["snapshot"])
        known.live = True
        for frame in data["events"]:
            self.replayed += 1
            self._apply(room, known, frame)
        if (data["epoch"], data["seq"]) != (known.view.epoch, known.view.seq):
            self.wrong.append(
                f"{room}: at {known.view.epoch} {known.view.seq}, the ack says {data['epoch']} {data['seq']}"
            )
        known.present = {person["id"]: dict(person) for person in data["presence"] if "room" not in person}

    def event(self, name: str, body: Mapping[str, Any]) -> None:
        """An event of a room: a fact, a reset, a signal."""
        kept = self.rooms.get(body["room"])
        if kept is None or not kept.live:
            return
        if name == "room.reset":
            self.resets += 1
            self.start(body["room"], body["epoch"], body["seq"], body["snapshot"])
        elif "seq" in body:
            self._apply(body["room"], kept, body)
        else:
            _signal(kept.present, name, body)

    def _apply(self, room: str, kept: Kept, frame: Mapping[str, Any]) -> None:
        try:
            kept.view.apply(dict(frame))
        except AssertionError as broken:
            self.wrong.append(f"{room}: {broken}")
            return
        kept.stretch.ids.append(frame["id"])


def _signal(present: dict[str, dict[str, Any]], name: str, body: Mapping[str, Any]) -> None:
    data = body["data"]
    if name == "presence.changed" and "room" not in data:
        for person in data["joined"]:
            present[person["id"]] = dict(person)
        for gone in data["left"]:
            present.pop(gone, None)
