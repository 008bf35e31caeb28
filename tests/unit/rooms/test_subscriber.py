"""Subscribing over lines that break, lie or fall silent [D1] [P6]. The lines are played; see the contract suite for
those of a real server.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable

import pytest

from rooms.broker import BrokerUnavailable
from rooms.subscriber import Command, LineLost, OnLost, OnReply, Patience, Subscriber, Watch, pause
from tests.support.wait import until

PATIENCE = Patience(timeout=1.0, silence=30.0, backoff=0.001, backoff_most=0.002)


class PlayedLine:
    """A line whose far end is the test: it sees what is sent and says what comes back."""

    def __init__(self, *, answers: bool = True) -> None:
        self.answers = answers
        self.sent: list[Command] = []
        self.closed = False
        self._on_reply: OnReply | None = None
        self._on_lost: OnLost | None = None

    def plug_in(self, on_reply: OnReply, on_lost: OnLost) -> None:
        self._on_reply, self._on_lost = on_reply, on_lost

    def send(self, commands: Iterable[Command]) -> None:
        for command in commands:
            self.sent.append(command)
            if self.answers and command[0] == b"PING":
                asyncio.get_running_loop().call_soon(self.say, [b"pong", command[1]])

    def close(self) -> None:
        self.closed = True

    def say(self, reply: object) -> None:
        if self.closed or self._on_reply is None:
            return
        try:
            self._on_reply(reply)
        except Exception as error:
            self._end(error)

    def publish(self, name: bytes, message: bytes) -> None:
        self.say([b"message", name, message])

    def lose(self) -> None:
        self._end(LineLost("pulled out"))

    def pings(self) -> list[bytes]:
        return [command[1] for command in self.sent if command[0] == b"PING" and isinstance(command[1], bytes)]

    def _end(self, error: Exception) -> None:
        assert self._on_lost is not None
        self._on_lost(error)


class Exchange:
    """Gives out the lines it was told to, then good ones; writes down what the subscriber reports."""

    def __init__(self, *planned: PlayedLine | Exception) -> None:
        self.planned = list(planned)
        self.lines: list[PlayedLine] = []
        self.reported: list[str] = []

    async def connect(self, on_reply: OnReply, on_lost: OnLost) -> PlayedLine:
        line = self.planned.pop(0) if self.planned else PlayedLine()
        if isinstance(line, Exception):
            raise line
        self.lines.append(line)
        line.plug_in(on_reply, on_lost)
        return line

    def on_message(self, name: bytes, message: bytes) -> None:
        self.reported.append(f"{name.decode()}={message.decode()}")

    def on_lost(self) -> None:
        self.reported.append("lost")

    def subscriber(self, patience: Patience = PATIENCE) -> Subscriber:
        return Subscriber(self.connect, self.on_message, self.on_lost, patience)


@pytest.fixture
async def exchange() -> Exchange:
    return Exchange()


@pytest.fixture
async def subscriber(exchange: Exchange) -> AsyncIterator[Subscriber]:
    subscriber = exchange.subscriber()
    await subscriber.start()
    yield subscriber
    await subscriber.close()


async def test_what_is_published_is_passed_on_and_other_replies_are_not(
    exchange: Exchange, subscriber: Subscriber
) -> None:
    await subscriber.add([b"a"])
    line = exchange.lines[0]
    line.say([b"subscribe", b"a", 1])
    line.say(b"a ping's reply on a line without subscriptions")
    line.say(1)
    line.publish(b"a", b"1")
    await until(lambda: exchange.reported == ["a=1"])


async def test_p6_a_new_line_is_not_believed_before_the_loss_was_told(
    exchange: Exchange, subscriber: Subscriber
) -> None:
    await subscriber.add([b"a"])
    late = PlayedLine(answers=False)
    exchange.planned.append(late)
    exchange.lines[0].publish(b"a", b"1")
    exchange.lines[0].lose()
    await until(late.pings)
    late.publish(b"a", b"2")
    late.say([b"pong", b"some other ping"])
    late.publish(b"a", b"3")
    late.say([b"pong", late.pings()[0]])
    late.publish(b"a", b"4")
    await until(lambda: exchange.reported[-1:] == ["a=4"])
    assert exchange.reported == ["a=1", "lost", "a=4"]
    assert exchange.lines[0].closed


async def test_the_end_of_a_subscription_that_is_wanted_is_told_unless_it_was_asked_for(exchange: Exchange) -> None:
    """However often it was asked for; and where nobody watches, nothing happens."""
    ended: list[bytes] = []
    for watch in (None, Watch(on_dropped=ended.append)):
        subscriber = Subscriber(exchange.connect, exchange.on_message, exchange.on_lost, PATIENCE, watch=watch)
        await subscriber.start()
        await subscriber.add([b"a"])
        for _ in range(2):
            subscriber.remove([b"a"])
        await subscriber.add([b"a"])
        for _ in range(3):
            assert ended == []
            exchange.lines[-1].say([b"unsubscribe", b"a", 0])
        await subscriber.close()
    assert ended == [b"a"]
    assert exchange.reported == []


async def test_a_new_line_subscribes_to_what_is_still_wanted(exchange: Exchange, subscriber: Subscriber) -> None:
    await subscriber.add([b"a", b"b", b"c"])
    subscriber.remove([b"b"])
    subscriber.remove([])
    exchange.lines[0].lose()
    await until(lambda: exchange.reported == ["lost"])
    assert exchange.lines[1].sent[0] == (b"SUBSCRIBE", b"a", b"c")
    assert exchange.lines[0].sent[-1] == (b"UNSUBSCRIBE", b"b")


async def test_d1_a_subscription_whose_line_breaks_comes_into_force_with_the_next(
    exchange: Exchange, subscriber: Subscriber
) -> None:
    line = exchange.lines[0]
    line.answers = False
    wish = asyncio.create_task(subscriber.add([b"a"]))
    await until(lambda: (b"SUBSCRIBE", b"a") in line.sent)
    line.lose()
    await wish
    assert (b"SUBSCRIBE", b"a") in exchange.lines[1].sent


async def test_a_subscription_that_is_not_confirmed_is_no_subscription(exchange: Exchange) -> None:
    subscriber = exchange.subscriber(Patience(timeout=0.05, silence=30.0))
    await subscriber.start()
    exchange.lines[0].answers = False
    with pytest.raises(BrokerUnavailable, match="in time"):
        await subscriber.add([b"a"])
    # The reply comes after all: nobody waits for it.
    exchange.lines[0].say([b"pong", exchange.lines[0].pings()[-1]])
    exchange.lines[0].publish(b"a", b"1")
    await until(lambda: exchange.reported == ["a=1"])
    await subscriber.close()


async def test_d1_a_line_that_says_nothing_to_a_ping_is_replaced() -> None:
    exchange = Exchange()
    subscriber = exchange.subscriber(Patience(timeout=1.0, silence=0.01, backoff=0.001))
    await subscriber.start()
    await until(lambda: len(exchange.lines[0].pings()) > 3)
    assert exchange.reported == []
    exchange.lines[0].answers = False
    await until(lambda: exchange.reported == ["lost"])
    assert exchange.lines[0].closed
    await subscriber.close()


async def test_whatever_goes_wrong_is_no_reason_to_go_deaf() -> None:
    exchange = Exchange(LineLost("refused"), ValueError(), OSError("no route"))
    subscriber = exchange.subscriber()
    await subscriber.start()
    await subscriber.add([b"a"])
    for nonsense in ([], ValueError("NOPERM this user has no permissions"), [b"message"]):
        exchange.lines[-1].say(nonsense)
        await until(lambda: exchange.reported[-1:] == ["lost"])
        exchange.lines[-1].publish(b"a", b"1")
        assert exchange.reported.pop() == "a=1"
        assert exchange.reported.pop() == "lost"
    assert len(exchange.lines) == 4
    await subscriber.close()


async def test_a_start_without_a_line_says_why() -> None:
    exchange = Exchange(*[LineLost("connection refused")] * 1000)
    subscriber = exchange.subscriber(Patience(timeout=0.05, backoff=0.01))
    with pytest.raises(BrokerUnavailable, match="connection refused"):
        await subscriber.start()
    await subscriber.close()


def test_the_pauses_between_attempts_grow_to_a_bound_and_stay_there() -> None:
    assert 0.05 <= pause(0, 0.1, 2.0) <= 0.1
    assert 0.4 <= pause(3, 0.1, 2.0) <= 0.8
    assert 1.0 <= pause(5_000, 0.1, 2.0) <= 2.0
