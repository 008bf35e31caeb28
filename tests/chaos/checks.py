"""What has to hold when a run is over and everything is calm again. Every check gives what is wrong, in words."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from tests.chaos.actors import Actor
from tests.chaos.ledger import Done, Ledger
from tests.chaos.people import HOTELS, PEOPLE, Person, client_of, company_of, staff_of
from tests.chaos.truth import Frame, Truth, channel_of

Actors = Mapping[str, Actor]
_MARK: Final = re.compile(r"mk\d+n\d+z|\b\d{6}\.\d\d\b")
_HOTEL_ID: Final = re.compile(r"\bhotel-[a-z]+\b|\bHOTEL-[A-Z]+\b")
_PERSON_ID: Final = re.compile(r"\bperson-[a-z]+\b")
_WITNESS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "quotation.create": ("agency", ("quotation.created",)),
    "quotation.edit": ("agency", ("quotation.edited",)),
    "quotation.extend": ("agency", ("quotation.extended",)),
    "quotation.cancel": ("agency", ("quotation.cancelled", "booking.cancelled")),
    "quotation.reject": ("agency", ("quotation.rejected",)),
    "offer.submit": ("agency", ("offer.submitted", "offer.revised")),
    "booking.set_rooming": ("agency", ("booking.changed",)),
    "announcement.publish": ("public", ("announcement.published",)),
}
"""In whose channel which frames show that a command with a mark had its effect."""


def unsettled(actors: Actors, truth: Truth) -> Iterator[str]:
    """Who is not yet where the database is [D2]."""
    if truth.waiting:
        yield f"{truth.waiting} rows wait in the outbox"
    if truth.under_way:
        yield f"workflows are under way: {truth.under_way}"
    for actor in actors.values():
        if not actor.here:
            yield f"{actor.name} is not in all of its rooms"
        for room, kept in actor.views.rooms.items():
            place = truth.places.get(channel_of(actor.person, room))
            if place is not None and place != (kept.view.epoch, kept.view.seq):
                yield f"{actor.name} is at {kept.view.epoch} {kept.view.seq} in {room}, the table at {place}"


def positions(truth: Truth) -> Iterator[str]:
    """Every channel's positions are 1, 2, 3 … without holes, up to where it stands [P4.1]."""
    for (channel, epoch), frames in truth.frames.items():
        if [frame.seq for frame in frames] != list(range(1, len(frames) + 1)):
            yield f"{channel} {epoch} has {[frame.seq for frame in frames]}"
    for channel, (epoch, seq) in truth.places.items():
        if len(truth.frames.get((channel, epoch), ())) != seq:
            yield f"{channel} is at {epoch} {seq} with {len(truth.frames.get((channel, epoch), ()))} frames"


def deliveries(actors: Actors, truth: Truth) -> Iterator[str]:
    """What a client saw after a snapshot is what was committed after it, each once and in order [D1] [D2] [D3]."""
    for actor in actors.values():
        yield from (f"{actor.name}: {what}" for what in (*actor.views.wrong, *actor.refused))
        for stretch in actor.views.stretches:
            channel = channel_of(actor.person, stretch.room)
            committed = truth.frames.get((channel, stretch.epoch), [])
            expected = [frame.id for frame in committed[stretch.after : stretch.after + len(stretch.ids)]]
            if stretch.ids != expected:
                yield f"{actor.name} saw {stretch.ids} in {stretch.room} after {stretch.after}, not {expected}"


def effects(ledger: Ledger, truth: Truth) -> Iterator[str]:
    """Every accepted command had its effect once, every refused one none; repeated, it had the same answer [D5].

    No workflow was given up [D2.7]."""
    yield from (f"{workflow} is a dead letter" for workflow in truth.dead)
    for done in ledger.done:
        if done.answer is None:
            yield f"{done.who} never got an answer to {done.name}"
        elif done.mark is not None and done.name in _WITNESS:
            seen = len(_witnesses(ledger, truth, done))
            if seen != done.ok:
                yield f"{done.name} of {done.who} was answered {done.answer} and is in {seen} frames"
    for done, answer in ledger.repeated:
        if answer != done.answer:
            yield f"{done.name} of {done.who} was answered {done.answer}, and repeated {answer}"


def _witnesses(ledger: Ledger, truth: Truth, done: Done) -> list[Frame]:
    audience, names = _WITNESS[done.name]
    assert done.mark is not None
    room = "public:announcements" if audience == "public" else f"quotation:{ledger.ids[done.quotation]}"
    ours = (frames for (channel, _), frames in truth.frames.items() if channel == f"{room}/{audience}")
    return [frame for frames in ours for frame in frames if frame.name in names and done.mark.text in frame.body]


def leaks(actors: Actors, ledger: Ledger) -> Iterator[str]:
    """Nobody was sent a text that they may not see, nor who their rivals are [P1] [P2]. Every byte is looked at."""
    for actor in actors.values():
        for at, text in actor.texts:
            for found in set(_MARK.findall(text)):
                mark = ledger.marks.get(found)
                if mark is not None and not ledger.may_see(actor.person, mark, at):
                    yield f"{actor.name} was sent {mark}: {text[:300]}"
            known = _known_to(actor.person) | _granted_names(actor.person, ledger, at)
            for found in {*_HOTEL_ID.findall(text), *_PERSON_ID.findall(text)} - known:
                yield f"{actor.name} was sent {found}: {text[:300]}"


