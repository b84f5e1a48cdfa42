"""Every request has an id: the client's own ``X-Request-ID`` if it is a plain word, else one made here.

It stands in problems and outcomes of faults, in the log, and in the answer's ``X-Request-ID``; there not
where a plain GET succeeds, whose answer caches keep for others, unless the client sent an id.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from secrets import token_hex
from typing import Any

from flask import Flask, Response, request

KEY = "teneleven.request_id"
HEADER = "X-Request-ID"
_WORD = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)


def request_id_of(environ: Mapping[str, Any]) -> str:
    """Return the id of a request from its WSGI environment, a new one if it brings none that can be used."""
    own = environ.get(KEY) or environ.get("HTTP_X_REQUEST_ID")
    return own if isinstance(own, str) and _WORD.fullmatch(own) else token_hex(6)


def request_id() -> str:
    """Return the id of the current request."""
    found: str = request.environ.setdefault(KEY, request_id_of(request.environ))
    return found


def register(app: Flask) -> None:
    """Give the responses of an application the ids of their requests."""
    app.after_request(_told)


def _told(response: Response) -> Response:
    plain = request.method in ("GET", "HEAD") and response.status_code < 400
    if not plain or "HTTP_X_REQUEST_ID" in request.environ:
        response.headers.setdefault(HEADER, request_id())
    return response
