"""The workflows that there are, by name, and those that begin by themselves."""

import hashlib
from pathlib import Path
from typing import Final

from backend.services.deps import Deps
from workers.workflows.booking import booking
from workers.workflows.flows import Flow
from workers.workflows.housekeeping import housekeeping
from workers.workflows.quotation import quotation

FLOWS: Final[dict[str, Flow]] = {"booking": booking, "housekeeping": housekeeping, "quotation": quotation}
_STANDING: Final = ("housekeeping",)
"""Begun with the first worker, and never over."""


async def begin_standing(deps: Deps) -> None:
    for name in _STANDING:
        await deps.workflows.begin(name, name, {}, queue="low")


def version_of_code() -> str:
    """Changes with the code that decides which steps a turn has."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]
