"""The bench of the whole stack: every edit is acked, arrives and is priced. How fast is not asserted."""

from pathlib import Path

from tests.bench.editing import UNLIMITED
from tests.bench.prices import priced
from tests.support.platform import embedded


async def test_every_edits_prices_reach_a_colleague(tmp_path: Path) -> None:
    """In the edit's own frame, and as `quotation.repriced` where it asks for another tariff."""
    with embedded(tmp_path, **UNLIMITED) as platform:
        found = await priced(platform.url, authors=2, edits=4, every=0.0)
    assert (len(found.in_the_edit), len(found.repriced)) == (4, 4)
