"""The SQL of the commit on PostgreSQL: a statement that loads, with a lock or without, and one that writes everything.

The writing statement is put together from the parts that a change needs and kept, so each combination is built,
and prepared by the server, once. Everything in it hangs on its first part, `go`, which has a row only if the quotation
is still as it was loaded and the author still has their rights; so a quotation's row is locked before any channel, and
no two commits lock crosswise.
"""

from functools import cache
from typing import NamedTuple

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql

from backend.adapters.db.writes import AGAIN, RESET, TAKE_SEQS

_STANDS = """
    (EXISTS (SELECT FROM users WHERE id = {id} AND active AND rights = {rights})
      AND NOT EXISTS (SELECT FROM refresh_tokens WHERE family = {login} AND ended))"""

_LOAD = f"""
    SELECT kept.payload_hash, kept.answer, found.doc, {_STANDS.format(id="$5", rights="$6", login="$7")} AS stands
    FROM (VALUES (1)) AS always
    LEFT JOIN idempotency_keys AS kept ON kept.user_id = $2 AND kept.command = $3 AND kept.key = $4
    LEFT JOIN LATERAL (SELECT doc FROM quotations WHERE {{column}} = $1 {{lock}}) AS found ON true"""  # noqa: S608 - constants only


class Load(NamedTuple):
    """Finds a quotation by its id, or by that of its booking."""

    by_id: str
    by_booking: str


def _load(lock: str) -> Load:
    return Load(_LOAD.format(column="id", lock=lock), _LOAD.format(column="booking_id", lock=lock))


READ, LOCK = _load(""), _load("FOR UPDATE")

KEPT = "SELECT payload_hash, answer FROM idempotency_keys WHERE user_id = $1 AND command = $2 AND key = $3"

# The day's partition is found by the row's own time, which its frames share: both are the transaction's.
OUTBOX_FRAMES = """
    SELECT f.channel, f.gen, f.epoch, f.seq, f.name, f.body
    FROM outbox AS o
    CROSS JOIN LATERAL json_to_recordset(o.payload::json -> 'channels')
      AS part (channel text, epoch text, first bigint, last bigint)
    CROSS JOIN LATERAL (
      SELECT * FROM frames
      WHERE at = o.at AND channel = part.channel AND epoch = part.epoch AND seq BETWEEN part.first AND part.last
      ORDER BY seq LIMIT part.last - part.first + 1
    ) AS f
    WHERE o.id = ANY($1::bigint[])"""

# Each fact gives the quotation another serial.
_CHANGED = """
    UPDATE quotations SET company_id = {quotation_company_id}, state = {quotation_state},
      version = {quotation_version}, serial = {quotation_serial}, due_at = {quotation_due_at},
      booking_id = {quotation_booking_id}, doc = {quotation_doc}
    WHERE id = {quotation_id} AND serial = {serial_before} AND """
_BY = _STANDS.format(id="{by_id}", rights="{by_rights}", login="{by_login}")

_PARTS = {
    "unlisted": """
        DELETE FROM quotation_audiences
        WHERE quotation_id = {quotation_id} AND audience <> ALL({audiences}::text[]) AND EXISTS (SELECT FROM go)""",
    "listed": """
        INSERT INTO quotation_audiences (quotation_id, audience)
        SELECT {quotation_id}, unnest({audiences}::text[]) FROM go
        ON CONFLICT DO NOTHING""",
    "numbered": f"""
        INSERT INTO channels AS c (name, gen, epoch, seq)
        SELECT u.name, 1, u.epoch, u.taken
        FROM go,
          unnest({{use_name}}::text[], {{use_epoch}}::text[], {{use_taken}}::bigint[]) AS u (name, epoch, taken)
        ORDER BY u.name COLLATE "C"
        {TAKE_SEQS}""",  # noqa: S608 - constants only
    "stored": """
        INSERT INTO frames (channel, epoch, seq, at, gen, name, body)
        SELECT n.name, n.epoch, n.seq - f.distance, now(), n.gen, f.name,
          f.head || '"epoch":"' || n.epoch || '","seq":' || n.seq - f.distance || ',' || f.tail
        FROM unnest({frame_channel}::text[], {frame_name}::text[], {frame_head}::text[], {frame_tail}::text[],
          {frame_distance}::bigint[]) AS f (channel, name, head, tail, distance)
        JOIN numbered AS n ON n.name = f.channel""",
    "opened": f"""
        INSERT INTO frames (channel, epoch, seq, at, gen, name, body)
        SELECT name, epoch, 0, now(), gen, '{RESET}', '' FROM numbered WHERE seq = 0""",  # noqa: S608 - constants only
}

# The aggregate stands between the channels' locks and the row's id: ids of rows that share a channel are in order.
_TELL_CHANNELS = """
    INSERT INTO outbox (at, part, payload)
    SELECT now(), {outbox_part}::smallint, '{{"events":' || {events} || ',"channels":' || json_agg(json_build_object(
      'channel', n.name, 'gen', n.gen, 'epoch', n.epoch,
      'first', n.seq - u.taken + 1, 'last', n.seq, 'reset', u.taken = 0)) || '}}'
    FROM numbered AS n JOIN unnest({use_name}::text[], {use_taken}::bigint[]) AS u (name, taken) ON u.name = n.name
    HAVING count(*) > 0
    RETURNING true"""
_TELL_EVENTS = """
    INSERT INTO outbox (at, part, payload)
    SELECT now(), {outbox_part}::smallint, '{{"events":' || {events} || ',"channels":[]}}' FROM go
    RETURNING true"""


class Statement(NamedTuple):
    """SQL and the names of its parameters in order."""

    sql: str
    parameters: tuple[str, ...]


class _Numbers(dict[str, str]):
    """Gives each name its `$n` when it is first asked for."""

    def __missing__(self, name: str) -> str:
        self[name] = f"${len(self) + 1}"
        return self[name]


def _insert(table: Table) -> str:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
    names = ", ".join(column.name for column in table.columns)
    types = (column.type.compile(dialect).split(" COLLATE")[0] for column in table.columns)
    arrays = ", ".join(f"{{{table.name}_{c.name}}}::{kind}[]" for c, kind in zip(table.columns, types, strict=True))
    again = "ON CONFLICT DO NOTHING" if table in AGAIN else ""
    return f"INSERT INTO {table.name} ({names}) SELECT u.* FROM go, unnest({arrays}) AS u {again}"  # noqa: S608 - constants only


class Form(NamedTuple):
    """What a commit consists of: the tables that it inserts into, and the parts of `_PARTS`, in order.

    `changes` a quotation that was there, `by` an author whose rights count, `tells` the relay.
    """

    inserted: tuple[Table, ...]
    parts: tuple[str, ...]
    changes: bool
    by: bool
    tells: bool


@cache
def writing(form: Form) -> Statement:
    """The statement that writes all of it and gives a row, or nothing and gives none."""
    numbers = _Numbers()
    stands = _BY if form.by else "true"
    go = f"{_CHANGED}{stands} RETURNING true" if form.changes else f"SELECT true WHERE {stands}"
    written = {"go": go} | {f"into_{table.name}": _insert(table) for table in form.inserted}
    written |= {name: _PARTS[name] for name in form.parts}
    main = "SELECT true FROM go"
    if form.tells:
        main = _TELL_CHANNELS if "numbered" in form.parts else _TELL_EVENTS
    with_parts = ",".join(f"\n  {name} AS ({sql})" for name, sql in written.items())
    sql = f"WITH {with_parts}\n{main}"
    return Statement(sql.format_map(numbers), tuple(numbers))
