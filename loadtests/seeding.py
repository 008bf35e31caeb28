"""Writes the load tests' people into a deployment's PostgreSQL: `python -m loadtests.seeding 50000`.

A server may ask at connect whether a token's person exists. There is no public registration, so this fills the tables
`companies`, `hotels` and `users` of SPIRIT_DATABASE_URL. Whoever is there already stays as they are. Their password is
random and forgotten: they come in by signed tokens alone.
"""

import asyncio
import os
import secrets
from collections.abc import Iterable
from typing import Annotated, Any

import asyncpg
import orjson
import typer
from pwdlib import PasswordHash

from loadtests.people import Person, Population, population

_USER = ("id", "email", "name", "role", "password_hash", "company_id", "hotel_id", "customer_of", "active")


def seed(database_url: str, people: Population) -> None:
    """Makes everybody who isn't there yet. Raises asyncpg's errors."""
    asyncio.run(_seed(database_url.replace("postgresql+asyncpg://", "postgresql://"), people))


async def _seed(dsn: str, people: Population) -> None:
    everybody = [people.person(number) for number in range(people.size)]
    password = PasswordHash.recommended().hash(secrets.token_urlsafe(32))
    companies = {one for person in everybody for one in (person.company, person.customer_of) if one}
    hotels = [person.hotel for person in everybody if person.hotel]
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction():
            await _fill(connection, "companies", ("id", "name"), ((one, one) for one in sorted(companies)))
            await _fill(connection, "hotels", ("id", "name", "doc"), ((one, one, _hotel(one)) for one in hotels))
            await _fill(connection, "users", _USER, (_user(person, password) for person in everybody))
        await connection.execute("ANALYZE users")
    finally:
        await connection.close()


async def _fill(connection: Any, table: str, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    """Copies in bulk; COPY itself cannot skip who is there. Names are this module's own."""
    names = ", ".join(columns)
    # `table` and `names` are constants of this module, and no parameter can stand for them.
    await connection.execute(f"CREATE TEMP TABLE new_{table} ON COMMIT DROP AS SELECT {names} FROM {table} LIMIT 0")  # noqa: S608
    await connection.copy_records_to_table(f"new_{table}", records=list(rows), columns=columns)
    await connection.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM new_{table} ON CONFLICT DO NOTHING")  # noqa: S608


def _user(person: Person, password: str) -> tuple[Any, ...]:
    email = f"{person.id}@load.test"
    return (
        person.id,
        email,
        person.name,
        person.role,
        password,
        person.company,
        person.hotel,
        person.customer_of,
        True,
    )


def _hotel(name: str) -> str:
    return orjson.dumps({"id": name, "name": name, "city": "Cusco", "rating": "4", "capacity": 200}).decode()


def main(
    people: Annotated[int, typer.Argument(help="How many.")],
    quotations: Annotated[int | None, typer.Option(help="How many quotations they have between them.")] = None,
    database: Annotated[str, typer.Option(help="Default: SPIRIT_DATABASE_URL.")] = "",
) -> None:
    """Writes the load tests' people into a deployment's PostgreSQL."""
    crowd = population(people, quotations)
    seed(database or os.environ["SPIRIT_DATABASE_URL"], crowd)
    typer.echo(f"{crowd.size} people: 1 operator, {crowd.quotations} teams, {crowd.spectators} spectators")


if __name__ == "__main__":
    typer.run(main)
