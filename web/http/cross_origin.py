"""Which pages of other origins may read what this server answers (CORS).

What is public anyway may be read by any page, without credentials: the GETs of the API, and FHIR. Where the
server holds what is not everybody's, a licensee's CPT or the operator's own FHIR resources, pages of other
origins may read nothing unless the operator names them: a browser inside a house would carry it out.
"""

from __future__ import annotations

import logging

from flask import Flask, Response, current_app, request

from terminology.systems import CPT
from web.opened import Opened, opened
from web.settings import ANY_ORIGIN, Settings

_EXTENSION = "teneleven.origins"
_LOG = logging.getLogger("teneleven.web")
_API, _FHIR = "/api/", "/fhir"
_METHODS = {_API: "GET, HEAD, OPTIONS", _FHIR: "GET, HEAD, POST, OPTIONS"}
_ALLOW = "Access-Control-Allow-Origin"
_EXPOSED = ("Access-Control-Expose-Headers", "ETag, Retry-After, X-Request-ID")
_PREFLIGHT = (
    (
        "Access-Control-Allow-Headers",
        "Accept, Accept-Language, Content-Type, If-None-Match, Prefer, X-Request-ID",
    ),
    ("Access-Control-Max-Age", "86400"),
)


def register(app: Flask, settings: Settings) -> None:
    """Let pages of other origins read an application's answers, as the settings say."""
    app.extensions[_EXTENSION] = settings.origins
    app.after_request(_allowed)
    tell(app)


def withheld(here: Opened) -> str | None:
    """Return why pages of other origins may not read an open bundle by default; ``None`` if they may."""
    if CPT.id in here.store.systems():
        return "CPT is loaded, whose content is licensed"
    return "FHIR resources of your own are served" if here.resources.fingerprint else None


def tell(app: Flask) -> None:
    """Write into the log where the default lets no other origin in, and why."""
    why = withheld(opened(app)) if app.extensions[_EXTENSION] is None else None
    if why:
        _LOG.warning("%s: pages of other origins may not read the API; --cors-origins names some", why)


def origin_headers(app: Flask, here: Opened, origin: str | None) -> list[tuple[str, str]]:
    """Return the headers that let a page of ``origin`` read an answer; with named origins ``Vary`` too."""
    allowed = app.extensions[_EXTENSION]
    if allowed is None:
        allowed = () if withheld(here) else (ANY_ORIGIN,)
    if allowed == (ANY_ORIGIN,):
        return [(_ALLOW, ANY_ORIGIN), _EXPOSED]
    if not allowed:
        return []
    if origin is None or origin not in allowed:
        return [("Vary", "Origin")]
    return [("Vary", "Origin"), (_ALLOW, origin), _EXPOSED]


def _allowed(response: Response) -> Response:
    method, place = request.method, _place(request.path)
    if place is None or (place == _API and method == "POST"):
        return response
    for name, value in origin_headers(current_app, opened(), request.environ.get("HTTP_ORIGIN")):
        if name == "Vary":
            response.vary.add(value)
        else:
            response.headers[name] = value
    if method == "OPTIONS" and _ALLOW in response.headers:
        response.headers["Access-Control-Allow-Methods"] = _METHODS[place]
        response.headers.extend(_PREFLIGHT)
    return response


def _place(path: str) -> str | None:
    """Which of the faces for programs a path belongs to."""
    return next((place for place in _METHODS if path.startswith(place)), None)
