"""Passwords as argon2id hashes, computed in threads."""

import asyncio

from pwdlib.hashers.argon2 import Argon2Hasher

_AT_ONCE = 2
"""A hash takes 64 MiB and a tenth of a second of a core: more at once would only starve the loop."""


class Argon2Passwords:
    """Hashes and verifies; an instance belongs to one event loop."""

    def __init__(self, hasher: Argon2Hasher | None = None) -> None:
        self._hasher = hasher or Argon2Hasher()
        self._turn = asyncio.Semaphore(_AT_ONCE)
        self._nobodys = self._hasher.hash("nobody's password")

    async def hash(self, password: str) -> str:
        async with self._turn:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def verify(self, password: str, hashed: str | None) -> bool:
        """Whether the password is the hashed one. Takes as long when there is no hash, and is then False."""
        async with self._turn:
            fits = await asyncio.to_thread(self._hasher.verify, password, hashed or self._nobodys)
        return fits and hashed is not None
