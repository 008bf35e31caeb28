"""A server that sentinels watch: found by its name, and found again after a failover [D1] [S2]."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import pytest

from loadtests.redis_cluster import Member, Refused, ask, info
from rooms.broker import Appended, BrokerUnavailable, Outcome
from rooms.redis import RedisBroker
from rooms.subscriber import Patience
from tests.contract.broker.conftest import CHANNEL, RETENTION, Ear, frames
from tests.fixtures.redis import redis_program
from tests.support.net import free_port
from tests.support.servers import running, server_folder
from tests.support.wait import until

NAME = "spirit"
QUICK = Patience(timeout=2.0, silence=0.2, backoff=0.01, backoff_most=0.1)
_KEEP_NOTHING = ("--bind", "127.0.0.1", "--save", "", "--appendonly", "no")


class Watched:
    """A master with a replica, where we are a user with a password, and three sentinels."""

    def __init__(self) -> None:
        self.servers = [Member(free_port(), 0) for _ in range(2)]
        self.sentinels = [Member(free_port(), 0) for _ in range(3)]
        self._kept = ExitStack()

    @property
    def url(self) -> str:
        hosts = ",".join(f"127.0.0.1:{one.port}" for one in self.sentinels)
        return f"redis+sentinel://node:secret@{hosts}/{NAME}/2"

    def start(self) -> None:
        first, second = self.servers
        for server, more in ((first, []), (second, ["--replicaof", f"127.0.0.1 {first.port}"])):
            self._run(server, *_KEEP_NOTHING, "--repl-diskless-sync-delay", "0", *more)
            ask(server, "ACL", "SETUSER", "node", "on", ">secret", "~*", "&*", "+@all")
        for sentinel in self.sentinels:
            self._run_sentinel(sentinel, first)

    def stop(self) -> None:
        self._kept.close()

    def master(self) -> Member:
        """By the sentinels' account."""
        found = ask(self.sentinels[0], "SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME)
        assert isinstance(found, list)
        return next(one for one in self.servers if str(one.port) == found[1])

    def settled(self) -> bool:
        """Whether every sentinel knows the others, and a replica that follows the master."""
        for sentinel in self.sentinels:
            said = ask(sentinel, "SENTINEL", "MASTER", NAME)
            assert isinstance(said, list)
            known = dict(zip(said[::2], said[1::2], strict=True))
            if (known["num-other-sentinels"], known["num-slaves"]) != ("2", "1"):
                return False
        follower = next(one for one in self.servers if one != self.master())
        return info(follower, "replication").get("master_link_status") == "up"

    def fail_over(self) -> bool:
        """Has another take over; whether the sentinels agreed to."""
        try:
            return ask(self.sentinels[0], "SENTINEL", "FAILOVER", NAME) == "OK"
        except Refused:
            return False

    def _run(self, server: Member, *options: str) -> None:
        folder = self._kept.enter_context(server_folder("sentinel"))
        command: list[str | Path] = [redis_program(), "--port", str(server.port), "--dir", folder, *options]
        self._kept.enter_context(running(command, folder, lambda: _answers(server)))

    def _run_sentinel(self, sentinel: Member, master: Member) -> None:
        folder = self._kept.enter_context(server_folder("sentinel"))
        config = folder / "sentinel.conf"
        config.write_text(
            f"port {sentinel.port}\nbind 127.0.0.1\ndir {folder}\n"
            f"sentinel monitor {NAME} 127.0.0.1 {master.port} 2\n"
            f"sentinel down-after-milliseconds {NAME} 700\nsentinel failover-timeout {NAME} 2000\n"
        )
        command: list[str | Path] = [redis_program(), config, "--sentinel"]
        self._kept.enter_context(running(command, folder, lambda: _answers(sentinel)))


def _answers(server: Member) -> bool:
    try:
        return ask(server, "PING") == "PONG"
    except (OSError, Refused):
        return False


@pytest.fixture(scope="module")
def _processes() -> Iterator[Watched]:
    watched = Watched()
    watched.start()
    yield watched
    watched.stop()


@pytest.fixture
async def watched(_processes: Watched) -> Watched:
    await until(_processes.settled, within=30)
    return _processes


async def test_d1_a_failover_is_followed(watched: Watched) -> None:
    ear = Ear()
    broker = RedisBroker(watched.url, prefix=uuid4().hex, retention=RETENTION, patience=QUICK)
    broker.listen(ear.on_frame, ear.on_signal, ear.on_lost)
    await broker.start()
    await broker.subscribe([CHANNEL])
    await broker.seed(CHANNEL, 1, "epoch-1", 0)
    assert await broker.append(CHANNEL, frames([1])) == Appended(Outcome.APPENDED, 1)
    await until(lambda: ear.seqs() == [(1, 1)])
    master = watched.master()
    await until(watched.fail_over)
    await until(lambda: watched.master() != master, within=30)
    await until(lambda: ear.missed[CHANNEL] > 0, within=30)

    async def appended() -> bool:
        try:
            await broker.seed(CHANNEL, 1, "epoch-1", 1)
            return (await broker.append(CHANNEL, frames([2]))).seq == 2
        except BrokerUnavailable:
            return False

    await until(appended, within=30)
    await until(lambda: ear.seqs()[-1] == (1, 2), within=30)
    await broker.close()


async def test_a_server_that_became_a_replica_is_left(watched: Watched) -> None:
    """It refuses to write, and who hears it hears nobody who writes elsewhere."""
    broker = RedisBroker(watched.url, prefix=uuid4().hex, patience=QUICK)
    await broker.start()
    await broker.seed(CHANNEL, 1, "epoch-1", 0)
    master = watched.master()
    ask(master, "REPLICAOF", "127.0.0.1", 1)
    try:
        refusals = []
        for _ in range(2):
            with pytest.raises(BrokerUnavailable) as refused:
                await broker.seed(CHANNEL, 1, "epoch-1", 1)
            refusals.append(str(refused.value))
    finally:
        ask(master, "REPLICAOF", "NO", "ONE")
    assert "READONLY" in refusals[0]
    assert "not a master" in refusals[1]
    await broker.close()


@pytest.mark.parametrize(
    ("change", "why"), [((NAME, "other"), "does not know other"), (("node:secret", "node:wrong"), "WRONGPASS")]
)
async def test_s2_who_cannot_be_found_is_said(watched: Watched, change: tuple[str, str], why: str) -> None:
    broker = RedisBroker(watched.url.replace(*change), patience=Patience(timeout=0.5, backoff=0.01))
    with pytest.raises(BrokerUnavailable, match=why):
        await broker.start()
    await broker.close()


async def test_s2_without_sentinels_there_is_no_way() -> None:
    broker = RedisBroker(f"redis+sentinel://127.0.0.1:1/{NAME}", patience=Patience(timeout=0.3))
    with pytest.raises(BrokerUnavailable, match="no sentinel knows the way"):
        await broker.start()
    await broker.close()
