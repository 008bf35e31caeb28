"""[S2] Floods of connections are shed by address, of those whose address is known."""

import pytest

from realtime.doorkeeper import address_of, doorkeeper
from realtime.engine.handshake import Refused, Request

PROXIES = ("127.0.0.1", "10.0.0.2")


def request(peer: str | None, forwarded: str = "") -> Request:
    headers = {b"x-forwarded-for": forwarded.encode()} if forwarded else {}
    return Request("GET", "/socket.io/", b"", headers, "http", lambda: (peer, 1) if peer else None)


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("192.0.2.7", "", "192.0.2.7"),
        ("192.0.2.7", "198.51.100.1", "192.0.2.7"),
        ("127.0.0.1", "", None),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "203.0.113.9, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("127.0.0.1", " , 10.0.0.2", None),
        (None, "198.51.100.1", None),
    ],
)
def test_an_address_is_believed_of_trusted_proxies_alone(peer: str | None, forwarded: str, address: str | None) -> None:
    """What a client itself puts in front of it counts for nothing."""
    assert address_of(request(peer, forwarded), PROXIES) == address


def test_an_address_that_asks_for_too_much_is_told_when_to_come_back() -> None:
    now = 0.0
    admit = doorkeeper(2.0, 3.0, PROXIES, lambda: now)
    for _ in range(3):
        admit(request("192.0.2.7"))
    with pytest.raises(Refused) as refused:
        admit(request("192.0.2.7"))
    assert refused.value.status == 429
    assert refused.value.headers == ((b"Retry-After", b"1"),)
    for _ in range(100):
        admit(request("127.0.0.1"))
    admit(request("192.0.2.8"))
    now = 1.0
    admit(request("192.0.2.7"))
