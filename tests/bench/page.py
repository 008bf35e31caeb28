"""docs/BENCHMARKS.md: what a benchmark prints takes the place of what it printed before.

    python -m tests.bench.commit | python -m tests.bench.page commit

A quick run (BENCH_QUICK=1) is only printed: its figures mean nothing.
"""

import os
import sys
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
PAGE = "BENCHMARKS.md"


def put(section: str, text: str, page: Path) -> None:
    """Replaces what stands between the section's markers. Raises ValueError if the page has no such section."""
    begin, end = f"<!-- {section} -->\n", f"<!-- end of {section} -->"
    before, found, rest = page.read_text().partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise ValueError(f"{page.name} has no section {section!r}")
    page.write_text(f"{before}{begin}{text.strip()}\n{closed}{after}")


def main(section: str) -> None:
    text = sys.stdin.read()
    sys.stdout.write(text)
    if text.strip() and not os.environ.get("BENCH_QUICK"):
        put(section, text, DOCS / PAGE)


if __name__ == "__main__":
    main(sys.argv[1])
