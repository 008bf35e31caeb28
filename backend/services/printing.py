"""Setting documents: each sheet once, and kept by the bytes that it is made of."""

import hashlib
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Literal

import msgspec

from backend.domain.refusals import Refusal
from backend.services.caching import Cache, Uncached
from privacy.papers import PaperKind

Language = Literal["es", "en", "pt"]
Format = Literal["pdf", "png"]

_AT_ONCE = 4
"""Documents that one person may wait for."""


class Sheet(msgspec.Struct, frozen=True):
    """What a document is set from: all of it, as the bytes that stand for it."""

    kind: PaperKind
    language: Language
    format: Format
    data: bytes

    @property
    def digest(self) -> str:
        """Equal for equal sheets alone."""
        head = f"{self.kind} {self.language} {self.format} ".encode()
        return hashlib.sha256(head + self.data).hexdigest()


Render = Callable[[Sheet], Awaitable[bytes]]
"""Sets a sheet: the same bytes for the same sheet. A preview (`png`) is of its first page."""


class Documents:
    """Sets documents for many, each once: whoever asks for what is being set waits for it.

    Somebody who waits for several is refused more; nobody is because of others.
    """

    def __init__(self, render: Render, cache: Cache) -> None:
        self._render = render
        self._cache = cache
        self._waiting: Counter[str] = Counter()

    async def of(self, user_id: str, asked: Sheet) -> bytes:
        """Raises:
        Refusal: `rate.limited`.
        """
        if self._waiting[user_id] >= _AT_ONCE:
            raise Refusal("rate.limited", "You wait for several documents; ask again.", retry_after=1.0)
        self._waiting[user_id] += 1
        try:
            return await self._cache.get("document", asked.digest, lambda: self._render(asked))
        finally:
            self._waiting[user_id] -= 1
            if not self._waiting[user_id]:
                del self._waiting[user_id]


async def _refuse(_: Sheet) -> bytes:
    raise Refusal("internal", "Documents are not made here.")


NOT_HERE = Documents(_refuse, Uncached())
"""For a process that sets no documents."""
