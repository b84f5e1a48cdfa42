"""HTTP around FHIR: what the client accepts, JSON in and out, compression, CORS, caching, errors."""

from __future__ import annotations

import gzip
import logging
from typing import Any

import orjson
from flask import Response, request
from werkzeug.exceptions import HTTPException

from terminology.errors import TenElevenError
from web.addresses import NOT_KEPT, may_be_kept
from web.fhir.outcome import FhirError, Issue, issue, outcome, refuse
from web.fhir.parameters import Inputs
from web.opened import opened
from web.problems import PROBLEMS, TOO_LARGE
from web.request_ids import request_id
from web.responses import CACHE_CONTROL

Json = dict[str, Any]
Environ = dict[str, Any]
Headers = list[tuple[str, str]]
MIMETYPE = "application/fhir+json"
_PLAIN = "application/json"
_FORMATS = ("json", _PLAIN, MIMETYPE, "text/json", "application/json+fhir")
_ACCEPTED = ("json", "*/*", "text/html", "application/*")
_SMALL = 1_000
_ALWAYS = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "ETag"),
    ("Vary", "Accept, Accept-Encoding, Accept-Language"),
)
_PREFLIGHT = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Allow-Methods", "GET, POST, OPTIONS"),
    ("Access-Control-Allow-Headers", "Accept, Accept-Language, Content-Type, If-None-Match, Prefer"),
    ("Access-Control-Max-Age", "86400"),
)
#: FHIR's issue type of what is refused before an operation sees it, by HTTP status.
_REFUSED = {401: "login", 408: "timeout", 413: "too-costly", 429: "throttled", 503: "transient"}
_LOG = logging.getLogger("teneleven.fhir")


def answer(resource: Json, status: int = 200) -> Response:
    """Return a resource as JSON in the form the client asks for."""
    return answer_encoded(encoded(resource, request.environ["QUERY_STRING"]), status)


def answer_encoded(body: bytes, status: int = 200) -> Response:
    """Return a resource that is encoded already.

    All headers are set at once: setting them one by one is what most of a quick answer's time would go to.
    """
    environ = request.environ
    kept = status == 200 and environ["REQUEST_METHOD"] in ("GET", "HEAD")
    kept = kept and may_be_kept()
    headers, sent = written(environ, body, opened().etag if kept else None)
    if not may_be_kept():
        headers.append(("Cache-Control", NOT_KEPT))
    response = Response(sent, status, headers)
    if kept and "HTTP_IF_NONE_MATCH" in environ:
        response.make_conditional(request)
    return response


def written(environ: Environ, body: bytes, etag: str | None) -> tuple[Headers, bytes]:
    """Return the headers of an answer and its body as sent: compressed if it is large and gzip is accepted.

    ``etag`` is for an answer that may be kept.
    """
    headers = [("Content-Type", f"{_mimetype(environ)}; charset=utf-8"), *_ALWAYS]
    if etag is not None:
        headers += (("Cache-Control", CACHE_CONTROL), ("ETag", f"W/{etag}"))
    if len(body) > _SMALL and "gzip" in environ.get("HTTP_ACCEPT_ENCODING", ""):
        headers.append(("Content-Encoding", "gzip"))
        body = gzip.compress(body, 4, mtime=0)
    return headers, body


def encoded(resource: Json, query: str) -> bytes:
    """Encode a resource, indented for ``_pretty=true`` in the query string."""
    return orjson.dumps(resource, option=orjson.OPT_INDENT_2 if "_pretty=true" in query else None)


def check_acceptable() -> None:
    """Refuse the current request when it is for another format than JSON (406)."""
    require_json(request.environ)


