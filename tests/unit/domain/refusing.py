"""How tests name the refusal that they expect."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from backend.domain.refusals import Refusal


@contextmanager
def refused(code: str, mentioning: str = "") -> Iterator[pytest.ExceptionInfo[Refusal]]:
    """The block is refused with `code`, in a message that contains `mentioning`."""
    with pytest.raises(Refusal) as caught:
        yield caught
    assert (caught.value.code, mentioning in caught.value.message) == (code, True), caught.value.message
