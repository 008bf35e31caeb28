"""Taking and giving back what bookings claim, inside one transaction.

Whoever claims or releases goes the same way: claims by id, then allotments' nights, then days, each in one order, so
that nobody waits for somebody who waits for them.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, and_, bindparam, delete, or_, select, update

from backend.adapters.db import tables
from backend.adapters.db.rows import json_text
from backend.adapters.db.store import Dialect
from backend.domain.refusals import Invalid
from backend.domain.resources.claims import Claim, not_there, released, taken
from backend.domain.terms import RoomType

_allotments, _days, _claims, _catalogue = (
    tables.allotments.c,
    tables.resource_days.c,
    tables.claims.c,
    tables.catalogue.c,
)
NightKey = tuple[str, date, RoomType]


class Kept(msgspec.Struct, frozen=True):
    """A claim as it is stored: `nights` are those of an allotment that it really took, the others being on request."""

    claim: Claim
    nights: tuple[tuple[date, RoomType, int], ...] = ()


class _Active(msgspec.Struct, frozen=True):
    active: bool = True


kept_from = msgspec.json.Decoder(Kept).decode
_active = msgspec.json.Decoder(_Active).decode

_ADD = (
    update(tables.allotments)
    .where(
        _allotments.hotel_id == bindparam("hotel"),
        _allotments.night == bindparam("of"),
        _allotments.room_type == bindparam("kind"),
    )
    .values(taken=_allotments.taken + bindparam("number"))
)


def take(connection: Connection, dialect: Dialect, claims: Sequence[Claim]) -> None:
    """Takes all that the claims say, but for what they took before.

    Raises:
        Refusal: `resource.taken`, `resource.not_found`, `resource.released`.
        Invalid: another claim has this id.
    """
    wanted = {claim.id: claim for claim in sorted(claims, key=lambda one: one.id)}
    if any(wanted[claim.id] != claim for claim in claims):
        raise Invalid("Two claims have one id.")
    fresh = [wanted[id_] for id_ in _begin(connection, dialect, list(wanted.values()))]
    known = {id_: claim for id_, claim in wanted.items() if claim not in fresh}
    _check_known(connection, dialect, known)
    _check_there(connection, [claim for claim in fresh if claim.kind != "allotment"])
    _take_nights(connection, [claim for claim in fresh if claim.kind == "allotment"])
    for claim in sorted(fresh, key=lambda one: (one.kind, one.resource_id, one.first)):
        if claim.kind != "allotment":
            take_days(connection, dialect, _days_of(claim))


def give_back(connection: Connection, dialect: Dialect, claim_ids: Collection[str]) -> None:
    """Gives back what the claims took; those that were never made can be made no more."""
    ids = sorted(set(claim_ids))
    if not ids:
        return
    over = [{"id": id_, "booking_id": None, "released": True, "doc": ""} for id_ in ids]
    connection.execute(dialect.insert(tables.claims).values(over).on_conflict_do_nothing())
    among = dialect.among(_claims.id, "ids")
    running = select(_claims.doc).where(among, ~_claims.released).order_by(_claims.id).with_for_update()
    kept = [kept_from(row.doc) for row in connection.execute(running, {"ids": dialect.many(ids)})]
    if not kept:
        return
    these = {"ids": dialect.many([one.claim.id for one in kept])}
    connection.execute(update(tables.claims).where(among).values(released=True), these)
    nights = Counter[NightKey]()
    for one in kept:
        nights.update({(one.claim.resource_id, night, kind): -number for night, kind, number in one.nights})
    if nights:
        connection.execute(locking(_in_order(nights)))
        _add(connection, nights)
    connection.execute(delete(tables.resource_days).where(dialect.among(_days.claim_id, "ids")), these)


def locking(rows: Select[Any]) -> Select[Any]:
    """What is read stays as it is until the end of the transaction."""
    return rows.with_for_update()


def _begin(connection: Connection, dialect: Dialect, claims: Sequence[Claim]) -> frozenset[str]:
    """Those that nobody made or released before. Of two at once with one id, the second waits for the first's end."""
    if not claims:
        return frozenset()
    values = [
        {"id": claim.id, "booking_id": claim.booking_id, "released": False, "doc": json_text(Kept(claim))}
        for claim in claims
    ]
    insert = dialect.insert(tables.claims).values(values).on_conflict_do_nothing().returning(_claims.id)
    return frozenset(row.id for row in connection.execute(insert))


