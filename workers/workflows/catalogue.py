"""The workflows that there are, by name, and those that begin by themselves."""

import hashlib
from pathlib import Path
from typing import Final

from backend.services.deps import Deps
from backend.services.records import QueueName
from backend.services.repricing import WORKFLOW
from workers.workflows.booking import booking
from workers.workflows.flows import Flow
from workers.workflows.housekeeping import housekeeping
from workers.workflows.quotation import quotation
from workers.workflows.repricing import repricing

FLOWS: Final[dict[str, Flow]] = {
    "booking": booking,
    "housekeeping": housekeeping,
    "quotation": quotation,
    WORKFLOW: repricing,
}
_STANDING: Final[dict[str, QueueName]] = {"housekeeping": "low", WORKFLOW: "normal"}
"""Begun with the first worker, and never over."""


async def begin_standing(deps: Deps) -> None:
    for name, queue in _STANDING.items():
        await deps.workflows.begin(name, name, {}, queue=queue)


def version_of_code() -> str:
    """Changes with the code that decides which steps a turn has."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]
