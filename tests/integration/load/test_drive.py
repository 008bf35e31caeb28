"""The whole driver at a whole deployment: counts are right. How long it takes is nobody's business here."""

import json
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from loadtests.drive import drive
from loadtests.people import ADMIN, population, token
from loadtests.scenarios import Plan
from loadtests.stand import Stand

SOCKETS = 1_000
PLAN = Plan(
    sockets=SOCKETS, ramp=10, hold=2, announcements=3, every=0.5, work=8, pause=0.4, patience=120, churn_for=4, slow=10
)

pytestmark = pytest.mark.timeout(420)


@pytest.fixture(scope="module")
def found(own: Stand, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the run's report file holds."""
    folder: Path = tmp_path_factory.mktemp("report")
    drive(PLAN, ["hold", "announce", "quotations", "storm", "churn"], own, [], [], 900.0, folder)
    assert "<svg" in (folder / "report.html").read_text()
    result: dict[str, Any] = json.loads((folder / "report.json").read_text())
    return result


def _phase(found: dict[str, Any], name: str) -> dict[str, Any]:
    phase: dict[str, Any] = next(phase for phase in found["phases"] if phase["name"] == name)
    return phase


def test_everybody_connects_nothing_is_lost_or_doubled_and_announcements_reach_all(found: dict[str, Any]) -> None:
    """[D1] [D2] through churn and the death of a node."""
    assert [one for one in found["counts"] if not one["holds"]] == []
    assert _phase(found, "ramp")["counts"]["connected"] == SOCKETS
    assert _phase(found, "announcements")["counts"]["frames"] == SOCKETS * PLAN.announcements


def test_heartbeats_are_answered(found: dict[str, Any]) -> None:
    assert _phase(found, "hold")["notes"]["heartbeats"] > 0
    assert "lost eof" not in _phase(found, "hold")["counts"]


def test_teams_live_through_quotations_and_are_refused_nothing(found: dict[str, Any]) -> None:
    phase = _phase(found, "quotations")
    commands = {name.removeprefix("command ") for name in phase["milliseconds"] if name.startswith("command ")}
    assert {"quotation.create", "quotation.publish", "offer.submit", "quotation.edit"} <= commands
    assert [name for name in phase["counts"] if name.startswith("refused")] == []


def test_a_killed_nodes_clients_come_back_and_are_sent_what_they_missed(found: dict[str, Any]) -> None:
    """[D3]"""
    counts = _phase(found, "storm")["counts"]
    lost = sum(many for name, many in counts.items() if name.startswith("lost "))
    assert counts["back"] == SOCKETS // 2, "until now nobody has changed nodes"
    assert lost >= counts["back"]
    assert counts["replayed"] > 0
    assert counts["frames"] + counts["replayed"] >= SOCKETS * PLAN.announcements


def test_seeded_people_are_known_to_the_server(own: Stand, found: dict[str, Any]) -> None:
    for number in (ADMIN, 1, 3, 6, SOCKETS - 1):
        person = population(SOCKETS).person(number)
        headers = {"Authorization": f"Bearer {token(person, own.secret, 60.0)}"}
        request = urllib.request.Request(f"{own.urls[0]}/api/v1/me", headers=headers)  # noqa: S310 - our own address
        with urllib.request.urlopen(request) as answer:  # noqa: S310 - our own address
            me = json.load(answer)
        assert (me["id"], me["role"], me["company_id"], me["hotel_id"]) == (
            person.id,
            person.role,
            person.company,
            person.hotel,
        )
