"""Batch Bundles: many requests in one; each is answered on its own."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from web.fhir.asking import Asking
from web.fhir.fhir_release import FhirRelease
from web.fhir.http.metadata import described
from web.fhir.http.reading import LISTS, read
from web.fhir.http.search import search
from web.fhir.http.subset import subset
from web.fhir.maps.map_rows import with_rows
from web.fhir.operations.known_inputs import check_inputs
from web.fhir.operations.offered import CHANGING, of_instance, operation
from web.fhir.outcome import FhirError, outcome, refuse
from web.fhir.parameters import Inputs
from web.opened import Opened

Json = dict[str, Any]


def batch(
    fhir: FhirRelease,
    here: Opened,
    bundle: Json,
    base: str,
    language: str | None,
    *,
    most: int,
    strict: bool = False,
) -> Json:
    """Answer a ``batch`` Bundle with a ``batch-response``, entry by entry, in order.

    ``most`` is how many entries there may be; ``strict``: one among them is refused for a parameter that
    there is not.
    """
    if bundle.get("resourceType") != "Bundle" or bundle.get("type") != "batch":
        raise refuse(400, "INVALID_BODY", reason="expected a Bundle of type batch")
    entries = bundle.get("entry", [])
    if not isinstance(entries, list):
        raise refuse(400, "INVALID_BODY", "Bundle.entry", reason="entry must be a list")
    if len(entries) > most:
        reason = f"a batch has at most {most:,} entries, and this one {len(entries):,}"
        raise refuse(413, "INVALID_BODY", "Bundle.entry", reason=reason)
    answers = []
    for entry in entries:
        try:
            request = entry["request"]
            asked = (request["method"], request["url"])
            found = route(fhir, here, asked, entry.get("resource"), base, language, strict=strict)
            answers.append({"resource": found, "response": {"status": _status(200)}})
        except FhirError as error:
            told = outcome(error.issues)
            answers.append({"response": {"status": _status(error.status), "outcome": told}, "resource": told})
        except (KeyError, TypeError, AttributeError):
            told = outcome(
                refuse(400, "INVALID_BODY", reason="an entry needs request.method and request.url").issues
            )
            answers.append({"response": {"status": _status(400), "outcome": told}, "resource": told})
    return {"resourceType": "Bundle", "type": "batch-response", "entry": answers}


def route(
    fhir: FhirRelease,
    here: Opened,
    request: tuple[str, str],
    body: Json | None,
    base: str,
    language: str | None,
    *,
    strict: bool = False,
) -> Json:
    """Answer one request, ``(method, url)`` relative to the base, as its route would."""
    method, url = request
    address = urlsplit(url.removeprefix(base))
    steps = [unquote(step) for step in address.path.strip("/").split("/") if step]
    inputs = Inputs.of_query(parse_qsl(address.query, keep_blank_values=True))
    if method == "POST" and body is not None:
        inputs = inputs.merged(Inputs.of_resource(body))
    if method not in ("GET", "POST"):
        raise refuse(405, "METHOD_NOT_ALLOWED", method=method, path=url)
    if steps == ["metadata"]:
        return described(here, fhir, base, inputs.text("mode"))
    kind = steps[0] if steps and steps[0] in LISTS else ""
    last = steps[-1] if steps else ""
    if (last.startswith("$") and len(steps) == (1 if not kind else 2)) or (kind and len(steps) == 3):
        called = operation(kind, last.removeprefix("$"))
        if method == "GET" and last.removeprefix("$") in CHANGING:
            raise refuse(405, "METHOD_NOT_ALLOWED", method=method, path=url)
        check_inputs(last.removeprefix("$"), inputs, strict=strict)
        if len(steps) == 3:
            inputs = of_instance(here.store, fhir, kind, steps[1], inputs, here.resources)
        return called(Asking.of(fhir, here, inputs, language), inputs)
    if kind and method == "GET" and len(steps) == 1:
        asking = Asking.of(fhir, here, Inputs({}), language)
        return search(asking, kind, inputs, base, strict=strict)
    if kind and method == "GET" and len(steps) == 2:
        resource = read(here.store, fhir, kind, steps[1], here.resources)
        return subset(with_rows(here.store, fhir, resource, inputs), inputs)
    raise refuse(404, "NO_SUCH_PLACE", path=url)


def _status(code: int) -> str:
    return f"{code} {HTTPStatus(code).phrase}"
