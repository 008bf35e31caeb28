"""The benchmark itself, on a small scale: every server does all that is measured. How fast is not asserted."""

import re
import shutil
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.bench.engine import redaction, report
from tests.bench.engine.__main__ import run
from tests.bench.engine.dishonest import WAYS
from tests.bench.engine.generator import Failed
from tests.bench.engine.measures import QUICK, VISITS, visit
from tests.bench.engine.results import load
from tests.bench.engine.subjects import Can, Cores, Subject, subjects
from tests.bench.page import DOCS, PAGE, put

ALL = ["ours", "stock python-socketio", "Node socket.io", "bare send() loop"]


@pytest.mark.timeout(600)  # it starts 18 servers
def test_every_server_delivers_everything_in_order_and_is_on_the_page(tmp_path: Path) -> None:
    """[D3] All four run, none loses, doubles or swaps a message, and each figure of the tables is there."""
    found, missing = subjects()
    assert ([one.name for one in found], missing) == (ALL, [])
    kept = tmp_path / "engine.json"
    results = run(QUICK, 1, list(VISITS), found, missing, Cores(None, None), kept)
    assert results.failed == []
    assert load(kept) == results
    for subject in found:
        figures = set(results.figures[subject.name])
        expected = {row.figure for row in report.rows(QUICK) if row.of in subject.can}
        assert expected <= figures, subject.name
    results.redaction = redaction.measure(3, servers=False)
    page = Path(shutil.copy(DOCS / PAGE, tmp_path))
    report.write(results, page)
    assert all(f"| {row.title} |" in page.read_text() for row in report.rows(QUICK))
    assert "| quotation.edit, SQLite |" in page.read_text()
    drawn = "".join(ElementTree.parse(tmp_path / report.PLOT).getroot().itertext())  # noqa: S314 - our own
    assert all(name in drawn for name in ALL)


@pytest.mark.parametrize("way", WAYS)
def test_a_server_that_breaks_its_word_is_noticed(way: str) -> None:
    dishonest = Subject(way, (sys.executable, "-m", "tests.bench.engine.dishonest", way), Can.FAN_OUT)
    with pytest.raises(Failed, match="out of order"):
        visit("fan-out", dishonest, Cores(None, None), QUICK)


def test_a_section_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    page = tmp_path / PAGE
    page.write_text("a\n<!-- one -->\nold\n<!-- end of one -->\nb\n")
    put("one", "new\n", page)
    put("one", "newer", page)
    assert page.read_text() == "a\n<!-- one -->\nnewer\n<!-- end of one -->\nb\n"
    with pytest.raises(ValueError, match="two"):
        put("two", "", page)


def test_the_page_has_every_section() -> None:
    sections = re.findall(r"<!-- end of (\w+) -->", (DOCS / PAGE).read_text())
    assert sections == [
        *("engine", "commit", "computation", "broker", "stack", "delivery", "relays", "workflows", "failover"),
    ]
