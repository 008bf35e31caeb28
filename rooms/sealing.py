"""Values as a broker keeps them: sealed, if there are keys, so that whoever reads its memory reads nothing.

AES-GCM with a random nonce each. What a value belongs to (its channel, for one) is authenticated with it, so that it
cannot be put anywhere else. The first key seals, all of them open: a new key is added behind the others on every
process, then put first, and the old one is taken away once nothing is left that it sealed. A random nonce serves for
some 2³² values of one key.
"""

import binascii
import os
from base64 import b64decode
from collections.abc import Sequence
from hashlib import sha256
from typing import Final, Protocol

KEY_BYTES: Final = 32
_ID_BYTES: Final = 4
_NONCE_BYTES: Final = 12


class Unreadable(ValueError):
    """Bytes that none of the keys sealed for this place."""


class Sealer(Protocol):
    """Makes bytes unreadable for all who lack the keys."""

    def seal(self, place: str, value: bytes) -> bytes:
        """The value, for its place alone."""

    def unseal(self, place: str, sealed: bytes) -> bytes:
        """What was sealed for this place. Raises Unreadable."""


class Plain:
    """Seals nothing."""

    def seal(self, _: str, value: bytes) -> bytes:
        return value

    def unseal(self, _: str, sealed: bytes) -> bytes:
        return sealed


class AesGcm:
    """`id of the key, nonce, ciphertext with its tag`."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        # Imported where there are keys: it is a large part of a process.
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self._invalid = InvalidTag
        self._ciphers = {sha256(key).digest()[:_ID_BYTES]: AESGCM(key) for key in keys}
        self._id, self._cipher = next(iter(self._ciphers.items()))

    def seal(self, place: str, value: bytes) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return self._id + nonce + self._cipher.encrypt(nonce, value, place.encode())

    def unseal(self, place: str, sealed: bytes) -> bytes:
        nonce, text = sealed[_ID_BYTES : _ID_BYTES + _NONCE_BYTES], sealed[_ID_BYTES + _NONCE_BYTES :]
        cipher = self._ciphers.get(sealed[:_ID_BYTES])
        try:
            if cipher is not None:
                return cipher.decrypt(nonce, text, place.encode())
        except (self._invalid, ValueError):
            pass
        raise Unreadable("sealed with another key, for another place, or not at all")


def sealer(keys: Sequence[bytes]) -> Sealer:
    """The first key seals, all open; without keys nothing is sealed."""
    return AesGcm(keys) if keys else Plain()


def keys_of(text: str) -> tuple[bytes, ...]:
    """Keys in base64, separated by commas. Raises ValueError, without repeating them."""
    try:
        keys = tuple(b64decode(word.strip(), validate=True) for word in text.split(",") if word.strip())
    except (binascii.Error, ValueError):
        raise ValueError("keys are base64, separated by commas") from None
    if any(len(key) != KEY_BYTES for key in keys):
        raise ValueError(f"a key has {KEY_BYTES} bytes")
    return keys
