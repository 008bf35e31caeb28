"""The pins: complete, hashed, and naming no place to get them from."""

import re
import tomllib
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements.lock").read_text()


def _name(requirement: str) -> str:
    return re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0].lower()


def _pinned() -> set[str]:
    return set(re.findall(r"^([a-z0-9._-]+)(?:\[[^]]*\])?==", LOCK, re.MULTILINE))


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    extras = project["project"].get("optional-dependencies", {}).values()
    groups = project.get("dependency-groups", {}).values()
    wanted = chain(project["project"]["dependencies"], *extras, *groups)
    assert {_name(item) for item in wanted} - _pinned() == set()


def test_every_pin_has_a_hash() -> None:
    pins = re.split(r"^(?=[a-z0-9])", LOCK, flags=re.MULTILINE)[1:]
    assert [pin.split()[0] for pin in pins if "--hash=sha256:" not in pin] == []


def test_no_registry_is_named() -> None:
    assert re.findall(r"https?://\S+|file:\S+|--(?:extra-)?index-url|--find-links", LOCK) == []
