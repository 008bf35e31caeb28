"""People, companies and hotels."""

from collections.abc import Collection
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, select, update

from backend.adapters.db import tables
from backend.adapters.db.rows import hotel_from, hotel_values, user_from
from backend.adapters.db.store import Store, upsert
from backend.domain.principals import Role
from backend.domain.quotation import Hotel
from backend.services.records import Company, User

_users, _companies, _hotels = tables.users.c, tables.companies.c, tables.hotels.c


class DirectoryRows(Store):
    """The port `Directory`."""

    def __init__(self) -> None:
        super().__init__()
        self._put_user = upsert(self.dialect, tables.users, but=("rights", "rights_at"))
        self._users_by_email = select(tables.users).where(self.dialect.among(_users.email, "emails"))
        self._users = select(tables.users).where(self.dialect.among(_users.id, "ids"))
        self._put_company = upsert(self.dialect, tables.companies)
        self._put_hotel = upsert(self.dialect, tables.hotels, but=("revision",))

    async def user(self, user_id: str) -> User | None:
        return next(iter(await self._people(_users.id == user_id)), None)

    async def user_by_email(self, email: str) -> User | None:
        return next(iter(await self._people(_users.email == email.lower())), None)

    async def users(self, ids: Collection[str]) -> tuple[User, ...]:
        return tuple(user_from(row) for row in await self.rows(self._users, {"ids": self.dialect.many(ids)}))

    async def users_by_email(self, emails: Collection[str]) -> tuple[User, ...]:
        rows = await self.rows(self._users_by_email, {"emails": self.dialect.many(emails)})
        return tuple(user_from(row) for row in rows)

    async def users_of(
        self, *, company_id: str | None = None, hotel_id: str | None = None, role: Role | None = None
    ) -> tuple[User, ...]:
        wanted = {_users.company_id: company_id, _users.hotel_id: hotel_id, _users.role: role}
        return await self._people(*(column == value for column, value in wanted.items() if value is not None))

    async def clients_of(self, company_id: str) -> tuple[User, ...]:
        return await self._people(_users.customer_of == company_id)

    async def company(self, company_id: str) -> Company | None:
        rows = await self.rows(select(tables.companies).where(_companies.id == company_id))
        return Company(**rows[0]._asdict()) if rows else None

    async def hotels(self, ids: Collection[str] | None = None) -> tuple[Hotel, ...]:
        statement = select(_hotels.doc).order_by(_hotels.name, _hotels.id)
        if ids is None:
            rows = await self.rows(statement)
        else:
            chosen = statement.where(self.dialect.among(_hotels.id, "ids"))
            rows = await self.rows(chosen, {"ids": self.dialect.many(ids)})
        return tuple(hotel_from(row.doc) for row in rows)

    async def put_user(self, user: User) -> None:
        await self.write(self._put_user, msgspec.structs.asdict(user) | {"email": user.email.lower()})

    async def change_rights(self, user: User) -> bool:
        values = msgspec.structs.asdict(user) | {"email": user.email.lower(), "rights": user.rights + 1}
        change = update(tables.users).where(_users.id == user.id, _users.rights == user.rights).values(values)
        return bool(await self.write(change.returning(_users.id)))

    async def put_company(self, company: Company) -> None:
        await self.write(self._put_company, msgspec.structs.asdict(company))

    async def put_hotel(self, hotel: Hotel) -> None:
        await self.write(self._put_hotel, hotel_values(hotel))

    async def _people(self, *conditions: ColumnElement[Any]) -> tuple[User, ...]:
        rows = await self.rows(select(tables.users).where(*conditions).order_by(_users.name, _users.id))
        return tuple(user_from(row) for row in rows)
