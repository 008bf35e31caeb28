"""The use cases of a booking: the hotels' lines, the rooming list, cancelling."""

from backend.domain import booking
from backend.services import payloads
from backend.services.usecase import Asked, on_quotation
from privacy.views import Views


async def confirm_line(asked: Asked[payloads.OnLine]) -> bytes:
    line = asked.payload.line_id
    return await on_quotation(
        asked,
        lambda q, by, ctx: booking.confirm_line(q, line, by, ctx),
        answer=lambda views, audience: _line(views, audience, line),
    )


async def decline_line(asked: Asked[payloads.OnLine]) -> bytes:
    line, reason = asked.payload.line_id, asked.payload.reason
    return await on_quotation(
        asked,
        lambda q, by, ctx: booking.decline_line(q, line, reason, by, ctx),
        answer=lambda views, audience: _line(views, audience, line),
    )


async def cancel(asked: Asked[payloads.CancelBooking]) -> bytes:
    reason = asked.payload.reason
    return await on_quotation(asked, lambda q, by, ctx: booking.cancel(q, reason, by, ctx), answer=_booking)


async def set_rooming(asked: Asked[payloads.SetRooming]) -> bytes:
    guests = asked.payload.guests
    return await on_quotation(asked, lambda q, by, ctx: booking.set_rooming(q, guests, by, ctx), answer=_booking)


def _booking(views: Views, audience: str) -> object:
    return {"booking": views.of(audience).get("booking", {})}


def _line(views: Views, audience: str, line_id: str) -> object:
    lines = views.of(audience).get("booking", {}).get("lines", {})
    return {"line": lines.get(line_id, {})}
