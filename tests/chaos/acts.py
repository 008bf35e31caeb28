"""What people do: an act of the plan as a command, made of what its actor sees at that moment."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tests.chaos.actors import Actor
from tests.chaos.ledger import Done, Ledger, Mark
from tests.chaos.people import AUTHORS, HOTELS, PEOPLE, TABS, client_of
from tests.chaos.plan import Act
from tests.wire.stories import TERMS, offer

Command = tuple[str, dict[str, Any], Mark | None]
_FOCUS: Final = ("notes", "title", "rooms.double", None)


class Game:
    """The quotations and what becomes of them. `actors` are the clients by their names."""

    def __init__(self, ledger: Ledger, actors: Mapping[str, Actor]) -> None:
        self.ledger = ledger
        self.actors = actors

    async def begin(self) -> None:
        """The quotations are made and published, and whoever may be there goes in."""
        for number, author in enumerate(AUTHORS):
            mark = self._mark("terms", number)
            terms = {**TERMS, "title": mark.text, "client_id": client_of(number).id}
            created = await self._do(author, "quotation.create", terms, number, mark)
            assert created["ok"], created
            self.ledger.ids.append(created["data"]["quotation"]["id"])
            payload = {"quotation_id": self.ledger.ids[number], "hotel_ids": list(HOTELS[: 2 + number % 2])}
            published = await self._do(author, "quotation.publish", payload, number, None)
            assert published["ok"], published
        for actor in self.actors.values():
            for quotation in self.ledger.ids:
                actor.want(f"quotation:{quotation}")

    async def perform(self, act: Act) -> None:
        """Does one act, if there is anything to do, and waits for its definite answer."""
        actor = self._actor(act)
        room = f"quotation:{self.ledger.ids[act.on]}"
        match act.kind:
            case "break":
                actor.back()
            case "rejoin":
                actor.unwant(room) if act.value % 2 else actor.want(room)
            case "inbox":
                actor.lazy = bool(act.value % 2)
            case "focus":
                focus = _FOCUS[act.value % len(_FOCUS)]
                await actor.ask("presence.update", {"room": room, "focus": focus, "typing": focus == "notes"})
            case "again":
                await self._again(actor, act)
            case "trespass":
                await self._trespass(actor, act)
            case "clash":
                await self._clash(act)
            case _:
                await self._command(actor, act, room)

    async def _command(self, actor: Actor, act: Act, room: str) -> None:
        kept = actor.views.rooms.get(room)
        view = (kept.view.view if kept else None) or {}
        command = _COMMANDS[act.kind](self, actor, act, view)
        if command is not None:
            name, payload, mark = command
            await self._do(actor.person.name, name, payload, act.on, mark, actor)

    async def _do(
        self, who: str, name: str, payload: Mapping[str, Any], on: int, mark: Mark | None, actor: Actor | None = None
    ) -> dict[str, Any]:
        key = f"{self.ledger.seed}-{len(self.ledger.done)}-{name}".replace(".", "_").ljust(8, "-")
        done = Done(who, name, {**payload, "key": key}, on, time.monotonic(), mark)
        self.ledger.done.append(done)
        done.answer = await (actor or self.actors[f"{who}/0"]).ask(name, done.payload)
        return done.answer

    async def _again(self, actor: Actor, act: Act) -> None:
        """The same command with the same key, on whichever client: one effect, one answer [D5]."""
        known = [one for one in self.ledger.done if one.ok and one.who == actor.person.name]
        if known:
            chosen = known[act.value % len(known)]
            self.ledger.repeated.append((chosen, await actor.ask(chosen.name, chosen.payload)))

    async def _trespass(self, actor: Actor, act: Act) -> None:
        """Goes where one may not go; the checks look at what came back."""
        quotation = self.ledger.ids[act.value % len(self.ledger.ids)]
        company = PEOPLE[AUTHORS[act.on]].place
        if actor.person.place != company or actor.person.role != "agent":
            await actor.ask("room.join", {"room": f"company:{company}"})
        if actor.person.role != "agent":
            actor.want(f"quotation:{quotation}")

    async def _clash(self, act: Act) -> None:
        """Two colleagues write one field on the same version: at most one of them wins."""
        author = AUTHORS[act.on]
        names = [
            f"{name}/0" for name, one in PEOPLE.items() if one.role == "agent" and one.place == PEOPLE[author].place
        ]
        first = self.actors[names[0]].views.rooms.get(f"quotation:{self.ledger.ids[act.on]}")
        if first is None or not first.view.view:
            return
        base = first.view.view["version"]
        for name in names:
            mark = self._mark("agency", act.on)
            payload = _edit(self, act.on, base, "internal_notes", mark.text)
            await self._do(name.partition("/")[0], "quotation.edit", payload, act.on, mark)

    def _actor(self, act: Act) -> Actor:
        tabs = [tab for name, tab in TABS if name == act.who]
        return self.actors[f"{act.who}/{tabs[act.value % len(tabs)]}"]

    def _mark(self, kind: Any, on: int, hotel: str = "") -> Mark:
        return self.ledger.mark(kind, on, time.monotonic(), hotel)


def _edit(game: Game, on: int, base: int, field: str, value: Any) -> dict[str, Any]:
    return {
        "quotation_id": game.ledger.ids[on],
        "base_version": base,
        "changes": [{"field": field, "value": value}],
    }


def _editing(field: str, value: Callable[[Act], Any] | None = None) -> Callable[..., Command | None]:
    def command(game: Game, actor: Actor, act: Act, view: Mapping[str, Any]) -> Command | None:
        if "version" not in view:
            return None
        mark = None if value else game._mark("agency", act.on)
        new = value(act) if value else (mark.text if mark else "")
        return "quotation.edit", _edit(game, act.on, view["version"], field, new), mark

    return command


def _mention(game: Game, actor: Actor, act: Act, view: Mapping[str, Any]) -> Command | None:
    if "version" not in view:
        return None
    mark = game._mark("agency", act.on)
    colleague = ("ana", "bruno", "carla", "davi")[act.value % 4]
    return "quotation.edit", _edit(game, act.on, view["version"], "notes", f"@{colleague} {mark.text}"), mark


def _on_hotels(name: str) -> Callable[..., Command]:
    def command(game: Game, actor: Actor, act: Act, view: Mapping[str, Any]) -> Command:
        hotels = [HOTELS[act.value % len(HOTELS)]]
        return name, {"quotation_id": game.ledger.ids[act.on], "hotel_ids": hotels}, None

    return command


def _extend(game: Game, actor: Actor, act: Act, view: Mapping[str, Any]) -> Command:
    mark = game._mark("agency", act.on)
    deadline = datetime(2027, 1, 11, tzinfo=UTC) + timedelta(seconds=len(game.ledger.done))
    payload = {"quotation_id": game.ledger.ids[act.on], "deadline": deadline.isoformat(), "reason": mark.text}
    return "quotation.extend", payload, mark


def _plain(name: str, **fields: Any) -> Callable[..., Command]:
    def command(game: Game, actor: Actor, act: Act, view: Mapping[str, Any]) -> Command:
        return name, {"quotation_id": game.ledger.ids[act.on], **fields}, None

    return command


def _with_reason(name: str, kind: str) -> Callable[..., Command]:
    def command(game: Game, actor: Actor, act: Act, view: Mapping[str, Any]) -> Command:
        mark = game._mark(kind, act.on)
        return name, {"quotation_id": game.ledger.ids[act.on], "reason": mark.text}, mark

    return command


def _restore(game: Game, actor: Actor, act: Act, view: Mapping[str, Any]) -> Command | None:
    version = view.get("version", 0)
    if version < 2:
        return None
    return "quotation.restore", {"quotation_id": game.ledger.ids[act.on], "version": 1 + act.value % version}, None


def _award(game: Game, actor: Actor, act: Act, view: Mapping[str, Any]) -> Command | None:
    offers = sorted(view.get("offers", {}))
    if not offers:
        return None
    chosen = offers[act.value % len(offers)]
    return "quotation.award", {"quotation_id": game.ledger.ids[act.on], "offer_id": chosen}, None


def _submit(game: Game, actor: Actor, act: Act, view: Mapping[str, Any]) -> Command:
    hotel = actor.person.place
    public, own = game._mark("offer", act.on, hotel), game._mark("hotel", act.on, hotel)
    rate = game.ledger.rate(act.on, time.monotonic(), hotel)
    made = offer(rate, notes=public.text, internal_notes=own.text)
    return "offer.submit", {"quotation_id": game.ledger.ids[act.on], "offer": made}, public


def _line(name: str) -> Callable[..., Command | None]:
    def command(game: Game, actor: Actor, act: Act, view: Mapping[str, Any]) -> Command | None:
        booking = view.get("booking", {})
        lines = sorted(booking.get("lines", {}))
        if not lines:
            return None
        mark = game._mark("line", act.on, actor.person.place)
        return name, {"booking_id": booking["id"], "line_id": lines[0], "reason": mark.text}, None

    return command


def _rooming(game: Game, actor: Actor, act: Act, view: Mapping[str, Any]) -> Command | None:
    if "booking" not in view:
        return None
    mark = game._mark("guests", act.on)
    return "booking.set_rooming", {"booking_id": view["booking"]["id"], "guests": [{"name": mark.text}]}, mark


def _grant(name: str) -> Callable[..., Command]:
    def command(game: Game, actor: Actor, act: Act, view: Mapping[str, Any]) -> Command:
        mark = game._mark("agency", act.on)
        hotel = HOTELS[act.value % len(HOTELS)]
        return name, {"quotation_id": game.ledger.ids[act.on], "hotel_id": hotel, "reason": mark.text}, None

    return command


def _announce(game: Game, actor: Actor, act: Act, view: Mapping[str, Any]) -> Command:
    mark = game._mark("everybody", act.on)
    return "announcement.publish", {"title": mark.text, "body": "x" * (act.value % 9_000)}, mark


_COMMANDS: Final[Mapping[str, Callable[..., Command | None]]] = {
    "notes": _editing("notes"),
    "internal": _editing("internal_notes"),
    "markup": _editing("markup_percent", lambda act: str(1 + act.value % 40)),
    "margin": _editing("margin_percent", lambda act: str(1 + act.value % 40)),
    "rooms": _editing("rooms.double", lambda act: 1 + act.value % 30),
    "mention": _mention,
    "invite": _on_hotels("quotation.invite"),
    "uninvite": _on_hotels("quotation.uninvite"),
    "extend": _extend,
    "restore": _restore,
    "close": _plain("quotation.close"),
    "award": _award,
    "cancel": _with_reason("quotation.cancel", "agency"),
    "submit": _submit,
    "withdraw": _plain("offer.withdraw"),
    "confirm": _line("booking.confirm_line"),
    "decline": _line("booking.decline_line"),
    "accept": _plain("quotation.accept", reason=""),
    "reject": _with_reason("quotation.reject", "agency"),
    "rooming": _rooming,
    "grant": _grant("quotation.grant"),
    "revoke": _grant("quotation.revoke"),
    "announce": _announce,
}
