"""What somebody observed, as lines that two worlds can be compared by.

What is random is written as the number of its first appearance to that person: ids, epochs, references, cursors and
ETags. An id close to an earlier one is written as its distance from it, since ids that count tell how many others
were made between.
"""

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from uuid import UUID

import orjson

from tests.support.asgi import Answer

_RANDOM = re.compile(
    r'"(?P<name>epoch|reference|next|etag)":"(?P<text>(?:[^"\\]|\\.)+)"'
    r"|(?P<id>[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12})"
)
_TAIL = (1 << 62) - 1
_NEAR = 1_000_000
"""Two random tails of ids are that close once in some millions of millions of cases."""
_CLOCK = frozenset(("date",))
"""Headers that a real clock writes."""


class Notes:
    """`lines` in the order of what was noted, whatever it was about."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._known: dict[str, str] = {}
        self._tails: list[tuple[int, str]] = []

    def note(self, what: str, seen: Any) -> None:
        self.lines.append(self.written(f"{what} {orjson.dumps(seen).decode()}"))

    def answer(self, what: str, answer: Answer) -> None:
        """An HTTP answer: its status, every header, the body."""
        headers = {name: "now" if name in _CLOCK else value for name, value in sorted(answer.headers.items())}
        file = answer.headers.get("content-type", "").endswith(("/pdf", "/png"))
        body = sha256(answer.body).hexdigest() if file else orjson.loads(answer.body) if answer.body else None
        self.note(what, {"status": answer.status, "headers": headers, "body": in_any_order(body)})

    def written(self, text: str) -> str:
        """The text with all that is random in it replaced."""
        return _RANDOM.sub(self._replaced, text)

    def _replaced(self, match: "re.Match[str]") -> str:
        if match["id"]:
            return self._number(match["id"])
        return f'"{match["name"]}":"{self._number(match["text"])}"'

    def _number(self, random: str) -> str:
        if random not in self._known:
            self._known[random] = self._distance(random) or f"#{len(self._known)}"
        return self._known[random]

    def _distance(self, random: str) -> str | None:
        """How far an id is from an earlier one, if it is near."""
        try:
            tail = UUID(random).int & _TAIL
        except ValueError:
            return None
        near = next((one for one in self._tails if abs(one[0] - tail) < _NEAR), None)
        self._tails.append((tail, f"#{len(self._known)}"))
        return f"{near[1]}{tail - near[0]:+}" if near else None


def in_any_order(body: Any) -> Any:
    """A list of audit rows, which are ordered by their random ids within a millisecond, in an order of their own."""
    items = body.get("items") if isinstance(body, Mapping) else None
    if not items or "outcome" not in items[0]:
        return body
    rows = [{name: value for name, value in row.items() if name != "id"} for row in items]
    return {**body, "items": sorted(rows, key=lambda row: orjson.dumps(row, option=orjson.OPT_SORT_KEYS))}
