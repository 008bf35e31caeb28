"""The pins: complete, hashed, and naming no place to get them from."""

import re
import tomllib
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCKS = {"requirements.lock": ["dev", "load"], "requirements-aioredis-cluster.lock": ["contract", "aioredis-cluster"]}
"""What each has besides the product's own dependencies: groups, and an extra that cannot be installed beside them."""


@pytest.fixture(params=LOCKS)
def name(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture
def lock(name: str) -> str:
    return (ROOT / name).read_text()


def _name(requirement: str) -> str:
    return re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0].lower()


def _wanted(part: str) -> list[str]:
    """The requirements of a group or an extra, with those of the groups that it includes."""
    named = PROJECT["dependency-groups"] | PROJECT["project"]["optional-dependencies"]
    return [
        one for item in named[part] for one in (_wanted(item["include-group"]) if isinstance(item, dict) else [item])
    ]


def test_every_dependency_is_pinned(name: str, lock: str) -> None:
    pinned = set(re.findall(r"^([a-z0-9._-]+)(?:\[[^]]*\])?==", lock, re.MULTILINE))
    wanted = chain(PROJECT["project"]["dependencies"], *map(_wanted, LOCKS[name]))
    assert {_name(item) for item in wanted} - pinned == set()


def test_every_pin_has_a_hash(lock: str) -> None:
    pins = re.split(r"^(?=[a-z0-9])", lock, flags=re.MULTILINE)[1:]
    assert [pin.split()[0] for pin in pins if "--hash=sha256:" not in pin] == []


def test_no_registry_is_named(lock: str) -> None:
    assert re.findall(r"https?://\S+|file:\S+|--(?:extra-)?index-url|--find-links", lock) == []


def test_every_group_and_extra_is_in_a_lock() -> None:
    parts = PROJECT["dependency-groups"].keys() | PROJECT["project"]["optional-dependencies"].keys()
    assert parts == set(chain.from_iterable(LOCKS.values()))
