"""How the steps of a booking move."""

from msgspec.structs import replace

from backend.domain.bookings import Booking, BookingStep, StepName, StepState
from backend.domain.events import Context


def first_steps(deposit: bool, guides: bool, transport: bool, ctx: Context) -> dict[StepName, BookingStep]:
    """The steps of a new booking."""

    def at(state: StepState) -> BookingStep:
        return BookingStep(state=state, at=ctx.now)

    return {
        "deposit": at("waiting" if deposit else "not_needed"),
        "hotels": at("waiting"),
        "guides": at("waiting" if guides else "not_needed"),
        "transport": at("waiting" if transport else "not_needed"),
        "documents": at("waiting"),
        "confirmation": at("waiting"),
    }


def with_step(booking: Booking, name: StepName, state: StepState, ctx: Context) -> Booking:
    """Moves a step; each time that it runs counts as an attempt."""
    before = booking.steps[name]
    runs = state == "running"
    after = BookingStep(
        state=state,
        at=ctx.now,
        started_at=before.started_at or (ctx.now if runs else None),
        attempts=before.attempts + runs,
    )
    return replace(booking, steps={**booking.steps, name: after})
