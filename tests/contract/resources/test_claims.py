"""[S3] Claims: all or nothing, each once, given back once. The same on both databases."""

import pytest

from backend.adapters.db.database import SqlDatabase
from backend.domain.refusals import Invalid, Refusal
from backend.domain.resources.claims import Claim, Use
from backend.services.ports import Database
from tests.support.resources import allot, day, days_of, furnish, guide, put, rooms_of, violations


async def taken_of(database: Database, hotel: str = "plaza") -> list[int]:
    """Of one room type, night by night."""
    return [night.taken for night in await database.allotment(hotel, day(0), day(60))]


async def refused(database: Database, *claims: Claim) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        await database.claim(claims)
    return refusal.value


async def test_a_claim_takes_rooms_night_by_night(database: SqlDatabase) -> None:
    await furnish(database)
    await allot(database, "plaza", 0, 3, double=5)
    await database.claim([rooms_of("plaza", 1, 2, double=3)])
    assert await taken_of(database) == [0, 3, 3, 0]
    await database.claim([rooms_of("plaza", 0, 3, id_="other", double=2)])
    assert await taken_of(database) == [2, 5, 5, 2]
    assert await violations(database) == []


async def test_what_a_hotel_allots_nothing_of_is_on_request(database: SqlDatabase) -> None:
    """Neither an error nor a count: of another hotel, another type, other nights."""
    await furnish(database)
    await allot(database, "plaza", 0, 1, double=5)
    await database.claim(
        [rooms_of("unknown", 0, 3, double=99), rooms_of("plaza", 0, 3, booking="x", double=4, suite=9)]
    )
    assert await taken_of(database) == [4, 4]
    await database.release(["plaza-x", "unknown-"])
    assert await taken_of(database) == [0, 0]
    assert await violations(database) == []


async def test_a_night_that_is_full_is_taken_and_a_night_of_none_is_closed(database: Database) -> None:
    await furnish(database)
    await allot(database, "plaza", 0, 2, double=5, suite=0)
    await database.claim([rooms_of("plaza", 0, 1, double=5)])
    full = await refused(database, rooms_of("plaza", 1, 2, id_="late", double=1))
    assert full.code == "resource.taken"
    assert full.data == {"kind": "allotment", "resource_id": "plaza", "days": ["2027-03-02"]}
    assert (await refused(database, rooms_of("plaza", 2, 2, id_="closed", suite=1))).code == "resource.taken"
    assert await taken_of(database) == [5, 0, 5, 0, 0, 0]


async def test_days_of_a_guide_belong_to_one_booking(database: SqlDatabase) -> None:
    await furnish(database)
    await database.claim([days_of("guide", "teo", 2, 4)])
    for first, last, when in ((4, 6, [4]), (0, 2, [2]), (3, 3, [3]), (1, 9, [2, 3, 4])):
        error = await refused(database, days_of("guide", "teo", first, last, booking="late"))
        assert error.code == "resource.taken"
        assert error.data == {"kind": "guide", "resource_id": "teo", "days": [day(n).isoformat() for n in when]}
    await database.claim([days_of("guide", "teo", 5, 5, booking="next"), days_of("guide", "lía", 2, 4)])
    calendar = await database.calendar("guide", day(0), day(9))
    assert calendar["teo"] == (*(Use(day(n), "b") for n in (2, 3, 4)), Use(day(5), "next"))
    assert calendar["lía"] == tuple(Use(day(n), "b") for n in (2, 3, 4))
    assert await database.calendar("guide", day(4), day(4), ["teo", "x"]) == {"teo": (Use(day(4), "b"),)}
    assert await database.calendar("vehicle", day(0), day(9)) == {}
    assert await violations(database) == []


async def test_a_claim_tells_whose_it_is_also_when_it_is_over(database: SqlDatabase) -> None:
    await furnish(database)
    await database.claim([days_of("guide", "teo", 2, 4, id_="one", booking="b1")])
    assert await database.booking_of_claim("one") == "b1"
    await database.release(["one", "never made"])
    assert await database.booking_of_claim("one") == "b1"
    assert await database.booking_of_claim("never made") is await database.booking_of_claim("unknown") is None


async def test_all_of_it_or_nothing(database: SqlDatabase) -> None:
    await furnish(database)
    await allot(database, "plaza", 0, 3, double=5)
    await database.claim([days_of("vehicle", "bus", 3, 3)])
    wanted = (
        rooms_of("plaza", 0, 3, booking="x", double=5),
        days_of("guide", "teo", 0, 3, booking="x"),
        days_of("vehicle", "bus", 0, 3, booking="x"),
    )
    assert (await refused(database, *wanted)).code == "resource.taken"
    assert await taken_of(database) == [0, 0, 0, 0]
    assert (await database.calendar("guide", day(0), day(9))) == {}
    assert await database.claims_of("x") == ()
    await database.release(["bus-b"])
    await database.claim(wanted)
    assert await database.claims_of("x") == tuple(sorted(wanted, key=lambda one: one.id))
    assert await violations(database) == []


async def test_a_claim_has_one_effect_however_often_it_is_made(database: SqlDatabase) -> None:
    await furnish(database)
    await allot(database, "plaza", 0, 1, double=5)
    claims = [rooms_of("plaza", 0, 1, booking="b", double=3), days_of("guide", "teo", 0, 1)]
    for again in (claims, claims[:1], [*claims, days_of("vehicle", "bus", 0, 1)], [claims[1], claims[1]]):
        await database.claim(again)
    assert await taken_of(database) == [3, 3]
    assert len(await database.claims_of("b")) == 3
    assert await violations(database) == []


