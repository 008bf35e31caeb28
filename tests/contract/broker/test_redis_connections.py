"""How a broker reaches its server and shares one connection among all who ask. Servers that misbehave are played."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path

import pytest

from rooms.broker import Appended, BrokerUnavailable, Outcome
from rooms.commands import Commands
from rooms.positions import Frame, Position
from rooms.redis import RedisBroker
from rooms.redis_url import parse
from rooms.resp import connect
from rooms.subscriber import LineLost, Patience
from tests.contract.broker.conftest import CHANNEL, IMPATIENT, Ear, frames
from tests.fixtures.redis import RedisServer
from tests.support.certificates import self_signed
from tests.support.net import free_port
from tests.support.wait import until

PATIENT = Patience(timeout=150.0)
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
GREETED = b"+OK\r\n"


@asynccontextmanager
async def played(talk: Talk) -> AsyncIterator[str]:
    """A server that says what the test wants; its URL."""
    talking: set[asyncio.Task[None]] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        talking.add(task)
        try:
            await talk(reader, writer)
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    yield f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()
    for task in talking:
        task.cancel()


async def say_nothing(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    while await reader.read(65_536):
        pass


def greet_and_say(*chunks: bytes) -> Talk:
    """Answers the greeting, then each further read with the chunks, one after the other."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(65_536)
        writer.write(GREETED)
        while await reader.read(65_536):
            for chunk in chunks:
                writer.write(chunk)
                await writer.drain()
                await asyncio.sleep(0)

    return talk


@pytest.fixture
async def commands(redis_server: RedisServer) -> AsyncIterator[Commands]:
    made = Commands(partial(connect, parse(redis_server.url)), IMPATIENT.timeout)
    yield made
    await made.close()


@asynccontextmanager
async def asking(url: str, patience: Patience = IMPATIENT) -> AsyncIterator[Commands]:
    made = Commands(partial(connect, parse(url)), patience.timeout)
    yield made
    await made.close()


async def works(url: str) -> None:
    """A broker at the URL appends, hears and replays."""
    ear = Ear()
    broker = RedisBroker(url, patience=IMPATIENT)
    broker.listen(ear.on_frame, ear.on_signal, ear.on_lost)
    try:
        await broker.start()
        await broker.subscribe([CHANNEL])
        await broker.seed(CHANNEL, 1, "epoch-1", 0)
        assert await broker.append(CHANNEL, frames([1, 2])) == Appended(Outcome.APPENDED, 2)
        await until(lambda: ear.seqs() == [(1, 1), (1, 2)])
        assert await broker.replay(CHANNEL, Position("epoch-1", 0)) == tuple(frames([1, 2]))
    finally:
        await broker.close()


@pytest.fixture
def user(redis_server: RedisServer) -> Iterator[str]:
    """May do what a broker does, and nothing else: not even name a connection."""
    with redis_server.client() as client:
        allowed = ["+ping", "+auth", "+select", "+eval", "+evalsha", "+publish", "+subscribe", "+unsubscribe"]
        done_by_scripts = ["+hmget", "+hset", "+del", "+rpush", "+ltrim", "+lrange", "+llen", "+pexpire"]
        client.acl_setuser(
            "node",
            enabled=True,
            passwords=["+p@ss/word"],
            keys=["rooms:*"],
            channels=["rooms:*"],
            commands=allowed + done_by_scripts,
        )
        yield "node"
        client.acl_deluser("node")


async def test_a_user_of_little_rights_is_enough(redis_server: RedisServer, user: str) -> None:
    await works(redis_server.url_of(user, "p%40ss%2Fword"))


async def test_s2_a_wrong_password_is_said_without_saying_it(redis_server: RedisServer, user: str) -> None:
    url = redis_server.url_of(user, "wrong-secret")
    broker = RedisBroker(url, patience=Patience(timeout=0.3, backoff=0.01))
    with pytest.raises(BrokerUnavailable, match="cannot subscribe: WRONGPASS") as refused:
        await broker.start()
    assert "secret" not in str(refused.value)
    with pytest.raises(BrokerUnavailable, match="WRONGPASS"):
        await broker.wake()
    await broker.close()


async def test_a_password_without_a_user(redis_server: RedisServer) -> None:
    with redis_server.client() as client:
        client.config_set("requirepass", "secret")
        try:
            await works(redis_server.url_of(password="secret"))
            with pytest.raises(BrokerUnavailable, match="cannot subscribe: NOAUTH"):
                await works(redis_server.url)
        finally:
            client.config_set("requirepass", "")


