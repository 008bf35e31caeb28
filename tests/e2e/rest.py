"""REST as a person who has logged in uses it, for what a test needs to be there or asks at the end."""

import json
import urllib.request
from typing import Any


class Rest:
    """A demo account's session with the platform at `url`. Refusals raise urllib's HTTPError."""

    def __init__(self, url: str, email: str) -> None:
        self._base = f"{url}/api/v1"
        self._token = ""
        self._token = self.post("/auth/login", {"email": email, "password": "demo"})["access_token"]

    def get(self, path: str) -> Any:
        return self._ask(path, None)

    def post(self, path: str, body: object) -> Any:
        return self._ask(path, json.dumps(body).encode())

    def patch(self, path: str, body: object) -> Any:
        return self._ask(path, json.dumps(body).encode(), "PATCH")

    def _ask(self, path: str, content: bytes | None, method: str | None = None) -> Any:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._token}"}
        given = headers if self._token else _ANONYMOUS
        request = urllib.request.Request(self._base + path, content, given, method=method)  # noqa: S310 - our own address
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - our own address
            return json.load(answer)


_ANONYMOUS = {"Content-Type": "application/json"}
