"""The rows of an expansion: what is shown of each concept, and how they are nested."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from web.fhir.asking import Asking, versions_match
from web.fhir.parameters import Inputs
from web.fhir.systems.display import Languages, preferred
from web.fhir.systems.supplied_system import STANDARDS_STATUS
from web.fhir.systems.system import Concept, Designation
from web.fhir.valuesets.compose import Entry
from web.fhir.valuesets.expansion_properties import as_extension, concept_properties

Json = dict[str, Any]
_PREFERRED = {
    "system": "http://terminology.hl7.org/CodeSystem/hl7TermMaintInfra",
    "code": "preferredForLanguage",
    "display": "Preferred For Language",
}
_LANGUAGE = "urn:ietf:bcp:47"
_R5_PROPERTY = "http://hl7.org/fhir/5.0/StructureDefinition/extension-ValueSet.compose.property"
_BASE = "http://hl7.org/fhir/StructureDefinition/"
#: Extensions that an expansion repeats: those of a code system's concepts, with a value set's own, of names.
_ECHOED_OF_SYSTEM = (
    *(f"{_BASE}valueset-deprecated", f"{_BASE}valueset-concept-definition"),
    *(f"{_BASE}rendering-style", f"{_BASE}rendering-xhtml"),
)
_ECHOED = (*_ECHOED_OF_SYSTEM, STANDARDS_STATUS)
_ECHOED_OF_NAMES = (f"{_BASE}coding-sctdescid", STANDARDS_STATUS)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an expansion is asked to show."""

    languages: Languages | None
    accept_language: str | None
    designations: bool
    tokens: tuple[str, ...]
    definition: bool
    properties: tuple[str, ...]
    active_only: bool
    exclude_nested: bool
    versions_match: bool
    native_properties: bool
    systems: tuple[str, ...]

    @classmethod
    def of(cls, asking: Asking, inputs: Inputs, valueset: Json) -> Wanted:
        """Read the parameters of $expand."""
        properties = (*(str(p) for p in inputs.all("property")), *_stated_properties(valueset))
        tokens = tuple(str(d) for d in inputs.all("designation"))
        versions: dict[str, set[str | None]] = {}
        compose = valueset.get("compose", {})
        for include in (*compose.get("include", ()), *compose.get("exclude", ())):
            versions.setdefault(include.get("system", ""), set()).add(include.get("version"))
        return cls(
            asking.languages_of(inputs, valueset),
            asking.accept_language if inputs.text("displayLanguage") is None else None,
            bool(inputs.flag("includeDesignations")) or bool(tokens),
            tokens,
            "definition" in properties,
            tuple(p for p in properties if p != "definition"),
            bool(inputs.flag("activeOnly")),
            bool(inputs.flag("excludeNested")),
            versions_match(inputs, valueset),
            asking.fhir.native_properties,
            tuple(url for url, known in versions.items() if len(known) > 1),
        )

    @property
    def details(self) -> bool:
        """Whether more than a concept's code and display is needed."""
        return self.designations or self.definition or bool(self.properties) or self.languages is not None


def _stated_properties(valueset: Json) -> list[str]:
    """Return the properties that a definition asks for (``compose.property``; in R4 an extension)."""
    compose = valueset.get("compose", {})
    stated = [p for p in compose.get("property", ()) if isinstance(p, str)]
    extensions = [e for e in compose.get("extension", ()) if e.get("url") == _R5_PROPERTY]
    return stated + [str(v) for e in extensions for k, v in e.items() if k.startswith("value")]


def contains(entry: Entry, wanted: Wanted) -> Json:
    """Return one row of an expansion."""
    concept = entry.system.detail(entry.concept) if wanted.details else entry.concept
    row: Json = {}
    extensions = [e for e in entry.extensions if e.get("url") in _ECHOED]
    extensions += [e for e in concept.extensions if e.get("url") in _ECHOED_OF_SYSTEM]
    row["system"] = entry.system.url
    if concept.abstract:
        row["abstract"] = True
    if concept.inactive:
        row["inactive"] = True
    if entry.system.url in wanted.systems and entry.system.version:
        row["version"] = entry.system.version
    row["code"] = concept.code
    name = preferred(entry, concept, wanted.languages)
    if name is not None:
        row["display"] = name.value
    if wanted.designations:
        shown = [_designation(d) for d in _others(entry, concept, name) if _asked(d, wanted.tokens)]
        if shown:
            row["designation"] = shown
    properties = concept_properties(entry, concept, wanted.definition, wanted.properties)
    if properties and wanted.native_properties:
        row["property"] = properties
    elif properties:
        extensions += [as_extension(p) for p in properties]
    return {"extension": extensions, **row} if extensions else row


def nested(page: Sequence[Entry], rows: Sequence[Json]) -> list[Json]:
    """Put each row below its nearest ancestor that is in the expansion too."""
    by_code = {e.key: row for e, row in zip(page, rows, strict=True)}
    top: list[Json] = []
    for entry, row in zip(page, rows, strict=True):
        above = _ancestor(entry, by_code)
        if above is None:
            top.append(row)
        else:
            above.setdefault("contains", []).append(row)
    return top


def _ancestor(entry: Entry, by_code: dict[tuple[str, str | None, str], Json]) -> Json | None:
    for parent in entry.concept.parents:
        row = by_code.get((entry.system.url, entry.system.version, parent))
        if row is not None:
            return row
    return None


def _others(entry: Entry, concept: Concept, shown: Designation | None) -> list[Designation]:
    """Return all names but the one that is shown; a display that is not shown is a designation too."""
    found: list[Designation] = []
    display = entry.display or concept.display
    if display and (shown is None or shown.value != display):
        found.append(Designation(display, entry.system.language, _PREFERRED))
    for designation in (*entry.designations, *concept.designations):
        same = (
            shown is not None and designation.value == shown.value and designation.language == shown.language
        )
        if not (same and shown is not None and shown.value != display) and designation not in found:
            found.append(designation)
    return found


def _designation(designation: Designation) -> Json:
    row: Json = {}
    extensions = [e for e in designation.extensions if e.get("url") in _ECHOED_OF_NAMES]
    if extensions:
        row["extension"] = extensions
    if designation.language:
        row["language"] = designation.language
    if designation.use:
        row["use"] = designation.use
    row["value"] = designation.value
    return row


def _asked(designation: Designation, tokens: Sequence[str]) -> bool:
    """Whether a designation is of a use or language that ``designation`` parameters name."""
    if not tokens:
        return True
    for token in tokens:
        system, _, code = token.rpartition("|")
        if system == _LANGUAGE or not system:
            if designation.language and designation.language.lower() == code.lower():
                return True
        elif designation.use and (designation.use.get("system"), designation.use.get("code")) == (
            system,
            code,
        ):
            return True
    return False
