from pwdlib.hashers.argon2 import Argon2Hasher

from backend.adapters.passwords import Argon2Passwords


async def test_a_password_fits_its_hash_alone() -> None:
    passwords = Argon2Passwords(Argon2Hasher(time_cost=1, memory_cost=64))
    hashed = await passwords.hash("demo")
    assert hashed.startswith("$argon2id$")
    assert await passwords.verify("demo", hashed)
    assert not await passwords.verify("Demo", hashed)


async def test_nobody_has_a_password() -> None:
    passwords = Argon2Passwords(Argon2Hasher(time_cost=1, memory_cost=64))
    assert not await passwords.verify("nobody's password", None)
    assert not await passwords.verify("x", "not a hash")
