"""docs/OPERATIONS.md names settings, metrics and files that there are."""

import re
from pathlib import Path

import msgspec
import pytest
from prometheus_client import REGISTRY

import workers.metrics  # noqa: F401 - registers what relays and workers count
from backend.adapters.db.auditing import AuditRows  # noqa: F401 - registers what it counts
from backend.api.system import ROUTES
from backend.config import Settings
from backend.settings_source import variable
from realtime import metrics

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/OPERATIONS.md"


@pytest.fixture(scope="module")
def text() -> str:
    return PAGE.read_text()


def test_its_settings_exist(text: str) -> None:
    named = set(re.findall(r"SPIRIT_[A-Z_]+", text))
    assert named
    assert named <= {variable(field.name) for field in msgspec.structs.fields(Settings)}


def test_its_metrics_exist(text: str) -> None:
    known = {name for family in REGISTRY.collect() for name in (family.name, f"{family.name}_total")}
    named = set(re.findall(r"\b(?:spirit|process)_[a-z_]+[a-z]\b", text)) - {"spirit_rest"}
    assert {"spirit_outbox_age_seconds", "process_open_fds"} <= named
    assert named <= known


def test_its_causes_of_repairs_are_counted(text: str) -> None:
    source = Path(metrics.__file__).with_name("fanout.py").read_text()
    causes = re.findall(r'cause="(\w+)"', text)
    assert causes
    assert all(f'"{cause}"' in source for cause in causes)


def test_its_addresses_and_links_lead_somewhere(text: str) -> None:
    paths = {route.path for route in ROUTES}
    assert {"/readyz", "/metrics"} <= paths
    for link in re.findall(r"\]\(([^)#]+)", text):
        assert (PAGE.parent / link).exists(), link
    for module in re.findall(r"python -m ([\w.]+)", text):
        place = ROOT / module.replace(".", "/")
        assert place.with_suffix(".py").exists() or (place / "__main__.py").exists(), module
