"""JSON answers and their cache headers."""

from __future__ import annotations

from datetime import date

import orjson
from flask import Response, request

from web.opened import opened

CACHE_CONTROL = "public, max-age=300"


def answer(payload: object, status: int = 200, mimetype: str = "application/json") -> Response:
    """Return a JSON response. Dataclasses inside the payload are written as objects of their fields."""
    return Response(encoded(payload), status=status, mimetype=mimetype)


def answer_encoded(body: bytes) -> Response:
    """Return JSON that is encoded already."""
    return Response(body, mimetype="application/json")


def headers_of(etag: str) -> list[tuple[str, str]]:
    """Return the headers of a JSON answer that a bundle determines, without a request context."""
    return [("Content-Type", "application/json"), ("Cache-Control", CACHE_CONTROL), ("ETag", etag)]


def encoded(payload: object) -> bytes:
    """Encode a payload as JSON. A kind of date that is not a plain one, as tests use, is a date."""
    return orjson.dumps(payload, default=_day)


def _day(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _day_asked() -> date:
    """The day that the address names, today without one; a day in other words is today's too.

    What a named release says is the same on every day: it is that of the last.
    """
    if "release" in request.args and "date" not in request.args:
        return date.max
    try:
        return date.fromisoformat(request.args["date"]) if "date" in request.args else date.today()
    except ValueError:
        return date.today()


def with_cache_headers(response: Response) -> Response:
    """Give a successful GET its ETag and Cache-Control, and turn it into 304 where the client has it.

    Everything a bundle answers is determined by the address, the bundle, the program and what is in force:
    on the day or in the release that the address names, else today. An answer that has a Cache-Control of
    its own is left as it is.
    """
    kept = "Cache-Control" not in response.headers
    if kept and response.status_code == 200 and request.method in ("GET", "HEAD"):
        response.headers.add("Cache-Control", CACHE_CONTROL)
        response.headers.add("ETag", opened().etag_on(_day_asked()))
        if "HTTP_IF_NONE_MATCH" in request.environ:
            response.make_conditional(request)
    return response
