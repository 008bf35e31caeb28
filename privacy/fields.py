"""The field table: which kind of viewer gets which field of a quotation's view, and under which condition.

It is DOMAIN.md's "Who may see what" as data. A path names a field of the view; `*` stands for each item of a
collection. A path without a row is in no view [P1], and a field of the domain that has neither a row nor a reason in
`HIDDEN` fails the tests. Nothing here looks at values; `privacy.viewers` says which conditions hold.
"""

from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

AudienceKind = Literal["admin", "agency", "hotel", "client", "guide", "self", "public"]
Condition = Literal[
    "always",
    "own",
    "chosen",
    "awarded",
    "selected",
    "ranked",
    "disclosed",
    "granted",
    "booked",
    "assigned",
]

ALWAYS: Final = "always"
"""For all whom the audience admits: a client is in its own quotation only, an agent in its company's."""
OWN: Final = "own"
"""The offer or booking line is the viewing hotel's, the assignment the viewing guide's."""
CHOSEN: Final = "chosen"
"""The offer is the awarded one."""
AWARDED: Final = "awarded"
"""An award stands."""
SELECTED: Final = "selected"
"""The viewing hotel was selected."""
RANKED: Final = "ranked"
"""`show_own_rank` is on and the viewing hotel's result is open."""
DISCLOSED: Final = "disclosed"
"""The sorted totals were revealed at the deadline, or competitors' prices are not hidden and the result is open."""
GRANTED: Final = "granted"
"""An admin granted it to the viewing hotel, and the offer is a rival's."""
BOOKED: Final = "booked"
"""The booking has a line of the viewing hotel's."""
ASSIGNED: Final = "assigned"
"""The guide is assigned to the booking."""


class Row(NamedTuple):
    """Under which condition each kind of viewer gets the field at `path`; None is never."""

    path: str
    admin: Condition | None = None
    agency: Condition | None = None
    hotel: Condition | None = None
    client: Condition | None = None
    guide: Condition | None = None


def _rows(
    paths: str,
    *,
    under: str = "",
    admin: Condition | None = None,
    agency: Condition | None = None,
    hotel: Condition | None = None,
    client: Condition | None = None,
    guide: Condition | None = None,
) -> Iterator[Row]:
    for path in paths.split():
        yield Row(under + path, admin, agency, hotel, client, guide)


_OFFER = "offers.*."
_RIVAL = "competitors.*."
_FOC = "foc.free foc.per foc.unit foc.cap"
_CHILDREN = "child_bands.*.up_to child_bands.*.percent"
_LINE = "kind name quantity unit amount"
_TAXES = "taxes.*.name taxes.*.included taxes.*.per taxes.*.amount taxes.*.percent"
_CANCELLATION = "cancellation.*.days_before cancellation.*.penalty_percent"

