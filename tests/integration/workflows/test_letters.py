"""[D2.7] Workflows that fail: tried again where that may help, and told to operators where it does not."""

import signal
from pathlib import Path

from backend.services.records import AuditFilter
from tests.integration.workflows.crew import Crew
from tests.support.platform import process
from workers.workflows.flows import _TRIES


async def test_what_fails_is_tried_again_and_then_given_up(crew: Crew) -> None:
    crew.worker()
    flow = await crew.begin("failing")
    letter = await crew.reaches(flow, "dead")
    assert crew.done(flow) == ["attempt"] * 2 * _TRIES
    assert (letter.code, letter.step, letter.attempts, letter.turns) == ("KeyError", "attempt", 2, 2)
    assert "flows.py" in letter.reason
    assert "a payload" not in letter.reason


async def test_a_refusal_is_not_tried_again(crew: Crew) -> None:
    crew.worker()
    flow = await crew.begin("failing", code="quotation.wrong_state")
    letter = await crew.reaches(flow, "dead")
    assert crew.done(flow) == ["attempt"]
    assert (letter.code, letter.reason, letter.step) == ("quotation.wrong_state", "Not today.", "attempt")


async def test_what_kills_its_workers_is_given_up(crew: Crew) -> None:
    flow = await crew.begin("deadly")
    for _ in range(3):
        assert crew.worker().wait(60) == -signal.SIGKILL
    crew.worker()
    letter = await crew.reaches(flow, "dead")
    assert letter.code == "worker.died"
    assert crew.done(flow) == ["kill"] * 3


async def test_operators_look_and_try_again_from_the_command_line(crew: Crew) -> None:
    crew.worker()
    flow = await crew.begin("failing", code="quotation.wrong_state")
    await crew.reaches(flow, "dead")
    assert said(crew, "list").startswith(f"{flow}  20")
    assert "code        quotation.wrong_state\nreason      Not today.\n" in said(crew, "show", flow)
    crew.mend()
    assert said(crew, "retry", flow) == ""
    await crew.reaches(flow, "done")
    assert "is no dead letter" in said(crew, "retry", flow, code=2)
    assert "is no dead letter" in said(crew, "drop", flow, code=2)


async def test_operators_drop_from_the_command_line(crew: Crew) -> None:
    """[S1] Both leave an audit row."""
    crew.worker()
    flow = await crew.begin("failing", code="quotation.wrong_state")
    await crew.reaches(flow, "dead")
    assert said(crew, "retry", flow) == ""
    await crew.reaches(flow, "dead")
    assert said(crew, "drop", flow) == ""
    assert said(crew, "list") == ""
    await crew.reaches(flow, "done")
    rows = await crew.database.audit(AuditFilter(subject=f"workflow:{flow}"), None, 9)
    assert [(row.action, row.user_id) for row in rows] == [
        ("workflow.drop", "operator"),
        ("workflow.retry", "operator"),
    ]


def said(crew: Crew, *arguments: str, code: int = 0) -> str:
    """What the command says."""
    log = Path(crew.folder) / "letters.log"
    log.write_text("")
    with process("workers", "dead-letters", *arguments, environment=crew.environment, log=log) as running:
        assert running.wait(60) == code, log.read_text()
    return log.read_text()
