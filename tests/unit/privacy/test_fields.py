"""The field table against the domain: nothing is visible that nobody decided. [P1]"""

import types
import typing
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from backend.domain.money import Money
from backend.domain.principals import Actor
from backend.domain.quotation import Quotation
from backend.domain.terms import Deposit, PrivacySettings
from privacy.documents import document, hotel_document
from privacy.fields import FIELDS, HIDDEN, SHOWN_AS, may_see_field
from tests.support.domain import usd
from tests.unit.privacy.looking import has
from tests.unit.privacy.worlds import booked, declined, drafted, guided, offered, rejected

_VALUES = (Money, Actor)


def _struct_below(annotation: object) -> tuple[str, type[msgspec.Struct]] | None:
    """The struct that a field holds, with what its path adds: `.*` for each item of a collection."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return None if annotation in _VALUES else ("", annotation)
    if origin in (typing.Union, types.UnionType, typing.Annotated):
        return next((found for part in arguments if (found := _struct_below(part))), None)
    if origin in (dict, tuple):
        found = _struct_below(arguments[1] if origin is dict else arguments[0])
        return (f".*{found[0]}", found[1]) if found else None
    return None


def _domain_paths(struct: type[msgspec.Struct], prefix: str = "") -> Iterator[str]:
    for name, annotation in typing.get_type_hints(struct, include_extras=True).items():
        path = f"{prefix}{name}"
        below = None if path in HIDDEN else _struct_below(annotation)
        if below is None:
            yield path
        else:
            yield from _domain_paths(below[1], f"{path}{below[0]}.")


def _shown(path: str) -> str:
    """A field of the domain as views name it: terms and an offer's content stand one level higher."""
    path = path.removeprefix("terms.").replace("offers.*.content.", "offers.*.")
    return SHOWN_AS.get(path, path)


DOMAIN = sorted(set(_domain_paths(Quotation)))


def test_the_walk_reaches_every_level() -> None:
    assert {"terms.rooms.double", "offers.*.content.taxes.*.percent", "booking.lines.*.state", "serial"} <= set(DOMAIN)


@pytest.mark.parametrize("path", DOMAIN)
def test_every_field_of_the_domain_is_decided(path: str) -> None:
    """[P1] A new field of the domain has a row in the table, or a reason to be hidden."""
    rows = {row.path for row in FIELDS}
    assert (_shown(path) in rows) != (path in HIDDEN or _shown(path) in HIDDEN)


def test_hidden_fields_are_there_and_have_reasons() -> None:
    assert {_shown(path) for path in HIDDEN} <= {_shown(path) for path in DOMAIN}
    assert all(HIDDEN.values())


def test_every_path_has_one_row() -> None:
    paths = [row.path for row in FIELDS]
    assert len(paths) == len(set(paths))


def _documents() -> list[dict[str, Any]]:
    worlds = (
        drafted(deposit=Deposit(required=True, amount=usd(100))),
        offered(PrivacySettings(hide_competitor_prices=False, show_own_rank=True)),
        booked(),
        declined(),
        guided(),
        rejected(),
    )
    wholes = [(world.q, document(world.q)) for world in worlds]
    return [hotel_document(q, whole, "plaza") if "plaza" in q.invitations else whole for q, whole in wholes]


DOCUMENTS = _documents()


@pytest.mark.parametrize("path", [row.path for row in FIELDS])
def test_every_row_is_about_something(path: str) -> None:
    assert any(has(document, path) for document in DOCUMENTS)


@pytest.mark.parametrize(
    ("field", "admin", "agency", "hotel", "client"),
    [
        ("title", True, True, True, True),
        ("rooms", True, True, True, True),
        ("rooms.double", True, True, True, True),
        ("children_ages.0", False, False, False, False),
        ("deadline", True, True, True, False),
        ("weights.price", True, True, False, False),
        ("hotel_selection", True, True, False, False),
        ("privacy.show_own_rank", True, True, False, False),
        ("budget", True, True, False, True),
        ("deposit.percent", True, True, False, True),
        ("markup_percent", True, True, False, False),
        ("internal_notes", True, True, False, False),
        ("client.name", True, True, False, True),
        ("margin_percent", True, False, False, False),
        ("selling.total", True, True, False, False),
        ("offer.board", True, True, False, False),
        ("offer.rooms.0.net_rate", True, False, False, False),
        ("offer.rooms", True, False, False, False),
        ("offer", False, False, False, False),
        ("rank", False, False, False, False),
        ("roo", False, False, False, False),
        ("rooms.double.more", False, False, False, False),
        ("", False, False, False, False),
        ("serial", False, False, False, False),
    ],
)
def test_a_form_field_is_seen_by(field: str, admin: bool, agency: bool, hotel: bool, client: bool) -> None:
    """[P1] Only what is seen in every state, and what is known at all, may have somebody's focus."""
    seen = [may_see_field(field, kind) for kind in ("admin", "agency", "hotel", "client")]
    assert seen == [admin, agency, hotel, client]


@pytest.mark.parametrize("kind", ["guide", "self", "public", "nobody"])
def test_others_see_no_form_field(kind: str) -> None:
    assert not may_see_field("title", kind)
