"""A channel with members on this node: how far it was passed on, and what waits while that is being settled."""

import asyncio
from collections import deque
from typing import Final

from rooms.positions import Cursor, Frame

BACKLOG: Final = 256
"""Frames of a channel that wait at most while it is being settled."""


class Stream:
    """Where a channel with local members stands. While `settling`, what arrives waits in `backlog`.

    The backlog may lose its oldest frames: the gap is seen afterwards, and settled again.
    """

    __slots__ = ("again", "backlog", "cursor", "epoch", "opening", "settling")

    def __init__(self) -> None:
        self.cursor = Cursor(-1, -1)
        self.epoch = ""
        self.settling = True
        self.again = False
        self.backlog: deque[Frame] | None = None
        self.opening: asyncio.Task[None] | None = None

    def keep(self, frame: Frame) -> None:
        if self.backlog is None:
            self.backlog = deque(maxlen=BACKLOG)
        self.backlog.append(frame)

    def move(self, gen: int, epoch: str, seq: int) -> None:
        self.cursor = Cursor(gen, seq)
        self.epoch = epoch
