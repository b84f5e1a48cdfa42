"""The most frequent GETs, answered without Flask's dispatch: that takes longer than finding the answer.

A shortcut answers what the application would, header for header (``tests/web/test_shortcut.py`` compares
them). Whatever is out of the ordinary, errors above all, is left to the application.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from time import perf_counter
from typing import TYPE_CHECKING

from flask import Flask

from terminology.errors import TenElevenError
from web.api.codes import quick_lookup
from web.api.crosswalk import quick_crosswalk
from web.fhir.http.quick import QUICK_OPERATIONS
from web.fhir.outcome import FhirError
from web.gateway.refusal import KEY
from web.http import compression, security
from web.http.cross_origin import origin_headers
from web.opened import opened
from web.process import metrics

Headers = list[tuple[str, str]]

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

#: Answers about one code of one system, by the path above them.
_QUICK_CODES = {"/api/v1/codes": quick_lookup, "/api/v1/crosswalk": quick_crosswalk}
_ABOVE_THEM = "/api/v1/c"
#: A request with one of these is out of the ordinary.
_LEFT_ALONE = frozenset(("HTTP_IF_NONE_MATCH", "HTTP_X_REQUEST_ID", "CONTENT_LENGTH", KEY))
_LANGUAGE, _ENGLISH = "HTTP_ACCEPT_LANGUAGE", "en"
_ALWAYS = tuple(security.HEADERS.items())


class Shortcut:
    """WSGI middleware in front of an application: ``app`` is it, ``inner`` what answers all else."""

    def __init__(self, app: Flask, inner: WSGIApplication) -> None:
        self.app, self.inner = app, inner

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

    def quick(self, environ: WSGIEnvironment) -> tuple[str, list[tuple[str, str]], bytes] | None:
        """Return route, headers and body of the answer to a GET; ``None`` leaves it to the application."""
        if _LEFT_ALONE.isdisjoint(environ) and environ.get(_LANGUAGE, _ENGLISH).startswith(_ENGLISH):
            answer = self._answer(environ)
            if answer is not None:
                route, headers, body = answer
                return route, *self._delivered(environ, headers, body)
        return None

    def _delivered(self, environ: WSGIEnvironment, headers: Headers, body: bytes) -> tuple[Headers, bytes]:
        """Return headers and body as the application sends them: compressed, and open to whom they may be."""
        open_to = origin_headers(self.app, opened(self.app), environ.get("HTTP_ORIGIN"))
        body, encoding = compression.packed(environ, body)
        whole = _whole((*headers, *open_to), encoding)
        return [*whole, ("Content-Length", str(len(body)))], body

    def _answer(self, environ: WSGIEnvironment) -> tuple[str, list[tuple[str, str]], bytes] | None:
        path = environ["PATH_INFO"]
        operation = QUICK_OPERATIONS.get(path)
        try:
            if operation is not None:
                return path, *operation(opened(self.app), environ)
            if path.startswith(_ABOVE_THEM) and path.isascii() and not environ["QUERY_STRING"]:
                above, _, code = path.rpartition("/")
                start, _, system = above.rpartition("/")
                quick = _QUICK_CODES.get(start)
                if quick is not None and system and code:
                    return f"{start}/<system>/<code>", *quick(opened(self.app), system, code)
        except (FhirError, TenElevenError):
            pass
        return None


def is_short(path: str) -> bool:
    """Return whether there may be a shortcut to a path."""
    return path.startswith(_ABOVE_THEM) or path in QUICK_OPERATIONS


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
