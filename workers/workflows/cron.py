"""When something that happens again and again is next."""

from datetime import datetime

from croniter import croniter


def following(expression: str, now: datetime) -> datetime:
    """The first time after `now`, in its zone, of a cron expression: minute, hour, day, month, day of the week."""
    found: datetime = croniter(expression, now).get_next(datetime)
    return found
