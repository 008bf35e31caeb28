"""Sealed bytes can be opened with the key and for the place that they were sealed with [P3]."""

from base64 import b64encode

import pytest

from rooms.sealing import Unreadable, keys_of, sealer

ONE, OTHER = bytes(32), bytes(range(32))


def test_a_value_is_sealed_differently_each_time_and_opened_for_its_place_alone() -> None:
    made = sealer([ONE])
    sealed = [made.seal("a", b"value") for _ in range(2)]
    assert sealed[0] != sealed[1]
    assert all(b"value" not in one and made.unseal("a", one) == b"value" for one in sealed)
    for place, bytes_ in (("b", sealed[0]), ("a", sealed[0][:-1]), ("a", b""), ("a", sealed[0][:10]), ("a", b"value")):
        with pytest.raises(Unreadable):
            made.unseal(place, bytes_)


def test_the_first_key_seals_and_all_of_them_open() -> None:
    sealed = sealer([ONE, OTHER]).seal("a", b"value")
    assert sealer([OTHER, ONE]).unseal("a", sealed) == b"value"
    with pytest.raises(Unreadable):
        sealer([OTHER]).unseal("a", sealed)


def test_without_keys_nothing_is_sealed() -> None:
    assert sealer([]).unseal("b", sealer([]).seal("a", b"value")) == b"value"


def test_keys_are_read_from_text() -> None:
    written = [b64encode(key).decode() for key in (ONE, OTHER)]
    assert keys_of(f" {written[0]}, {written[1]},") == (ONE, OTHER)
    assert keys_of("") == ()


@pytest.mark.parametrize("text", ["secret!", "c2VjcmV0", "c2VjcmV0,!"])
def test_p3_bad_keys_are_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(ValueError, match=r"keys? ") as refused:
        keys_of(text)
    assert text not in str(refused.value)