def _check_known(connection: Connection, dialect: Dialect, claims: Mapping[str, Claim]) -> None:
    among = dialect.among(_claims.id, "ids")
    for row in connection.execute(select(tables.claims).where(among), {"ids": dialect.many(list(claims))}):
        if row.released:
            raise released(row.id)
        if kept_from(row.doc).claim != claims[row.id]:
            raise Invalid("Another claim has this id.")


def _check_there(connection: Connection, claims: Collection[Claim]) -> None:
    if not claims:
        return
    named = [and_(_catalogue.kind == claim.kind, _catalogue.id == claim.resource_id) for claim in claims]
    rows = connection.execute(select(_catalogue.kind, _catalogue.id, _catalogue.doc).where(or_(*named)))
    there = {(row.kind, row.id) for row in rows if _active(row.doc).active}
    for claim in claims:
        if (claim.kind, claim.resource_id) not in there:
            raise not_there(claim.kind, claim.resource_id)


def _take_nights(connection: Connection, claims: Collection[Claim]) -> None:
    if not claims:
        return
    left = {
        (row.hotel_id, row.night, row.room_type): row.total - row.taken
        for row in connection.execute(locking(_wanted(claims)))
    }
    needed = Counter[NightKey]()
    for claim in claims:
        nights = [
            (night, kind, number)
            for night in claim.days
            for kind, number in (claim.rooms or {}).items()
            if (claim.resource_id, night, kind) in left
        ]
        needed.update({(claim.resource_id, night, kind): number for night, kind, number in nights})
        doc = json_text(Kept(claim, tuple(nights)))
        connection.execute(update(tables.claims).where(_claims.id == claim.id).values(doc=doc))
    short = [key for key in sorted(needed) if not enough(left[key], needed[key])]
    if short:
        hotel_id = short[0][0]
        raise taken("allotment", hotel_id, [night for hotel, night, _ in short if hotel == hotel_id])
    _add(connection, needed)


def enough(left: int, needed: int) -> bool:
    return needed <= left


def _wanted(claims: Iterable[Claim]) -> Select[Any]:
    """The rows of all the claims' nights, in the order in which everybody locks them."""
    wanted = [
        and_(
            _allotments.hotel_id == claim.resource_id,
            _allotments.night.between(claim.first, claim.last),
            _allotments.room_type.in_(sorted(claim.rooms or {})),
        )
        for claim in claims
    ]
    return _ordered(or_(*wanted))


def _in_order(nights: Iterable[NightKey]) -> Select[Any]:
    hotels = sorted({hotel for hotel, _, _ in nights})
    spans = [
        and_(
            _allotments.hotel_id == hotel,
            _allotments.night.between(
                min(night for one, night, _ in nights if one == hotel),
                max(night for one, night, _ in nights if one == hotel),
            ),
        )
        for hotel in hotels
    ]
    return _ordered(or_(*spans))


def _ordered(condition: Any) -> Select[Any]:
    order = (_allotments.hotel_id, _allotments.night, _allotments.room_type)
    return select(*order, _allotments.total, _allotments.taken).where(condition).order_by(*order)


def _add(connection: Connection, numbers: Mapping[NightKey, int]) -> None:
    rows = [
        {"hotel": hotel, "of": night, "kind": kind, "number": number}
        for (hotel, night, kind), number in numbers.items()
    ]
    if rows:
        connection.execute(_ADD, rows)


def take_days(connection: Connection, dialect: Dialect, days: Sequence[Mapping[str, Any]]) -> None:
    """Enters days of one resource, in order. The key decides between two at once: who finds one there, or waits for
    it in vain, has not got it.

    Raises:
        Refusal: `resource.taken`.
    """
    if not days:
        return
    insert = dialect.insert(tables.resource_days).values(list(days)).on_conflict_do_nothing().returning(_days.day)
    got = {row.day for row in connection.execute(insert)}
    missed = [one["day"] for one in days if one["day"] not in got]
    if missed:
        raise taken(days[0]["kind"], days[0]["resource_id"], missed)


def _days_of(claim: Claim) -> list[dict[str, Any]]:
    owner = {"claim_id": claim.id, "booking_id": claim.booking_id}
    return [{"kind": claim.kind, "resource_id": claim.resource_id, "day": day} | owner for day in claim.days]
