"""The one tree of typed refusals.

    Refusal                 a command that may not or cannot be done; the asker is told `code` and why
    ├── Forbidden           not theirs, or not there: both look the same
    ├── Invalid             the request itself is malformed
    └── Conflict            somebody else changed the same field first

A refusal is an answer, not a failure: it is never logged as an error and never carries what the asker may not see.
"""

from collections.abc import Mapping
from typing import Any, Literal

Code = Literal[
    "auth.expired",
    "auth.invalid",
    "auth.required",
    "auth.revoked",
    "booking.not_found",
    "catalogue.conflict",
    "catalogue.full",
    "catalogue.not_found",
    "change.pending",
    "command.forbidden",
    "command.invalid",
    "command.unknown",
    "document.not_found",
    "internal",
    "offer.bad_currency",
    "offer.not_found",
    "offer.too_late",
    "offer.too_many_revisions",
    "payment.not_found",
    "payment.refused",
    "person.not_found",
    "quotation.conflict",
    "quotation.not_found",
    "quotation.wrong_state",
    "rate.limited",
    "reader.slow",
    "resource.not_found",
    "resource.released",
    "resource.taken",
    "room.forbidden",
    "room.too_many",
    "room.unknown",
    "server.draining",
    "session.too_many",
    "workflow.not_found",
]
"""Every "no" of the wire protocol, those that end a session among them."""


class Refusal(Exception):
    """A typed "no". `code` is a name of the wire protocol, `message` is for people, in English.

    `data` holds details for machines; `retry_after` is in seconds, where waiting helps.
    """

    def __init__(
        self,
        code: Code,
        message: str,
        *,
        data: Mapping[str, Any] | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.code: Code = code
        self.message = message
        self.data = data
        self.retry_after = retry_after


class Forbidden(Refusal):
    """What one may not see and what does not exist are told apart by nobody."""


class Invalid(Refusal):
    """The payload breaks the schema or a rule that needs no state to check."""

    def __init__(self, message: str, *, data: Mapping[str, Any] | None = None) -> None:
        super().__init__("command.invalid", message, data=data)


class Conflict(Refusal):
    """`data` is `{version, fields: {field: {value, by, at}}}`; nothing was applied."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__("quotation.conflict", "Somebody else changed the same field since your version.", data=data)


def quotation_not_found() -> Forbidden:
    return Forbidden("quotation.not_found", "There is no such quotation.")


def booking_not_found() -> Forbidden:
    return Forbidden("booking.not_found", "There is no such booking.")


def revoked() -> Refusal:
    """A genuine token whose person has other rights by now, or none: another login tells."""
    return Refusal("auth.revoked", "Your rights have changed, or this login was ended; log in again.")


def wrong_state(message: str) -> Refusal:
    return Refusal("quotation.wrong_state", message)


def require_reason(reason: str) -> None:
    """Raises:
    Invalid: the reason is empty.
    """
    if not reason.strip():
        raise Invalid("reason: is missing", data={"field": "reason"})
