"""Histograms say what they were told, within their width; pages and plots fetch nothing and break on no name."""

import os
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtests.plots import chart, nice
from loadtests.sampling import Sampler
from loadtests.tally import Histogram, Tally, merged

DURATIONS = st.lists(st.floats(2e-6, 1_000.0), min_size=1, max_size=200)


@given(DURATIONS, st.sampled_from([0.0, 0.5, 0.9, 0.99, 1.0]))
def test_a_percentile_is_at_most_three_percent_above_the_true_one(values: list[float], share: float) -> None:
    histogram = Histogram()
    for value in values:
        histogram.add(value)
    true = sorted(values)[max(0, -(-int(share * 1000) * len(values) // 1000) - 1)]
    assert true * 0.999 <= histogram.at(share) <= true * 1.031


@given(DURATIONS, DURATIONS)
def test_merged_tallies_are_as_if_counted_together(first: list[float], second: list[float]) -> None:
    together, parts = Tally(), (Tally(), Tally())
    for part, values in zip(parts, (first, second), strict=True):
        for value in values:
            part.time("delivery", value)
            together.time("delivery", value)
            part.counts["frames"] += 1
            together.counts["frames"] += 1
    whole = merged(parts)
    assert whole.counts == together.counts
    assert whole.times["delivery"].buckets == together.times["delivery"].buckets
    assert whole.times["delivery"].largest == together.times["delivery"].largest


@given(st.floats(1e-6, 1e9))
def test_an_axis_ends_at_a_round_number_not_far_above(value: float) -> None:
    top = nice(value)
    assert value <= top <= value * 2.5
    assert re.match(r"[12458]\.?0*e", f"{top:e}")


def test_a_chart_is_sound_xml_whatever_the_names() -> None:
    svg = chart('<"delays" & more>', {"p50 <&>": [(1.0, 2.0), (2.0, 3.0)]}, 2.0, [("a < b", 1.0)])
    assert ElementTree.fromstring(svg).tag == "svg"  # noqa: S314 - it was made here
    assert "http" not in svg


def test_a_chart_of_nothing_is_nothing() -> None:
    assert chart("nothing", {"p50": []}, 1.0) == ""


def test_a_process_that_is_gone_costs_nothing_and_this_one_something() -> None:
    costs = Sampler().sample({"this": [os.getpid()], "gone": [2**22 + 1]})
    assert costs["this"].rss > 1_000_000
    assert costs["this"].processes >= 1
    assert costs["gone"] == (0.0, 0, 0)


@pytest.mark.parametrize("share", [0.5, 1.0])
def test_an_empty_histogram_has_no_percentile(share: float) -> None:
    assert Histogram().at(share) == 0.0
