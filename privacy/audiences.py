"""Audiences: the kinds of viewers of a quotation, who belongs to which, and whom each may know as an actor."""

from collections.abc import Iterator
from typing import Any, Final, get_args

from backend.domain.events import Step
from backend.domain.principals import Actor, Principal
from backend.domain.quotation import Quotation
from privacy.fields import AudienceKind

ADMIN: Final = "admin"
AGENCY: Final = "agency"
SELF: Final = "self"
_KINDS: Final[dict[str, AudienceKind]] = {kind: kind for kind in get_args(AudienceKind)}


def kind(audience: str) -> AudienceKind:
    """What kind of viewer an audience is.

    Raises:
        KeyError: there is no such audience.
    """
    return _KINDS[audience.partition(":")[0]]


def hotel_audience(hotel_id: str) -> str:
    return f"hotel:{hotel_id}"


def client_audience(user_id: str) -> str:
    return f"client:{user_id}"


def guide_audience(user_id: str) -> str:
    return f"guide:{user_id}"


def audience_of(principal: Principal, quotation: Quotation) -> str | None:
    """The one audience of the quotation that the person belongs to; None when it is none of theirs."""
    if principal.role == "admin":
        return ADMIN
    if principal.role == "agent" and principal.company_id == quotation.company.id:
        return AGENCY
    if principal.role == "hotel" and principal.hotel_id in quotation.invitations:
        return hotel_audience(principal.hotel_id)
    if principal.role == "client" and principal.user_id == quotation.terms.client_id:
        return client_audience(principal.user_id)
    if principal.role == "guide" and quotation.booking and principal.user_id in quotation.booking.assigned:
        return guide_audience(principal.user_id)
    return None


def admits(quotation: Quotation, audience: str) -> bool:
    """Whether the audience is one of those that see something of the quotation."""
    who, _, whose = audience.partition(":")
    match who:
        case "hotel":
            return whose in quotation.invitations
        case "client":
            return bool(whose) and whose == quotation.terms.client_id
        case "guide":
            return quotation.booking is not None and whose in quotation.booking.assigned
        case _:
            return audience in (ADMIN, AGENCY)


def audiences(quotation: Quotation) -> frozenset[str]:
    """Every audience that sees something of the quotation."""
    return frozenset(_audiences(quotation))


def _audiences(quotation: Quotation) -> Iterator[str]:
    yield ADMIN
    yield AGENCY
    if quotation.terms.client_id:
        yield client_audience(quotation.terms.client_id)
    yield from map(hotel_audience, quotation.invitations)
    if quotation.booking:
        yield from map(guide_audience, quotation.booking.assigned)


def resets(before: Quotation | None, step: Step) -> frozenset[str]:
    """The audiences whose rights the step changed: their channel starts a new epoch instead of hearing a fact.

    A hotel that was granted or refused a look at its rivals, every hotel when the privacy settings changed, a client
    who was named, replaced or dropped, and whoever sees the quotation no more, as a guide who does not come.
    """
    if before is None:
        return frozenset()
    after = step.after
    changed = {hotel_audience(hotel_id) for hotel_id in before.grants.keys() ^ after.grants.keys()}
    if before.terms.privacy != after.terms.privacy:
        changed.update(map(hotel_audience, before.invitations.keys() & after.invitations.keys()))
    if before.terms.client_id != after.terms.client_id:
        clients = (before.terms.client_id, after.terms.client_id)
        changed.update(client_audience(client_id) for client_id in clients if client_id)
    return frozenset(changed) | (audiences(before) - audiences(after))


def actor_view(actor: Actor, audience: str, quotation: Quotation) -> dict[str, Any] | None:
    """`{kind, id, name}` of who acted, as the audience may know them; None when it may not.

    A hotel and a client know the people of the agency and themselves, a guide nobody else; the agency knows a hotel as
    a house, never by its staff.
    """
    viewer = kind(audience)
    ours = actor.kind == "agent" and actor.company_id == quotation.company.id
    if viewer == "admin" or (viewer != "guide" and ours):
        return _person(actor)
    if viewer == "agency":
        return _as_agency_knows(actor, quotation)
    own = (hotel_audience(actor.hotel_id or ""), client_audience(actor.id), guide_audience(actor.id))
    itself = audience in own
    return _person(actor) if itself and actor.kind == viewer else None


def _as_agency_knows(actor: Actor, quotation: Quotation) -> dict[str, Any] | None:
    if actor.kind == "hotel":
        invitation = quotation.invitations.get(actor.hotel_id or "")
        return {"kind": "hotel", "id": invitation.hotel.id, "name": invitation.hotel.name} if invitation else None
    return _person(actor) if actor.kind in ("admin", "client", "guide", "system") else None


def _person(actor: Actor) -> dict[str, Any]:
    return {"kind": actor.kind, "id": actor.id, "name": actor.name}
