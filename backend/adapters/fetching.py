"""What stands at a URL, in a thread: seldom, small, and from where the settings say."""

import asyncio
from typing import Any, Final
from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector

_MOST: Final = 262_144
_SECONDS: Final = 5.0


async def fetch(url: str) -> bytes:
    """The body that the address answers with. Follows no redirect, and goes by no proxy.

    Raises:
        OSError, ValueError: there is none, or it is too large.
    """
    async with asyncio.timeout(2 * _SECONDS):
        return await asyncio.to_thread(_fetch, url)


def _fetch(url: str) -> bytes:
    opener = OpenerDirector()
    for handler in (HTTPHandler(), HTTPSHandler()):
        opener.add_handler(handler)
    answer: Any = opener.open(url, timeout=_SECONDS)
    with answer:
        if answer.status != 200:
            raise OSError(f"answered {answer.status}")
        body: bytes = answer.read(_MOST + 1)
    if len(body) > _MOST:
        raise ValueError("too large")
    return body
