"""A commit on PostgreSQL loads without a lock: what happens between that and its writing is not lost on it."""

import asyncio

import asyncpg
import pytest

from backend.domain.quotation import Quotation
from backend.domain.refusals import Refusal
from backend.services.ports import Database
from backend.services.records import Change, Target, User
from backend.services.standing import principal_of
from tests.fixtures.postgres import PostgresServer
from tests.support.commits import always, create, edit, event, key, new_id, quotation, sending
from tests.support.wait import until

pytestmark = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)

ANA = User(id="ana", email="ana@andes.demo", name="Ana", role="agent", password_hash="x", company_id="andes")
LOSES_HER_RIGHTS = "UPDATE users SET rights = rights + 1 WHERE id = 'ana'"
OVERTAKES = "UPDATE quotations SET serial = serial + 1, doc = replace(doc, '\"serial\":1,', '\"serial\":2,')"


@pytest.fixture
def meanwhile(postgres_server: PostgresServer, postgres_schema: str) -> "Meanwhile":
    return Meanwhile(postgres_server, postgres_schema)


class Meanwhile:
    """Decisions during which somebody else runs a statement, the first time; `given` is what they were given."""

    def __init__(self, server: PostgresServer, name: str) -> None:
        self._server, self._name = server, name
        self.given: list[Quotation | None] = []

    def __call__(self, statement: str, change: Change | None = None) -> "Meanwhile":
        self._statement, self._change = statement, change
        return self

    def decide(self, before: Quotation | None) -> Change:
        if not self.given:
            self._server.sql(self._statement, self._name)
        self.given.append(before)
        return self._change or edit("c")(before)


async def seq(database: Database) -> int:
    return (await database.position(["c"]))["c"].seq


async def test_who_was_overtaken_decides_again_on_what_the_other_left(database: Database, meanwhile: Meanwhile) -> None:
    """No command fails because another ran at the same time, and nothing of the first try is stored."""
    made = await create(database, quotation())
    await database.commit(Target(quotation_id=made.id, key=key()), meanwhile(OVERTAKES).decide)
    assert [given and given.serial for given in meanwhile.given] == [1, 2]
    after = await database.quotation(made.id)
    assert after
    assert (after.serial, after.version, await seq(database)) == (3, 2, 1)


async def test_who_is_refused_under_the_lock_has_stored_nothing(database: Database, meanwhile: Meanwhile) -> None:
    made = await create(database, quotation())

    def decide(before: Quotation | None) -> Change:
        change = meanwhile.decide(before)
        if len(meanwhile.given) > 1:
            raise Refusal("quotation.wrong_state", "Not now.")
        return change

    meanwhile(OVERTAKES)
    with pytest.raises(Refusal, match="Not now"):
        await database.commit(Target(quotation_id=made.id, key=key()), decide)
    assert await seq(database) == 0


async def test_whose_rights_end_before_it_is_written_has_committed_nothing(
    database: Database, meanwhile: Meanwhile
) -> None:
    """[P6] Of a quotation that was there, of a new one, and of none."""
    await database.put_user(ANA)
    made, new = await create(database, quotation()), quotation()
    waiting = await database.outbox(9)
    created = Change(answer=b"", quotation=new, created=True, events=(event(new.id, 1),))
    for target, change in (
        (Target(quotation_id=made.id, key=key("a")), None),
        (Target(key=key("b")), created),
        (Target(key=key("c")), sending("c")(None)),
        (Target(key=key("d")), Change(answer=b"kept")),
    ):
        meanwhile.given.clear()
        await database.put_user(ANA)
        now = await database.user("ana")
        assert now
        by = Target(quotation_id=target.quotation_id, key=target.key, by=principal_of(now))
        with pytest.raises(Refusal) as refused:
            await database.commit(by, meanwhile(LOSES_HER_RIGHTS, change).decide)
        assert refused.value.code == "auth.revoked"
    assert await database.quotation(made.id) == made
    assert await database.quotation(new.id) is None
    assert (await database.outbox(9), await seq(database)) == (waiting, 0)
    for name in "abcd":
        assert await database.commit(Target(key=key(name)), always(Change(answer=b"first"))) == b"first"


async def test_who_waits_for_the_quotation_while_their_rights_end_commits_nothing(
    database: Database, postgres_server: PostgresServer, postgres_schema: str
) -> None:
    """[P6] Behind another command on the same quotation."""
    await database.put_user(ANA)
    made = await create(database, quotation())
    other = await asyncpg.connect(postgres_server.url(postgres_schema).replace("+asyncpg", ""))
    try:
        async with other.transaction():
            await other.execute(OVERTAKES)
            target = Target(quotation_id=made.id, key=key(new_id()), by=principal_of(ANA))
            behind = asyncio.create_task(database.commit(target, edit("c")))
            waits = "SELECT count(*) FROM pg_locks WHERE NOT granted"
            await until(lambda: postgres_server.sql(waits) == "1", what="the command waits for the row")
            postgres_server.sql(LOSES_HER_RIGHTS, postgres_schema)
        with pytest.raises(Refusal) as refused:
            await behind
    finally:
        await other.close()
    assert refused.value.code == "auth.revoked"
    assert await seq(database) == 0
