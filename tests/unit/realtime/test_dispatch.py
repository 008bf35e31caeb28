"""From an event to its ack, whatever the event is."""

import asyncio
from collections.abc import Mapping
from typing import Any

import orjson
import pytest

from backend.domain.principals import Principal
from backend.domain.refusals import Refusal
from backend.services.limits import Limiter, SharedLimiter
from realtime.dispatch import Dispatcher, Done
from realtime.packets import UNREADABLE
from realtime.sessions import Session
from tests.unit.realtime.node import Wire, ignore, session

SECRET = "the net rate is 77.00"


async def _facts(_: Principal, name: str, payload: Mapping[str, Any]) -> bytes:
    if name == "offer.submit":
        raise RuntimeError(SECRET)
    if name == "quotation.close":
        raise Refusal("quotation.conflict", "No.", data={"version": 3}, retry_after=1.5)
    return orjson.dumps(payload)


async def _handled(_: Session, payload: Mapping[str, Any]) -> Done:
    return Done(orjson.dumps(payload), ignore)


def _dispatcher(burst: int = 100) -> Dispatcher:
    known = frozenset({"quotation.edit", "offer.submit", "quotation.close"})
    limiter = SharedLimiter("command", Limiter(1, burst, asyncio.get_running_loop().time))
    return Dispatcher(_facts, known, {"inbox.ack": _handled}, limiter)


async def _answer(*arguments: Any, burst: int = 100) -> Any:
    return orjson.loads((await _dispatcher(burst).answer(session("ana", Wire()), list(arguments))).body)


async def test_facts_and_handlers_are_answered_alike() -> None:
    """`{ok, data}`; a handler may have something done after the ack."""
    assert await _answer("quotation.edit", {"a": 1}) == {"ok": True, "data": {"a": 1}}
    answer = await _dispatcher().answer(session("ana", Wire()), ["inbox.ack", {"ids": []}])
    assert orjson.loads(answer.body) == {"ok": True, "data": {"ids": []}}
    assert answer.after is ignore


async def test_a_refusal_says_all_that_it_has() -> None:
    """Code, message, when to come back, details."""
    assert await _answer("quotation.close", {}) == {
        "ok": False,
        "error": {"code": "quotation.conflict", "message": "No.", "retry_after": 1.5, "data": {"version": 3}},
    }


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("no.such",), "command.unknown"),
        (("quotation.edit",), "command.invalid"),
        (("quotation.edit", None), "command.invalid"),
        (("quotation.edit", {}, {}), "command.invalid"),
        ((UNREADABLE,), "command.invalid"),
        (("inbox.ack", {"ids": [1.5]}), "command.invalid"),
    ],
)
async def test_what_is_no_command_is_refused(arguments: tuple[Any, ...], code: str) -> None:
    """[S2]"""
    assert (await _answer(*arguments))["error"]["code"] == code


async def test_a_failure_of_ours_tells_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """[P3] [S2] The client hears `internal`; the log has where, and not with what."""
    answer = await _answer("offer.submit", {})
    assert answer["error"] == {"code": "internal", "message": "Something went wrong here."}
    logged = "".join(capsys.readouterr())
    assert "RuntimeError" in logged
    assert SECRET not in logged


async def test_limits_are_by_person_and_command() -> None:
    """[S2] [P2] One person's flood of one command limits that alone."""
    dispatcher = _dispatcher(burst=2)
    ana, bruno = session("ana", Wire()), session("bruno", Wire())
    bodies = [orjson.loads((await dispatcher.answer(ana, ["inbox.ack", {}])).body) for _ in range(3)]
    assert [body["ok"] for body in bodies] == [True, True, False]
    assert bodies[2]["error"]["code"] == "rate.limited"
    assert bodies[2]["error"]["retry_after"] > 0
    for who, name in ((bruno, "inbox.ack"), (ana, "quotation.edit")):
        assert orjson.loads((await dispatcher.answer(who, [name, {}])).body)["ok"] is True
