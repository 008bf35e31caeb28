"""An admin's leave for one hotel to see its competitors' offers."""

from msgspec.structs import replace

from backend.domain.events import Context, Steps, step
from backend.domain.principals import Actor
from backend.domain.quotation import Grant, Quotation
from backend.domain.refusals import require_reason
from backend.domain.term_fields import invalid


def grant(q: Quotation, hotel_id: str, reason: str, by: Actor, ctx: Context) -> Steps:
    """Lets an invited hotel see its competitors' offers. Granting again changes nothing.

    Raises:
        Invalid: the hotel is not invited, or no reason.
    """
    if hotel_id not in q.invitations:
        raise invalid("hotel_id", "is not invited")
    require_reason(reason)
    if hotel_id in q.grants:
        return ()
    given = Grant(hotel_id=hotel_id, by=by, reason=reason, at=ctx.now)
    after = replace(q, grants={**q.grants, hotel_id: given})
    return (step("quotation.granted", after, by, ctx, hotel_id=hotel_id, reason=reason),)


def revoke(q: Quotation, hotel_id: str, reason: str, by: Actor, ctx: Context) -> Steps:
    """Takes the leave back; without one, nothing changes."""
    if hotel_id not in q.grants:
        return ()
    left = {id_: given for id_, given in q.grants.items() if id_ != hotel_id}
    return (step("quotation.revoked", replace(q, grants=left), by, ctx, hotel_id=hotel_id, reason=reason),)
