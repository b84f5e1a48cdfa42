"""The forms a resource is sent and answered in: FHIR's JSON and FHIR's XML.

Inside, a resource is its JSON form; XML is read into it at the door and written from it at the door.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import orjson
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from web.fhir.fhir_release import FhirRelease, release_at
from web.fhir.outcome import refuse
from web.fhir.parameters import Inputs
from web.fhir.xml.read import of_xml
from web.fhir.xml.write import as_xml

Json = dict[str, Any]
Environ = dict[str, Any]
FHIR_JSON, FHIR_XML = "application/fhir+json", "application/fhir+xml"
_JSON, _XML = "application/json", "application/xml"
#: What ``_format`` can say, and the media type of the answer then.
_FORMATS = {
    "json": FHIR_JSON,
    FHIR_JSON: FHIR_JSON,
    "application/json+fhir": FHIR_JSON,
    _JSON: _JSON,
    "text/json": _JSON,
    "xml": FHIR_XML,
    FHIR_XML: FHIR_XML,
    "application/xml+fhir": FHIR_XML,
    _XML: _XML,
    "text/xml": _XML,
}
#: The same for ``Accept``, by what comes first where several are as welcome; a browser gets JSON.
_ACCEPTED = {
    **{name: name for name in (FHIR_JSON, _JSON, FHIR_XML, _XML)},
    "text/xml": _XML,
    "text/html": FHIR_JSON,
}
_ANY_JSON = ("json", "*/*", "text/html", "application/*")


def media_type(environ: Environ) -> str | None:
    """Return the media type that a request is to be answered in, ``None`` for one that is not offered."""
    if "_format=" in environ["QUERY_STRING"]:
        wanted = Inputs.of_query_string(environ["QUERY_STRING"]).text("_format")
        if wanted is not None:
            return _FORMATS.get(wanted.replace(" ", "+").split(";")[0])
    return _accepted(environ.get("HTTP_ACCEPT", ""))


@lru_cache(maxsize=256)
def _accepted(accept: str) -> str | None:
    """Return the media type that a header ``Accept`` wants most."""
    if "xml" in accept:
        return _ACCEPTED.get(parse_accept_header(accept, MIMEAccept).best_match(_ACCEPTED) or "")
    if accept and not any(kind in accept for kind in _ANY_JSON):
        return None
    return _JSON if _JSON in accept and "fhir" not in accept else FHIR_JSON


def require_offered(environ: Environ) -> None:
    """Raise :class:`FhirError` (406) for a request that asks for another form than those offered."""
    if media_type(environ) is None:
        wanted = Inputs.of_query_string(environ["QUERY_STRING"]).text("_format")
        raise refuse(406, "NOT_ACCEPTABLE", wanted=wanted or environ.get("HTTP_ACCEPT", ""))


def encoded(resource: Json, query: str) -> bytes:
    """Encode a resource as JSON, indented for ``_pretty=true`` in the query string."""
    return orjson.dumps(resource, option=orjson.OPT_INDENT_2 if "_pretty=true" in query else None)


def in_form(body: bytes, environ: Environ) -> tuple[str, bytes]:
    """Return the media type that is asked for, and a resource's JSON in that form."""
    kind = media_type(environ) or FHIR_JSON
    if "xml" in kind:
        pretty = "_pretty=true" in environ["QUERY_STRING"]
        body = as_xml(orjson.loads(body), release_at(environ["PATH_INFO"]), indented=pretty)
    return kind, body


def sent_json(data: bytes, content_type: str | None, fhir: FhirRelease) -> bytes:
    """Return what was sent as JSON. Raises :class:`FhirError` for XML that cannot be read."""
    return orjson.dumps(of_xml(data, fhir)) if data and "xml" in (content_type or "") else data


def sent_resource(data: bytes) -> Json:
    """Return the resource that JSON holds. Raises :class:`FhirError` (400) when it is none."""
    try:
        found = orjson.loads(data)
    except orjson.JSONDecodeError as fault:
        raise refuse(400, "INVALID_BODY", reason=f"it is not JSON ({fault})") from fault
    if not isinstance(found, dict):
        raise refuse(400, "INVALID_BODY", reason="expected one resource")
    return found
