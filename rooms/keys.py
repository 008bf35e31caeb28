"""Where a broker keeps things, below a prefix. All that belongs to a room is in one slot of a cluster."""

from rooms.slots import PARTITIONS, tag_of, tags


class Keys:
    """Names of keys, and of what is published to."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._channels = f"{prefix}:ch:{{".encode()
        first = tags(PARTITIONS)[0]
        self.wake = f"{prefix}:wake:{{{first}}}"
        self.told = self._told_in(first)

    def of_channel(self, channel: str) -> tuple[str, str]:
        """`(state, log)` of a channel."""
        room = channel.partition("/")[0]
        return self._named("at", room, channel), self._named("log", room, channel)

    def published(self, channel: str) -> str:
        """What a channel's frames and signals are published to."""
        return self._named("ch", channel.partition("/")[0], channel)

    def channel_of(self, published: bytes) -> str | None:
        """The channel whose frames and signals are published to this; None if it is something else."""
        head, _, channel = published.partition(b"}")
        return channel.decode() if head.startswith(self._channels) else None

    def present(self, room: str) -> str:
        """A room's presence entries."""
        return self._named("here", room, room)

    def told_beside(self, channel: str) -> str:
        """What is told to all is published in each slot; this is where it is in the channel's."""
        return self._told_in(tag_of(channel.partition("/")[0]))

    def told_everywhere(self) -> list[str]:
        """Where it is in each slot that a room may have."""
        return [self._told_in(tag) for tag in tags(PARTITIONS)]

    def spent(self, key: str) -> str:
        """A bucket of tokens."""
        return f"{self._prefix}:spent:{key}"

    def kept(self, key: str) -> str:
        """What nodes keep for each other under a key."""
        return f"{self._prefix}:kept:{key}"

    def _told_in(self, tag: str) -> str:
        return f"{self._prefix}:told:{{{tag}}}"

    def _named(self, kind: str, room: str, name: str) -> str:
        return f"{self._prefix}:{kind}:{{{tag_of(room)}}}{name}"
