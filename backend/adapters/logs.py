"""How the server logs: one line an event to standard error, for people on a terminal and as JSON elsewhere."""

import asyncio
import logging
import sys
import traceback
from typing import Any

import structlog


def configure(level: str) -> None:
    """Sets up structlog, and the standard library's loggers of what we use, from `level` upwards."""
    number = logging.getLevelNamesMapping()[level.upper()]
    logging.basicConfig(
        level=max(number, logging.WARNING), stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s"
    )
    logging.getLogger("uvicorn.error").addFilter(_not_cut_off)
    renderer: Any = (
        structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else structlog.processors.JSONRenderer(sort_keys=True)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def report(event: str, failure: Exception, **context: Any) -> None:
    """Logs a failure of ours: its kind and where it happened, not its message, which may hold a payload [P3]."""
    where = "".join(traceback.format_tb(failure.__traceback__))
    structlog.get_logger().error(event, failure=type(failure).__name__, where=where, **context)


def _not_cut_off(record: logging.LogRecord) -> bool:
    """Requests that a stop cut off are no error of theirs, nor are connections of clients that answer nothing."""
    cut_off = record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError)
    return not (cut_off or (record.args == (0,) and str(record.msg).startswith("Cancel %s running task")))
