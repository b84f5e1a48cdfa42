"""HTTP around FHIR: answers and errors with their headers, caching."""

from __future__ import annotations

import logging
from typing import Any

from flask import Response, request
from werkzeug.exceptions import HTTPException

from terminology.errors import TenElevenError
from web.fhir.fhir_release import FhirRelease
from web.fhir.http.formats import encoded, in_form, require_offered, sent_json
from web.fhir.outcome import FhirError, Issue, issue, outcome
from web.http.addresses import NOT_KEPT, may_be_kept
from web.http.request_ids import request_id
from web.opened import opened
from web.problems import PROBLEMS, TOO_LARGE
from web.responses import CACHE_CONTROL

Json = dict[str, Any]
Environ = dict[str, Any]
Headers = list[tuple[str, str]]
_VARY = ("Vary", "Accept, Accept-Encoding, Accept-Language")
#: FHIR's issue type of what is refused before an operation sees it, by HTTP status.
_REFUSED = {401: "login", 408: "timeout", 413: "too-costly", 429: "throttled", 503: "transient"}
_LOG = logging.getLogger("teneleven.fhir")


def answer(resource: Json, status: int = 200) -> Response:
    """Return a resource in the form the client asks for."""
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
    """Return the headers of an answer and its body in the form asked for.

    ``etag`` is for an answer that may be kept.
    """
    kind, body = in_form(body, environ)
    headers = [("Content-Type", f"{kind}; charset=utf-8"), _VARY]
    if etag is not None:
        headers += (("Cache-Control", CACHE_CONTROL), ("ETag", _tag(etag, kind)))
    return headers, body


def _tag(etag: str, kind: str) -> str:
    """Return the tag of an answer: a client that has the JSON of it has not its XML."""
    return f'{etag[:-1]}-xml"' if "xml" in kind else etag


def check_acceptable() -> None:
    """Refuse the current request when it is for a form that is not offered (406)."""
    require_offered(request.environ)


def sent_data(fhir: FhirRelease) -> bytes:
    """Return the body of the current request as JSON, empty for a GET."""
    if request.environ["REQUEST_METHOD"] != "POST":
        return b""
    return sent_json(request.get_data(), request.content_type, fhir)


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
