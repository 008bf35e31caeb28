"""The bench of workflows: bookings become confirmed, and it prints what its place holds. How fast is not asserted."""

from pathlib import Path

import pytest

from tests.bench.page import DOCS, PAGE, put
from tests.bench.workflows import main


@pytest.mark.timeout(420)  # it starts servers, workers and relays
def test_bookings_are_confirmed_and_told_of(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    main(rounds=1, bookings=2, commands=2)
    printed = capsys.readouterr().out
    assert "| bookings a minute | turns a booking |" in printed
    assert printed.count("| nobody relays") == printed.count("| a relay and two workers") == 1
    page = tmp_path / PAGE
    page.write_text((DOCS / PAGE).read_text())
    put("workflows", printed, page)
    assert printed.strip() in page.read_text()
