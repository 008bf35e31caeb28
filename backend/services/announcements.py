"""Announcements: from an admin to everybody, logged in or not."""

import orjson

from backend.domain.quotation import Quotation
from backend.services import payloads
from backend.services.changes import encode_frame
from backend.services.joining import ANNOUNCEMENTS
from backend.services.records import Announcement, Change, Target
from backend.services.usecase import Asked, commit
from privacy.wire import time_text


async def publish(asked: Asked[payloads.PublishAnnouncement]) -> bytes:
    deps, payload = asked.deps, asked.payload
    announcement = Announcement(id=deps.new_id(), title=payload.title, body=payload.body, at=deps.now())
    item = announcement_view(announcement)

    def decision(_: Quotation | None) -> Change:
        frame = encode_frame(
            room=ANNOUNCEMENTS,
            audience="public",
            name="announcement.published",
            frame_id=announcement.id,
            at=announcement.at,
            by=None,
            data={"change": {"announcements": {announcement.id: item}}},
        )
        answer = orjson.dumps({"announcement": item})
        return Change(answer=answer, announcement=announcement, frames=(frame,))

    return await commit(deps, Target(key=asked.key, by=asked.principal), decision)


def announcement_view(announcement: Announcement) -> dict[str, str]:
    """An announcement as everybody sees it."""
    return {
        "id": announcement.id,
        "title": announcement.title,
        "body": announcement.body,
        "at": time_text(announcement.at),
    }