async def test_an_id_is_one_claims(database: Database) -> None:
    await furnish(database)
    await database.claim([days_of("guide", "teo", 0, 1, id_="c")])
    for other in (days_of("guide", "teo", 0, 2, id_="c"), days_of("guide", "lía", 0, 1, id_="c")):
        assert isinstance(await refused(database, other), Invalid)
        assert isinstance(await refused(database, days_of("guide", "lía", 5, 6, id_="d"), other), Invalid)
        second = days_of("guide", "lía", 8, 8, id_="e")
        assert isinstance(await refused(database, second, days_of("guide", "lía", 9, 9, id_="e")), Invalid)
    assert set(await database.calendar("guide", day(0), day(9))) == {"teo"}


async def test_a_release_gives_back_once(database: SqlDatabase) -> None:
    await furnish(database)
    await allot(database, "plaza", 0, 1, double=5)
    mine = [rooms_of("plaza", 0, 1, booking="b", double=3), days_of("guide", "teo", 0, 1)]
    await database.claim([*mine, rooms_of("plaza", 0, 1, booking="other", double=2)])
    for _ in range(3):
        await database.release([claim.id for claim in mine])
        assert await taken_of(database) == [2, 2]
    assert await database.calendar("guide", day(0), day(9)) == {}
    assert await database.claims_of("b") == ()
    await database.claim([days_of("guide", "teo", 0, 1, booking="next")])
    await database.release([])
    await database.claim([])
    assert await violations(database) == []


async def test_a_claim_that_comes_after_its_release_takes_nothing(database: Database) -> None:
    """A worker that hung did its step at last, after another had undone it."""
    await furnish(database)
    late = days_of("guide", "teo", 0, 1)
    await database.release([late.id, "never"])
    for _ in range(2):
        assert (await refused(database, late)).code == "resource.released"
    assert (await refused(database, days_of("guide", "lía", 0, 1), late)).code == "resource.released"
    assert await database.calendar("guide", day(0), day(9)) == {}


async def test_only_who_is_at_work_is_given(database: Database) -> None:
    await furnish(database)
    await put(database, guide("idle", active=False))
    for claim in (days_of("guide", "idle", 0, 1), days_of("guide", "bus", 0, 1), days_of("vehicle", "teo", 0, 1)):
        error = await refused(database, claim)
        assert (error.code, error.data) == (
            "resource.not_found",
            {"kind": claim.kind, "resource_id": claim.resource_id},
        )
    assert await database.calendar("guide", day(0), day(9)) == {}


async def test_days_off_and_bookings_keep_out_of_each_others_way(database: SqlDatabase) -> None:
    await furnish(database)
    span = (day(0), day(9))
    assert await database.set_days_off("guide", "teo", span, off=[day(1), day(2)], seen=[])
    assert (await refused(database, days_of("guide", "teo", 2, 4))).code == "resource.taken"
    assert not await database.set_days_off("guide", "teo", span, off=[], seen=[day(1)])
    assert await database.set_days_off("guide", "teo", span, off=[day(1), day(7)], seen=[day(1), day(2)])
    await database.claim([days_of("guide", "teo", 2, 4)])
    with pytest.raises(Refusal) as refusal:
        await database.set_days_off("guide", "teo", span, off=[day(3), day(8)], seen=[day(1), day(7)])
    assert refusal.value.code == "resource.taken"
    assert (await database.calendar("guide", day(0), day(9)))["teo"] == (
        Use(day(1)),
        *(Use(day(n), "b") for n in (2, 3, 4)),
        Use(day(7)),
    )
    await database.release(["teo-b"])
    assert (await database.calendar("guide", day(0), day(9)))["teo"] == (Use(day(1)), Use(day(7)))
    assert await violations(database) == []


async def test_an_allotment_is_never_below_what_is_booked(database: SqlDatabase) -> None:
    await furnish(database)
    await allot(database, "plaza", 0, 2, double=5)
    seen = {(day(n), "double"): 5 for n in range(3)}
    await database.claim([rooms_of("plaza", 1, 1, double=3)])
    span = (day(0), day(2))
    for totals in ({}, {**seen, (day(1), "double"): 2}, {(day(0), "double"): 9}):
        with pytest.raises(Refusal) as refusal:
            await database.set_allotment("plaza", span, totals=totals, seen=seen)  # type: ignore[arg-type]  # as written
        assert refusal.value.code == "resource.taken"
        assert refusal.value.data == {"kind": "allotment", "resource_id": "plaza", "days": ["2027-03-02"]}
    changed = {(day(1), "double"): 3, (day(2), "suite"): 1}
    assert not await database.set_allotment("plaza", span, totals=changed, seen={})  # type: ignore[arg-type]  # as written
    assert await database.set_allotment("plaza", span, totals=changed, seen=seen)  # type: ignore[arg-type]  # as written
    nights = await database.allotment("plaza", day(0), day(9))
    assert [(one.night, one.room_type, one.total, one.taken) for one in nights] == [
        (day(1), "double", 3, 3),
        (day(2), "suite", 1, 0),
    ]
    assert await violations(database) == []
