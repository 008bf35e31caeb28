"""What joins and lists read."""

import asyncio
from collections.abc import Collection
from datetime import timedelta

import msgspec

from backend.domain.quotation import State
from backend.services.ports import Database
from backend.services.records import Announcement, Change, Target
from tests.support.commits import NOW, always, create, edit, mark_of, new_id, quotation, sending, version


async def test_document_and_position_fit_while_others_write(database: Database) -> None:
    """[D3] The version in the document is the last one told to the channel, each time anybody looks."""
    made = await create(database, quotation())
    writing = asyncio.gather(*(_edit_often(database, made.id) for _ in range(3)))
    seen = set()
    while not writing.done():
        found, at = await database.quotation_at(made.id, "q")
        assert found
        assert found.version == at.seq + 1
        seen.add(at.seq)
    await writing
    assert len(seen) > 3


async def _edit_often(database: Database, quotation_id: str) -> None:
    for _ in range(20):
        await database.commit(Target(quotation_id=quotation_id), edit("q"))


async def test_a_replay_is_what_was_missed(database: Database) -> None:
    """[D3] From any position, in order; of another epoch there is none."""
    for mark in range(1, 8):
        await database.commit(Target(), sending("a", "b", mark=mark))
    at = (await database.position(["a"]))["a"]
    for after in range(8):
        assert [mark_of(found.body) for found in await database.frames("a", at.epoch, after, 99)] == [
            *range(after + 1, 8)
        ]
    assert [found.seq for found in await database.frames("a", at.epoch, 2, 3)] == [3, 4, 5]
    assert await database.frames("a", "another", 0, 9) == ()
    assert await database.frames("a", at.epoch, 7, 9) == ()


async def test_a_list_has_what_its_audience_may_see_the_newest_first(database: Database) -> None:
    ids = [f"0{letter}-B_{letter}" for letter in "aBcZ"]
    for number, quotation_id in enumerate(ids):
        await create(database, quotation(quotation_id), "agency:andes", f"hotel:{number % 2}")
    newest = sorted(ids, reverse=True)
    assert [one.id for one in await database.quotations("agency:andes", None, 9)] == newest
    assert [one.id for one in await database.quotations("agency:andes", None, 2)] == newest[:2]
    assert [one.id for one in await database.quotations("agency:andes", newest[1], 2)] == newest[2:]
    assert {one.id for one in await database.quotations("hotel:1", None, 9)} == {ids[1], ids[3]}
    assert await database.quotations("hotel:2", None, 9) == ()


async def test_all_companies_quotations_are_paged_by_their_state(database: Database) -> None:
    ids = [f"0{letter}-C_{letter}" for letter in "aBcZ"]
    for quotation_id, state in zip(ids, ("draft", "cancelled", "published", "draft"), strict=True):
        await create(database, quotation(quotation_id, state=state), "agency:andes")
    drafts, wanted = [ids[3], ids[0]], [ids[3], ids[0], ids[2]]

    async def found(states: Collection[State], after: str = "", limit: int = 9) -> list[str]:
        return [one.id for one in await database.quotations_in(states, after, limit)]

    assert [one for one in await found(["draft"]) if one in ids] == drafts
    assert [one for one in await found(["draft", "published"]) if one in ids] == wanted
    assert [one for one in await found(["draft", "published"], ids[3]) if one in ids] == wanted[1:]
    assert await found(["draft", "published"], "", 1) == [(await found(["draft", "published"]))[0]]
    assert await found([]) == []


async def test_lists_follow_the_audiences_of_the_last_change(database: Database) -> None:
    """[P6] Who may no longer see a quotation no longer has it in a list."""
    made = await create(database, quotation(), "agency:andes", "hotel:1", "hotel:2")
    changed = Change(answer=b"", quotation=made, audiences=frozenset({"agency:andes", "hotel:2", "hotel:3"}))
    await database.commit(Target(quotation_id=made.id), always(changed))
    listed = {name for name in ("1", "2", "3") if await database.quotations(f"hotel:{name}", None, 9)}
    assert listed == {"2", "3"}
    assert await database.quotations("agency:andes", None, 9) == (made,)


async def test_versions_are_paged_downwards(database: Database) -> None:
    made = await create(database, quotation())
    rows = tuple(version(number) for number in range(1, 5))
    await database.commit(Target(quotation_id=made.id), always(Change(answer=b"", quotation=made, versions=rows)))
    assert await database.versions(made.id, None, 2) == (rows[3], rows[2])
    assert await database.versions(made.id, 3, 9) == (rows[1], rows[0])
    assert await database.version(made.id, 2) == rows[1]
    assert await database.version(made.id, 9) is None
    assert await database.versions(new_id(), None, 9) == ()


async def test_announcements_are_paged_downwards(database: Database) -> None:
    news = [Announcement(id=f"n{number}", title="\x00", body="<p>", at=NOW) for number in range(4)]
    for one in news:
        await database.commit(Target(), always(Change(answer=b"", announcement=one)))
    assert await database.announcements(None, 2) == (news[3], news[2])
    assert await database.announcements("n2", 9) == (news[1], news[0])


async def test_what_is_due_comes_the_earliest_first(database: Database) -> None:
    hours = {hour: await create(database, quotation(), due_at=NOW + timedelta(hours=hour)) for hour in (3, 1, 2)}
    never = await create(database, quotation())
    assert await database.due(NOW, 9) == ()
    assert await database.due(NOW + timedelta(hours=2), 9) == (hours[1].id, hours[2].id)
    assert await database.due(NOW + timedelta(days=1), 2) == (hours[1].id, hours[2].id)
    later = Change(answer=b"", quotation=hours[1], due_at=NOW + timedelta(hours=9))
    await database.commit(Target(quotation_id=hours[1].id), always(later))
    await database.commit(Target(quotation_id=never.id), always(Change(answer=b"", quotation=never)))
    assert await database.due(NOW + timedelta(days=1), 9) == (hours[2].id, hours[3].id, hours[1].id)


async def test_what_is_due_in_one_moment_has_one_order(database: Database) -> None:
    """[P2] By id, whichever was written last: that would tell what befell it."""
    made = [await create(database, quotation(), due_at=NOW) for _ in range(4)]
    for one in (made[2], made[0]):
        await database.commit(Target(quotation_id=one.id), always(Change(answer=b"", quotation=one, due_at=NOW)))
    assert await database.due(NOW, 9) == tuple(sorted(one.id for one in made))


async def test_a_quotation_of_many_parts_comes_back_whole(database: Database) -> None:
    terms = msgspec.structs.replace(quotation().terms, special_requirements=("vegan", "wheelchair"), adults=37)
    made = await create(database, quotation(terms=terms, revealed=(), reject_reason="x" * 1_000_000))
    assert await database.quotation(made.id) == made
