"""The load tests' people carry tokens that the server takes for its own."""

from datetime import UTC, datetime, timedelta

import pytest

from backend.services.tokens import Signer
from loadtests.people import ADMIN, TEAM, population, token

SECRET = "a-secret-of-tests-that-is-long-enough"


@pytest.mark.parametrize("number", [ADMIN, 1, 3, 6, 999])
def test_a_token_speaks_for_its_person(number: int) -> None:
    person = population(1_000).person(number)
    session = Signer(SECRET, timedelta(hours=1)).verify(token(person, SECRET, 60.0), datetime.now(UTC))
    who = session.principal
    assert (who.user_id, who.role, who.name) == (person.id, person.role, person.name)
    assert (who.company_id, who.hotel_id) == (person.company, person.hotel)


def test_everybody_has_a_role_and_an_id_of_their_own() -> None:
    people = population(1_000)
    everybody = [people.person(number) for number in range(people.size)]
    assert len({person.id for person in everybody}) == 1_000
    assert {person.role for person in everybody} == {"admin", "agent", "hotel", "client"}
    assert people.spectators == 1_000 - 1 - 20 * len(TEAM)


def test_a_team_is_two_agents_of_one_agency_hotels_of_their_own_and_the_agencys_client() -> None:
    people = population(1_000)
    ana, bruno, *hotels, client = (people.person(number) for number in people.team(7))
    assert (ana.role, bruno.role, client.role) == ("agent", "agent", "client")
    assert ana.company == bruno.company == client.customer_of is not None
    assert len({hotel.hotel for hotel in hotels}) == 3


def test_more_quotations_than_people_are_refused() -> None:
    with pytest.raises(ValueError, match="take more"):
        population(10, 2)
