"""The operations there are, by resource type, and how an instance of a resource becomes their input."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from terminology.bundle.store import Store
from web.fhir.asking import Asking
from web.fhir.fhir_release import FhirRelease
from web.fhir.http.reading import read
from web.fhir.maps.translate import translate
from web.fhir.operations.closure import closure
from web.fhir.operations.find_matches import find_matches
from web.fhir.operations.lookup import lookup
from web.fhir.operations.subsumes import subsumes
from web.fhir.operations.validate_operation import validate_in_system, validate_in_valueset, validate_many
from web.fhir.outcome import refuse
from web.fhir.parameters import Inputs, Outputs
from web.fhir.systems.naming import preferred_id
from web.fhir.valuesets.expand import expand
from web.stored_resources import NONE, StoredResources

Json = dict[str, Any]
Operation = Callable[[Asking, Inputs], Json]


def versions(asking: Asking, inputs: Inputs) -> Json:
    """$versions: the FHIR releases this server speaks."""
    out = Outputs()
    for version in ("4.0", "5.0"):
        out.add("version", "Code", version)
    out.add("default", "Code", asking.fhir.version[:3])
    return out.json()


OPERATIONS: dict[tuple[str, str], Operation] = {
    ("CodeSystem", "lookup"): lookup,
    ("CodeSystem", "validate-code"): validate_in_system,
    ("CodeSystem", "subsumes"): subsumes,
    ("CodeSystem", "find-matches"): find_matches,
    ("ValueSet", "expand"): expand,
    ("ValueSet", "validate-code"): validate_in_valueset,
    ("ValueSet", "batch-validate-code"): validate_many,
    ("ConceptMap", "translate"): translate,
    ("NamingSystem", "preferred-id"): preferred_id,
    ("", "versions"): versions,
    ("", "closure"): closure,
}
#: Operations that change what the server keeps, and so are not offered by GET.
CHANGING = ("closure",)


def operation(kind: str, name: str) -> Operation:
    """Return an operation; raises :class:`FhirError` for one that there is not."""
    found = OPERATIONS.get((kind, name))
    if found is None:
        raise refuse(404, "NO_SUCH_PLACE", path=f"{kind}/${name}" if kind else f"${name}")
    return found


def of_instance(
    store: Store,
    fhir: FhirRelease,
    kind: str,
    name: str,
    inputs: Inputs,
    stored: StoredResources = NONE,
) -> Inputs:
    """Lay what an instance determines over the inputs: its system or url, and its version."""
    resource = read(store, fhir, kind, name, stored)
    if kind == "NamingSystem":
        return inputs
    given: dict[str, list[Any]] = {"url": [resource["url"]]}
    if kind == "CodeSystem":
        given |= {"system": [resource["url"]]}
        if "version" in resource:
            given["version"] = [resource["version"]]
    elif kind == "ValueSet":
        given = {"valueSet": [resource]}
    return inputs.merged(Inputs(given))
