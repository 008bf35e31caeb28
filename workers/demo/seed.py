"""Fills an empty database with the demo, through the same commands that people use."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson

from backend.domain.principals import Principal
from backend.services.auth import principal_of
from backend.services.commands import execute
from backend.services.deps import Deps
from backend.services.joining import room_state
from backend.services.records import User
from backend.services.sagas import advance
from workers.demo.catalogue import put_catalogue
from workers.demo.crew import BOT_GUIDES, guides
from workers.demo.hotels import HOTELS
from workers.demo.offers import offer_for
from workers.demo.people import ACCOUNTS, ADMIN, BACKSTAGE, COMPANIES, desk_of, guide_of, user_of
from workers.demo.trips import TRIPS, Trip


async def seed(deps: Deps, password_hash: str) -> bool:
    """Makes the demo's world unless it is there; whether it was made now."""
    if await deps.db.user_by_email(ACCOUNTS[0][0]):
        return False
    for company in COMPANIES:
        await deps.db.put_company(company)
    for hotel in HOTELS:
        await deps.db.put_hotel(hotel)
    await put_catalogue(deps)
    users = {account[0]: user_of(account, password_hash) for account in (*ACCOUNTS, *BACKSTAGE)}
    desks = {hotel.id: desk_of(hotel, password_hash) for hotel in HOTELS}
    desks |= {user.hotel_id: user for user in users.values() if user.hotel_id}
    crew = [guide_of(guide, password_hash) for guide in guides(deps.now().date()) if guide.id in BOT_GUIDES]
    for user in {*users.values(), *desks.values(), *crew}:
        await deps.db.put_user(user)
    for number, trip in enumerate(TRIPS):
        await _Telling(deps, users, desks, trip, number).tell()
    await _announce(deps, users[ADMIN])
    return True


async def _announce(deps: Deps, admin: User) -> None:
    await _command(
        deps,
        admin,
        "announcement.publish",
        title="Machu Picchu: nuevos horarios de ingreso",
        body="Desde marzo los grupos de más de 20 pax reservan su turno con 45 días de anticipación.",
    )


async def _command(deps: Deps, who: User, name: str, **payload: Any) -> dict[str, Any]:
    principal: Principal = principal_of(who)
    answer: dict[str, Any] = orjson.loads(await execute(deps, principal, name, {"key": deps.new_id(), **payload}))
    return answer


class _Telling:
    """One trip's story so far, told at the times at which its steps happened."""

    def __init__(
        self, deps: Deps, users: Mapping[str, User], desks: Mapping[str, User], trip: Trip, number: int
    ) -> None:
        self.trip = trip
        self.agent = users[trip.agent]
        self.client = users[trip.client]
        self.desks = desks
        self.real = deps
        self.at = deps.now() - timedelta(days=5, hours=number)

    async def tell(self) -> None:
        created = await self.say(self.agent, "quotation.create", **self.terms())
        self.quotation: str = created["quotation"]["id"]
        if self.trip.stage == "draft":
            return
        await self.on(
            self.agent,
            "quotation.publish",
            hotel_ids=list(self.trip.hotels),
            deadline=(self.real.now() + timedelta(days=3, hours=len(self.trip.title) % 40)).isoformat(),
        )
        offers = {hotel: await self.offer(hotel) for hotel in self.trip.answered}
        if self.trip.stage == "cancelled":
            await self.on(self.agent, "quotation.cancel", reason="El coro pospuso la gira.")
        if self.trip.stage in ("reviewing", "awarded", "confirmed"):
            await self.on(self.agent, "quotation.close")
        if self.trip.stage in ("awarded", "confirmed"):
            await self.on(self.agent, "quotation.award", offer_id=offers[self.trip.answered[0]])
        if self.trip.stage == "confirmed":
            await self.book()

    async def offer(self, hotel_id: str) -> str:
        hotel = next(hotel for hotel in HOTELS if hotel.id == hotel_id)
        shown = {"id": self.quotation, **self.terms()}
        answer = await self.on(self.desks[hotel_id], "offer.submit", offer=offer_for(hotel, shown))
        return str(answer["offer"]["id"])

    async def book(self) -> None:
        booking = (await self.on(self.client, "quotation.accept"))["quotation"]["booking"]
        await self.carry_on(booking["id"])
        desk = self.desks[self.trip.answered[0]]
        shown = (await room_state(self.real, principal_of(desk), f"quotation:{self.quotation}")).snapshot or {}
        for line_id in shown["booking"]["lines"]:
            await self.say(desk, "booking.confirm_line", booking_id=booking["id"], line_id=line_id)
        await self.carry_on(booking["id"])

    async def carry_on(self, booking_id: str) -> None:
        """What the workers would do meanwhile."""
        then = min(self.at, self.real.now())
        await advance(replace(self.real, now=lambda: then), booking_id)

    async def on(self, who: User, name: str, **payload: Any) -> dict[str, Any]:
        return await self.say(who, name, quotation_id=self.quotation, **payload)

    async def say(self, who: User, name: str, **payload: Any) -> dict[str, Any]:
        self.at += timedelta(hours=7, minutes=13)
        then = min(self.at, self.real.now())
        return await _command(replace(self.real, now=lambda: then), who, name, **payload)

    def terms(self) -> dict[str, Any]:
        trip = self.trip
        check_in = self.real.now().date() + timedelta(days=trip.days)
        single, double, twin, triple = trip.rooms
        low, high = trip.budget
        return {
            "title": trip.title,
            "destination": trip.destination,
            "check_in": check_in.isoformat(),
            "check_out": (check_in + timedelta(days=trip.nights)).isoformat(),
            "rooms": {"single": single, "double": double, "twin": twin, "triple": triple},
            "adults": trip.adults,
            "children_ages": list(trip.children),
            "meal_plan": trip.board,
            "special_requirements": list(trip.wishes),
            "budget": {"min": _usd(low), "max": _usd(high)},
            "currency": "USD",
            "markup_percent": trip.markup,
            "client_id": self.client.id,
        }


def _usd(amount: int) -> dict[str, str]:
    return {"amount": f"{amount}.00", "currency": "USD"}
