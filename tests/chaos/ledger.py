"""What was done and answered, and which texts may be seen by whom: the truth that the checks compare with."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.chaos.people import Person, client_of, company_of

Kind = Literal["terms", "agency", "offer", "hotel", "everybody", "guests", "line"]


@dataclass(frozen=True)
class Mark:
    """A text that stands in one field. `hotel` is whose offer or line it is, `at` when it was first sent."""

    text: str
    kind: Kind
    quotation: int
    hotel: str
    at: float


@dataclass
class Done:
    """A command and its definite answer; `at` is when it was first sent, None while there is no answer."""

    who: str
    name: str
    payload: Mapping[str, Any]
    quotation: int
    at: float
    mark: Mark | None = None
    answer: dict[str, Any] | None = None

    @property
    def ok(self) -> bool:
        return self.answer is not None and bool(self.answer["ok"])


@dataclass
class Ledger:
    """`ids` are the quotations'. `rates` are the net rates as text, with their marks: amounts may be searched, too."""

    seed: int
    ids: list[str] = field(default_factory=list)
    done: list[Done] = field(default_factory=list)
    marks: dict[str, Mark] = field(default_factory=dict)
    repeated: list[tuple[Done, dict[str, Any]]] = field(default_factory=list)
    _number: Iterator[int] = field(default_factory=itertools.count)

    def mark(self, kind: Kind, quotation: int, at: float, hotel: str = "") -> Mark:
        """A text that is nowhere else."""
        mark = Mark(f"mk{self.seed}n{next(self._number)}z", kind, quotation, hotel, at)
        self.marks[mark.text] = mark
        return mark

    def rate(self, quotation: int, at: float, hotel: str) -> str:
        """A net rate that is nowhere else."""
        number = next(self._number)
        text = f"{100_000 + (self.seed * 7_919 + number * 104_729) % 899_000}.{13 + number % 86}"
        self.marks[text] = Mark(text, "hotel", quotation, hotel, at)
        return text

    def may_see(self, person: Person, mark: Mark, at: float) -> bool:
        """Whether somebody may have been shown a text at a time, by the table of who may see what."""
        if mark.kind == "everybody" or person.role == "admin":
            return True
        if person.role == "agent":
            return person.place == company_of(mark.quotation) and mark.kind != "hotel"
        if person.role == "client":
            return person is client_of(mark.quotation) and mark.kind in ("terms", "guests")
        return person.role == "hotel" and self._hotel_may_see(person.place, mark, at)

    def invited(self, hotel: str, quotation: int) -> bool:
        """Whether somebody asked that hotel for an offer, with or without success."""
        return any(
            hotel in one.payload["hotel_ids"]
            for one in self.done
            if one.quotation == quotation and one.name in ("quotation.publish", "quotation.invite")
        )

    def awarded(self, hotel: str, quotation: int) -> bool:
        """Whether an offer of that hotel was awarded."""
        theirs = {
            one.answer["data"]["offer"]["id"]
            for one in self.done
            if one.ok
            and one.answer
            and one.name == "offer.submit"
            and one.payload["quotation_id"] == self.ids[quotation]
            and one.answer["data"]["offer"]["hotel_id"] == hotel
        }
        return any(one.payload["offer_id"] in theirs for one in self.done if one.name == "quotation.award")

    def _hotel_may_see(self, hotel: str, mark: Mark, at: float) -> bool:
        if mark.kind == "terms":
            return self.invited(hotel, mark.quotation)
        if mark.kind == "guests":
            return self.awarded(hotel, mark.quotation)
        if mark.hotel == hotel:
            return True
        is_rate = mark.kind == "hotel" and not mark.text.startswith("mk")
        return is_rate and self.granted(hotel, mark.quotation, at)

    def granted(self, hotel: str, quotation: int, at: float) -> bool:
        """Whether an admin had begun to let the hotel see its rivals' offers by then."""
        grants = (one for one in self.done if one.name == "quotation.grant" and one.quotation == quotation)
        return any(one.payload["hotel_id"] == hotel and one.at <= at for one in grants)
