"""Socket.IO: events, acknowledgements and attachments."""

import base64
import json

import pytest

from tests.wire.engine.echo import Echo
from tests.wire.engine.namespaces import PATH, PLACEHOLDERS, compact, joined, receive, working
from tests.wire.engine.sessions import SEPARATOR, Packet, polling

ARGUMENTS: list[list[object]] = [
    [1, "2", {"3": [True]}],
    [],
    [None, False, 0, "", [], {}],
    ['ñandú 🌎 \u2028 "quoted" \\ \n', {"ключ": 1.5, "nested": {"a": [[[[]]]]}}],
    [9007199254740991, -1.25e-7],
    ["x" * 400_000],
]
NAMES = ["some", "none", "empty", "unicode", "numbers", "large"]
ATTACHED = [bytes([1, 2, 3]), bytes([4, 5, 6])]


@pytest.mark.parametrize("arguments", ARGUMENTS, ids=NAMES)
async def test_an_event_comes_back(echo: Echo, arguments: list[object]) -> None:
    """With its arguments as they were."""
    async with joined(echo) as wire:
        await wire.send("42" + compact(["message", *arguments]))
        answer = await wire.receive()
        assert isinstance(answer, str)
        assert answer[:2] == "42"
        assert json.loads(answer[2:]) == ["message-back", *arguments]


async def test_json_is_compact(echo: Echo) -> None:
    """Byte for byte what the official suite expects."""
    async with joined(echo) as wire:
        await wire.send('42["message",1,"2",{"3":[true]}]')
        assert await wire.receive() == '42["message-back",1,"2",{"3":[true]}]'


@pytest.mark.parametrize("number", [456, 0, 2**31, 999_999_999_999])
async def test_an_event_is_acknowledged(echo: Echo, number: int) -> None:
    """With its number, zero too."""
    async with joined(echo) as wire:
        await wire.send(f'42{number}["message-with-ack",1,"2",{{"3":[false]}}]')
        assert await wire.receive() == f'43{number}[1,"2",{{"3":[false]}}]'


async def test_an_acknowledgement_may_be_empty(echo: Echo) -> None:
    """Then it is an empty list."""
    async with joined(echo) as wire:
        await wire.send('4212["message-with-ack"]')
        assert await wire.receive() == "4312[]"


async def test_attachments_come_back(echo: Echo) -> None:
    """The event with placeholders, then the bytes in their order."""
    async with joined(echo) as wire:
        await wire.send("452-" + compact(["message", *PLACEHOLDERS]), *ATTACHED)
        assert await receive(wire, 3) == ["452-" + compact(["message-back", *PLACEHOLDERS]), *ATTACHED]


async def test_attachments_are_acknowledged(echo: Echo) -> None:
    """By a BINARY_ACK."""
    async with joined(echo) as wire:
        await wire.send("452-789" + compact(["message-with-ack", *PLACEHOLDERS]), *ATTACHED)
        assert await receive(wire, 3) == ["462-789" + compact(PLACEHOLDERS), *ATTACHED]


async def test_attachments_stand_anywhere(echo: Echo) -> None:
    """Deep inside, out of order in the packet, empty and large; texts around them stay in order."""
    first, second = PLACEHOLDERS
    body = [{"b": second, "list": [0, {"a": first}]}]
    large: list[Packet] = [b"", bytes(range(256)) * 1_000]
    async with joined(echo) as wire:
        await wire.send('42["message","before"]')
        await wire.send("452-" + compact(["message", *body]), *large)
        await wire.send('42["message","after"]')
        before, event, *attached, after = await receive(wire, 5)
    assert (before, after) == ('42["message-back","before"]', '42["message-back","after"]')
    assert isinstance(event, str)
    assert event.startswith('452-["message-back",{"b":{')
    # Whoever sends numbers the attachments, so the text may say it otherwise; what is put together may not.
    assert _filled(json.loads(event.removeprefix("452-")), attached) == _filled(["message-back", *body], large)


def _filled(value: object, attached: list[Packet]) -> object:
    if isinstance(value, list):
        return [_filled(item, attached) for item in value]
    if isinstance(value, dict):
        if value.get("_placeholder"):
            return attached[value["num"]]
        return {name: _filled(item, attached) for name, item in value.items()}
    return value


async def test_attachments_by_polling(echo: Echo) -> None:
    """As base64 packets after the event's."""
    async with polling(echo, PATH) as poller:
        await poller.post("40")
        await poller.receive(2)
        body = ["452-789" + compact(["message-with-ack", *PLACEHOLDERS])]
        attached = ["b" + base64.b64encode(one).decode() for one in ATTACHED]
        assert (await poller.post(SEPARATOR.join(body + attached))).text == "ok"
        assert await poller.receive(3) == ["462-789" + compact(PLACEHOLDERS), *attached]


async def test_events_keep_their_order(echo: Echo) -> None:
    """Sent without waiting, with and without attachments."""
    async with joined(echo) as wire:
        expected: list[Packet] = []
        for number in range(200):
            if number % 5:
                await wire.send(f'42["message",{number}]')
                expected.append(f'42["message-back",{number}]')
            else:
                await wire.send(f'451-["message",{number},{{"_placeholder":true,"num":0}}]', bytes([number]))
                expected += [f'451-["message-back",{number},{{"_placeholder":true,"num":0}}]', bytes([number])]
        assert await receive(wire, len(expected)) == expected


async def test_the_server_asks(echo: Echo) -> None:
    """An event of the server's with a number, whose acknowledgement reaches it."""
    async with joined(echo) as wire:
        await wire.send('42["ask","how many?"]')
        question = await wire.receive()
        assert isinstance(question, str)
        number = question.removeprefix("42").removesuffix('["question","how many?"]')
        assert number.isdecimal()
        await wire.send(f"43{number}[12,null]")
        assert await wire.receive() == '42["answer",12,null]'
        await wire.send(f"43{number}[13]")
        await working(wire)


async def test_the_server_asks_and_gets_bytes(echo: Echo) -> None:
    """A BINARY_ACK from the client."""
    async with joined(echo) as wire:
        await wire.send('42["ask"]')
        question = await wire.receive()
        assert isinstance(question, str)
        number = question.removeprefix("42").removesuffix('["question"]')
        await wire.send(f"461-{number}" + compact(PLACEHOLDERS[:1]), b"bytes")
        assert await receive(wire, 2) == ["451-" + compact(["answer", *PLACEHOLDERS[:1]]), b"bytes"]


async def test_an_answer_that_nobody_asked_for_is_ignored(echo: Echo) -> None:
    """The session goes on, as with Node.js."""
    async with joined(echo) as wire:
        await wire.send('4399["what?"]', "430[]")
        await working(wire)


async def test_an_event_that_nobody_handles_is_ignored(echo: Echo) -> None:
    """The same."""
    async with joined(echo) as wire:
        await wire.send('42["no such event",1]')
        await working(wire)
