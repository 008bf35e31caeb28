"""How late facts are is measured in a few frames a second, by the time that they carry."""

from datetime import UTC, datetime, timedelta

import orjson
from prometheus_client import REGISTRY

from privacy.wire import time_text
from realtime.lagging import INTERVAL, Sampler

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


class _Watch:
    def __init__(self) -> None:
        self.seconds = 0.0
        self.sampler = Sampler(lambda: self.seconds, lambda: NOW)
        self._before = self._read()

    def measured(self) -> tuple[float, float]:
        """How many frames since the start of the test, and the seconds of all of them."""
        count, seconds = self._read()
        return count - self._before[0], round(seconds - self._before[1], 6)

    def _read(self) -> tuple[float, float]:
        names = ("spirit_delivery_seconds_count", "spirit_delivery_seconds_sum")
        count, seconds = (REGISTRY.get_sample_value(name) or 0.0 for name in names)
        return count, seconds


def _frame(late: float, notes: str = "") -> bytes:
    at = time_text(NOW - timedelta(seconds=late))
    return orjson.dumps({"v": 1, "name": "quotation.edited", "seq": 1, "at": at, "by": None, "data": {"notes": notes}})


def test_a_frames_own_time_counts_whatever_people_wrote() -> None:
    watch = _Watch()
    watch.sampler.see(_frame(0.25, notes='"at":"2020-01-01T00:00:00Z"'))
    assert watch.measured() == (1, 0.25)


def test_a_burst_is_measured_once() -> None:
    watch = _Watch()
    for _ in range(1_000):
        watch.sampler.see(_frame(0.5))
    watch.seconds += INTERVAL
    watch.sampler.see(_frame(0.25))
    assert watch.measured() == (2, 0.75)


def test_clocks_that_differ_make_nothing_negative() -> None:
    watch = _Watch()
    watch.sampler.see(_frame(-3.0))
    assert watch.measured() == (1, 0.0)


def test_what_has_no_time_is_passed_over() -> None:
    watch = _Watch()
    watch.sampler.see(b"{}")
    assert watch.measured() == (0, 0.0)