async def test_a_channel_that_may_not_be_heard_is_said(redis_server: RedisServer, user: str) -> None:
    url = redis_server.url_of(user, "p%40ss%2Fword")
    broker = RedisBroker(url, prefix="others", patience=Patience(timeout=0.3, backoff=0.01))
    await broker.start()
    with pytest.raises(BrokerUnavailable):
        await broker.subscribe([CHANNEL])
    with pytest.raises(BrokerUnavailable, match="NOPERM"):
        await broker.wake()
    await broker.close()


async def test_a_database_of_its_own(redis_server: RedisServer) -> None:
    await works(redis_server.url_of(db=3))
    with redis_server.client() as client:
        assert client.info("keyspace").keys() == {"db3"}


async def test_a_unix_socket(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("s") / "r"
    server = RedisServer("--unixsocket", path)
    server.start()
    try:
        await works(f"unix://{path}?db=1")
        with server.client() as client:
            assert client.info("keyspace").keys() == {"db1"}
    finally:
        server.stop()
    with pytest.raises(BrokerUnavailable, match="cannot subscribe"):
        await RedisBroker(f"unix://{path}", patience=Patience(timeout=0.1)).start()


@contextmanager
def tls_server(certificate: Path, key: Path) -> Iterator[str]:
    """Where a server speaks TLS; it asks who comes for a certificate, too."""
    port = free_port()
    files: list[str | Path] = ["--tls-cert-file", certificate, "--tls-key-file", key, "--tls-ca-cert-file", certificate]
    server = RedisServer("--tls-port", str(port), *files)
    server.start()
    try:
        yield f"rediss://127.0.0.1:{port}"
    finally:
        server.stop()


async def test_s1_tls_with_certificates_of_both_sides(tmp_path: Path) -> None:
    certificate, key = self_signed(tmp_path)
    ours = f"ssl_certfile={certificate}&ssl_keyfile={key}"
    with tls_server(certificate, key) as url:
        await works(f"{url}/2?ssl_ca_certs={certificate}&{ours}")
        await works(f"{url}?ssl_cert_reqs=none&{ours}")
        for refused in (f"{url}?{ours}", f"{url}?ssl_ca_certs={certificate}"):
            with pytest.raises(BrokerUnavailable, match=r"(?i)certificate|closed|reset"):
                await RedisBroker(refused, patience=Patience(timeout=0.5, backoff=0.01)).wake()


async def test_many_callers_share_a_connection_and_get_their_own_answers(
    redis_server: RedisServer, commands: Commands
) -> None:
    answers = await asyncio.gather(*(commands.ask([("ECHO", i), ("ECHO", -i)]) for i in range(2_000)))
    assert answers == [[b"%d" % i, b"%d" % -i] for i in range(2_000)]
    with redis_server.client() as client:
        assert [one["db"] for one in client.client_list() if one["name"] == "rooms"] == ["0"]


async def test_a_caller_that_leaves_takes_no_answer_from_others(commands: Commands) -> None:
    await commands.ask([("PING",)])
    asked = [asyncio.create_task(commands.ask([("ECHO", i)])) for i in range(3)]
    late = asyncio.create_task(commands.ask([("ECHO", 9)]))
    await asyncio.sleep(0)
    late.cancel()
    await asyncio.sleep(0)
    asked[1].cancel()
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert answers[0] == [b"0"]
    assert answers[2] == [b"2"]
    assert await commands.ask([("ECHO", 3)]) == [b"3"]


async def test_replies_that_come_in_pieces() -> None:
    reply = b"*3\r\n$5\r\na\r\nbc\r\n:-7\r\n*2\r\n$-1\r\n-ERR no\r\n"
    async with played(greet_and_say(*(reply[i : i + 1] for i in range(len(reply))))) as url, asking(url) as commands:
        [answer] = await commands.ask([("ANY",)])
    assert answer[:2] == [b"a\r\nbc", -7]
    assert answer[2][0] is None
    assert str(answer[2][1]) == "ERR no"


async def test_large_replies(redis_server: RedisServer) -> None:
    broker = RedisBroker(redis_server.url, patience=IMPATIENT)
    await broker.start()
    await broker.seed(CHANNEL, 1, "e", 0)
    large = [Frame(1, "e", seq, "offer.submitted", bytes([seq]) * 1_000_000) for seq in range(1, 21)]
    await broker.append(CHANNEL, large)
    assert await broker.replay(CHANNEL, Position("e", 0)) == tuple(large)
    await broker.close()


async def test_a_script_that_was_forgotten_is_sent_along(redis_server: RedisServer) -> None:
    broker = RedisBroker(redis_server.url, patience=IMPATIENT)
    await broker.start()
    channels = [f"quotation:{number}/agency" for number in range(3)]
    for channel in channels:
        await broker.seed(channel, 1, "epoch-1", 0)
    with redis_server.client() as client:
        for seq in (1, 2):
            client.script_flush()
            answers = await broker.append_many({channel: frames([seq]) for channel in channels})
            assert answers == dict.fromkeys(channels, Appended(Outcome.APPENDED, seq))
    await broker.close()


async def test_a_server_that_says_nothing_is_left() -> None:
    accepted = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted.append(writer)
        await greet_and_say(*([] if len(accepted) == 1 else [b"+PONG\r\n"]))(reader, writer)

    async with played(talk) as url, asking(url, Patience(timeout=0.2)) as commands:
        with pytest.raises(BrokerUnavailable, match="no answer in time"):
            await commands.ask([("PING",)])
        assert await commands.ask([("PING",)]) == [b"PONG"]
    assert len(accepted) == 2


async def test_a_server_that_does_not_greet_is_no_server() -> None:
    async with played(say_nothing) as url:
        async with asking(url, Patience(timeout=0.1)) as commands:
            for _ in range(5):
                with pytest.raises(BrokerUnavailable, match="in time"):
                    await commands.ask([("PING",)])
        broker = RedisBroker(url, patience=Patience(timeout=0.1))
        with pytest.raises(BrokerUnavailable, match="cannot subscribe"):
            await broker.start()
        await broker.close()


@pytest.mark.parametrize("said", [b"", b"?nonsense\r\n", b"+OK\r\n?nonsense\r\n"])
async def test_s2_a_server_that_talks_nonsense_is_no_server(said: bytes) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(65_536)
        writer.write(said)

    async with played(talk) as url:
        with pytest.raises(LineLost):
            await connect(parse(url), lambda _: None, lambda _: None)


async def test_what_was_written_to_a_connection_that_breaks_is_told_so() -> None:
    async with played(greet_and_say(b"+PONG\r\n", b"?nonsense\r\n")) as url, asking(url, PATIENT) as commands:
        asked = await asyncio.gather(*(commands.ask([("PING",)]) for _ in range(3)), return_exceptions=True)
        assert asked[0] == [b"PONG"]
        assert [type(answer) for answer in asked[1:]] == [BrokerUnavailable] * 2
        # A reply that nobody asked for ends a connection as well.
        assert await commands.ask([("PING",)]) == [b"PONG"]


async def test_an_outage_is_told_soon_and_what_was_not_sent_outlives_a_short_one(
    redis_server: RedisServer,
) -> None:
    async with asking(redis_server.url, PATIENT) as commands:
        redis_server.stop()
        for _ in range(6):
            with pytest.raises(BrokerUnavailable, match=r"refused|failed"):
                await commands.ask([("PING",)])
        redis_server.start()
        assert await commands.ask([("PING",)]) == [b"PONG"]


async def test_no_more_may_wait_than_can_be_held() -> None:
    async with played(say_nothing) as url, asking(url, PATIENT) as commands:
        asked = [asyncio.create_task(commands.ask([("PING",)])) for _ in range(10_000)]
        await asyncio.sleep(0)
        with pytest.raises(BrokerUnavailable, match="too many"):
            await commands.ask([("PING",)])
        await commands.close()
        answers = await asyncio.gather(*asked, return_exceptions=True)
    assert {str(answer) for answer in answers} == {"closed"}


async def test_closing_ends_what_waits_for_an_answer(redis_server: RedisServer, commands: Commands) -> None:
    await commands.ask([("PING",)])
    with redis_server.frozen():
        asked = [asyncio.create_task(commands.ask([("PING",)])) for _ in range(2)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        asked.append(asyncio.create_task(commands.ask([("PING",)])))
        await asyncio.sleep(0)
        await commands.close()
        answers = await asyncio.gather(*asked, return_exceptions=True)
    assert [str(answer) for answer in answers] == ["closed"] * 3
    with pytest.raises(BrokerUnavailable, match="closed"):
        await commands.ask([("PING",)])
