"""One process of the driver: its share of the clients, obeying commands and reporting once a second."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from loadtests.clients import Client, Deployment
from loadtests.crowd import Crowd
from loadtests.following import ANNOUNCEMENTS
from loadtests.packets import mark
from loadtests.people import ADMIN
from loadtests.processes import Report
from loadtests.stories import Story, start
from loadtests.tally import Tally

REPORT_EVERY = 1.0
TICK = 0.005
AWAY = (1.0, 3.0)
"""Seconds that somebody stays out of a room in the churn."""


@dataclass(frozen=True, slots=True)
class Status:
    """How a worker stands. `heads` counts the clients at each position of the announcements; `away` those who have
    yet to come (back) or to get what they missed; `pending` commands without an ack."""

    tally: Tally
    online: int
    away: int
    pending: int
    heartbeats: int
    heads: dict[tuple[bytes, int], int]


class Worker:
    """Times are monotonic seconds, which all processes of a machine share."""

    def __init__(self, report: Report, deployment: Deployment, sources: tuple[str, ...]) -> None:
        self.crowd = Crowd(deployment, sources)
        self.swarm = self.crowd.swarm
        self._report = report
        self._people = deployment.people
        self._stories: list[Story] = []
        self._slow: list[Client] = []
        self._coming = 0
        self._regularly()

    def come(self, numbers: range, rate: float, begin: float) -> None:
        """Has people connect, so many a second from a time on."""
        self._coming += len(numbers)

        def one(index: int) -> None:
            self._coming -= 1
            self.crowd.come(numbers[index], begin + index / rate)

        self._steadily(len(numbers), rate, begin, one)

    def announce(self, count: int, every: float, size: int, begin: float) -> None:
        """The operator publishes so many announcements of about `size` characters."""

        def one(index: int) -> None:
            due = begin + index * every
            body = f"{mark(due)} {'Rails are closed between the stations. ' * (size // 39)}"[:size]
            announcement = {"title": f"Notice {index + 1}", "body": body, "key": uuid4().hex}
            self.crowd.ask(self.crowd.clients[ADMIN], "announcement.publish", announcement, self._announced, due)

        self._steadily(count, 1 / every, begin, one)

    def quote(self, teams: range, pause: float) -> None:
        """Those teams begin to work, each with a command every `pause` seconds."""
        clients = self.crowd.clients
        self._stories += start(
            self.crowd, [tuple(clients[number] for number in self._people.team(team)) for team in teams], pause
        )

    def churn(self, rate: float, until: float) -> None:
        """So many a second leave a room for a while, or lose their connection."""
        begin = time.monotonic()
        self._steadily(int(rate * (until - begin)), rate, begin, lambda _: self._disturb())

    def stop_reading(self, count: int, joins: int, back: int, over: float) -> None:
        """So many spectators ask for the last announcements again and again, and read none of the answers. [D7]

        They do so one after the other, over so many seconds.
        """
        spectators = [client for number, client in self.crowd.online.items() if number >= self._people.active][:count]

        def one(index: int) -> None:
            client = spectators[index]
            if client.connection is None:
                return
            for _ in range(joins):
                self.crowd.join(client, ANNOUNCEMENTS, back)
            self.swarm.stop_reading(client.connection)
            self._slow.append(client)

        self._steadily(len(spectators), len(spectators) / over, time.monotonic(), one)

    def read_again(self) -> None:
        """Ends `stop_reading`."""
        for client in self._slow:
            if client.connection is not None:
                self.swarm.read_again(client.connection)
        self._slow = []

    def calm(self) -> None:
        """Ends the teams' work."""
        for story in self._stories:
            story.stop()
        self._stories = []

    def check(self) -> None:
        """Everybody active joins their rooms again `since` where they are: what comes is what they had missed."""
        for number, client in self.crowd.online.items():
            if number < self._people.active:
                for room in list(client.places or ()):
                    self.crowd.join(client, room)

    def report(self) -> None:
        """Reports what was counted since the last report."""
        clients = self.crowd.clients.values()
        here = self.crowd.online
        self._report(
            Status(
                tally=self.crowd.tally,
                online=len(here),
                away=self._coming + sum(client.number not in here or client.joining > 0 for client in clients),
                pending=sum(len(client.asked or ()) for client in clients),
                heartbeats=self.swarm.heartbeats,
                heads=self.crowd.heads(ANNOUNCEMENTS),
            )
        )
        self.crowd.tally = Tally()

    def _regularly(self) -> None:
        self.report()
        self.swarm.at(time.monotonic() + REPORT_EVERY, self._regularly)

    def _announced(self, data: Any) -> None:
        if data is not None:
            self.crowd.tally.published.append(data["announcement"]["id"].encode())

    def _disturb(self) -> None:
        clients = self.crowd.clients
        client = clients[random.choice(list(clients))]
        if client.number == ADMIN or client.number not in self.crowd.online:
            return
        self.crowd.tally.counts["disturbed"] += 1
        if random.random() < 0.5:
            self.crowd.cut(client)
            return
        self.crowd.leave(client, ANNOUNCEMENTS, forget=False)
        self.swarm.at(time.monotonic() + random.uniform(*AWAY), lambda: self.crowd.join(client, ANNOUNCEMENTS))

    def _steadily(self, count: int, rate: float, begin: float, do: Callable[[int], None]) -> None:
        """Calls `do(0) ... do(count - 1)`, each when it is due."""
        done = 0

        def some() -> None:
            nonlocal done
            due = min(count, int((time.monotonic() - begin) * rate) + 1)
            while done < due:
                do(done)
                done += 1
            if done < count:
                self.swarm.at(max(begin + done / rate, time.monotonic() + TICK), some)

        if count > 0:
            self.swarm.at(begin, some)
