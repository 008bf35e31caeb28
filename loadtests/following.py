"""What a client makes of frames and of a join's answer, and how the tally counts it. [D1][D3]"""

import time
from typing import Any

from loadtests.packets import Fact, fact_of
from loadtests.places import Place, Seen, see
from loadtests.tally import Tally

ANNOUNCEMENTS = b"public:announcements"
Places = dict[bytes, Place]


def live(tally: Tally, places: Places, came: Fact) -> None:
    """A frame came by itself."""
    place, counts = places.get(came.room), tally.counts
    if place is None:
        counts["strange"] += 1
        return
    if place.waiting:
        counts["early"] += 1
        return
    seen = see(place, came)
    if seen is Seen.NEXT:
        counts["frames"] += 1
        if came.room == ANNOUNCEMENTS:
            tally.delivered[came.id] += 1
        if came.sent is not None:
            tally.time("delivery", time.monotonic() - came.sent)
    elif seen is Seen.AGAIN:
        counts["duplicates"] += 1
    elif seen is Seen.GAP:
        counts["gaps"] += came.seq - place.seq - 1
        place.seq = came.seq
    else:
        counts["strange"] += 1


def entered(tally: Tally, places: Places, room: bytes, data: dict[str, Any]) -> None:
    """A join was answered: with what was missed, or with a snapshot."""
    here, known, counts = Place(data["epoch"].encode(), data["seq"]), places.get(room), tally.counts
    if known is None or not data["recovered"]:
        counts["snapshots"] += known is not None and known.epoch != b""
        places[room] = here
        return
    for frame in data["events"]:
        if see(known, missed := fact_of(frame)) is Seen.NEXT:
            counts["replayed"] += 1
            if room == ANNOUNCEMENTS:
                tally.delivered[missed.id] += 1
    counts["gaps"] += max(0, here.seq - known.seq)
    counts["went back"] += here.seq < known.seq
    known.seq = max(known.seq, here.seq)
    known.waiting = known.left
