"""Locust's users at a whole deployment, headless: they meet each other, and nothing is lost, doubled or refused."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from loadtests.people import population
from loadtests.seeding import seed
from loadtests.stand import ROOT, Stand

USERS = {"Agent": 2, "Hotel": 3, "Client": 1, "Operator": 1, "Spectator": 5}
PEOPLE = 1_000
SECONDS = 30

pytestmark = pytest.mark.timeout(300)

Counts = dict[str, tuple[int, int]]


@pytest.fixture(scope="module")
def counted(own: Stand, tmp_path_factory: pytest.TempPathFactory) -> Counts:
    """How often each thing was done, and how often it failed."""
    seed(own.database_url, population(PEOPLE))
    result = tmp_path_factory.mktemp("locust") / "stats"
    exactly = [json.dumps({"user_class_name": name, "fixed_count": count}) for name, count in USERS.items()]
    options = ["--headless", "-u", str(sum(USERS.values())), "-r", "20", "-t", f"{SECONDS}s", "--host", own.urls[0]]
    command = [sys.executable, "-m", "locust", "-f", "loadtests/locustfile.py"]
    subprocess.run(
        [*command, *options, "--json-file", str(result), "--config-users", *exactly],
        cwd=ROOT,
        env={**os.environ, "SPIRIT_JWT_SECRET": own.secret, "LOAD_PEOPLE": str(PEOPLE)},
        check=True,
        stdin=subprocess.DEVNULL,
    )
    stats = json.loads(Path(f"{result}.json").read_text())
    return {f"{one['method']} {one['name']}": (one["num_requests"], one["num_failures"]) for one in stats}


def test_all_connect_and_nothing_is_lost_doubled_or_refused(counted: Counts) -> None:
    """[D1]"""
    assert counted["WS connect"] == (sum(USERS.values()), 0)
    assert {name: failures for name, (_, failures) in counted.items() if failures} == {}
    assert {name for name in counted if name in ("fact lost", "fact doubled", "fact strange")} == set()


def test_hotels_answer_the_agents_invitations_and_announcements_come(counted: Counts) -> None:
    assert {
        "command quotation.create",
        "fact invitation.received",
        "command offer.submit",
        "fact offer.submitted",
        "command quotation.edit",
        "command announcement.publish",
        "fact announcement.published",
    } <= counted.keys()
    assert counted["fact announcement.published"][0] >= counted["command announcement.publish"][0]


def test_gevent_stays_out_of_the_tests_and_the_product() -> None:
    program = "import realtime.app, workers.__main__, backend.api.app, sys; sys.exit('gevent' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT).returncode == 0
    assert "gevent" not in sys.modules
