"""Locust's users: `locust -f loadtests/locustfile.py --host http://localhost:8000`, or `make load-web`.

Agents create quotations and edit them, hotels answer their invitations, clients accept what they are offered, the
operator publishes announcements, spectators read them. They find each other through the protocol alone, so Locust may
spread them over as many workers as it likes.
"""

import random
from collections import deque
from datetime import UTC, datetime, timedelta
from typing import Any

from locust import between, tag, task

from loadtests.locust_client import LiveUser
from loadtests.payloads import offer, terms

MOST_QUOTATIONS = 3
EDITS_BEFORE_AWARD = 4


class Agent(LiveUser):
    """Has up to three quotations at work, edits them, and awards one when it has been edited enough."""

    role = "agent"
    weight = 4
    wait_time = between(1, 3)

    def on_start(self) -> None:
        super().on_start()
        self.versions: dict[str, int] = {}
        self.edits: dict[str, int] = {}
        self.offers: dict[str, str] = {}

    def heard(self, frame: dict[str, Any]) -> None:
        quotation = frame["room"].removeprefix("quotation:")
        for id_ in frame["data"].get("change", {}).get("offers") or {}:
            self.offers.setdefault(quotation, id_)

    @tag("quotations")
    @task(1)
    def open(self) -> None:
        if len(self.versions) >= MOST_QUOTATIONS:
            return
        created = self.change("quotation.create", **terms("Cusco in March", self.me.client))
        if created is None:
            return
        quotation = created["quotation"]["id"]
        self.join(f"quotation:{quotation}")
        deadline = (datetime.now(UTC) + timedelta(days=3)).isoformat()
        self.change("quotation.publish", quotation_id=quotation, hotel_ids=list(self.me.hotels), deadline=deadline)
        self.versions[quotation], self.edits[quotation] = 1, 0

    @tag("quotations")
    @task(6)
    def edit(self) -> None:
        if not self.versions:
            self.open()
            return
        quotation = random.choice(list(self.versions))
        self.ask("presence.update", room=f"quotation:{quotation}", focus="title", typing=True)
        changes = [{"field": "title", "value": f"Cusco in March, take {self.edits[quotation]}"}]
        base = self.versions[quotation]
        edited = self.change("quotation.edit", quotation_id=quotation, base_version=base, changes=changes)
        if edited is not None:
            self.versions[quotation] = edited["version"]
            self.edits[quotation] += 1

    @tag("quotations")
    @task(2)
    def award(self) -> None:
        ripe = [one for one, count in self.edits.items() if count >= EDITS_BEFORE_AWARD and one in self.offers]
        if ripe:
            quotation = ripe[0]
            self.change("quotation.close", quotation_id=quotation)
            self.change("quotation.award", quotation_id=quotation, offer_id=self.offers.pop(quotation))
            del self.versions[quotation], self.edits[quotation]
            self.places.pop(f"quotation:{quotation}", None)
            self.ask("room.leave", room=f"quotation:{quotation}")


class Hotel(LiveUser):
    """Answers every invitation with an offer, and revises it once."""

    role = "hotel"
    weight = 6
    wait_time = between(1, 3)

    def on_start(self) -> None:
        self.owed: deque[tuple[str, str]] = deque()
        super().on_start()

    def heard(self, frame: dict[str, Any]) -> None:
        if frame["name"] == "invitation.received" and frame["room"].startswith("hotel:"):
            for quotation in frame["data"]["change"].get("invitations") or {}:
                self.owed += [(quotation, "00"), (quotation, "50")]

    @tag("quotations")
    @task
    def answer(self) -> None:
        if not self.owed:
            return
        quotation, cents = self.owed.popleft()
        seen = self.read(f"quotations/{quotation}", "quotations/[id]")
        revised = any(one.get("revision", 1) > 1 for one in seen.get("offers", {}).values())
        if seen.get("invitation") == "open" and not revised:
            self.join(f"quotation:{quotation}")
            self.change("offer.submit", quotation_id=quotation, offer=offer(cents))


class Client(LiveUser):
    """Looks at its quotations and accepts what was awarded."""

    role = "client"
    weight = 2
    wait_time = between(2, 5)

    @tag("quotations")
    @task
    def accept(self) -> None:
        for row in self.get("quotations"):
            if row.get("state") == "awarded":
                self.join(f"quotation:{row['id']}")
                self.change("quotation.accept", quotation_id=row["id"])
                return


class Spectator(LiveUser):
    """Watches announcements, and looks at the list of them now and then."""

    role = "spectator"
    weight = 38
    wait_time = between(5, 15)

    @task
    def look(self) -> None:
        self.get("announcements")


class Operator(LiveUser):
    """Publishes an announcement every few seconds. There is one."""

    role = "admin"
    fixed_count = 1
    wait_time = between(3, 6)

    @task
    def publish(self) -> None:
        self.change("announcement.publish", title="Notice", body="Rails are closed between the stations.")
