"""Value sets that a url spells out: ``[system]?fhir_vs`` and ``[system]?fhir_vs=isa/[code]``.

FHIR defines the form for SNOMED CT; servers offer it for other hierarchical systems in the same words.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from web.fhir.outcome import FhirError
from web.fhir.systems.system import AskedSystem, unknown_code

Json = dict[str, Any]
ALL = "?fhir_vs"
_IS_A = "=isa/"


def implicit(
    find: Callable[[str, str | None], AskedSystem | None], url: str, version: str | None
) -> Json | None:
    """Return the value set a url spells out, ``None`` when it is not of the form or the system is unknown.

    ``find`` returns the version of a code system by its url and a pattern. Raises :class:`FhirError` where
    the system has not the code that all is to lie below.
    """
    system_url, mark, rest = url.partition(ALL)
    if not mark:
        return None
    system = find(system_url, version)
    if system is None or (rest and not rest.startswith(_IS_A)):
        return None
    include: Json = {"system": system.url}
    if version:
        include["version"] = system.version
    title = f"All of {system.title}"
    if rest:
        code = unquote(rest.removeprefix(_IS_A))
        if system.find(code) is None:
            raise FhirError(404, unknown_code(system, code))
        include["filter"] = [{"property": "concept", "op": "is-a", "value": code}]
        title = f"{system.title}: {code} and everything below it"
    return {
        "resourceType": "ValueSet",
        "url": url,
        "version": system.version,
        "name": f"{system.name}_all" if not rest else f"{system.name}_isa",
        "title": title,
        "status": "active",
        "experimental": False,
        "compose": {"include": [include]},
    }
