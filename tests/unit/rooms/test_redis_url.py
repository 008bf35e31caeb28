"""What a broker's URL says of the server and of us [S2] [P3]."""

from pathlib import Path

import pytest

from rooms.redis_url import Address, Cluster, Sentinels, parse, place


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
        ("redis+cluster://node:secret@h", "one server is"),
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


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("redis+cluster://h", Cluster((Address(host="h"),))),
        ("redis+aioredis://h", Cluster((Address(host="h"),), aioredis=True)),
        (
            "redis+cluster://node:p%40ss@h:7000,[::1]:7001/0",
            Cluster(
                (
                    Address(host="h", port=7000, user="node", password="p@ss"),
                    Address(host="::1", port=7001, user="node", password="p@ss"),
                )
            ),
        ),
        ("redis://h", Address(host="h")),
        (
            "redis+sentinel://:secret@h,i:7001/the%20master/2?sentinel_password=other",
            Sentinels(
                "the master",
                (Address(host="h", port=26_379, password="other"), Address(host="i", port=7001, password="other")),
                Address(password="secret", db=2),
            ),
        ),
    ],
)
def test_a_url_may_name_several_servers(url: str, named: object) -> None:
    assert place(url) == named


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("redis+cluster://", "names hosts"),
        ("redis+cluster://h,,secret", "names hosts"),
        ("redis+cluster://h/1", "one database"),
        ("redis+cluster://h?db=1", "no option db"),
        ("redis+sentinel://h", "by its name"),
        ("redis+sentinel://h/name/secret", "a number"),
        ("redis+sentinel://h:99999/name", "[Pp]ort"),
        ("amqp+cluster://secret@h", "a Redis server is"),
    ],
)
def test_several_servers_are_refused_as_one_is(url: str, why: str) -> None:
    with pytest.raises(ValueError, match=why) as refused:
        place(url)
    assert "secret" not in str(refused.value)


def test_every_server_of_a_cluster_is_reached_over_tls() -> None:
    named = place("rediss+cluster://h,i?ssl_cert_reqs=none")
    assert isinstance(named, Cluster)
    assert all(seed.tls is not None and seed.tls is named.seeds[0].tls for seed in named.seeds)


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
