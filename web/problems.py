"""Every error as ``application/problem+json`` (RFC 9457), or as a page for a reader, in this one place."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from apiflask import APIFlask
from apiflask.exceptions import HTTPError
from flask import Response, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RoutingException

from terminology import errors
from web.http.request_ids import request_id
from web.responses import answer

MIMETYPE = "application/problem+json"
#: Paths that programs ask: their errors are problem documents whatever they accept.
_PROGRAMS = ("/api/", "/fhir", "/healthz", "/readyz", "/metrics", "/static/")
TOO_LARGE = "this needs more memory than a request may have; send it in parts, or use the command line"
#: marshmallow's name for an error of the whole, and how many errors of one body are named.
_WHOLE, _MOST_NAMED = "_schema", 20
_LOG = logging.getLogger("teneleven.web")

#: type of problem, HTTP status and title of each error of the domain; the most specific class counts.
PROBLEMS: dict[type[errors.TenElevenError], tuple[str, int, str]] = {
    errors.UnknownSystemError: ("unknown-system", 404, "Unknown code system"),
    errors.UnknownReleaseError: ("unknown-release", 404, "Unknown release"),
    errors.CodeNotValidError: ("code-not-valid", 404, "Code not valid on the date"),
    errors.UnknownCodeError: ("unknown-code", 404, "Unknown code"),
    errors.ClusterSyntaxError: ("invalid-cluster", 400, "Not an ICD-11 expression"),
    errors.InvalidRequestError: ("invalid-request", 400, "Request not understood"),
    errors.ReleaseFormatError: ("invalid-file", 400, "File not understood"),
    errors.UnsafeArchiveError: ("unsafe-file", 400, "File refused"),
    errors.TooLargeError: ("too-large", 413, "Too large"),
    errors.DataNotAvailableError: ("data-not-available", 404, "Data not loaded"),
    errors.BundleError: ("bundle", 503, "Bundle not usable"),
    errors.TenElevenError: ("error", 400, "Request failed"),
}
#: What an error says beside its sentence.
_MEMBERS = (
    "suggestions", "elsewhere", "position", "known", "loaded",
    "code_status", "successors", "heading", "begins", "ended",
)  # fmt: skip
_PARAMETERS: dict[type[errors.TenElevenError], str] = {
    errors.UnknownSystemError: "system",
    errors.UnknownReleaseError: "release",
    errors.UnknownCodeError: "code",
    errors.CodeNotValidError: "code",
    errors.ClusterSyntaxError: "expression",
}


def problem(kind: str, title: str, status: int, detail: str, **members: Any) -> Response:
    """Return a problem document; ``kind`` becomes a relative reference into the documentation page.

    Outside the API and FHIR, a client that prefers HTML gets the same words as a page.
    """
    if _for_a_reader():
        part = "partials/error.html" if "HX-Request" in request.headers else "error.html"
        return Response(
            render_template(part, title=title, detail=detail, **members), status, mimetype="text/html"
        )
    body = {"type": f"/docs#{kind}", "title": title, "status": status, "detail": detail, **members}
    return answer(body, status, MIMETYPE)


def register(app: APIFlask) -> None:
    """Turn domain errors, HTTP errors, validation errors and crashes into problem documents."""
    app.error_processor(_from_validation)  # first: it also registers a handler of APIFlask's own
    app.register_error_handler(errors.TenElevenError, _from_domain)
    app.register_error_handler(HTTPException, _from_http)
    app.register_error_handler(RecursionError, _from_too_deep)
    app.register_error_handler(MemoryError, _from_too_large)
    app.register_error_handler(Exception, _from_crash)


def _for_a_reader() -> bool:
    """Whether the request is for a page: no program's path, and HTML is what is wanted most."""
    if request.path.startswith(_PROGRAMS):
        return False
    return request.accept_mimetypes.best_match(
        [MIMETYPE, "application/json", "text/html"]
    ) == "text/html" or ("HX-Request" in request.headers)


