"""[D2.7] Dead letters by REST: admins look at them, have them tried again, or drop them."""

from datetime import UTC, datetime

import pytest

from backend.services.records import AuditFilter, Executor, Failure
from tests.integration.api.house import Build, House

ME = Executor(id="me", version="1", queues=("normal",))
PATH = "/api/v1/ops/workflows/flow"


@pytest.fixture
async def house(build: Build) -> House:
    """With one dead letter."""
    house = build()
    deps = house.rest.deps
    await deps.workflows.begin("failing", "flow", {"of": 1})
    now = datetime.now(UTC)
    (turn,) = await deps.db.take_turns(ME, ("normal",), now, 9)
    await deps.db.fail(turn, Failure(code="KeyError", reason="there", step="attempt"), None, now)
    return house


async def test_admins_see_why(house: House) -> None:
    (item,) = (await house.as_("admin").get("/api/v1/ops/dead-letters")).json["items"]
    assert (item["id"], item["code"], item["reason"], item["step"]) == ("flow", "KeyError", "there", "attempt")
    assert (await house.as_("admin").get(PATH)).json == item
    counted = (await house.as_("admin").get("/api/v1/ops")).json["workflows"]
    assert counted == {"queues": {"normal": {"waiting": 0, "running": 0, "dead": 1}}, "running": []}


async def test_admins_have_it_tried_again_and_it_is_audited(house: House) -> None:
    tried = await house.as_("admin").post(f"{PATH}/retry")
    assert (tried.status, tried.json["state"], tried.json["attempts"]) == (200, "waiting", 0)
    again = await house.as_("admin").post(f"{PATH}/retry")
    assert (again.status, again.json["code"]) == (404, "workflow.not_found")
    assert (await house.as_("admin").get("/api/v1/ops/dead-letters")).json == {"items": []}


async def test_admins_drop_it_and_it_is_audited(house: House) -> None:
    dropped = await house.as_("admin").post(f"{PATH}/drop")
    assert (dropped.status, dropped.json["state"], dropped.json["code"]) == (200, "done", "KeyError")
    for verb in ("drop", "retry"):
        again = await house.as_("admin").post(f"{PATH}/{verb}")
        assert (again.status, again.json["code"]) == (404, "workflow.not_found")
    rows = await house.rest.deps.db.audit(AuditFilter(subject="workflow:flow"), None, 9)
    (row,) = [row for row in rows if row.outcome == "ok"]
    assert (row.action, row.user_id) == ("workflow.drop", "admin")


@pytest.mark.parametrize("who", ["ana", "plaza", "client", "guide"])
async def test_others_are_refused_whatever_there_is(house: House, who: str) -> None:
    """[P3]"""
    person = house.as_(who)
    answers = [await person.get("/api/v1/ops/dead-letters"), await person.get(PATH), await person.get(f"{PATH}x")]
    answers += [await person.post(f"{PATH}{path}") for path in ("/retry", "x/retry", "/drop", "x/drop")]
    assert {(one.status, one.json["code"]) for one in answers} == {(403, "command.forbidden")}
    assert (await house.rest.deps.db.workflow("flow")) is not None


async def test_what_is_not_there_is_not_found(house: House) -> None:
    missing = await house.as_("admin").get(f"{PATH}x")
    assert (missing.status, missing.json["code"]) == (404, "workflow.not_found")
