"""Whether people still have the rights that they came with. [P6]"""

from collections.abc import Collection

import msgspec

from backend.domain.principals import Principal
from backend.domain.refusals import revoked
from backend.services.deps import Deps
from backend.services.records import User

Holder = tuple[str, str | None]
"""A user's id, and the login that they came by."""


def holder_of(principal: Principal) -> Holder:
    return principal.user_id, principal.login


def principal_of(user: User, login: str | None = None) -> Principal:
    """As whom a person acts."""
    return Principal(
        user_id=user.id,
        role=user.role,
        name=user.name,
        company_id=user.company_id,
        hotel_id=user.hotel_id,
        rights=user.rights,
        login=login,
    )


async def standings(deps: Deps, holders: Collection[Holder]) -> dict[Holder, Principal | None]:
    """As whom they may act now; None for who is not active, or whose login has ended."""
    users = {user.id: user for user in await deps.db.users({user_id for user_id, _ in holders}) if user.active}
    logins = {login for _, login in holders if login is not None}
    ended = await deps.db.ended_families(logins) if logins else frozenset[str]()
    return {
        (user_id, login): principal_of(users[user_id], login) if user_id in users and login not in ended else None
        for user_id, login in holders
    }


async def require(deps: Deps, principal: Principal) -> None:
    """Raises:
    Refusal: `auth.revoked` for rights that have changed since.
    """
    holder = holder_of(principal)
    if (await standings(deps, (holder,)))[holder] != principal:
        raise revoked()


async def end_logins(deps: Deps, user: User) -> int:
    """Ends all of a person's logins; how often their rights have changed with that."""
    # Refresh tokens first: whoever uses one meanwhile is too late.
    await deps.db.end_families(user.id)
    while not await deps.db.change_rights(msgspec.structs.replace(user, rights_at=deps.now())):
        user = await deps.db.user(user.id) or user
    return user.rights + 1


class Ended(msgspec.Struct, frozen=True, omit_defaults=True):
    """What nodes are told: sessions of a user that came by a login, or with fewer `rights`, are over."""

    user_id: str
    rights: int = 0
    login: str | None = None

    def concerns(self, principal: Principal) -> bool:
        """Whether a session of that user's is over."""
        return principal.rights < self.rights or (self.login is not None and principal.login == self.login)


async def tell_ended(deps: Deps, ended: Ended) -> None:
    """Returns once it is on its way to every node, ahead of whatever is committed later.

    Raises:
        Refusal: `change.pending` if that cannot be said.
    """
    await deps.tell(msgspec.json.encode(ended))
