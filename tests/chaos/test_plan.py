"""A plan follows from its seed, and the plans of many seeds have everything in them."""

from collections import Counter

from tests.chaos.plan import _ACTS, _FAULTS, _OF_THE_CLUSTER, SECONDS, make, told


def test_a_seed_has_one_plan() -> None:
    """So that a failed one can be played again; other seeds, and another broker, have others."""
    assert make(7) == make(7)
    assert told(make(7)) == told(make(7))
    assert len({told(plan) for plan in (make(7), make(8), make(7, "cluster"))}) == 3


def test_everything_happens_in_its_time_and_order() -> None:
    for seed in range(50):
        plan = make(seed)
        assert list(plan.acts) == sorted(plan.acts)
        assert list(plan.faults) == sorted(plan.faults)
        times = [act.at for act in plan.acts] + [fault.at for fault in plan.faults]
        assert all(0 <= at <= SECONDS for at in times)
        assert sum(fault.kind == "deploy" for fault in plan.faults) <= 1


def test_nothing_is_left_out() -> None:
    """Every act of every role and every fault is in some plan; what belongs to one broker is in its plans alone."""
    single = [make(seed) for seed in range(200)]
    cluster = [make(seed, "cluster") for seed in range(200)]
    acts = {act.kind for plan in single for act in plan.acts}
    assert acts == {kind for kinds in _ACTS.values() for kind in kinds}
    faults = Counter(fault.kind.partition("link ")[0] or "link" for plan in single for fault in plan.faults)
    assert faults.keys() == _FAULTS.keys()
    of_cluster = {fault.kind.partition("link ")[0] or "link" for plan in cluster for fault in plan.faults}
    assert of_cluster == _FAULTS.keys() - {"redis restart"} | _OF_THE_CLUSTER.keys()
