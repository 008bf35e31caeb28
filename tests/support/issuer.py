"""Somebody else who issues tokens: keys that rotate, and a real little server that publishes them."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import OKPAlgorithm, RSAAlgorithm

NAME = "https://login.example"
AUDIENCE = "tours"
PrivateKey = Ed25519PrivateKey | RSAPrivateKey


class Issuer:
    """Signs with any of its keys; publishes those in `published`, at `url`, unless it is `away`. `asked` counts."""

    def __init__(self) -> None:
        self.private: dict[str, PrivateKey] = {}
        self.published: list[dict[str, Any]] = []
        self.away = False
        self.asked = 0
        self.url = ""

    def rotate(self, key_id: str, kind: str = "EdDSA", *, keep: bool = False) -> None:
        """A new key is published, beside the others or instead of them."""
        made: PrivateKey = Ed25519PrivateKey.generate() if kind == "EdDSA" else generate_private_key(65_537, 2_048)
        self.private[key_id] = made
        self.published = [*(self.published if keep else ()), self.public(key_id)]

    def public(self, key_id: str) -> dict[str, Any]:
        """A key as it is published."""
        key = self.private[key_id]
        algorithm = OKPAlgorithm if isinstance(key, Ed25519PrivateKey) else RSAAlgorithm
        made: dict[str, Any] = json.loads(algorithm.to_jwk(key.public_key()))
        return {**made, "kid": key_id}

    def token(self, key_id: str, **changes: Any) -> str:
        """A token for Ana, unless claims are changed; those that are None are left out."""
        now = int(time.time())
        claims = {"iss": NAME, "aud": AUDIENCE, "sub": "ana", "iat": now, "exp": now + 600} | changes
        key = self.private[key_id]
        algorithm = "EdDSA" if isinstance(key, Ed25519PrivateKey) else "RS256"
        given = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(given, key, algorithm, headers={"kid": key_id})


@contextmanager
def issuing() -> Iterator[Issuer]:
    """An issuer whose server runs for the length of a block."""
    issuer = Issuer()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            issuer.asked += 1
            self.send_response(503 if issuer.away else 200)
            self.end_headers()
            self.wfile.write(json.dumps({"keys": issuer.published}).encode())

        def log_request(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        issuer.url = f"http://127.0.0.1:{server.server_port}/jwks.json"
        thread = Thread(target=server.serve_forever, args=[0.05], daemon=True)
        thread.start()
        try:
            yield issuer
        finally:
            server.shutdown()
            thread.join()
