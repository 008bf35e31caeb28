"""The use cases of a booking: the hotels' lines, the rooming list, cancelling."""

from backend.domain import booking
from backend.domain.principals import Principal
from backend.domain.quotation import Quotation
from backend.services import payloads
from backend.services.deps import Deps
from backend.services.records import Key
from backend.services.usecase import on_quotation
from privacy.views import view


async def confirm_line(deps: Deps, principal: Principal, payload: payloads.OnLine, key: Key) -> bytes:
    return await on_quotation(
        deps,
        principal,
        key,
        lambda q, by, context: booking.confirm_line(q, payload.line_id, by, context),
        booking_id=payload.booking_id,
        answer=lambda q, audience: _line(q, audience, payload.line_id),
    )


async def decline_line(deps: Deps, principal: Principal, payload: payloads.OnLine, key: Key) -> bytes:
    return await on_quotation(
        deps,
        principal,
        key,
        lambda q, by, context: booking.decline_line(q, payload.line_id, payload.reason, by, context),
        booking_id=payload.booking_id,
        answer=lambda q, audience: _line(q, audience, payload.line_id),
    )


async def cancel(deps: Deps, principal: Principal, payload: payloads.CancelBooking, key: Key) -> bytes:
    return await on_quotation(
        deps,
        principal,
        key,
        lambda q, by, context: booking.cancel(q, payload.reason, by, context),
        booking_id=payload.booking_id,
        answer=_booking,
    )


async def set_rooming(deps: Deps, principal: Principal, payload: payloads.SetRooming, key: Key) -> bytes:
    return await on_quotation(
        deps,
        principal,
        key,
        lambda q, by, context: booking.set_rooming(q, payload.guests, by, context),
        booking_id=payload.booking_id,
        answer=_booking,
    )


def _booking(quotation: Quotation, audience: str) -> object:
    return {"booking": view(quotation, audience).get("booking", {})}


def _line(quotation: Quotation, audience: str, line_id: str) -> object:
    lines = view(quotation, audience).get("booking", {}).get("lines", {})
    return {"line": lines.get(line_id, {})}
