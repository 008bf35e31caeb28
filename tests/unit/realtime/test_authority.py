"""[P6] Whose rights end, by what a node is told and by what it reads."""

import asyncio
from collections.abc import Collection
from datetime import UTC, datetime

import msgspec
import pytest

from backend.domain.principals import Principal
from backend.domain.refusals import Refusal
from backend.services.standing import Ended, Holder
from realtime.authority import Authority
from realtime.gathered import AT_ONCE, Gathered
from realtime.sessions import Session, Sessions
from realtime.tasks import Tasks
from tests.unit.realtime.node import Wire, link


class Scene:
    """Sessions of a node, and the database that says who may act as what. `reads` are how many it was asked about."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.sessions = Sessions(loop, lambda: datetime.now(UTC), 60.0, lambda sid, code: None)
        self.rights: dict[str, int] = {}
        self.ended_logins: set[str] = set()
        self.reads: list[int] = []
        self.ended: list[tuple[str, str]] = []
        self.authority = Authority(self.sessions, Gathered(self._standings, Tasks()), self._end)

    def open(self, sid: str, user: str = "ana", login: str | None = None) -> Session:
        rights = self.rights.setdefault(user, 0)
        who = Principal(user_id=user, role="agent", name=user, rights=rights, login=login)
        session = Session(sid, who, link(Wire()), datetime.max.replace(tzinfo=UTC))
        self.sessions.add(session)
        return session

    async def _standings(self, holders: Collection[Holder]) -> dict[Holder, Principal | None]:
        self.reads.append(len(holders))
        await asyncio.sleep(0)
        return {(user, login): self._principal(user, login) for user, login in holders}

    def _principal(self, user: str, login: str | None) -> Principal | None:
        if login in self.ended_logins:
            return None
        return Principal(user_id=user, role="agent", name=user, rights=self.rights[user], login=login)

    def _end(self, sid: str, code: str) -> None:
        self.ended.append((sid, code))
        self.sessions.remove(sid)


@pytest.fixture
async def scene() -> Scene:
    return Scene()


def told(scene: Scene, ended: Ended) -> set[str]:
    scene.authority.on_told(msgspec.json.encode(ended))
    return {sid for sid, _ in scene.ended}


async def test_what_is_told_ends_who_came_with_less(scene: Scene) -> None:
    scene.open("old")
    scene.open("other", user="bruno")
    scene.rights["ana"] = 1
    scene.open("new")
    assert told(scene, Ended("ana", rights=1)) == {"old"}
    assert told(scene, Ended("nobody", rights=9)) == {"old"}
    assert [session.sid for session in scene.sessions] == ["other", "new"]
    assert scene.ended == [("old", "auth.revoked")]


async def test_a_logout_ends_its_login_alone(scene: Scene) -> None:
    for sid, login in (("a1", "a"), ("b1", "b"), ("a2", "a"), ("none", None)):
        scene.open(sid, login=login)
    assert told(scene, Ended("ana", login="a")) == {"a1", "a2"}


async def test_who_is_ended_while_they_connect_never_begins(scene: Scene) -> None:
    """The registry has them before their rights are read, so what is told meanwhile finds them."""
    session = scene.open("early")
    connecting = asyncio.create_task(scene.authority.require(session))
    await asyncio.sleep(0)
    scene.authority.on_told(msgspec.json.encode(Ended("ana", rights=1)))
    with pytest.raises(Refusal) as refused:
        await connecting
    assert refused.value.code == "auth.revoked"


async def test_a_storm_is_few_reads(scene: Scene) -> None:
    """Who come back at once are asked about a thousand at a time."""
    people = [scene.open(str(number), user=f"user{number}") for number in range(2_500)]
    await asyncio.gather(*(scene.authority.require(one) for one in people))
    assert sum(scene.reads) == len(people)
    assert max(scene.reads) <= AT_ONCE
    assert len(scene.reads) <= 4


async def test_everybody_is_looked_at_within_a_minute(scene: Scene) -> None:
    """Nobody told of the change; few people are not asked about all the time."""
    for number in range(30):
        scene.open(str(number), user=f"user{number}")
    for _ in range(11):
        await scene.authority.sweep(5.0)
    assert sum(scene.reads) < 30
    scene.rights = dict.fromkeys(scene.rights, 1)
    for _ in range(13):
        await scene.authority.sweep(5.0)
    assert len(scene.ended) == 30
