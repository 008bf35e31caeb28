"""What a broker's URL says of the server and of us [S2] [P3]."""

from pathlib import Path

import pytest

from rooms.redis_url import Address, parse


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("redis://", Address()),
        ("redis://h", Address(host="h")),
        ("redis://h:7000/3", Address(host="h", port=7000, db=3)),
        ("redis://h/?db=4", Address(host="h", db=4)),
        ("redis://:p%40ss@h", Address(host="h", password="p@ss")),
        ("redis://node:secret@[::1]:7000/1", Address(host="::1", port=7000, db=1, user="node", password="secret")),
        ("unix:///run/redis.sock", Address(path="/run/redis.sock")),
        (
            "unix://node:secret@/run/my%20redis?db=2",
            Address(path="/run/my redis", db=2, user="node", password="secret"),
        ),
    ],
)
def test_a_url_names_an_address(url: str, address: Address) -> None:
    assert parse(url) == address


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://secret@h", "redis://, rediss:// or unix://"),
        ("redis://h/secret", "a number"),
        ("redis://h/-1", "a number"),
        ("redis://h:99999", "[Pp]ort"),
        ("redis://h?timeout=secret&db=1", "no option timeout"),
        ("redis://h?ssl_ca_certs=secret", "no option ssl_ca_certs"),
        ("unix://?db=1", "the path of a socket"),
        ("rediss://h?ssl_ca_certs=/nowhere/to/be/found", "cannot read the certificates"),
        ("rediss://h?ssl_cert_reqs=optional", "none or required"),
    ],
)
def test_another_url_is_refused_without_being_repeated(url: str, why: str) -> None:
    with pytest.raises(ValueError, match=why) as refused:
        parse(url)
    assert "secret" not in str(refused.value)


def test_p3_a_password_is_not_shown() -> None:
    assert "secret" not in repr(parse("redis://node:secret@h"))


def test_certificates_are_verified_unless_told_otherwise() -> None:
    strict, lax = parse("rediss://h").tls, parse("rediss://h?ssl_cert_reqs=none").tls
    assert strict is not None
    assert lax is not None
    assert strict.check_hostname
    assert strict.verify_mode.name == "CERT_REQUIRED"
    assert lax.verify_mode.name == "CERT_NONE"


def test_a_certificate_of_ours_is_read(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cannot read the certificates"):
        parse(f"rediss://h?ssl_certfile={tmp_path}/none.pem&ssl_keyfile={tmp_path}/key.pem")
