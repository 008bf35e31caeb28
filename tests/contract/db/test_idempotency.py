"""The same key twice has one effect and one answer. [D5]"""

import asyncio
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from backend.adapters.db.database import SqlDatabase
from backend.domain.quotation import Quotation
from backend.domain.refusals import Refusal
from backend.services.ports import Database
from backend.services.records import Change, Key, Target
from tests.support.commits import always, create, edit, frame, key, mark_of, quotation


def numbered(answers: list[bytes]) -> Change:
    """A change whose answer says the how manieth it is."""
    answers.append(b"%d" % len(answers))
    return Change(answer=answers[-1], frames=(frame("c"),))


async def test_the_same_key_has_one_effect_and_one_answer(database: Database) -> None:
    answers: list[bytes] = []
    target = Target(key=key())
    told = [await database.commit(target, lambda _: numbered(answers)) for _ in range(3)]
    assert told == [b"0", b"0", b"0"]
    assert (await database.position(["c"]))["c"].seq == 1


async def test_a_key_belongs_to_a_user_and_a_command(database: Database) -> None:
    answers: list[bytes] = []
    others = [key("k"), key("k2")]
    others += [msgspec.structs.replace(key(), user_id="bruno"), msgspec.structs.replace(key(), command="offer.submit")]
    for other in others:
        await database.commit(Target(key=other), lambda _: numbered(answers))
    assert len(answers) == 4


async def test_another_payload_under_a_known_key_is_refused(database: Database) -> None:
    await database.commit(Target(key=key()), always(Change(answer=b"1")))
    with pytest.raises(Refusal) as refused:
        await database.commit(Target(key=key(payload=b"other")), always(Change(answer=b"2", frames=(frame("c"),))))
    assert refused.value.code == "command.invalid"
    assert (await database.position(["c"]))["c"].seq == 0


async def test_refusals_are_not_kept(database: Database) -> None:
    def refuse(_: Quotation | None) -> Change:
        raise Refusal("quotation.wrong_state", "Not now.")

    with pytest.raises(Refusal, match="Not now"):
        await database.commit(Target(key=key()), refuse)
    assert await database.commit(Target(key=key()), always(Change(answer=b"now"))) == b"now"


@pytest.mark.parametrize("at_once", [2, 12])
async def test_of_several_at_once_all_get_the_firsts_answer(database: Database, at_once: int) -> None:
    """[D5] With a quotation to lock and without one: the others wait and are told the same."""
    made = await create(database, quotation())
    for target in (Target(quotation_id=made.id, key=key("locked")), Target(key=key("free"))):
        answers: list[bytes] = []

        def decide(before: Quotation | None, answers: list[bytes] = answers) -> Change:
            return (
                msgspec.structs.replace(edit()(before), answer=numbered(answers).answer)
                if before
                else numbered(answers)
            )

        told = await asyncio.gather(*(database.commit(target, decide) for _ in range(at_once)))
        assert len(set(told)) == 1
    after = await database.quotation(made.id)
    assert after
    assert after.version == 2
    assert (await database.position(["c"]))["c"].seq == 1


async def test_who_waited_is_told_the_answer_though_it_would_be_refused_now(database: Database) -> None:
    """[D5] The second finds what the first has done and would refuse; it is the same command all the same."""
    made = await create(database, quotation())

    def once(before: Quotation | None) -> Change:
        if before and before.version > 1:
            raise Refusal("offer.too_many_revisions", "No more.")
        return edit("c", answer=b"done")(before)

    target = Target(quotation_id=made.id, key=key())
    assert await asyncio.gather(*(database.commit(target, once) for _ in range(8))) == [b"done"] * 8
    frames = await database.frames("c", (await database.position(["c"]))["c"].epoch, 0, 9)
    assert [mark_of(found.body) for found in frames] == [2]


async def test_one_key_for_two_payloads_at_once_lets_one_through(database: Database) -> None:
    made = [await create(database, quotation()) for _ in range(2)]
    targets = [Target(quotation_id=one.id, key=key(payload=one.id.encode())) for one in made] * 4
    told = await asyncio.gather(
        *(database.commit(target, edit("shared", answer=b"ok")) for target in targets), return_exceptions=True
    )
    refused = [one for one in told if isinstance(one, Refusal)]
    assert told.count(b"ok") == 4
    assert [one.code for one in refused] == ["command.invalid"] * 4
    assert (await database.position(["shared"]))["shared"].seq == 1


async def test_keys_are_kept_for_48_hours(database: SqlDatabase) -> None:
    answers: list[bytes] = []
    now = datetime.now(UTC)
    target = Target(key=key())
    await database.commit(target, lambda _: numbered(answers))
    await database.purge(now + timedelta(hours=47))
    assert await database.commit(target, lambda _: numbered(answers)) == b"0"
    await database.purge(now + timedelta(hours=49))
    assert await database.commit(target, lambda _: numbered(answers)) == b"1"


async def test_a_key_with_a_zero_character_does_no_harm(database: Database) -> None:
    """[S2] PostgreSQL has no place for it in a column; nobody notices."""
    odd = Key(user_id="ana", command="quotation.edit", key="\x00", payload_hash=b"")
    for answer in (b"first", b"second"):
        assert await database.commit(Target(key=odd), always(Change(answer=answer))) == b"first"
