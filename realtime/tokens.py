"""Whom a token speaks for, asked for thousands at once."""

from collections.abc import Collection

from backend.issuers_source import Issuer
from backend.services.auth import Auth
from backend.services.deps import Deps
from backend.services.records import User
from backend.services.tokens import Session
from realtime.gathered import Gathered
from realtime.tasks import Tasks


class Tokens:
    """Verifies the tokens that sockets come with. Whether their people have these rights still, is asked elsewhere."""

    def __init__(self, deps: Deps, auth: Auth, tasks: Tasks) -> None:
        self._deps = deps
        self._auth = auth
        self._by_id = Gathered(self._read_by_id, tasks)
        self._by_email = Gathered(self._read_by_email, tasks)

    async def session(self, token: str) -> Session:
        """Raises:
        Refusal: `auth.required`, `auth.expired`, `auth.invalid`, or `auth.revoked`.
        """
        now = self._deps.now()
        return await self._auth.issuers.session(token, now, self._find) or self._auth.signer.verify(token, now)

    async def _find(self, issuer: Issuer, subject: str) -> User | None:
        people = self._by_email if issuer.subject == "email" else self._by_id
        return (await people((subject,)))[subject]

    async def _read_by_id(self, ids: Collection[str]) -> dict[str, User | None]:
        found = {user.id: user for user in await self._deps.db.users(ids)}
        return {one: found.get(one) for one in ids}

    async def _read_by_email(self, emails: Collection[str]) -> dict[str, User | None]:
        found = {user.email: user for user in await self._deps.db.users_by_email(emails)}
        return {one: found.get(one) for one in emails}
