"""The directory, the inbox, refresh tokens and the audit."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from prometheus_client import REGISTRY
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from structlog.testing import capture_logs

from backend.adapters.db import open_database
from backend.adapters.db.database import SqlDatabase
from backend.adapters.db.store import DatabaseSettings
from backend.domain.quotation import Hotel
from backend.services.ports import Database
from backend.services.records import AuditFilter, AuditRow, Change, Company, Notification, RefreshToken, Target, User
from tests.support.commits import NOW, always
from tests.support.wait import until

ANA = User(id="u1", email="ana@andes.demo", name="Ana", role="agent", password_hash="$argon2id$", company_id="andes")
BRUNO = msgspec.structs.replace(ANA, id="u2", email="bruno@andes.demo", name="Bruno")
CLIENT = User(id="u3", email="client@andes.demo", name="Clara", role="client", password_hash="x", customer_of="andes")
HOTELIER = User(id="u4", email="sol@hotel.demo", name="Sol", role="hotel", password_hash="x", hotel_id="sol")


async def test_people_are_found_by_what_they_are(database: Database) -> None:
    for user in (BRUNO, ANA, CLIENT, HOTELIER):
        await database.put_user(user)
    assert await database.user("u1") == ANA
    assert await database.user_by_email("bruno@andes.demo") == BRUNO
    assert await database.users_of(company_id="andes") == (ANA, BRUNO)
    assert await database.users_of(hotel_id="sol", role="hotel") == (HOTELIER,)
    assert await database.users_of(company_id="andes", role="hotel") == ()
    assert await database.clients_of("andes") == (CLIENT,)
    for nobody in ("nobody", "", "\x00", "' OR 1=1 --"):
        assert await database.user(nobody) is None
        assert await database.user_by_email(nobody) is None


async def test_an_email_address_matches_without_regard_to_case(database: Database) -> None:
    """It is kept in lower case, so that nobody else can have it in another."""
    await database.put_user(msgspec.structs.replace(ANA, email="Ana@ANDES.Demo"))
    for written in ("ana@andes.demo", "ANA@andes.demo", "Ana@ANDES.Demo"):
        assert await database.user_by_email(written) == ANA
    with pytest.raises(IntegrityError):
        await database.put_user(msgspec.structs.replace(BRUNO, email="aNA@andes.demo"))


async def test_putting_again_replaces(database: Database) -> None:
    await database.put_user(ANA)
    gone = msgspec.structs.replace(ANA, active=False, role="client", company_id=None)
    await database.put_user(gone)
    assert await database.user("u1") == gone
    for name in ("Andes", "Andes Viajes"):
        await database.put_company(Company(id="andes", name=name))
    assert await database.company("andes") == Company(id="andes", name="Andes Viajes")
    assert await database.company("rio") is None


async def test_hotels_come_by_name(database: Database) -> None:
    sol = Hotel(id="h1", name="Sol", city="Cusco", rating=Decimal("4.5"), amenities=("pool", "wifi"))
    plaza = Hotel(id="h2", name="Plaza", city="Lima")
    for hotel in (sol, plaza, msgspec.structs.replace(sol, capacity=90)):
        await database.put_hotel(hotel)
    sol = msgspec.structs.replace(sol, capacity=90)
    assert await database.hotels() == (plaza, sol)
    assert await database.hotels(["h1", "h9"]) == (sol,)
    assert await database.hotels([]) == ()


async def test_the_inbox_keeps_what_is_not_acked(database: Database) -> None:
    """[D8] The oldest first, each once, and nobody acks another's."""
    mine = [Notification(id=f"n{n}", user_id="ana", at=NOW, kind="invitation", quotation_id="q") for n in range(4)]
    theirs = msgspec.structs.replace(mine[0], user_id="bruno", quotation_id=None)
    for _ in range(2):
        await database.commit(Target(), always(Change(answer=b"", notifications=(*mine, theirs))))
    assert await database.unread("ana", 3) == (tuple(mine[:3]), 4)
    assert await database.ack("bruno", ["n1", "n2"]) == (frozenset(), 1)
    assert await database.ack("ana", ["n0", "n2", "never"]) == ({"n0", "n2"}, 2)
    assert await database.unread("ana", 3) == ((mine[1], mine[3]), 2)
    assert await database.ack("ana", []) == (frozenset(), 2)
    assert await database.unread("bruno", 3) == ((theirs,), 1)
    assert await database.unread("nobody", 3) == ((), 0)
    assert await database.waiting(("ana", "bruno", "nobody")) == {"ana", "bruno"}


async def test_what_an_inbox_drops_is_counted_until_something_is_acked(database: SqlDatabase) -> None:
    """[D8] Too many, or too old; the oldest first, of one person alone."""
    days = [NOW + timedelta(days=n) for n in range(6)]
    mine = [Notification(id=f"n{n}", user_id="ana", at=at, kind="a", quotation_id="q") for n, at in enumerate(days)]
    theirs = [msgspec.structs.replace(one, user_id="bruno") for one in mine[:2]]
    await database.commit(Target(), always(Change(answer=b"", notifications=(*mine, *theirs))))
    assert await database.dropped("ana") == 0
    await database.drop_oldest("ana", 4)
    assert await database.unread("ana", 9) == (tuple(mine[2:]), 4)
    await database.purge(days[2] + database.settings.inbox_kept + timedelta(hours=1))
    assert await database.unread("ana", 9) == (tuple(mine[3:]), 3)
    assert (await database.dropped("ana"), await database.dropped("bruno")) == (3, 2)
    assert await database.waiting(("ana", "bruno")) == {"ana", "bruno"}
    assert await database.ack("ana", ["n0", "never"]) == (frozenset(), 3)
    assert await database.dropped("ana") == 3
    assert await database.ack("ana", ["n3"]) == ({"n3"}, 2)
    assert (await database.dropped("ana"), await database.dropped("bruno")) == (0, 2)
    await database.purge(days[1] + database.settings.inbox_kept + timedelta(days=366))
    assert await database.waiting(("ana", "bruno")) == {"ana"}