FIELDS: Final[tuple[Row, ...]] = (
    *_rows(
        "id title destination check_in check_out rooms.single rooms.double rooms.twin rooms.triple rooms.suite"
        " adults children_ages meal_plan special_requirements currency",
        admin=ALWAYS,
        agency=ALWAYS,
        hotel=ALWAYS,
        client=ALWAYS,
        guide=ASSIGNED,
    ),
    *_rows("state", admin=ALWAYS, agency=ALWAYS, client=ALWAYS, guide=ASSIGNED),
    *_rows("invitation", hotel=ALWAYS),
    *_rows("version", admin=ALWAYS, agency=ALWAYS),
    *_rows("deadline", admin=ALWAYS, agency=ALWAYS, hotel=ALWAYS),
    *_rows(
        "min_offers hotel_selection.mode hotel_selection.hotel_ids"
        " weights.price weights.rating weights.services weights.cancellation weights.speed auto_award"
        " extensions.*.deadline extensions.*.reason extensions.*.at cancel_reason reject_reason",
        admin=ALWAYS,
        agency=ALWAYS,
    ),
    *_rows(
        "min_rating max_distance_km min_capacity amenities min_answer_rate count",
        under="hotel_selection.criteria.",
        admin=ALWAYS,
        agency=ALWAYS,
    ),
    *_rows(
        "hide_competitor_prices show_own_rank reveal_prices_after_deadline",
        under="privacy.",
        admin=ALWAYS,
        agency=ALWAYS,
    ),
    *_rows(
        "budget.min budget.max deposit.required deposit.percent deposit.amount deposit.due",
        admin=ALWAYS,
        agency=ALWAYS,
        client=ALWAYS,
    ),
    *_rows(
        "markup_percent band_markups.*.band band_markups.*.percent notes internal_notes", admin=ALWAYS, agency=ALWAYS
    ),
    *_rows(
        "transport.*.name transport.*.vehicle transport.*.km transport.*.days guides.*.language guides.*.kind"
        " guides.*.days guides.*.overtime_hours items.*.code items.*.times services bands",
        under="programme.",
        admin=ALWAYS,
        agency=ALWAYS,
        client=AWARDED,
        guide=ASSIGNED,
    ),
    *_rows(
        "name category times",
        under="programme_items.*.",
        admin=ALWAYS,
        agency=ALWAYS,
        client=AWARDED,
        guide=ASSIGNED,
    ),
    *_rows("client_id client.id", admin=ALWAYS, agency=ALWAYS, client=ALWAYS),
    *_rows("client.name client.email", admin=ALWAYS, agency=ALWAYS, hotel=SELECTED, client=ALWAYS, guide=ASSIGNED),
    *_rows("company.id company.name", admin=ALWAYS, agency=ALWAYS),
    *_rows("margin_percent", admin=ALWAYS),
    # Rivals: their number, names and offers.
    *_rows("hotel_id name rating state invited_at", under="invitations.*.", admin=ALWAYS, agency=ALWAYS),
    *_rows("hotel_id by reason at", under="grants.*.", admin=ALWAYS, agency=ALWAYS),
    *_rows("awarded_offer_id", admin=ALWAYS, agency=ALWAYS),
    # The offer.
    *_rows("id hotel_id revision state", under=_OFFER, admin=ALWAYS, agency=ALWAYS, hotel=OWN),
    *_rows("hotel_name", under=_OFFER, admin=ALWAYS, agency=ALWAYS, hotel=OWN, client=CHOSEN, guide=CHOSEN),
    *_rows(
        f"board included_services excluded_services optional_services.*.name {_CANCELLATION}",
        under=_OFFER,
        admin=ALWAYS,
        agency=ALWAYS,
        hotel=OWN,
        client=CHOSEN,
    ),
    *_rows(
        f"{_FOC} {_CHILDREN} option_until release_date allotment guaranteed attrition_percent valid_until notes"
        " rooms.*.type rooms.*.per rooms.*.quantity",
        under=_OFFER,
        admin=ALWAYS,
        agency=ALWAYS,
        hotel=OWN,
    ),
    *_rows(
        "rooms.*.agency_rate optional_services.*.agency_price agency_supplement agency_reduction agency_extra_bed"
        " agency_total agency_price"
        " agency_taxes.*.name agency_taxes.*.included agency_taxes.*.per agency_taxes.*.amount"
        " selling_total selling_before_taxes selling_per_person rank score",
        under=_OFFER,
        admin=ALWAYS,
        agency=ALWAYS,
    ),
    *_rows(f"{_LINE} less", under=f"{_OFFER}agency_lines.*.", admin=ALWAYS, agency=ALWAYS),
    *_rows(f"{_LINE} less", under=f"{_OFFER}net_lines.*.", admin=ALWAYS),
    *_rows(
        f"rooms.*.net_rate optional_services.*.price single_supplement triple_reduction extra_bed {_TAXES}"
        " commission_percent"
        " deposits.*.percent deposits.*.due net_total internal_notes revisions_left",
        under=_OFFER,
        admin=ALWAYS,
        hotel=OWN,
    ),
    # What a hotel may learn of its rivals, when a setting or a grant discloses it.
    *_rows("rank.rank rank.of", hotel=RANKED),
    *_rows("totals", hotel=DISCLOSED),
    *_rows(
        f"id hotel_name revision board {_FOC} included_services excluded_services optional_services.*.name"
        f" optional_services.*.price {_CANCELLATION} attrition_percent option_until release_date allotment guaranteed"
        f" valid_until rooms.*.type rooms.*.per rooms.*.quantity rooms.*.net_rate single_supplement triple_reduction"
        f" extra_bed {_CHILDREN} {_TAXES} net_total",
        under=_RIVAL,
        hotel=GRANTED,
    ),
    # The client's price, and the booking.
    *_rows(
        "total per_person single_supplement triple_reduction bands child_reductions before_taxes"
        " taxes.*.name taxes.*.percent taxes.*.amount",
        under="selling.",
        admin=ALWAYS,
        agency=ALWAYS,
        client=AWARDED,
    ),
    # Running costs: the agency sees them at its own price, and never what they are made from.
    *_rows("total bands missing tax_percents", under="running.", admin=ALWAYS, agency=ALWAYS),
    *_rows(_LINE, under="running.lines.*.", admin=ALWAYS, agency=ALWAYS),
    *_rows(_LINE, under="running.costs.*.", admin=ALWAYS),
    *_rows(
        "tariff.id tariff.name tariff.currency rate.base rate.quote rate.rate rate.on on",
        under="costing.",
        admin=ALWAYS,
    ),
    *_rows(
        "vehicles.*.name vehicles.*.seats guides.*.language guides.*.kind guides.*.name"
        " items.*.name items.*.category items.*.per",
        under="choices.",
        admin=ALWAYS,
        agency=ALWAYS,
    ),
    *_rows("id", under="booking.", admin=ALWAYS, agency=ALWAYS, hotel=BOOKED, client=ALWAYS, guide=ASSIGNED),
    *_rows(
        "reference status steps.*.state",
        under="booking.",
        admin=ALWAYS,
        agency=ALWAYS,
        client=ALWAYS,
        guide=ASSIGNED,
    ),
    # When a step moved would tell a guide how many were asked before.
    *_rows("steps.*.at steps.*.started_at", under="booking.", admin=ALWAYS, agency=ALWAYS, client=ALWAYS),
    *_rows("cancel_reason steps.*.attempts", under="booking.", admin=ALWAYS, agency=ALWAYS),
    *_rows("penalty_percent penalty", under="booking.", admin=ALWAYS, agency=ALWAYS, client=ALWAYS),
    *_rows(
        "id hotel_id hotel_name offer_id state reason answer_by penalty_percent",
        under="booking.lines.*.",
        admin=ALWAYS,
        agency=ALWAYS,
        hotel=OWN,
    ),
    *_rows("net_penalty", under="booking.lines.*.", admin=ALWAYS, hotel=OWN),
    *_rows("agency_penalty", under="booking.lines.*.", admin=ALWAYS, agency=ALWAYS),
    *_rows(
        "id kind amount state at due of reason",
        under="booking.payments.*.",
        admin=ALWAYS,
        agency=ALWAYS,
        client=ALWAYS,
    ),
    *_rows("gateway reference", under="booking.payments.*.", admin=ALWAYS),
    *_rows(
        "id kind name need first last state answer answer_by reason",
        under="booking.holds.*.",
        admin=ALWAYS,
        agency=ALWAYS,
        guide=OWN,
    ),
    *_rows("score", under="booking.holds.*.", admin=ALWAYS, agency=ALWAYS),
    *_rows("resource_id user_id rooms", under="booking.holds.*.", admin=ALWAYS),
    *_rows(
        "name room room_type diet remarks",
        under="booking.rooming.*.",
        admin=ALWAYS,
        agency=ALWAYS,
        hotel=SELECTED,
        client=ALWAYS,
        guide=ASSIGNED,
    ),
)

