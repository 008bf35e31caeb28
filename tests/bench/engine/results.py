"""What a run found, as plain data that is kept as JSON."""

import os
import platform
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import msgspec

from tests.bench.engine.measures import Figures, Size
from tests.bench.engine.subjects import SERVERS, Subject


@dataclass
class Results:
    """Figures of every round by subject; `missing` and `failed` are lines for the reader."""

    size: Size
    subjects: list[str]
    machine: dict[str, str]
    missing: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    figures: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    redaction: dict[str, Figures] = field(default_factory=dict)

    def add(self, subject: str, figures: Figures) -> None:
        of_subject = self.figures.setdefault(subject, {})
        for name, value in figures.items():
            of_subject.setdefault(name, []).append(value)

    def values(self, subject: str, figure: str) -> list[float]:
        return self.figures.get(subject, {}).get(figure, [])

    def save(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(msgspec.json.format(msgspec.json.encode(self), indent=1))


def load(file: Path) -> Results:
    return msgspec.json.decode(file.read_bytes(), type=Results)


def machine(subjects: list[Subject], cores_apart: bool) -> dict[str, str]:
    """What the figures were made on, without names of makers or hosts."""
    found = {
        "date": datetime.now(UTC).strftime("%B %Y"),
        "cores": f"{os.cpu_count()}, {'server and generator on one each' if cores_apart else 'shared'}",
        "load average before": f"{os.getloadavg()[0]:.1f}",
        "Python": platform.python_version(),
        **{name: version(name) for name in ("uvicorn", "uvloop", "python-socketio")},
    }
    for subject in subjects:
        if subject.name.startswith("Node"):
            asked = subprocess.run([subject.command[0], "--version"], capture_output=True, text=True, check=True)
            package = SERVERS / "node/node_modules/socket.io/package.json"
            found["Node"] = asked.stdout.strip().removeprefix("v")
            found["socket.io"] = msgspec.json.decode(package.read_bytes())["version"]
    return found
