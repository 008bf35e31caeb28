"""Connections to the master that sentinels watch, wherever it is by now."""

import random
from dataclasses import replace

from rooms import resp
from rooms.redis_url import Address, Sentinels
from rooms.subscriber import LineLost, OnLost, OnReply


async def connect(place: Sentinels, on_reply: OnReply, on_lost: OnLost) -> resp.Connection:
    """As `rooms.resp.connect`, to the master. Raises LineLost, too, where the server that is named is no master."""
    trouble: Exception | None = None
    for guard in random.sample(place.sentinels, len(place.sentinels)):
        try:
            master = await _master(place, guard)
            return await resp.connect(master, on_reply, on_lost)
        except LineLost as error:
            trouble = error
    raise LineLost(f"no sentinel knows the way: {trouble}")


async def _master(place: Sentinels, guard: Address) -> Address:
    found = await resp.ask(guard, ("SENTINEL", "GET-MASTER-ADDR-BY-NAME", place.name))
    if not isinstance(found, list):
        raise LineLost(f"a sentinel does not know {place.name}: {found}")
    host, port = found
    master = replace(place.master, host=host.decode(), port=int(port))
    role = await resp.ask(master, ("ROLE",))
    # Sentinels may be behind; a user who may not ask has to believe them.
    if isinstance(role, list) and role[0] != b"master":
        raise LineLost("not a master")
    return master