SHOWN_AS: Final[dict[str, str]] = {
    "award.offer_id": "awarded_offer_id",
    "invitations.*.hotel.id": "invitations.*.hotel_id",
    "invitations.*.hotel.name": "invitations.*.name",
    "invitations.*.hotel.rating": "invitations.*.rating",
    "revealed": "totals",
}
"""Fields of the domain that a view has under another name. Terms and offer contents stand one level higher."""

HIDDEN: Final[dict[str, str]] = {
    "serial": "counts what others do; it never leaves the server",
    "created_at": "told by the history",
    "created_by": "told by the history",
    "changed": "told by the history",
    **{
        f"costing.tariff.{name}": "belongs to the catalogue; lines and choices tell what one may know of it"
        for name in (
            "valid_from",
            "valid_until",
            "vehicles",
            "fuel_percent",
            "guides",
            "staff_night",
            "staff_day",
            "items",
            "contingency_percent",
            "taxes",
        )
    },
    "remind_at": "follows from the deadline; the inbox tells when it has come",
    "company.email": "the platform's contact, not the quotation's",
    "award.at": "the fact of the award carries its time",
    "award.until": "the table has no row for it",
    "invitations.*.hotel.city": "belongs to the catalogue",
    "invitations.*.hotel.distance_km": "belongs to the catalogue",
    "invitations.*.hotel.capacity": "belongs to the catalogue",
    "invitations.*.hotel.amenities": "belongs to the catalogue",
    "invitations.*.hotel.answer_rate": "belongs to the catalogue",
    "invitations.*.seen": "stands in for the terms in that hotel's own view only",
    "offers.*.first_at": "tells how fast a hotel answered; the score says as much as one may know",
    "offers.*.revised_at": "a time of change of a shared row [P4]",
    "offers.*.price_revisions": "the limit's own counter",
    "booking.lines.*.at": "a time of change of a shared row [P4]",
    "booking.created_at": "the fact of the booking carries its time",
    "booking.holds.*.at": "a time of change of a shared row [P4]",
    "booking.priced_by": "the selling price is what it comes to",
}
"""Fields of the domain that no view has, and why."""

_VIEWERS: Final = ("admin", "agency", "hotel", "client", "guide")


def condition(row: Row, kind: str) -> Condition | None:
    """Under which condition viewers of `kind` get the row's field; None for kinds that have no column."""
    return getattr(row, kind) if kind in _VIEWERS else None


def may_see_field(field: str, kind: str) -> bool:
    """Whether viewers of `kind` see a form's field whatever the quotation's state: for focus and typing.

    `field` is a dotted path of the terms (`rooms.double`), or of a hotel's offer form after `offer.`. A field with
    parts counts when every part does; an unknown one never does.
    """
    path = field.replace("offer.", _OFFER, 1) if field.startswith("offer.") else field
    parts = ["*" if part.isdigit() else part for part in path.split(".")]
    cells = [condition(row, kind) for row in FIELDS if row.path.split(".")[: len(parts)] == parts]
    return bool(cells) and all(cell == ALWAYS for cell in cells)
