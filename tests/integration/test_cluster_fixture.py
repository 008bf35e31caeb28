"""The cluster that tests run against does what they ask of it, and is whole again for the next test."""

import pytest

from loadtests.redis_cluster import Refused, whole
from tests.fixtures.cluster import MASTERS, RedisCluster

SLOT = 100
KEY = "kept"


def test_slots_are_shared_and_every_master_has_a_replica(redis_cluster: RedisCluster) -> None:
    assert len(redis_cluster.masters()) == MASTERS
    assert whole([node.member for node in redis_cluster.nodes])
    assert redis_cluster.master_of(0) is not redis_cluster.master_of(16_383)


def test_a_killed_master_is_replaced_and_comes_back_as_a_replica(redis_cluster: RedisCluster) -> None:
    old, heir = redis_cluster.master_of(SLOT), redis_cluster.replica_of(SLOT)
    old.kill()
    redis_cluster.wait_for_master(SLOT, heir)
    redis_cluster.mend()
    assert redis_cluster.master_of(SLOT) is heir
    assert redis_cluster.replica_of(SLOT) is old


def test_masters_give_way_when_asked(redis_cluster: RedisCluster) -> None:
    old = redis_cluster.master_of(SLOT)
    redis_cluster.fail_over(SLOT)
    assert redis_cluster.master_of(SLOT) is not old


def test_a_slot_moves_with_its_keys(redis_cluster: RedisCluster) -> None:
    slot = redis_cluster.nodes[0].ask("CLUSTER", "KEYSLOT", KEY)
    assert isinstance(slot, int)
    source = redis_cluster.master_of(slot)
    target = next(node for node in redis_cluster.masters() if node is not source)
    source.ask("SET", KEY, "1")
    redis_cluster.move_slot(slot, target)
    assert target.ask("GET", KEY) == "1"
    with pytest.raises(Refused, match="MOVED"):
        source.ask("GET", KEY)
    redis_cluster.move_slot(slot, source)
    assert source.ask("GET", KEY) == "1"
