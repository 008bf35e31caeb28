"""A run's folder: `report.json` with all figures, `report.html` with tables and plots, which fetches nothing."""

import json
import os
import platform
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from loadtests.plots import Series, chart
from loadtests.run import Phase, Run
from loadtests.scenarios import Plan
from loadtests.verdicts import Finding, counts, mean, targets

_STYLE = """
:root { color-scheme: light dark }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 800px; margin: 2em auto; padding: 0 1em }
table { border-collapse: collapse; margin: .5em 0 1.5em; width: 100% }
td, th { text-align: left; padding: .15em .8em .15em 0; border-bottom: 1px solid #8884; vertical-align: top }
svg { width: 100%; margin: .6em 0 }
svg text { font: 11px system-ui; fill: currentColor }
svg .title { font-weight: 600; font-size: 13px }
.grid { stroke: #8884 }
.phase { stroke: #8888; stroke-dasharray: 3 3 }
text.phase { stroke: none; fill: #888 }
.bad { color: #d1242f; font-weight: 600 }
"""


def write(run: Run, plan: Plan, folder: Path) -> dict[str, Any]:
    """Writes both files and gives what the JSON one holds."""
    found = figures(run, plan)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.json").write_text(json.dumps(found, indent=1))
    (folder / "report.html").write_text(page(found))
    return found


def figures(run: Run, plan: Plan) -> dict[str, Any]:
    """All that was measured."""
    return {
        "plan": plan.figures(),
        "people": {"all": run.people.size, "quotations": run.people.quotations, "spectators": run.people.spectators},
        "machine": {
            "cores": os.cpu_count(),
            "kernel": platform.release(),
            "python": platform.python_version(),
            "driver processes": len(run.workers),
        },
        "counts": [finding._asdict() for finding in counts(run)],
        "targets": [finding._asdict() for finding in targets(run)],
        "phases": [_phase(phase) for phase in run.phases],
        "seconds": run.rows,
    }


def _phase(phase: Phase) -> dict[str, Any]:
    return {
        "name": phase.name,
        "began": round(phase.began, 2),
        "seconds": round(phase.seconds, 2),
        "notes": phase.notes,
        "counts": {name: many for name, many in sorted(phase.tally.counts.items()) if many},
        "milliseconds": {name: histogram.figures() for name, histogram in sorted(phase.tally.times.items())},
        "cpu": {name: round(mean(shares), 4) for name, shares in phase.cpu.items()},
        "rss": phase.rss,
    }


def page(found: dict[str, Any]) -> str:
    """The report as one page of HTML."""
    body = [
        "<h1>Load report</h1>",
        f"<p>{found['people']['all']:,} people, {found['people']['quotations']:,} quotations. "
        f"{found['machine']['cores']} cores, Python {escape(found['machine']['python'])}, "
        f"{found['machine']['driver processes']} driver processes. A stand's servers share the machine with them.</p>",
        "<h2>Counts</h2>",
        _findings(found["counts"]),
        "<h2>Targets for 50,000 sockets</h2>",
        _findings(found["targets"]),
        "<h2>Over time</h2>",
        *_charts(found),
        "<h2>Phases</h2>",
        *(_told(phase) for phase in found["phases"]),
    ]
    title = "<title>Load report</title>"
    head = f"<!doctype html><html lang=en><meta charset=utf-8>{title}<style>{_STYLE}</style>"
    return head + "\n".join(body) + "</html>\n"


def _findings(findings: Sequence[dict[str, Any]]) -> str:
    marks = {True: "holds", False: "<span class=bad>does not hold</span>"}
    return _table(("", "", ""), [(escape(one["what"]), one["found"], marks[one["holds"]]) for one in findings])


def _charts(found: dict[str, Any]) -> list[str]:
    rows = found["seconds"]
    began = [(phase["name"], phase["began"]) for phase in found["phases"]]
    last = rows[-1]["t"] if rows else 1.0
    lines = {
        "Sockets online": {"online": _over(rows, "online")},
        "Sessions begun per second": {"new": _over(rows, "connected")},
        "Connect, from when it was due, ms": _lines(rows, "connect", ("p50", "p99", "max")),
        "Frames received per second": {"frames": _over(rows, "frames")},
        "Delivery, from when it was due, ms": _lines(rows, "delivery", ("p50", "p99", "max")),
        "CPU, % of one core": _lines(rows, "cpu", _groups(rows), 100),
        "Resident memory, MB": _lines(rows, "rss", _groups(rows), 1e-6),
    }
    return [chart(title, series, last, began) for title, series in lines.items()]


def _over(rows: Sequence[dict[str, Any]], name: str) -> Series:
    return [(row["t"], row[name]) for row in rows]


def _lines(rows: Sequence[dict[str, Any]], kind: str, names: Sequence[str], unit: float = 1.0) -> dict[str, Series]:
    """A line per name of what each second has under `kind`, where it has any."""
    return {name: [(row["t"], unit * row[kind].get(name, 0.0)) for row in rows if row[kind]] for name in names}


def _groups(rows: Sequence[dict[str, Any]]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row["cpu"]))


def _told(phase: dict[str, Any]) -> str:
    costs = [
        (name, f"{100 * share:.1f}%", f"{phase['rss'][name] / 1e6:,.0f} MB") for name, share in phase["cpu"].items()
    ]
    times = [
        (escape(name), *(f"{one[key]:,}" for key in ("count", "p50", "p90", "p99", "p999", "max")))
        for name, one in phase["milliseconds"].items()
    ]
    notes = [(escape(name), escape(str(value))) for name, value in {**phase["notes"], **phase["counts"]}.items()]
    return (
        f"<h3>{escape(phase['name'])}, {phase['seconds']:.0f} s</h3>"
        + _table(("", ""), notes)
        + _table(("milliseconds", "count", "p50", "p90", "p99", "p99.9", "max"), times)
        + _table(("", "CPU, mean, of one core", "memory, most"), costs)
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return ""
    top = "".join(f"<th>{name}</th>" for name in head) if any(head) else ""
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><tr>{top}</tr>{lines}</table>"


def summary(found: dict[str, Any]) -> str:
    """The findings as text."""
    rows = [Finding(**one) for one in (*found["counts"], *found["targets"])]
    return "\n".join(f"{'holds ' if one.holds else 'FAILS '} {one.what}: {one.found}" for one in rows)
