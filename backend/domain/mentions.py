"""Mentions: colleagues addressed in a quotation's notes, as `@ana` or, whole, `@ana@andes.demo`.

What stands behind the `@` is an e-mail address or what such an address has before its own `@`; capitals make no
difference, and punctuation at its end is none of it. An address in running text has no `@` in front and is no mention.
"""

import re
from collections import Counter
from typing import Final

from backend.domain.terms import Terms

WHERE: Final = ("notes", "internal_notes")
_MENTION: Final = re.compile(r"(?<![\w@])@([\w.%+-]+(?:@[\w-]+(?:\.[\w-]+)+)?)")


def added(before: Terms | None, after: Terms) -> list[str]:
    """What is mentioned more often in one of the notes than it was there before, sorted; in lower case."""
    new = (_counted(after, field) - _counted(before, field) for field in WHERE)
    return sorted({mention for more in new for mention in more})


def names(mention: str, email: str) -> bool:
    """Whether the mention is of the person with this address."""
    address = email.casefold()
    return mention == (address if "@" in mention else address.partition("@")[0])


def _counted(terms: Terms | None, field: str) -> Counter[str]:
    text = getattr(terms, field) if terms else ""
    return Counter(found.rstrip(".-").casefold() for found in _MENTION.findall(text))
