"""Who acts."""

from backend.domain.principals import Actor, Principal, actor_of


def test_an_actor_is_the_person_with_role_and_house() -> None:
    person = Principal(user_id="u1", role="hotel", name="Pia", hotel_id="plaza")
    assert actor_of(person) == Actor(kind="hotel", id="u1", name="Pia", hotel_id="plaza")
