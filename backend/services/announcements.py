"""Announcements: from an admin to everybody, logged in or not."""

import orjson

from backend.domain.principals import Principal
from backend.domain.quotation import Quotation
from backend.services import payloads
from backend.services.changes import encode_frame, wire_time
from backend.services.deps import Deps
from backend.services.records import Announcement, Change, Key, Target

ROOM = "public:announcements"


async def publish(deps: Deps, principal: Principal, payload: payloads.PublishAnnouncement, key: Key) -> bytes:
    announcement = Announcement(id=deps.new_id(), title=payload.title, body=payload.body, at=deps.now())
    item = announcement_view(announcement)

    def decision(_: Quotation | None) -> Change:
        frame = encode_frame(
            room=ROOM,
            audience="public",
            name="announcement.published",
            frame_id=announcement.id,
            at=announcement.at,
            by=None,
            data={"change": {"announcements": {announcement.id: item}}},
        )
        answer = orjson.dumps({"announcement": item})
        return Change(answer=answer, announcement=announcement, frames=(frame,))

    done = await deps.db.commit(Target(key=key), decision)
    deps.wake()
    return done


def announcement_view(announcement: Announcement) -> dict[str, str]:
    """An announcement as everybody sees it."""
    return {
        "id": announcement.id,
        "title": announcement.title,
        "body": announcement.body,
        "at": wire_time(announcement.at),
    }