def token(name: bytes = b"hash", family: str = "f", hours: int = 1) -> RefreshToken:
    return RefreshToken(token_hash=name, family=family, user_id="ana", expires_at=NOW + timedelta(hours=hours))


async def test_a_refresh_token_is_used_once(database: Database) -> None:
    await database.put_token(token())
    assert await database.use_token(b"hash", NOW) == token()
    assert await database.use_token(b"hash", NOW) == msgspec.structs.replace(token(), used=True)
    assert await database.use_token(b"other", NOW) is None
    await database.put_token(token(b"late"))
    assert await database.use_token(b"late", NOW + timedelta(hours=1)) is None


async def test_what_waits_in_one_moment_has_one_order(database: Database) -> None:
    """[P4] [D8] By its quotation, whichever was told first and whatever the random ids are."""
    later = NOW + timedelta(seconds=1)
    items = [
        Notification(id="n9", user_id="ana", at=NOW, kind="b", quotation_id="q1"),
        Notification(id="n1", user_id="ana", at=NOW, kind="a", quotation_id="q2"),
        Notification(id="n0", user_id="ana", at=NOW, kind="c", quotation_id="q2"),
        Notification(id="n2", user_id="ana", at=later, kind="a", quotation_id="q1"),
    ]
    await database.commit(Target(), always(Change(answer=b"", notifications=tuple(reversed(items)))))
    assert await database.unread("ana", 9) == (tuple(items), 4)


async def test_of_two_uses_at_once_exactly_one_is_the_first(database: Database) -> None:
    await database.put_token(token())
    used = await asyncio.gather(*(database.use_token(b"hash", NOW) for _ in range(12)))
    assert sorted(one.used for one in used if one) == [False] + [True] * 11


async def test_an_ended_family_stays_ended(database: SqlDatabase) -> None:
    """Also for a token that was on its way, and after its elder ones expired and were purged."""
    await database.put_token(token(b"one", hours=1))
    await database.put_token(token(b"else", family="another"))
    await database.end_family("f")
    await database.put_token(token(b"two", hours=9))
    await database.purge(NOW + timedelta(hours=2))
    assert await database.use_token(b"one", NOW) is None
    assert await database.use_token(b"two", NOW) is None
    await database.purge(NOW + timedelta(hours=9))
    await database.put_token(token(b"two", hours=20))
    assert await database.use_token(b"two", NOW) == token(b"two", hours=20)


def audit_row(number: int, company_id: str | None = "andes", subject: str = "q1") -> AuditRow:
    return AuditRow(
        id=f"a{number:03}",
        at=NOW,
        user_id="ana",
        company_id=company_id,
        action="quotation.read",
        subject=subject,
        outcome="ok",
        detail={"room": "quotation:q1"},
    )


async def test_audit_rows_are_read_the_newest_first(database: Database) -> None:
    """[S1]"""
    rows = [audit_row(1), audit_row(2, company_id="rio"), audit_row(3, subject="q\x002"), audit_row(4)]
    for row in rows:
        database.record(row)
    assert await database.audit(AuditFilter(), None, 9) == tuple(reversed(rows))
    assert await database.audit(AuditFilter(subject="q1", company_id="andes"), None, 9) == (rows[3], rows[0])
    assert await database.audit(AuditFilter(subject="q\x002"), None, 9) == (rows[2],)
    assert await database.audit(AuditFilter(), "a003", 1) == (rows[1],)


async def test_audit_rows_are_stored_without_being_asked_for(database: SqlDatabase) -> None:
    database.record(audit_row(1))
    await until(lambda: not database._waiting, what="the buffer is written")


async def test_what_the_audit_has_no_room_for_is_counted_and_told_once(database: Database, database_url: str) -> None:
    """[S1] [S2] However long nothing can be written, the buffer stays as small; the first rows are kept."""
    small = open_database(database_url, DatabaseSettings(audit_rows=3, audit_delay=timedelta(milliseconds=5)))
    await small.start()
    before = REGISTRY.get_sample_value("spirit_audit_rows_lost_total") or 0.0
    with capture_logs() as logs:
        await small.write(text("ALTER TABLE audit RENAME TO audit_away"))
        for number in range(5):
            small.record(audit_row(number))
        await until(lambda: "audit rows wait for the database" in events(logs))
        await small.write(text("ALTER TABLE audit_away RENAME TO audit"))
        await until(lambda: not small._waiting, what="the buffer is written")
        small.record(audit_row(7))
        await small.close()
    assert [log["lost"] for log in logs if "lost" in log["event"]] == [2]
    assert REGISTRY.get_sample_value("spirit_audit_rows_lost_total") == before + 2
    found = await database.audit(AuditFilter(company_id="andes"), None, 9)
    assert [row.id for row in found] == ["a007", "a002", "a001", "a000"]


def events(logs: Sequence[Mapping[str, Any]]) -> set[str]:
    return {log["event"] for log in logs}


@pytest.mark.parametrize("count", [1, 1_200])
async def test_no_audit_row_is_lost_on_an_orderly_stop(database: Database, database_url: str, count: int) -> None:
    """[S1]"""
    stopping = open_database(database_url)
    await stopping.start()
    for number in range(count):
        stopping.record(audit_row(number, subject=f"s{number % 3}"))
    await stopping.close()
    found = await database.audit(AuditFilter(company_id="andes"), None, 2_000)
    assert len(found) == count
