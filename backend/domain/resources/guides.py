"""Guides of the catalogue: what they speak, know and may do, and where they are at home."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from backend.domain.money import percentage
from backend.domain.programme import Code
from backend.domain.resources.places import Name, Place
from backend.domain.terms import Id

Level = Literal["native", "fluent", "basic"]
Skill = Annotated[str, Meta(min_length=1, max_length=60, pattern=r"^[^\u0000-\u001f\u007f]+$")]


class Spoken(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A language, by the code that tariffs know it by (`es`), and how well somebody speaks it."""

    language: Code
    level: Level = "fluent"


class Certificate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A licence or a course; without `expires`, the last day that it is good for, it is good for ever."""

    name: Skill
    expires: date | None = None


class Guide(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A guide. `kind` is a tariff's, `user_id` the login of those who have one, `rating` is 0..5; who is not `active`
    gets no booking."""

    id: Id
    name: Name
    kind: Code = "local"
    user_id: Id | None = None
    phone: Annotated[str, Meta(max_length=40, pattern="^[0-9+() -]*$")] = ""
    languages: Annotated[tuple[Spoken, ...], Meta(max_length=20)] = ()
    skills: Annotated[tuple[Skill, ...], Meta(max_length=40)] = ()
    certificates: Annotated[tuple[Certificate, ...], Meta(max_length=40)] = ()
    rating: Decimal = Decimal(0)
    home: Place | None = None
    active: bool = True

    def __post_init__(self) -> None:
        percentage(self.rating, up_to=5)
        for what, names in (("language", self.spoken), ("certificate", self.certified), ("skill", self.skills)):
            if len(set(names)) < len(names):
                raise ValueError(f"each {what} stands once")

    @property
    def spoken(self) -> tuple[str, ...]:
        return tuple(one.language for one in self.languages)

    @property
    def certified(self) -> tuple[str, ...]:
        return tuple(one.name.casefold() for one in self.certificates)
