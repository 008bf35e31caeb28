"""Leaks of different kinds, to be planted on purpose. Each puts a plausible mistake into one function.

docs/SPEC.md lists them under [P2].
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from itertools import count
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from starlette.responses import Response

from backend.adapters import ids
from backend.adapters.db.snapshots import SnapshotReads
from backend.api import operations
from backend.domain import offering
from backend.domain.refusals import Refusal
from backend.services import changes, clockwork, documents, reads
from privacy import presence, views
from privacy.audiences import hotel_audience

Plant = Callable[[], AbstractContextManager[Any]]


def _in_hotels_views(shown: Callable[[Any], dict[str, Any]]) -> AbstractContextManager[Any]:
    """Hotels see more of the quotation: what `shown` makes of it."""
    made = views.Views._make

    def leaky(self: views.Views, audience: str) -> dict[str, Any]:
        seen = made(self, audience)
        return {**seen, **shown(self.quotation)} if seen and audience.startswith("hotel:") else seen

    return patch.object(views.Views, "_make", leaky)


def a_field() -> AbstractContextManager[Any]:
    """The lowest net rate that anybody offered."""

    def lowest(quotation: Any) -> dict[str, Any]:
        rates = [room.net_rate.amount for offer in quotation.offers.values() for room in offer.content.rooms]
        return {"lowest_rate": str(min(rates))} if rates else {}

    return _in_hotels_views(lowest)


def a_count() -> AbstractContextManager[Any]:
    """How many offers there are."""
    return _in_hotels_views(lambda quotation: {"offer_count": len(quotation.offers)})


def a_shared_number() -> AbstractContextManager[Any]:
    """The number of the quotation's last fact."""
    return _in_hotels_views(lambda quotation: {"serial": quotation.serial})


def an_order() -> AbstractContextManager[Any]:
    """The quotation in which most happened first."""
    quotations = SnapshotReads.quotations

    async def busiest_first(db: Any, audience: str, before: str | None, limit: int) -> tuple[Any, ...]:
        found = await quotations(db, audience, before, 100)
        return tuple(sorted(found, key=lambda one: one.serial, reverse=True)[:limit])

    return patch.object(SnapshotReads, "quotations", busiest_first)


def an_error_text() -> AbstractContextManager[Any]:
    """A refused offer learns whether others were taken."""
    submit = offering.submit

    def talkative(quotation: Any, content: Any, by: Any, context: Any) -> Any:
        try:
            return submit(quotation, content, by, context)
        except Refusal as refusal:
            others = [offer for offer in quotation.offers.values() if offer.hotel_id != by.hotel_id]
            raise Refusal(refusal.code, f"{refusal.message} There are {len(others)} others.") from None

    return patch.object(offering, "submit", talkative)


def a_state() -> AbstractContextManager[Any]:
    """The quotation's state in the place of the hotel's invitation, once there is nothing more to win."""
    documented = views.hotel_document

    def leaky(quotation: Any, whole: Any, hotel_id: str) -> dict[str, Any]:
        part = documented(quotation, whole, hotel_id)
        return {**part, "invitation": quotation.state} if quotation.state == "expired" else part

    return patch.object(views, "hotel_document", leaky)


@contextmanager
def an_etag() -> Iterator[None]:
    """The ETag is of the row that was read, not of what its reader gets."""
    theirs, fresh = reads.theirs, operations._fresh
    # Of each request: two worlds are asked side by side.
    read: ContextVar[int] = ContextVar("read", default=0)

    async def remembering(*given: Any) -> Any:
        document, audience = await theirs(*given)
        read.set(document.serial)
        return document, audience

    def of_the_row(*given: Any) -> Response:
        response = fresh(*given)
        if "etag" in response.headers:
            response.headers["etag"] = f'"{hashlib.sha256(str(read.get()).encode()).hexdigest()[:32]}"'
        return response

    with patch.object(reads, "theirs", remembering), patch.object(operations, "_fresh", of_the_row):
        yield


def a_focus() -> AbstractContextManager[Any]:
    """Which field somebody is at, whoever may see that field."""
    return patch.object(presence, "may_see_field", lambda field, kind: True)


def a_reset() -> AbstractContextManager[Any]:
    """A grant to one hotel starts every hotel's channel anew."""
    resets = changes.resets

    def of_all(before: Any, step: Any) -> frozenset[str]:
        granted = before is not None and before.grants != step.after.grants
        return resets(before, step) | frozenset(map(hotel_audience, step.after.invitations) if granted else ())

    return patch.object(changes, "resets", of_all)


def an_id_that_counts() -> AbstractContextManager[Any]:
    """Ids are handed out in order."""
    numbers = count(1)
    return patch.object(ids, "secrets", SimpleNamespace(randbits=lambda bits: next(numbers) if bits == 62 else 0))


def a_reminder() -> AbstractContextManager[Any]:
    """The deadline is brought to mind only where offers are still wanting."""
    remind = clockwork.remind

    def unless_there_are_enough(quotation: Any, context: Any) -> Any:
        return remind(quotation, context) if len(quotation.offers) < 2 else ()

    return patch.object(clockwork, "remind", unless_there_are_enough)


def a_document() -> AbstractContextManager[Any]:
    """A document is made from the quotation, for whoever sees something of it."""
    view = documents.view

    def of_the_quotation(quotation: Any, _: str) -> dict[str, Any]:
        return view(quotation, "admin") | {"title": f"{len(quotation.offers)} offers"}

    return patch.object(documents, "view", of_the_quotation)


LEAKS: Mapping[str, Plant] = {
    f"L{number}": plant
    for number, plant in enumerate(
        (
            a_field,
            a_count,
            a_shared_number,
            an_order,
            an_error_text,
            a_state,
            an_etag,
            a_focus,
            a_reset,
            an_id_that_counts,
            a_reminder,
            a_document,
        ),
        1,
    )
}
