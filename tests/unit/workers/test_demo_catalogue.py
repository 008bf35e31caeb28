"""The demo's catalogues fit together."""

from collections import Counter
from datetime import date

from backend.domain.resources.catalogue import id_of, kind_of
from backend.domain.resources.places import located
from workers.demo.bots import guide_owes
from workers.demo.crew import BOT_GUIDES, VEHICLES, guides
from workers.demo.people import ACCOUNTS, bot_email, user_id_of
from workers.demo.prices import rates, tariffs
from workers.demo.templates import PROFILES, TEMPLATES
from workers.demo.trips import TRIPS

TODAY = date(2026, 11, 22)


def test_whatever_a_template_or_a_profile_names_is_in_every_price_list() -> None:
    for tariff in tariffs(TODAY):
        items = {item.code for item in tariff.items}
        classes = {vehicle.code for vehicle in tariff.vehicles}
        spoken = {guide.language for guide in tariff.guides}
        for template in TEMPLATES:
            assert {need.code for need in template.programme.items} <= items
            assert {need.language for need in template.programme.guides} <= spoken
        assert {vehicle.vehicle_class for vehicle in VEHICLES} <= classes
        assert {profile.vehicle_class for profile in PROFILES} - {None} <= classes
        assert all(item.amount > 0 for item in tariff.items)


def test_every_currency_of_a_price_list_is_quoted_in_dollars() -> None:
    quoted = {currency for rate in rates(TODAY) for currency in (rate.base, rate.quote)}
    assert {tariff.currency for tariff in tariffs(TODAY)} == {"USD", "PEN", "COP", "EUR"} <= quoted


def test_there_is_somebody_at_home_wherever_a_trip_goes() -> None:
    homes = [one.home for one in (*guides(TODAY), *VEHICLES) if one.home]
    for trip in TRIPS:
        place = located(trip.destination, homes)
        assert place
        assert place.latitude is not None, trip.destination


def test_ids_are_unique() -> None:
    items = (*guides(TODAY), *VEHICLES, *tariffs(TODAY), *rates(TODAY), *TEMPLATES, *PROFILES)
    assert Counter((kind_of(item), id_of(item)) for item in items).most_common(1)[0][1] == 1


def test_every_guide_has_somebody_who_answers() -> None:
    """A bot, or the one whom a person plays, and who never acts by themselves."""
    logins = {guide.id: guide.user_id for guide in guides(TODAY)}
    bots = {guide_id: user_id_of(bot_email(guide_id)) for guide_id in BOT_GUIDES}
    people = {user_id_of(email) for email, _, role, _ in ACCOUNTS if role == "guide"}
    assert {id_: login for id_, login in logins.items() if login not in people} == bots
    assert {logins["teo"]} == people


def test_a_bot_answers_for_its_guide_once() -> None:
    holds = {"one": {"id": "one", "answer": "awaited"}, "two": {"id": "two", "answer": "confirmed"}}
    booking = {"id": "b", "status": "pending", "holds": holds}
    assert guide_owes({"booking": booking}) == [("guide.confirm", {"assignment_id": "one"})]
    assert guide_owes({"booking": booking | {"status": "cancelled"}}) == guide_owes({}) == []
