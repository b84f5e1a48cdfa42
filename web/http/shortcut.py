"""The most frequent GETs, answered without Flask's dispatch: that takes longer than finding the answer.

A shortcut answers what the application would, header for header (``tests/web/test_shortcut.py`` compares
them); its answers are kept as they are sent. What is out of the ordinary, errors above all, is left to the
application.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from time import perf_counter
from typing import TYPE_CHECKING

from flask import Flask

from terminology.bundle.kept import kept_by_size
from terminology.errors import TenElevenError
from web.api.codes.lookup import quick_lookup
from web.api.mapping.crosswalk import quick_crosswalk
from web.fhir.http.quick import QUICK_OPERATIONS
from web.fhir.outcome import FhirError
from web.gateway.refusal import KEY
from web.http import compression, security
from web.http.addresses import own_names, refusal_of
from web.http.cross_origin import origin_headers
from web.opened import HOT_CODES, Opened, opened
from web.process import metrics
from web.settings import EXTENSION as SETTINGS

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

Headers = list[tuple[str, str]]
#: Route, headers and body.
QuickAnswer = tuple[str, Headers, bytes]

#: Answers about one code of one system, by the path above them.
_QUICK_CODES = {"/api/v1/codes": quick_lookup, "/api/v1/crosswalk": quick_crosswalk}
_ABOVE_THEM = "/api/v1/c"
#: The headers that an answer depends on: a shortcut is shown no others.
_HEADERS_READ = ("HTTP_ACCEPT", "HTTP_ACCEPT_ENCODING", "HTTP_ACCEPT_LANGUAGE", "HTTP_ORIGIN")
#: A request with one of these is out of the ordinary.
_LEFT_ALONE = frozenset(("HTTP_IF_NONE_MATCH", "HTTP_X_REQUEST_ID", "HTTP_PREFER", "CONTENT_LENGTH", KEY))
#: Characters of a query and headers together that an answer is kept for.
_LONGEST_KEPT = 2_048
_LANGUAGE, _ENGLISH = "HTTP_ACCEPT_LANGUAGE", "en"
_ALWAYS = tuple(security.HEADERS.items())


class Shortcut:
    """WSGI middleware in front of an application: ``app`` is it, ``inner`` what answers all else."""

    def __init__(self, app: Flask, inner: WSGIApplication) -> None:
        self.app, self.inner = app, inner
        self._names = own_names(app.extensions[SETTINGS])

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer, or let the application do it."""
        if environ["REQUEST_METHOD"] == "GET":
            begun = perf_counter()
            answer = self.quick(environ)
            if answer is not None:
                route, headers, body = answer
                metrics.count(route, "GET", 200, perf_counter() - begun, (0, len(body)))
                start_response("200 OK", headers)
                return [body]
        return self.inner(environ, start_response)

    def quick(self, environ: WSGIEnvironment) -> QuickAnswer | None:
        """Return the answer to a GET; ``None`` leaves it to the application.

        Its headers are kept with it, and not to be changed.
        """
        path = environ["PATH_INFO"]
        if not (is_short(path) and _LEFT_ALONE.isdisjoint(environ) and self._is_welcome(environ)):
            return None
        read = tuple(map(environ.get, _HEADERS_READ))
        try:
            return _answered(opened(self.app), date.today(), self.app, path, environ["QUERY_STRING"], read)
        except (FhirError, TenElevenError, _LeftAloneError):
            return None

    def _is_welcome(self, environ: WSGIEnvironment) -> bool:
        return refusal_of(environ.get("HTTP_HOST", ""), self._names) is None


class _LeftAloneError(Exception):
    """There is no shortcut to what is asked for; raised, since what is returned is kept."""


def is_short(path: str) -> bool:
    """Return whether there may be a shortcut to a path."""
    return (path.startswith(_ABOVE_THEM) and path.isascii()) or path in QUICK_OPERATIONS


@kept_by_size(HOT_CODES, lambda answer: len(answer[2]))
def _answered(
    here: Opened, today: date, app: Flask, path: str, query: str, read: tuple[str | None, ...]
) -> QuickAnswer:
    """Return an answer as the application sends it: compressed, and open to whom it may be."""
    environ = {name: value for name, value in zip(_HEADERS_READ, read, strict=True) if value is not None}
    if not environ.get(_LANGUAGE, _ENGLISH).startswith(_ENGLISH):
        raise _LeftAloneError
    if len(query) + sum(map(len, environ.values())) > _LONGEST_KEPT:
        raise _LeftAloneError
    environ |= {"PATH_INFO": path, "QUERY_STRING": query}
    route, headers, body = _made(here, environ)
    open_to = origin_headers(app, here, environ.get("HTTP_ORIGIN"))
    body, encoding = compression.packed(environ, body)
    whole = _whole((*headers, *open_to), encoding)
    return route, [*whole, ("Content-Length", str(len(body)))], body


def _made(here: Opened, environ: WSGIEnvironment) -> QuickAnswer:
    path = environ["PATH_INFO"]
    operation = QUICK_OPERATIONS.get(path)
    if operation is not None:
        return path, *operation(here, environ)
    above, _, code = path.rpartition("/")
    start, _, system = above.rpartition("/")
    quick = _QUICK_CODES.get(start)
    if quick is None or not system or not code or environ["QUERY_STRING"]:
        raise _LeftAloneError
    return f"{start}/<system>/<code>", *quick(here, system, code)


@lru_cache(maxsize=256)
def _whole(headers: tuple[tuple[str, str], ...], encoding: str | None) -> Headers:
    """Return the headers of an answer but its length: few differ, so that they are put together once."""
    varies = [name for header, names in headers if header == "Vary" for name in names.split(", ")]
    vary = ("Vary", ", ".join(dict.fromkeys((*varies, compression.VARY))))
    others = [header for header in headers if header[0] != "Vary"]
    encoded = [] if encoding is None else [("Content-Encoding", encoding)]
    return [*others, *encoded, vary, *_ALWAYS]


def register(app: Flask) -> None:
    """Put the shortcut in front of an application."""
    app.wsgi_app = Shortcut(app, app.wsgi_app)  # type: ignore[method-assign]
