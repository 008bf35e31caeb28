"""A client that talks to an ASGI application in the same event loop, without a network."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import orjson
from starlette.types import ASGIApp, Message


@dataclass(frozen=True)
class Answer:
    """What came back. `headers` are by lower-case name."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)


@dataclass
class AsgiClient:
    """Sends `headers` with every request, from `address`."""

    app: ASGIApp
    headers: dict[str, str] = field(default_factory=dict)
    address: str = "192.0.2.7"

    def with_token(self, token: str) -> "AsgiClient":
        return AsgiClient(self.app, self.headers | {"authorization": f"Bearer {token}"}, self.address)

    async def get(self, url: str, **headers: str) -> Answer:
        return await self.request("GET", url, headers=headers)

    async def post(self, url: str, json: Any = None, **headers: str) -> Answer:
        return await self.request("POST", url, json=json, headers=headers)

    async def patch(self, url: str, json: Any = None, **headers: str) -> Answer:
        return await self.request("PATCH", url, json=json, headers=headers)

    async def put(self, url: str, json: Any = None, **headers: str) -> Answer:
        return await self.request("PUT", url, json=json, headers=headers)

    async def delete(self, url: str, **headers: str) -> Answer:
        return await self.request("DELETE", url, headers=headers)

    async def request(
        self,
        method: str,
        url: str,
        *,
        json: Any = None,
        content: bytes | list[bytes] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """`json` is encoded; `content` is sent as it is, in as many parts as it has. In names of headers `_` is `-`."""
        sent = dict(self.headers)
        if json is not None:
            content = orjson.dumps(json)
            sent["content-type"] = "application/json"
        sent |= {name.replace("_", "-").lower(): value for name, value in (headers or {}).items()}
        parts = content if isinstance(content, list) else [content or b""]
        if not isinstance(content, list):
            sent.setdefault("content-length", str(len(parts[0])))
        return await self._send(method, url, sent, parts)

    async def _send(self, method: str, url: str, headers: dict[str, str], parts: list[bytes]) -> Answer:
        address, waiting = urlsplit(url), list(parts)
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": address.path,
            "raw_path": url.encode(),
            "root_path": "",
            "query_string": address.query.encode(),
            "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers.items()],
            "client": (self.address, 40_000),
            "server": ("testserver", 80),
        }
        answered: list[Message] = []

        async def receive() -> Message:
            if not waiting:
                return {"type": "http.disconnect"}
            return {"type": "http.request", "body": waiting.pop(0), "more_body": bool(waiting)}

        async def send(message: Message) -> None:
            answered.append(message)

        await self.app(scope, receive, send)
        start = answered[0]
        body = b"".join(message.get("body", b"") for message in answered[1:])
        return Answer(start["status"], {name.decode(): value.decode() for name, value in start["headers"]}, body)
