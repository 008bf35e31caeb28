"""A Redis Cluster: calls go to the master of their slot, and are sent on where it has gone.

While a slot has no master, is being moved or is still loaded, its calls are asked again until the time is over.
"""

import asyncio
from collections.abc import Collection, Hashable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from rooms import resp
from rooms.broker import BrokerUnavailable
from rooms.calls import Call, answers_of, refuses
from rooms.commands import Commands
from rooms.hearing import Hearing
from rooms.redis_url import Address
from rooms.redis_url import Cluster as Place
from rooms.slots import slot_of
from rooms.subscriber import Patience, pause
from rooms.topology import Topology, redirection_of
from rooms.transport import OnLost, OnMessage

_LATER = ("TRYAGAIN", "CLUSTERDOWN", "LOADING", "MASTERDOWN", "READONLY")
# Redirections that are followed at once; a cluster that sends on and on is not settled yet.
_AT_ONCE = 3
# Seconds without an answer after which somebody else may serve the slot.
SLOW = 1.0


class _Waiting:
    """A call without an answer, and its place among the others.

    `elsewhere` is where it is asked this once; `later`: not at once.
    """

    __slots__ = ("call", "elsewhere", "later", "number", "slot")

    def __init__(self, number: int, call: Call) -> None:
        self.number = number
        self.call = call
        self.slot = slot_of(call.key.encode())
        self.elsewhere: Address | None = None
        self.later = False


class Cluster:
    """A `Transport` with a connection for commands to each master, and one that hears."""

    publish = "SPUBLISH"
    ordered = False

    def __init__(self, place: Place, on_message: OnMessage, on_lost: OnLost, patience: Patience) -> None:
        self._seeds = frozenset(place.seeds)
        self._patience = patience
        self._commands: dict[Address, Commands] = {}
        self._closing: set[asyncio.Task[None]] = set()
        self._topology = Topology(place.seeds, self._ask, patience, self._look_again)
        self._hearing = Hearing(self._topology, on_message, on_lost, patience)
        self._trouble = ""
        self._views = 0
        self._viewed = asyncio.Event()

    async def start(self) -> None:
        await self._topology.start()

    async def close(self) -> None:
        await self._topology.close()
        await self._hearing.close()
        for commands in self._commands.values():
            await commands.close()
        await asyncio.gather(*self._closing)

    async def run(self, calls: Sequence[Call]) -> list[Any]:
        answers: list[Any] = [None] * len(calls)
        waiting = [_Waiting(number, call) for number, call in enumerate(calls)]
        rounds = 0
        try:
            async with asyncio.timeout(self._patience.timeout):
                while waiting := await self._round(waiting, answers):
                    if rounds >= _AT_ONCE or any(one.later for one in waiting):
                        await self._pause(rounds)
                    rounds += 1
        except TimeoutError:
            raise BrokerUnavailable(self._trouble or "no answer in time") from None
        return answers

    def server_of(self, name: bytes) -> Hashable:
        return self._topology.master(slot_of(name))

    async def hear(self, names: Collection[bytes]) -> None:
        await self._hearing.add(names)

    async def hear_no_more(self, names: Collection[bytes]) -> None:
        self._hearing.remove(names)

    def hears(self, name: bytes) -> bool:
        return self._hearing.wants(name)

    async def _round(self, waiting: Iterable[_Waiting], answers: list[Any]) -> list[_Waiting]:
        """Asks all at once, each where it belongs; fills in answers, and gives the calls that have none yet."""
        by_place: dict[tuple[Address | None, bool], list[_Waiting]] = {}
        for one in waiting:
            place = one.elsewhere or self._topology.master(one.slot)
            by_place.setdefault((place, one.elsewhere is not None), []).append(one)
        each = (self._ask_for(some, place, asking, answers) for (place, asking), some in by_place.items())
        asked = asyncio.gather(*each)
        # Whoever asked may have given up: then nobody is left to hear how it ended.
        asked.add_done_callback(lambda done: done.cancelled() or done.exception())
        try:
            while not (await asyncio.wait((asked,), timeout=SLOW))[0]:
                self._topology.doubt()
        finally:
            asked.cancel()
        return [one for some in asked.result() for one in some]

    async def _pause(self, rounds: int) -> None:
        """Until it is worth asking again: for a while, or until the cluster was looked at."""
        with suppress(TimeoutError):
            async with asyncio.timeout(pause(rounds, self._patience.backoff, self._patience.backoff_most)):
                await self._viewed.wait()

    async def _ask_for(
        self, waiting: list[_Waiting], place: Address | None, asking: bool, answers: list[Any]
    ) -> list[_Waiting]:
        """Asks one server; `asking` for slots that are on their way to it."""
        for one in waiting:
            one.elsewhere, one.later = None, True
        if place is None:
            self._doubt("a slot has no master")
            return waiting
        try:
            ask = partial(self._asking if asking else self._ask, place)
            said = await answers_of([one.call for one in waiting], ask)
        except BrokerUnavailable as error:
            self._doubt(str(error))
            return waiting
        left = []
        for one, answer in zip(waiting, said, strict=True):
            if self._is_no_answer(one, answer, place):
                left.append(one)
            else:
                answers[one.number] = answer
        return left

    def _is_no_answer(self, one: _Waiting, answer: object, place: Address) -> bool:
        """Whether the call has to be asked again: elsewhere, or later."""
        if refuses(answer, "MOVED"):
            self._topology.correct(redirection_of(str(answer), place))
            one.later = False
        elif refuses(answer, "ASK "):
            one.elsewhere = redirection_of(str(answer), place).address
            one.later = False
        elif refuses(answer, *_LATER):
            self._doubt(str(answer))
        else:
            return False
        return True

    def _doubt(self, trouble: str) -> None:
        self._trouble = trouble
        self._topology.doubt()

    async def _ask(self, place: Address, commands: Sequence[resp.Command]) -> list[Any]:
        known = self._commands.get(place)
        if known is None:
            known = self._commands[place] = Commands(partial(resp.connect, place), self._patience.timeout)
        return await known.ask(commands)

    async def _asking(self, place: Address, commands: Sequence[resp.Command]) -> list[Any]:
        pairs = [word for command in commands for word in (("ASKING",), command)]
        return (await self._ask(place, pairs))[1::2]

    def _look_again(self) -> None:
        self._hearing.look_again()
        if self._views != self._topology.views:
            self._views = self._topology.views
            self._viewed.set()
            self._viewed = asyncio.Event()
            self._leave_those_deposed()
        known = self._seeds.union(self._topology.servers())
        for place in [place for place in self._commands if place not in known]:
            task = asyncio.create_task(self._commands.pop(place).close())
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    def _leave_those_deposed(self) -> None:
        """Who waits for an answer of a server that is no master any more asks the one that is."""
        masters = self._topology.masters()
        for place, commands in self._commands.items():
            if place not in masters and commands.unanswered:
                commands.reconnect("it is no master any more")
