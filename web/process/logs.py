"""The log: lines on standard error, text or JSON, with ids, routes, statuses, times; never what was asked."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

import orjson

from web.settings import Settings

ACCESS = logging.getLogger("teneleven.access")
_TEXT = "%(asctime)s %(levelname)s %(name)s %(message)s"
_OWN = ("teneleven", "granian", "_granian")
#: What a line may carry besides its message.
FIELDS = ("request_id", "route", "method", "status", "seconds", "request_bytes", "answer_bytes", "client")


class JsonLines(logging.Formatter):
    """A log record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; a traceback is its ``fault``."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info:
            line["fault"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str).decode()


def write_logs(settings: Settings) -> None:
    """Send this process's log to standard error in the form the settings name."""
    stream = logging.StreamHandler()
    stream.setFormatter(JsonLines() if settings.log_format == "json" else logging.Formatter(_TEXT))
    for name in _OWN:
        logger = logging.getLogger(name)
        logger.handlers[:] = [stream]
        logger.propagate = False
        logger.setLevel(logging.WARNING)
    ACCESS.setLevel(logging.INFO if settings.access_log else logging.WARNING)


def granian_config(settings: Settings) -> dict[str, Any]:
    """Return the logging configuration by which granian's own lines look like ours."""
    form = {"()": "web.process.logs.JsonLines"} if settings.log_format == "json" else {"format": _TEXT}
    logger = {"handlers": ["stderr"], "level": "WARNING", "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": form},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "loggers": dict.fromkeys(_OWN, logger),
    }


def log_access(
    request_id: str, route: str, method: str, status: int, seconds: float, sizes: tuple[int, int], client: str
) -> None:
    """Write one request's line; ``sizes`` are the bytes received and sent."""
    fields = dict(
        zip(FIELDS, (request_id, route, method, status, round(seconds, 6), *sizes, client), strict=True)
    )
    ACCESS.info("%s %s %s %d %.4fs", request_id, method, route, status, seconds, extra=fields)
