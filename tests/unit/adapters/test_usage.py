"""A process's own figures are those that Prometheus' client reads at greater cost."""

import os

import pytest
from prometheus_client import REGISTRY

from backend.adapters.usage import usage


def test_it_is_what_prometheus_is_told() -> None:
    """Give or take what happens in between."""
    now = usage()
    told = {name: REGISTRY.get_sample_value(f"process_{name}") or 0.0 for name in NAMES}
    assert now.memory_bytes == pytest.approx(told["resident_memory_bytes"], rel=0.1)
    half_a_tick = 0.5 / os.sysconf("SC_CLK_TCK")
    assert now.cpu_seconds - half_a_tick <= told["cpu_seconds_total"] <= usage().cpu_seconds + half_a_tick
    assert now.started_at == pytest.approx(told["start_time_seconds"], abs=2)


def test_it_counts_open_files() -> None:
    before = usage().open_files
    opened = [os.open(os.devnull, os.O_RDONLY) for _ in range(7)]
    try:
        assert usage().open_files == before + 7
    finally:
        for one in opened:
            os.close(one)


NAMES = ("resident_memory_bytes", "cpu_seconds_total", "start_time_seconds")