def require_json(environ: Environ) -> None:
    """Raise :class:`FhirError` for a request that asks for another format than JSON."""
    wanted = _format(environ)
    if wanted is not None:
        if wanted not in _FORMATS:
            raise refuse(406, "NOT_ACCEPTABLE", wanted=wanted)
        return
    accept = environ.get("HTTP_ACCEPT", "")
    if accept and not any(kind in accept for kind in _ACCEPTED):
        raise refuse(406, "NOT_ACCEPTABLE", wanted=accept)


def body() -> Json:
    """Return the JSON body of a POST. Raises :class:`FhirError` when it is none."""
    if "xml" in (request.content_type or ""):
        raise refuse(415, "NOT_ACCEPTABLE", wanted="XML")
    try:
        found = orjson.loads(request.get_data())
    except orjson.JSONDecodeError as fault:
        raise refuse(400, "INVALID_BODY", reason=f"it is not JSON ({fault})") from fault
    if not isinstance(found, dict):
        raise refuse(400, "INVALID_BODY", reason="expected one resource")
    return found


def finish(response: Response) -> Response:
    """Tell a browser's preflight request what is allowed; other answers have their headers already."""
    if request.environ["REQUEST_METHOD"] == "OPTIONS":
        response.headers.extend(_PREFLIGHT)
    return response


def from_fhir_error(error: FhirError) -> Response:
    """Answer with the OperationOutcome of an error."""
    return answer(outcome(error.issues), error.status)


def from_domain_error(error: TenElevenError) -> Response:
    """Answer with what the domain refused."""
    cls = next(c for c in type(error).__mro__ if c in PROBLEMS)
    kind, status, _ = PROBLEMS[cls]
    code = "not-found" if status == 404 else "invalid"
    told = Issue(kind, "error", code, "not-found" if status == 404 else "invalid-data", str(error), said=True)
    return answer(outcome([told]), status)


def from_http_error(error: HTTPException) -> Response | HTTPException:
    """Answer with what the server refused before an operation saw it."""
    status = error.code or 500
    if status < 400:
        return error
    if status == 405:
        told = issue("METHOD_NOT_ALLOWED", method=request.method, path=request.path)
    elif status == 404:
        told = issue("NO_SUCH_PLACE", path=request.path)
    elif status in _REFUSED:
        text = str(error.description)
        told = Issue("REFUSED", "error", _REFUSED[status], "", text, said=True, diagnostics=_numbered())
    else:
        told = issue("INVALID_BODY", reason=str(error.description))
    response = answer(outcome([told]), status)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After", "WWW-Authenticate"):
            response.headers[name] = value
    return response


def from_too_deep(error: RecursionError) -> Response:
    """Answer a body that is nested deeper than it can be read."""
    return answer(outcome([issue("INVALID_BODY", reason="it is nested too deeply")]), 400)


def from_too_large(error: MemoryError) -> Response:
    """Answer a request that needs more memory than it may have."""
    told = Issue("REFUSED", "error", "too-costly", "", TOO_LARGE, said=True, diagnostics=_numbered())
    return answer(outcome([told]), 413)


def _numbered() -> str:
    return f"request {request_id()}"


def from_crash(error: Exception) -> Response:
    """Answer a fault of ours; its cause is in the log only."""
    _LOG.exception("request %s: %s %s failed", request_id(), request.method, request.path, exc_info=error)
    return answer(outcome([issue("INTERNAL", diagnostics=_numbered())]), 500)


def _format(environ: Environ) -> str | None:
    """Return the media type that ``_format`` asks for."""
    if "_format=" not in environ["QUERY_STRING"]:
        return None
    wanted = Inputs.of_query_string(environ["QUERY_STRING"]).text("_format")
    return None if wanted is None else wanted.replace(" ", "+").split(";")[0]


def _mimetype(environ: Environ) -> str:
    wanted = _format(environ)
    if wanted is not None:
        return _PLAIN if wanted in (_PLAIN, "text/json") else MIMETYPE
    accept = environ.get("HTTP_ACCEPT", "")
    return _PLAIN if _PLAIN in accept and "fhir" not in accept else MIMETYPE
