"""Lives of a quotation, told by every command there is, while everybody keeps their view by frames alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from backend.domain.refusals import Refusal
from backend.domain.resources.guides import Guide, Spoken
from backend.services import reads
from backend.services.commands import COMMANDS
from privacy.patches import apply_patch
from tests.support.stage import HOTELS, Stage, Watcher, offer

Act = tuple[str, int]
"""A command, or `forward`, and a number that chooses its details."""

EDITS = (
    ("title", "Cusco, renamed"),
    ("rooms.double", 9),
    ("client_id", "cesar"),
    ("client_id", "clara"),
    ("markup_percent", "14"),
    ("privacy.hide_competitor_prices", True),
    ("budget", {"min": {"amount": "10.00", "currency": "USD"}}),
    ("deposit", {"required": True, "percent": "20"}),
    ("notes", None),
    ("margin_percent", "12"),
)
GUIDES = ("gina", "gil")
"""The guides of the catalogue, with a login each; the best first."""
WATCHERS = ("admin", "ana", "clara", "cesar", "carla", *GUIDES, *(f"{hotel}-desk" for hotel in HOTELS))
LISTS = {
    "ana": "company:andes",
    "clara": "user:clara",
    "cesar": "user:cesar",
    **{guide: f"user:{guide}" for guide in GUIDES},
    **{f"{hotel}-desk": f"hotel:{hotel}" for hotel in HOTELS},
}
KEPT = frozenset(("title", "state", "invitation", "check_in", "deadline", "client"))
"""What a row never lacks of what REST lists."""

acts = st.lists(
    st.tuples(st.sampled_from([*sorted(COMMANDS.keys() - {"quotation.create"}), "forward"]), st.integers(0, 11)),
    max_size=10,
)
OFFERED: list[Act] = [("quotation.publish", 0), ("offer.submit", 0), ("offer.submit", 1)]
BOOKED: list[Act] = [*OFFERED, ("quotation.award", 0), ("quotation.accept", 0)]
beginnings = st.sampled_from([[], OFFERED[:1], OFFERED, BOOKED])
WHOLE: list[Act] = [
    ("quotation.edit", 0),
    ("quotation.restore", 0),
    *OFFERED,
    ("quotation.uninvite", 2),
    ("quotation.invite", 2),
    ("offer.submit", 2),
    ("offer.withdraw", 2),
    ("quotation.extend", 0),
    ("quotation.grant", 1),
    ("offer.submit", 3),
    ("quotation.revoke", 1),
    ("quotation.edit", 2),
    ("quotation.edit", 3),
    ("quotation.close", 0),
    ("quotation.award", 0),
    ("quotation.reject", 0),
    ("quotation.award", 0),
    ("quotation.accept", 0),
    ("booking.set_rooming", 0),
    ("booking.confirm_line", 0),
    ("guide.decline", 0),
    ("guide.confirm", 0),
    ("announcement.publish", 0),
    ("booking.cancel", 0),
]
DECLINED: list[Act] = [*BOOKED, ("booking.decline_line", 0)]
CALLED_OFF: list[Act] = [*OFFERED, ("quotation.cancel", 0)]


@dataclass
class Covered:
    """Which commands were done, and for which kinds of viewers patches were compared with a snapshot."""

    commands: set[str] = field(default_factory=set)
    viewers: set[str] = field(default_factory=set)


class Life:
    """One quotation of Ana's, with a watcher for everybody who may see it."""

    def __init__(self, stage: Stage, covered: Covered) -> None:
        self.stage = stage
        self.covered = covered
        self.watchers: dict[str, Watcher] = {}
        self.rows: dict[str, dict[str, Any]] = {}
        self.lists: dict[str, Watcher] = {}
        self.ousted: set[str] = set()

    async def live(self, acts: Sequence[Act]) -> None:
        """[D4] After each act, what everybody's frames made of their view is what a snapshot shows."""
        for rank, user_id in enumerate(GUIDES):
            spoken = (Spoken(language="es", level="native"),)
            known = Guide(id=user_id, name=user_id, user_id=user_id, languages=spoken, rating=Decimal(5 - rank))
            await self.stage.db.put_item(known, None)
        for who, room in LISTS.items():
            self.lists[who] = await self.stage.watch(who, room)
        self.quotation = await self.stage.draft(
            privacy={"hide_competitor_prices": False, "show_own_rank": True},
            programme={"guides": [{"language": "es"}]},
        )
        self.covered.commands.add("quotation.create")
        await self._compare()
        for name, number in acts:
            await self._act(name, number)
            await self._compare()

    async def _act(self, name: str, number: int) -> None:
        if name == "forward":
            await self.stage.forward(days=(0.1, 3, 8, 200)[number % 4])
            return
        who, payload = await self._asked(name, number)
        try:
            await self.stage.do(who, name, **payload)
        except Refusal:
            return
        self.covered.commands.add(name)
        if number % 2 == 0:
            await self.stage.settle()

    async def _compare(self) -> None:
        for who in WATCHERS:
            await self._compare_view(who)
        for who in LISTS:
            await self._compare_list(who)

    async def _compare_view(self, who: str) -> None:
        room = f"quotation:{self.quotation}"
        try:
            fresh = await self.stage.watch(who, room)
        except Refusal:
            if self.watchers.pop(who, None):
                self.ousted.add(who)
            return
        watcher = self.watchers.setdefault(who, fresh)
        await watcher.catch_up()
        assert watcher.view == fresh.view, f"[D4] {who}"
        self.covered.viewers.add(self._kind(who, watcher))

    def _kind(self, who: str, watcher: Watcher) -> str:
        if who in GUIDES:
            return "guide"
        if watcher.channel.partition("/")[2].startswith("hotel:"):
            return "granted hotel" if "competitors" in watcher.view else "hotel"
        if who in ("clara", "cesar"):
            return "new client" if {"clara", "cesar"} & self.ousted else "client"
        return "admin" if who == "admin" else "agency"

    async def _compare_list(self, who: str) -> None:
        """The list's row, kept by frames, adds nothing to what REST lists."""
        rows = self.rows.setdefault(who, {})
        for frame in await self.lists[who].catch_up():
            for changed in frame["data"]["change"].values():
                rows = self.rows[who] = apply_patch(rows, changed)
        listed = await reads.quotations(self.stage.deps, self.stage.people[who], None, limit=1)
        shown = next((item for item in listed["items"] if item["id"] == self.quotation), {})
        row = rows.get(self.quotation, {})
        assert apply_patch(shown, row) == shown, f"[D4] the list of {who}"
        assert bool(row) == bool(shown), f"[D4] the list of {who}"
        assert row.keys() >= shown.keys() & KEPT, f"[D4] the list of {who}"

    async def _asked(self, name: str, number: int) -> tuple[str, dict[str, Any]]:
        """Who gives the command, and its payload."""
        if name.startswith("guide."):
            return await self._on_assignment()
        if name.startswith("booking."):
            return await self._on_booking(name, number)
        hotel, on = HOTELS[number % 3], {"quotation_id": self.quotation}
        match name.removeprefix("quotation."):
            case "edit":
                changed, value = EDITS[number % len(EDITS)]
                changes = [{"field": changed, "value": value}]
                who = "admin" if changed == "margin_percent" else "ana"
                return who, {**on, "base_version": 1, "changes": changes}
            case "restore":
                return "ana", {**on, "version": 1 + number % 3}
            case "publish":
                return "ana", {**on, "hotel_ids": list(HOTELS)}
            case "invite" | "uninvite":
                return "ana", {**on, "hotel_ids": [hotel]}
            case "extend":
                deadline = (self.stage.now + timedelta(days=9 + number)).isoformat()
                return "ana", {**on, "deadline": deadline, "reason": "more time"}
            case "award":
                return "ana", {**on, "offer_id": await self._offer_of(hotel)}
            case "accept" | "reject":
                return await self._client(), {**on, "reason": "so"}
            case "cancel":
                return "ana", {**on, "reason": "the group fell through"}
            case "grant" | "revoke":
                return "admin", {**on, "hotel_id": hotel, "reason": "a test"}
            case "offer.submit":
                return f"{hotel}-desk", {**on, "offer": offer(f"{100 - number}.00", guaranteed=number % 2 == 0)}
            case "offer.withdraw":
                return f"{hotel}-desk", on
            case "announcement.publish":
                return "admin", {"title": "News", "body": "A new train"}
            case _:
                return "ana", on

    async def _on_booking(self, name: str, number: int) -> tuple[str, dict[str, Any]]:
        booking = (await self._seen_by_admin()).get("booking", {})
        on = {"booking_id": booking.get("id", "none")}
        if name == "booking.cancel":
            return "ana", {**on, "reason": "the group fell through"}
        if name == "booking.set_rooming":
            return await self._client(), {**on, "guests": [{"name": f"Guest {number}"}]}
        lines = [line for line in booking.get("lines", {}).values() if line["state"] == "pending"]
        line = lines[0] if lines else {"id": "none", "hotel_id": "plaza"}
        return f"{line['hotel_id']}-desk", {**on, "line_id": line["id"], "reason": "so"}

    async def _on_assignment(self) -> tuple[str, dict[str, Any]]:
        holds = (await self._seen_by_admin()).get("booking", {}).get("holds", {}).values()
        asked = [hold for hold in holds if hold.get("answer") == "awaited"]
        hold = asked[0] if asked else {"id": "none", "user_id": "gina"}
        return hold["user_id"], {"assignment_id": hold["id"], "reason": "so"}

    async def _offer_of(self, hotel: str) -> str:
        offers = (await self._seen_by_admin()).get("offers", {}).values()
        return next((str(one["id"]) for one in offers if one["hotel_id"] == hotel), "none")

    async def _client(self) -> str:
        client = (await self._seen_by_admin()).get("client_id", "clara")
        return str(client)

    async def _seen_by_admin(self) -> dict[str, Any]:
        return (await self.stage.watch("admin", f"quotation:{self.quotation}")).view
