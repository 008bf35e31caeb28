"""The payloads of the commands that are handled here, with limits on all that a client controls."""

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from backend.domain.refusals import Invalid

Room = Annotated[str, Meta(max_length=128)]
Field = Annotated[str, Meta(max_length=100, pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+){0,5}$")]
P = TypeVar("P", bound=Struct)


class Since(Struct, frozen=True):
    epoch: Annotated[str, Meta(min_length=1, max_length=64)]
    seq: Annotated[int, Meta(ge=0, le=2**53)]


class Join(Struct, frozen=True):
    room: Room
    since: Since | None = None


class Leave(Struct, frozen=True):
    room: Room


class Update(Struct, frozen=True):
    """What is left out stays as it is."""

    room: Room
    focus: Field | UnsetType | None = UNSET
    typing: bool | UnsetType = UNSET


class Ack(Struct, frozen=True):
    ids: Annotated[tuple[Annotated[str, Meta(max_length=64)], ...], Meta(max_length=500)]


class Refresh(Struct, frozen=True):
    token: Annotated[str, Meta(max_length=4_096)]


def parse(payload: Mapping[str, Any], schema: type[P]) -> P:
    """The payload as its schema has it. Raises Invalid, saying what is wrong but never with what value."""
    try:
        return msgspec.convert(payload, schema, strict=True)
    except msgspec.ValidationError as error:
        raise Invalid(str(error)) from None
