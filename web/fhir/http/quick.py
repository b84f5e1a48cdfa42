"""The operations whose answers depend on nothing but bundle and address, for :mod:`web.http.shortcut`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from web.fhir.fhir_release import MOUNTS, FhirRelease
from web.fhir.http.answering import Environ, Headers, written
from web.fhir.http.formats import require_offered
from web.fhir.http.routes import REPEATABLE, repeated
from web.fhir.operations.offered import OPERATIONS
from web.opened import Opened

Quick = Callable[[Opened, Environ], tuple[Headers, bytes]]


def _quick(fhir: FhirRelease, kind: str, called: str) -> Quick:
    def answer(here: Opened, environ: Environ) -> tuple[Headers, bytes]:
        require_offered(environ)
        language = environ.get("HTTP_ACCEPT_LANGUAGE")
        query = environ["QUERY_STRING"]
        # a request that prefers anything is left to the application, so nothing is strict here
        body = repeated(here, date.today(), fhir.id, kind, called, None, query, b"", language, False)
        return written(environ, body, here.etag)

    return answer


#: By path; an answer raises :class:`FhirError` or a domain error as the operation does.
QUICK_OPERATIONS = {
    f"{mount}/{kind}/${called}": _quick(release, kind, called)
    for mount, release, _ in MOUNTS
    for kind, called in OPERATIONS
    if called in REPEATABLE
}
