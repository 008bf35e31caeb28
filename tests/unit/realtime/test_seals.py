"""[S2.7] Seals hold for what they were put on, for a while, and for whoever has the key."""

from hypothesis import given
from hypothesis import strategies as st

from realtime.carrying.seals import SKEW, Origin, key_of, opened, sealed

KEY = key_of("a secret")
ORIGINS = st.sampled_from([Origin("http", None), Origin("https", ("10.0.0.1", 5)), Origin("http", ("::1", 65_535))])


@given(ORIGINS, st.binary(max_size=50), st.floats(-SKEW + 0.01, SKEW - 0.01))
def test_a_seal_tells_who_sent_it(origin: Origin, target: bytes, late: float) -> None:
    value = sealed(KEY, 1_000.0, "GET", target, origin)
    assert opened(KEY, 1_000.0 + late, "GET", target, value) == origin


@given(st.binary(max_size=200))
def test_nothing_else_is_a_seal(value: bytes) -> None:
    assert opened(KEY, 1_000.0, "GET", b"/", value) is None


@given(st.data())
def test_no_byte_of_a_seal_can_be_another(data: st.DataObject) -> None:
    value = bytearray(sealed(KEY, 1_000.0, "GET", b"/", Origin("http", ("10.0.0.1", 5))))
    place = data.draw(st.integers(0, len(value) - 1))
    value[place] ^= data.draw(st.integers(1, 255))
    assert opened(KEY, 1_000.0, "GET", b"/", bytes(value)) is None
