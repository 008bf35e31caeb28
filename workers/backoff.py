"""How long to wait before something that failed is tried again."""

import random


def pause(tries: int, first: float, longest: float) -> float:
    """Seconds: doubles with every try; jitter keeps many that failed together from coming back together."""
    return min(longest, first * 2.0 ** min(tries, 32)) * random.uniform(0.5, 1.0)  # noqa: S311 - not a secret
