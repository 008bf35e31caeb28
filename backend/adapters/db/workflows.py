"""Workflows between their turns, and the executors that run them."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Row, bindparam, case, delete, func, literal, select, update

from backend.adapters.db import tables
from backend.adapters.db.columns import Utc
from backend.adapters.db.rows import json_text
from backend.adapters.db.store import Store, upsert
from backend.services.records import Executor, Failure, QueueName, Stray, Turn, Workflow, WorkflowState

_flows, _executors = tables.workflows.c, tables.executors.c
_GONE: Final = timedelta(hours=1)
"""After so long an executor that died without a word is forgotten."""
_NOW: Final = timedelta(0)
_TAKEN = (
    _flows.id,
    _flows.name,
    _flows.queue,
    _flows.args,
    _flows.turns,
    _flows.said,
    _flows.attempts,
    _flows.begun_at,
)


class WorkflowRows(Store):
    """The port `Turns`."""

    def __init__(self) -> None:
        super().__init__()
        self._take = self._taking()
        self._beat = upsert(self.dialect, tables.executors)
        self._alive = select(tables.executors).where(_executors.seen_at > self.dialect.ago("within"))
        self._strays = (
            select(_flows.id, _flows.begun_at, _flows.turns)
            .where(_flows.state == "running", ~self.dialect.among(_flows.executor, "alive"))
            .order_by(_flows.changed_at)
            .limit(bindparam("most"))
        )
        self._adopt = update(tables.workflows).where(self.dialect.among(_flows.id, "ids"), _flows.state == "running")

    async def begin_workflow(self, workflow: Workflow) -> bool:
        values = msgspec.structs.asdict(workflow)
        values["args"], values["progress"] = json_text(workflow.args), json_text(workflow.progress)
        insert = self.dialect.insert(tables.workflows).values(values)
        return bool(await self.write(insert.on_conflict_do_nothing(index_elements=["id"]).returning(_flows.id)))

    async def tell_workflow(self, workflow_id: str, word: str, now: datetime) -> bool:
        at_once = (_flows.state == "waiting") & (_flows.attempts == 0)
        tell = (
            update(tables.workflows)
            .where(_flows.id == workflow_id, _flows.state != "done", _flows.word != word)
            .values(said=_flows.said + 1, word=word, wake_at=case((at_once, _at(now)), else_=_flows.wake_at))
        )
        return bool(await self.write(tell.returning(_flows.id)))

    async def take_turns(
        self, executor: Executor, queues: Collection[QueueName], now: datetime, limit: int
    ) -> tuple[Turn, ...]:
        asked = {"queues": self.dialect.many(queues), "now": now, "most": limit, "by": executor.id}
        taken = await self.write(self._take, asked)
        return tuple(_turn(row) for row in taken)

    async def park(self, turn: Turn, until: datetime | None, now: datetime) -> None:
        await self._end(turn, now, state="waiting", wake_at=_unless_told(turn, _at(until), _at(now)))

    async def finish(self, turn: Turn, now: datetime) -> None:
        state = _unless_told(turn, literal("done"), literal("waiting"))
        await self._end(turn, now, state=state, wake_at=_unless_told(turn, _at(None), _at(now)))

    async def fail(self, turn: Turn, failure: Failure, again_at: datetime | None, now: datetime) -> None:
        values = msgspec.structs.asdict(failure)
        values |= {"state": "waiting" if again_at else "dead", "wake_at": again_at, "changed_at": now}
        await self._change(turn.workflow_id, turn.number, attempts=_flows.attempts + 1, **values)

    async def take_over(self, workflow_id: str, number: int, within: timedelta) -> int | None:
        mine = (_flows.id == workflow_id, _flows.turns == number, _flows.state == "running")
        free = _flows.taken_over_at.is_(None) | (_flows.taken_over_at < self.dialect.ago("within"))
        take = (
            update(tables.workflows)
            .where(*mine, free)
            .values(attempts=_flows.attempts + 1, taken_over_at=self.dialect.ago("now"))
        )
        spans = {"within": self.dialect.span(within), "now": self.dialect.span(_NOW)}
        rows = await self.write(take.returning(_flows.attempts), spans)
        return int(rows[0].attempts) if rows else None

    async def turn_again(self, workflow_id: str, number: int, now: datetime) -> None:
        await self._change(workflow_id, number, state="waiting", wake_at=now, changed_at=now)

    async def bury(self, workflow_id: str, number: int, failure: Failure, now: datetime) -> None:
        values = msgspec.structs.asdict(failure) | {"state": "dead", "wake_at": None, "changed_at": now}
        await self._change(workflow_id, number, **values)

    async def show_progress(self, turn: Turn, progress: Mapping[str, Any]) -> None:
        await self._change(turn.workflow_id, turn.number, progress=json_text(progress))

    async def beat(self, executor: Executor) -> None:
        values = {"id": executor.id, "version": executor.version, "queues": json_text(executor.queues)}
        seen = self._beat.values(values | {"seen_at": self.dialect.ago("now")})
        await self.write(seen, {"now": self.dialect.span(_NOW)})

    async def leave(self, executor_id: str) -> None:
        await self.write(delete(tables.executors).where(_executors.id == executor_id))

    async def executors(self, within: timedelta) -> tuple[Executor, ...]:
        rows = await self.rows(self._alive, {"within": self.dialect.span(within)})
        return tuple(_executor(row) for row in rows)

    async def strays(self, alive: Collection[str], limit: int) -> tuple[Stray, ...]:
        rows = await self.rows(self._strays, {"alive": self.dialect.many(alive), "most": limit})
        return tuple(Stray(workflow_id=row.id, begun=_milliseconds(row.begun_at), number=row.turns) for row in rows)

    async def adopt(self, workflow_ids: Collection[str], executor_id: str) -> None:
        await self.write(self._adopt.values(executor=executor_id), {"ids": self.dialect.many(workflow_ids)})

    async def workflow(self, workflow_id: str) -> Workflow | None:
        rows = await self.rows(select(tables.workflows).where(_flows.id == workflow_id))
        return _workflow(rows[0]) if rows else None

    async def dead_letters(self, limit: int) -> tuple[Workflow, ...]:
        dead = select(tables.workflows).where(_flows.state == "dead").order_by(_flows.changed_at.desc(), _flows.id)
        return tuple(_workflow(row) for row in await self.rows(dead.limit(limit)))

    async def running(self, limit: int) -> tuple[Workflow, ...]:
        under_way = select(tables.workflows).where(_flows.state == "running").order_by(_flows.changed_at, _flows.id)
        return tuple(_workflow(row) for row in await self.rows(under_way.limit(limit)))

    async def counted(self) -> Mapping[tuple[QueueName, WorkflowState], int]:
        states = _flows.state.in_(("waiting", "running", "dead"))
        counts = (
            select(_flows.queue, _flows.state, func.count().label("many"))
            .where(states)
            .group_by(_flows.queue, _flows.state)
        )
        return {(row.queue, row.state): row.many for row in await self.rows(counts)}

    async def revive(self, workflow_id: str, now: datetime) -> bool:
        dead = (_flows.id == workflow_id, _flows.state == "dead")
        alive = {"state": "waiting", "wake_at": now, "attempts": 0, "changed_at": now}
        return bool(await self.write(update(tables.workflows).where(*dead).values(alive).returning(_flows.id)))

    async def drop(self, workflow_id: str, now: datetime) -> bool:
        dead = (_flows.id == workflow_id, _flows.state == "dead")
        over = update(tables.workflows).where(*dead).values(state="done", changed_at=now)
        return bool(await self.write(over.returning(_flows.id)))

    async def forget_workflows(self, before: datetime) -> int:
        gone = delete(tables.executors).where(_executors.seen_at < self.dialect.ago("gone"))
        await self.write(gone, {"gone": self.dialect.span(_GONE)})
        over = (_flows.state == "done", _flows.changed_at < before)
        return len(await self.write(delete(tables.workflows).where(*over).returning(_flows.id)))

    async def _end(self, turn: Turn, now: datetime, **values: Any) -> None:
        """The turn ended well."""
        well = {"attempts": 0, "code": "", "reason": "", "step": "", "progress": "{}", "changed_at": now}
        await self._change(turn.workflow_id, turn.number, **well, **values)

    async def _change(self, workflow_id: str, number: int, **values: Any) -> None:
        """Changes a workflow whose turn this still is."""
        its = (_flows.id == workflow_id, _flows.turns == number, _flows.state == "running")
        await self.write(update(tables.workflows).where(*its).values(values))

    def _taking(self) -> Any:
        """PostgreSQL locks what it finds first, passing over what others take at the moment."""
        due = (
            select(_flows.id)
            .where(
                self.dialect.among(_flows.queue, "queues"),
                _flows.state == "waiting",
                _flows.wake_at <= bindparam("now", type_=Utc()),
            )
            .order_by(_flows.wake_at)
            .limit(bindparam("most"))
            .with_for_update(skip_locked=True)
            .cte("due")
        )
        taken = {
            "state": "running",
            "turns": _flows.turns + 1,
            "executor": bindparam("by"),
            "taken_over_at": None,
            "changed_at": bindparam("now", type_=Utc()),
        }
        found = _flows.id.in_(select(due.c.id))
        return update(tables.workflows).where(found).values(taken).returning(*_TAKEN)


def _at(time: datetime | None) -> ColumnElement[Any]:
    return literal(time, Utc())


def _unless_told(turn: Turn, value: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[Any]:
    """The value if nothing was said to the workflow since the turn was taken, else the other."""
    return case((_flows.said == turn.heard, value), else_=other)


def _turn(row: Row[Any]) -> Turn:
    return Turn(
        workflow_id=row.id,
        name=row.name,
        queue=row.queue,
        args=msgspec.json.decode(row.args),
        begun=_milliseconds(row.begun_at),
        number=row.turns,
        heard=row.said,
        attempts=row.attempts,
    )


def _milliseconds(time: datetime) -> int:
    return round(time.timestamp() * 1_000)


def _workflow(row: Row[Any]) -> Workflow:
    found = {name: value for name, value in row._asdict().items() if name in Workflow.__struct_fields__}
    decoded = {name: msgspec.json.decode(found[name]) for name in ("args", "progress")}
    return Workflow(**(found | decoded))


def _executor(row: Row[Any]) -> Executor:
    return Executor(id=row.id, version=row.version, queues=tuple(msgspec.json.decode(row.queues)))
