"""What admins do with people: their role, their agency or hotel, whether they get in at all. [P6] [S1]"""

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from backend.domain.principals import Principal, Role
from backend.domain.refusals import Forbidden, Invalid
from backend.services.catalogue import allow, person_view
from backend.services.deps import Deps
from backend.services.paging import Item
from backend.services.records import AuditRow, User
from backend.services.standing import Ended, end_logins, tell_ended

Belonging = Annotated[str, Meta(min_length=1, max_length=64)] | None


class Rights(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is left out stays as it is; a role that has no agency or hotel takes it away."""

    role: Role | UnsetType = UNSET
    company_id: Belonging | UnsetType = UNSET
    hotel_id: Belonging | UnsetType = UNSET
    active: bool | UnsetType = UNSET


async def change(deps: Deps, principal: Principal, user_id: str, wanted: Rights) -> Item:
    """Changes somebody else's rights. Their sessions end everywhere before this returns, and nothing that is committed
    from then on reaches them; they come back with a new token.

    Raises:
        Refusal: `command.forbidden`, `person.not_found`, `command.invalid`; `change.pending` if it is stored but not
            every node could be told.
    """
    user = await _theirs(deps, principal, user_id)
    if user_id == principal.user_id:
        raise Forbidden("command.forbidden", "Somebody else has to change your rights.")
    while True:
        after = await _changed(deps, user, wanted)
        if await deps.db.change_rights(msgspec.structs.replace(after, rights_at=deps.now())):
            break
        user = await _theirs(deps, principal, user_id)
    _record(deps, principal, user_id, "person.change", _difference(user, after))
    await tell_ended(deps, Ended(user_id, rights=user.rights + 1))
    return person_view(after)


async def revoke(deps: Deps, principal: Principal, user_id: str) -> Item:
    """Ends all logins of somebody's, and their sessions; they may log in again.

    Raises:
        Refusal: as `change`.
    """
    user = await _theirs(deps, principal, user_id)
    rights = await end_logins(deps, user)
    _record(deps, principal, user_id, "person.revoke", {})
    await tell_ended(deps, Ended(user_id, rights=rights))
    return {}


async def _theirs(deps: Deps, principal: Principal, user_id: str) -> User:
    allow(principal, "admin")
    user = await deps.db.user(user_id)
    if user is None:
        raise Forbidden("person.not_found", "There is no such person.")
    return user


async def _changed(deps: Deps, user: User, wanted: Rights) -> User:
    given = {name: value for name, value in msgspec.structs.asdict(wanted).items() if value is not UNSET}
    after = msgspec.structs.replace(user, **given)
    after = msgspec.structs.replace(
        after,
        company_id=after.company_id if after.role == "agent" else None,
        hotel_id=after.hotel_id if after.role == "hotel" else None,
    )
    if after.role == "agent" and not (after.company_id and await deps.db.company(after.company_id)):
        raise Invalid("company_id: an agent has an agency that there is", data={"field": "company_id"})
    if after.role == "hotel" and not (after.hotel_id and await deps.db.hotels([after.hotel_id])):
        raise Invalid("hotel_id: hotel staff have a hotel that there is", data={"field": "hotel_id"})
    return after


def _difference(before: User, after: User) -> dict[str, str]:
    names = ("role", "company_id", "hotel_id", "active")
    pairs = ((name, getattr(before, name), getattr(after, name)) for name in names)
    return {name: f"{old} -> {new}" for name, old, new in pairs if old != new}


def _record(deps: Deps, principal: Principal, user_id: str, action: str, detail: dict[str, str]) -> None:
    deps.db.record(
        AuditRow(
            id=deps.new_id(),
            at=deps.now(),
            user_id=principal.user_id,
            company_id=principal.company_id,
            action=action,
            subject=f"user:{user_id}",
            outcome="ok",
            detail=detail,
        )
    )
