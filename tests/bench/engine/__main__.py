"""Runs every measure on every server, alternating: `python -m tests.bench.engine`.

Writes the section of docs/BENCHMARKS.md with its plot, and what it found as JSON in test-results/bench, also after each
round. A quick run leaves docs alone.
"""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from tests.bench.engine import redaction, report
from tests.bench.engine.generator import Failed
from tests.bench.engine.measures import QUICK, VISITS, Size, visit
from tests.bench.engine.results import Results, load, machine
from tests.bench.engine.subjects import ROOT, Cores, Subject, cores, subjects
from tests.bench.page import DOCS, PAGE

KEPT = ROOT / "test-results" / "bench"
COMMANDS = 300
"""Commands whose redaction is measured."""


def run(
    size: Size, rounds: int, names: list[str], chosen: list[Subject], missing: list[str], apart: Cores, file: Path
) -> Results:
    """All rounds. Subjects take turns within each measure, and another one begins in each round."""
    results = Results(size, [one.name for one in chosen], machine(chosen, apart.server is not None), missing)
    for number in range(rounds):
        begins = number % len(chosen)
        for name in names:
            if VISITS[name].once and number:
                continue
            for subject in chosen[begins:] + chosen[:begins]:
                _visit(results, name, subject, apart, size, number)
        results.save(file)
    return results


def _visit(results: Results, name: str, subject: Subject, apart: Cores, size: Size, number: int) -> None:
    if VISITS[name].needs not in subject.can:
        return
    try:
        figures = visit(name, subject, apart, size)
    except (Failed, OSError, RuntimeError) as error:
        line = f"{subject.name}, {name}, round {number + 1}: {error}"
        results.failed.append(line)
        typer.echo(f"FAILED {line}", err=True)
        return
    results.add(subject.name, figures)
    tables = {row.figure for row in report.rows(size)}
    shown = "; ".join(f"{key} {report.number(value)}" for key, value in figures.items() if key in tables)
    typer.echo(f"round {number + 1}, {name}, {subject.name}: {shown}")


def main(
    rounds: Annotated[int, typer.Option(envvar="BENCH_ROUNDS", help="How often each is measured.")] = 5,
    quick: Annotated[bool, typer.Option(envvar="BENCH_QUICK", help="A smoke of a few seconds.")] = False,
    only: Annotated[list[str] | None, typer.Option(help=f"Measures: {', '.join(VISITS)}, redaction.")] = None,
    subject: Annotated[list[str] | None, typer.Option(help="Servers whose names begin so.")] = None,
    render: Annotated[Path | None, typer.Option(help="Write the page from a kept run instead.")] = None,
) -> None:
    """Measure our server, its peers and the yardstick."""
    if render is not None:
        report.write(load(render), DOCS / PAGE)
        return
    found, missing = subjects()
    chosen = [one for one in found if not subject or one.name.startswith(tuple(subject))]
    names = [name for name in VISITS if not only or name in only]
    file = KEPT / f"engine-{datetime.now(UTC):%Y%m%d-%H%M%S}.json"
    results = run(QUICK if quick else Size(), 1 if quick else rounds, names, chosen, missing, cores(), file)
    if not only or "redaction" in only:
        results.redaction = redaction.measure(10 if quick else COMMANDS, servers=not quick)
    results.save(file)
    typer.echo(f"kept as {file.relative_to(ROOT)}")
    page = DOCS / PAGE
    if quick or only or subject:
        page = Path(shutil.copy(page, KEPT / PAGE))
    report.write(results, page)
    typer.echo(report.section(results))
    raise typer.Exit(1 if results.failed else 0)


if __name__ == "__main__":
    typer.run(main)
