"""[P6] A commit is its author's only while they have the rights that they came with."""

import asyncio
from datetime import timedelta

import msgspec
import pytest

from backend.domain.principals import Principal
from backend.domain.quotation import Quotation
from backend.domain.refusals import Refusal
from backend.services.ports import Database
from backend.services.records import Change, Key, RefreshToken, Target, User
from backend.services.standing import principal_of
from tests.support.commits import NOW, always, create, edit, quotation

ANA = User(id="ana", email="ana@andes.demo", name="Ana", role="agent", password_hash="x", company_id="andes")


async def login(database: Database, family: str = "f", user_id: str = "ana") -> None:
    hour = timedelta(hours=1)
    token = RefreshToken(token_hash=family.encode(), family=family, user_id=user_id, expires_at=NOW + hour)
    await database.put_token(token)


def never(_: Quotation | None) -> Change:
    raise AssertionError("decided for somebody without the right")


async def refused(database: Database, target: Target) -> str:
    with pytest.raises(Refusal) as refusal:
        await database.commit(target, never)
    return refusal.value.code


async def test_the_author_is_looked_at_in_the_commit_itself(database: Database) -> None:
    await database.put_user(ANA)
    await login(database)
    made = await create(database, quotation())
    by = principal_of(ANA, "f")
    for target in (Target(quotation_id=made.id, by=by), Target(by=by), Target(by=principal_of(ANA))):
        assert await database.commit(target, always(Change(answer=b"done"))) == b"done"
    assert await database.change_rights(msgspec.structs.replace(ANA, role="client", company_id=None, rights_at=NOW))
    assert await refused(database, Target(quotation_id=made.id, by=by)) == "auth.revoked"
    assert await refused(database, Target(booking_id="none", by=by)) == "auth.revoked"
    now = await database.user("ana")
    assert now == msgspec.structs.replace(ANA, role="client", company_id=None, rights=1, rights_at=NOW)
    assert await database.commit(Target(quotation_id=made.id, by=principal_of(now, "f")), edit()) is not None


async def test_who_is_shut_out_logged_out_or_nobody_commits_nothing(database: Database) -> None:
    await database.put_user(ANA)
    for family in ("f", "other"):
        await login(database, family)
    await database.end_family("f")
    assert await refused(database, Target(by=principal_of(ANA, "f"))) == "auth.revoked"
    assert await database.commit(Target(by=principal_of(ANA, "other")), always(Change(answer=b"ok"))) == b"ok"
    await database.end_families("ana")
    assert await refused(database, Target(by=principal_of(ANA, "other"))) == "auth.revoked"
    await database.put_user(msgspec.structs.replace(ANA, active=False))
    assert await refused(database, Target(by=principal_of(ANA))) == "auth.revoked"
    nobody = Principal(user_id="nobody", role="admin", name="N")
    assert await refused(database, Target(by=nobody)) == "auth.revoked"


async def test_an_answer_that_was_kept_is_not_for_who_lost_the_right(database: Database) -> None:
    """[D5] [P6] What it says may be of a quotation that is theirs no more."""
    await database.put_user(ANA)
    key = Key(user_id="ana", command="quotation.edit", key="k", payload_hash=b"h")
    target = Target(key=key, by=principal_of(ANA))
    assert await database.commit(target, always(Change(answer=b"secret"))) == b"secret"
    assert await database.commit(target, never) == b"secret"
    await database.change_rights(ANA)
    assert await refused(database, target) == "auth.revoked"


async def test_of_two_changes_at_once_one_has_to_look_again(database: Database) -> None:
    await database.put_user(ANA)
    done = await asyncio.gather(*(database.change_rights(msgspec.structs.replace(ANA, name=str(n))) for n in range(8)))
    assert sorted(done) == [False] * 7 + [True]
    await database.put_user(ANA)
    assert await database.users(["ana", "nobody"]) == (msgspec.structs.replace(ANA, rights=1),)
    assert not await database.change_rights(msgspec.structs.replace(ANA, id="nobody"))


async def test_logins_that_have_ended_are_known(database: Database) -> None:
    for family, user_id in (("a", "ana"), ("b", "ana"), ("c", "bruno")):
        await login(database, family, user_id)
    assert await database.ended_families(["a", "b", "c", "never"]) == frozenset()
    await database.end_family("c")
    await database.end_families("ana")
    assert await database.ended_families(["a", "c", "never"]) == {"a", "c"}
    assert await database.ended_families([]) == frozenset()
