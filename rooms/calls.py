"""What a broker asks of a server: a command about one room, most of them scripts, which are called by their digest."""

from collections.abc import Awaitable, Callable, Sequence
from hashlib import sha1
from pathlib import Path
from typing import Any, NamedTuple

from rooms.resp import Command, Refusal

_LUA = Path(__file__).parent / "lua"

Ask = Callable[[Sequence[Command]], Awaitable[list[Any]]]


class Script:
    """A script of `lua/`."""

    def __init__(self, name: str) -> None:
        self.text = (_LUA / f"{name}.lua").read_bytes()
        self.sha = sha1(self.text, usedforsecurity=False).hexdigest()


class Call(NamedTuple):
    """A command that bears repeating, and a key or shard channel whose slot it belongs to."""

    key: str
    words: Command
    script: Script | None = None

    def whole(self) -> Command:
        """A script's call with the text, for a server that does not know the digest."""
        return self.words if self.script is None else ("EVAL", self.script.text, *self.words[2:])


def scripted(script: Script, keys: Sequence[str], args: Sequence[str | bytes | int]) -> Call:
    """A script's call, by its digest."""
    return Call(keys[0], ("EVALSHA", script.sha, len(keys), *keys, *args), script)


async def answers_of(calls: Sequence[Call], ask: Ask) -> list[Any]:
    """A server's answers, asked in one round trip, or in two if it does not know a script. Refusals are answers."""
    answers = await ask([call.words for call in calls])
    unknown = [index for index, answer in enumerate(answers) if refuses(answer, "NOSCRIPT")]
    if unknown:
        again = await ask([calls[index].whole() for index in unknown])
        for index, answer in zip(unknown, again, strict=True):
            answers[index] = answer
    return answers


def refuses(answer: object, *codes: str) -> bool:
    """Whether an answer is a refusal with one of the codes."""
    return isinstance(answer, Refusal) and str(answer).startswith(codes)