def _granted_names(person: Person, ledger: Ledger, at: float) -> set[str]:
    """The names of rivals whose offers an operator lets a hotel see."""
    granted = any(ledger.granted(person.place, number, at) for number in range(len(ledger.ids)))
    return {hotel.upper() for hotel in HOTELS} if person.role == "hotel" and granted else set()


def _known_to(person: Person) -> set[str]:
    """The ids of people and hotels that somebody may come across."""
    hotels = {name for hotel in HOTELS for name in (hotel, hotel.upper())}
    everybody = {one.id for one in PEOPLE.values()}
    match person.role:
        case "admin":
            return hotels | everybody
        case "agent":
            ours = {one.id for one in PEOPLE.values() if one.place == person.place or one.role == "admin"}
            return hotels | ours
        case "hotel":
            agents = {one.id for one in PEOPLE.values() if one.role == "agent"}
            return {person.place, person.place.upper(), *(one.id for one in staff_of(person.place)), *agents}
        case "client":
            agents = {one.id for one in PEOPLE.values() if one.role == "agent" and one.place == person.place}
            return {person.id, *agents, *(hotel.upper() for hotel in HOTELS)}
        case _:
            return {person.id}


def snapshots(actor: Actor, fresh: Mapping[str, dict[str, Any]]) -> Iterator[str]:
    """What a client made of its frames is what a join finds now [D4]; `fresh` are the answers by room."""
    for room, answer in fresh.items():
        kept = actor.views.rooms.get(room)
        if answer["ok"] != (kept is not None):
            yield f"{actor.name} has {room}: {kept is not None}, a join says {json.dumps(answer)[:200]}"
        if not answer["ok"] or kept is None:
            continue
        data = answer["data"]
        here, there = (kept.view.epoch, kept.view.seq), (data["epoch"], data["seq"])
        if here != there:
            yield f"{actor.name} is at {here} in {room}, a join at {there}"
        if data["snapshot"] != kept.view.view:
            yield f"{actor.name} sees {json.dumps(kept.view.view)} in {room}, a join {json.dumps(data['snapshot'])}"


def entitled(person: Person, quotation: int, admins_view: Mapping[str, Any]) -> bool:
    """Whether somebody has a view of a quotation, by the rules and what its operator sees."""
    match person.role:
        case "admin":
            return True
        case "agent":
            return person.place == company_of(quotation)
        case "client":
            return person is client_of(quotation)
        case "hotel":
            return person.place in admins_view.get("invitations", {})
        case _:
            return False


def presence(actors: Actors, ledger: Ledger) -> Iterator[str]:
    """Everybody sees in each room whom they may see of those who are there, and nobody else [D6] [D9]."""
    for quotation in ledger.ids:
        room = f"quotation:{quotation}"
        inside = [actor for actor in actors.values() if room in actor.views.rooms]
        for actor in inside:
            expected = _seen(actor, room, [other.person for other in inside])
            shown = actor.views.rooms[room].present.keys()
            if expected is not None and shown != expected:
                yield f"{actor.name} sees {sorted(shown)} in {room}, there are {sorted(expected)}"


def _seen(actor: Actor, room: str, inside: list[Person]) -> set[str] | None:
    """The ids that somebody sees; None where that depends on whether their hotel hears more of it."""
    agents = {one.id for one in inside if one.role == "agent"}
    match actor.person.role:
        case "admin":
            return {one.id for one in inside}
        case "agent":
            return agents | {one.place for one in inside if one.role == "hotel"}
        case "client":
            return agents
        case _:
            return agents if actor.views.rooms[room].view.view.get("invitation") == "open" else None


def inboxes(actors: Actors, ledger: Ledger, truth: Truth, waiting: Mapping[str, set[str]]) -> Iterator[str]:
    """Whoever was invited was told so once, and nothing that was addressed to somebody is lost [D8].

    `waiting` are the ids that each person's inbox still has, as REST says.
    """
    for person in PEOPLE.values():
        channel = f"user:{person.id}/self"
        frames = [frame for (name, _), theirs in truth.frames.items() if name == channel for frame in theirs]
        items = {id_: item for frame in frames for id_, item in _notifications(frame).items()}
        told = {id_ for actor in actors.values() if actor.person is person for id_ in _told(actor)}
        if lost := items.keys() - told - waiting[person.id]:
            yield f"{person.name} was never told {[items[id_] for id_ in lost]}"
        yield from _invitations(person, ledger, items)


def _told(actor: Actor) -> set[str]:
    live = {id_ for stretch in actor.views.stretches if stretch.room.startswith("user:") for id_ in stretch.ids}
    return live | actor.inbox.keys()


def _invitations(person: Person, ledger: Ledger, items: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    if person.role != "hotel":
        return
    received = Counter(item["quotation_id"] for item in items.values() if item["kind"] == "invitation.received")
    for number, quotation in enumerate(ledger.ids):
        asked = [
            done
            for done in ledger.done
            if done.ok
            and done.quotation == number
            and done.name in ("quotation.publish", "quotation.invite")
            and person.place in done.payload["hotel_ids"]
        ]
        least, most = min(1, len(asked)), len(asked)
        if not least <= received[quotation] <= most:
            yield f"{person.name} was invited to {quotation} {len(asked)} times and told so {received[quotation]} times"


def _notifications(frame: Frame) -> dict[str, dict[str, Any]]:
    change = json.loads(frame.body)["data"].get("change", {})
    found: dict[str, dict[str, Any] | None] = change.get("notifications", {})
    return {id_: item for id_, item in found.items() if item is not None}
