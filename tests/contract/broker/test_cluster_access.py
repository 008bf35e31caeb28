"""A Redis Cluster that is reached by TLS, and as a user of little rights [S1] [S2]."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from loadtests.redis_cluster import HOST
from rooms.broker import Appended, BrokerUnavailable, Outcome
from rooms.positions import Position
from rooms.redis import RedisBroker
from rooms.subscriber import Patience
from tests.contract.broker.conftest import IMPATIENT, Ear, frames
from tests.fixtures.cluster import RedisCluster
from tests.support.certificates import self_signed
from tests.support.wait import until

CHANNELS = [f"quotation:{number}/agency" for number in range(20)]
ALLOWED = "+ping +auth +cluster|slots +asking +eval +evalsha +spublish +ssubscribe +sunsubscribe"
DONE_BY_SCRIPTS = "+hmget +hset +del +rpush +ltrim +lrange +llen +pexpire"


async def works(url: str) -> None:
    """A broker at the URL appends, hears and replays, on all masters."""
    ear = Ear()
    broker = RedisBroker(url, patience=IMPATIENT)
    broker.listen(ear.on_frame, ear.on_signal, ear.on_lost)
    try:
        await broker.start()
        await broker.subscribe(CHANNELS)
        for channel in CHANNELS:
            await broker.seed(channel, 1, "epoch-1", 0)
        answers = await broker.append_many({channel: frames([1]) for channel in CHANNELS})
        assert set(answers.values()) == {Appended(Outcome.APPENDED, 1)}
        await until(lambda: {channel for channel, _ in ear.frames} == set(CHANNELS))
        assert await broker.replay(CHANNELS[0], Position("epoch-1", 0)) == tuple(frames([1]))
    finally:
        await broker.close()


@pytest.fixture
def user(redis_cluster: RedisCluster) -> Iterator[str]:
    rights = [*ALLOWED.split(), *DONE_BY_SCRIPTS.split()]
    for node in redis_cluster.nodes:
        node.ask("ACL", "SETUSER", "node", "on", ">p@ss", "~rooms:*", "&rooms:*", *rights)
    yield "node"
    for node in redis_cluster.nodes:
        node.ask("ACL", "DELUSER", "node")


async def test_a_user_of_little_rights_is_enough(redis_cluster: RedisCluster, user: str) -> None:
    await works(redis_cluster.url_of(user, "p%40ss"))


async def test_s2_a_wrong_password_is_said_without_saying_it(redis_cluster: RedisCluster, user: str) -> None:
    broker = RedisBroker(redis_cluster.url_of(user, "wrong-secret"), patience=Patience(timeout=0.5, backoff=0.01))
    with pytest.raises(BrokerUnavailable, match="WRONGPASS") as refused:
        await broker.start()
    assert "secret" not in str(refused.value)
    await broker.close()


async def test_a_channel_that_may_not_be_heard_is_said(redis_cluster: RedisCluster, user: str) -> None:
    url = redis_cluster.url_of(user, "p%40ss")
    broker = RedisBroker(url, prefix="others", patience=Patience(timeout=0.5, backoff=0.01))
    await broker.start()
    with pytest.raises(BrokerUnavailable):
        await broker.subscribe(CHANNELS)
    await broker.close()


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RedisCluster, Path]]:
    certificate, key = self_signed(tmp_path_factory.mktemp("certificates"))
    cluster = RedisCluster(tls=(certificate, key))
    cluster.start()
    yield cluster, certificate
    cluster.stop()


async def test_s1_every_server_is_reached_over_tls(secured: tuple[RedisCluster, Path]) -> None:
    cluster, certificate = secured
    cluster.flush()
    url = f"rediss+cluster://{HOST}:{cluster.nodes[0].tls_port}"
    await works(f"{url}?ssl_ca_certs={certificate}")
    broker = RedisBroker(url, patience=Patience(timeout=0.5, backoff=0.01))
    with pytest.raises(BrokerUnavailable, match=r"(?i)certificate"):
        await broker.start()
    await broker.close()
