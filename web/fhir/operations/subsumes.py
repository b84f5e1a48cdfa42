"""CodeSystem/$subsumes."""

from __future__ import annotations

from typing import Any

from web.fhir.asking import Asking
from web.fhir.operations.lookup import asked_system
from web.fhir.outcome import FhirError, issue, refuse
from web.fhir.parameters import Inputs, Outputs
from web.fhir.systems.system import AskedSystem, Concept

Json = dict[str, Any]


def subsumes(asking: Asking, inputs: Inputs) -> Json:
    """Return ``equivalent``, ``subsumes``, ``subsumed-by`` or ``not-subsumed`` for codes A and B."""
    first, second = inputs.coding("codingA") or {}, inputs.coding("codingB") or {}
    url = first.get("system") or inputs.text("system", "url")
    codes = (first.get("code") or inputs.text("codeA"), second.get("code") or inputs.text("codeB"))
    if not codes[0] or not codes[1]:
        raise refuse(400, "MISSING_PARAMETER", operation="$subsumes", needed="two codes or two codings")
    if not url:
        raise refuse(400, "SUBSUMPTION_NO_SYSTEM", "codingA" if first else "system")
    if second.get("system", url) != url:
        reason = f"must be of the same code system as codingA ({url})"
        raise refuse(400, "INVALID_PARAMETER", "codingB", parameter="codingB", reason=reason)
    version = first.get("version") or inputs.text("version")
    system = asked_system(asking, inputs, url, version)
    a = find_code(system, codes[0], "codingA" if first else "codeA")
    b = find_code(system, codes[1], "codingB" if second else "codeB")
    below, above = system.is_a(a, b), system.is_a(b, a)
    outcome = {(True, True): "equivalent", (True, False): "subsumed-by", (False, True): "subsumes"}
    out = Outputs()
    out.add("outcome", "Code", outcome.get((below, above), "not-subsumed"))
    return out.json()


def find_code(system: AskedSystem, code: str, where: str) -> Concept:
    """Return a concept; raises :class:`FhirError` (404) that says why it is not found, and ``where``."""
    found = system.find(code)
    if found is None:
        unknown = issue(
            "Unknown_Code_in_Version" if system.version else "Unknown_Code_in",
            where,
            diagnostics=system.hint(code),
            code=code,
            system=system.url,
            version=system.version or "",
        )
        raise FhirError(404, system.why_not(code, where) or unknown)
    return found