def _from_domain(error: errors.TenElevenError) -> Response:
    kind, status, title = PROBLEMS[_problem_class(error)]
    return problem(kind, title, status, str(error), **_members(error))


def problem_of(error: errors.TenElevenError) -> dict[str, Any]:
    """Return the problem document of an error as it stands in a list of answers."""
    kind, status, title = PROBLEMS[_problem_class(error)]
    return {
        "type": f"/docs#{kind}",
        "title": title,
        "status": status,
        "detail": str(error),
        **_members(error),
    }


def _problem_class(error: errors.TenElevenError) -> type[errors.TenElevenError]:
    return next(c for c in type(error).__mro__ if c in PROBLEMS)


def _members(error: errors.TenElevenError) -> dict[str, Any]:
    """What an error says beside its sentence, where it says something."""
    cls, members = _problem_class(error), dict[str, Any]()
    parameter = getattr(error, "parameter", None) or _PARAMETERS.get(cls)
    if parameter:
        members["parameter"] = parameter
    for name in _MEMBERS:
        value = getattr(error, name, None)
        if value or value == 0:
            members[name] = value
    return members


def _from_http(error: HTTPException) -> Response | HTTPException:
    if isinstance(error, RoutingException):  # a redirect, not an error
        return error
    status = error.code or 500
    phrase = HTTPStatus(status).phrase
    detail = error.description or phrase
    if status == 404:
        detail = f"nothing is at {request.path}; the API is described at /docs"
    elif status == 413:
        most = request.max_content_length or 0
        detail = (
            f"an upload may have at most {most // 2**20} MB: sum the file by code first, "
            "or read it with the command line (teneleven impact, teneleven map --batch)"
        )
    elif status == 405:
        allowed = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
        detail = f"{request.method} is not possible at {request.path}; allowed: {allowed}"
    members = {"request_id": request_id()} if status >= 500 else {}
    response = problem(f"http-{status}", phrase, status, detail, **members)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After", "WWW-Authenticate"):
            response.headers[name] = value
    return response


def _from_validation(error: HTTPError) -> Response:
    """Say which parameter is wrong and why (marshmallow's messages, by location and name)."""
    detail: Any = error.detail or {}
    wrong = [
        each
        for fields in detail.values()
        if isinstance(fields, dict)
        for name, messages in fields.items()
        for each in _named("body" if name == _WHOLE else str(name), messages)
    ]
    if not wrong:
        return problem(f"http-{error.status_code}", str(error.message), error.status_code, str(error.message))
    text = "; ".join(f"{name}: {why}" for name, why in wrong[:_MOST_NAMED])
    if len(wrong) > _MOST_NAMED:
        text += f"; and {len(wrong) - _MOST_NAMED:,} more"
    return problem("invalid-request", "Request not understood", 400, text, parameter=str(wrong[0][0]))


def _named(name: str, messages: Any) -> Iterator[tuple[str, str]]:
    """Yield what is wrong by the path of its place: ``codes[3]``, ``lines[0].units``."""
    if not isinstance(messages, dict):
        yield name, "; ".join(messages) if isinstance(messages, list) else str(messages)
        return
    for key, below in messages.items():
        inner = f"[{key}]" if isinstance(key, int) else "" if key == _WHOLE else f".{key}"
        yield from _named(name + inner, below)


def _from_too_deep(error: RecursionError) -> Response:
    return problem("invalid-request", "Request not understood", 400, "the body is nested too deeply")


def _from_too_large(error: MemoryError) -> Response:
    _LOG.error("request %s needs more memory than it may have", request_id())
    return problem("http-413", HTTPStatus(413).phrase, 413, TOO_LARGE, request_id=request_id())


def _from_crash(error: Exception) -> Response:
    number = request_id()
    _LOG.exception("request %s: %s %s failed", number, request.method, request.path, exc_info=error)
    detail = "the server failed to answer; the fault is in its log"
    return problem("http-500", "Internal Server Error", 500, detail, request_id=number)
