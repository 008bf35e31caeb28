"""The bench of the computation itself: what it computes is whole, and no two are alike. How fast is not asserted."""

from pathlib import Path

import pytest

from backend.domain.computation.computed import compute, running_of
from tests.bench.computation import KINDS, main, quotation
from tests.bench.page import DOCS, PAGE, put
from tests.support.domain import content


def test_it_computes_whole_trips_each_another() -> None:
    made = [compute(quotation(number), content(80)) for number in range(5)]
    assert len({one.selling.total.amount for one in made}) == 5
    costs = running_of(quotation(0))
    assert costs
    assert not costs.missing
    assert {line.id.split("-")[0] for line in costs.lines} == {"transport", "guide", "item"}


def test_it_prints_a_row_for_each_kind_that_finds_its_place(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    main(rounds=1, seconds=0.01)
    printed = capsys.readouterr().out
    assert all(f"| {name} |" in printed for name in KINDS)
    page = tmp_path / PAGE
    page.write_text((DOCS / PAGE).read_text())
    put("computation", printed, page)
    assert printed in page.read_text()
