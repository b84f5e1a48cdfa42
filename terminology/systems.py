"""The code systems TenEleven knows, with their canonical URIs, publishers and licences."""

from __future__ import annotations

from dataclasses import dataclass

from terminology.errors import UnknownSystemError


@dataclass(frozen=True, slots=True)
class CodeSystem:
    """One code system.

    ``id`` is the name used in paths and options, ``uri`` the canonical FHIR URI, ``attribution`` the line
    that must be shown with its content.
    """

    id: str
    uri: str
    title: str
    publisher: str
    licence: str
    attribution: str


ICD10CM = CodeSystem(
    id="icd-10-cm",
    uri="http://hl7.org/fhir/sid/icd-10-cm",
    title="ICD-10-CM",
    publisher="CDC National Center for Health Statistics and CMS",
    licence="US public domain",
    attribution="ICD-10-CM is published by the National Center for Health Statistics (CDC) and CMS.",
)
ICD10 = CodeSystem(
    id="icd-10",
    uri="http://hl7.org/fhir/sid/icd-10",
    title="ICD-10 (WHO)",
    publisher="World Health Organization",
    licence="WHO terms of use; not for redistribution",
    attribution="ICD-10 © World Health Organization. Used under WHO's terms of use.",
)
ICD11 = CodeSystem(
    id="icd-11",
    uri="http://id.who.int/icd/release/11/mms",
    title="ICD-11 MMS",
    publisher="World Health Organization",
    licence="CC BY-ND 3.0 IGO",
    attribution=(
        "ICD-11 for Mortality and Morbidity Statistics © World Health Organization, CC BY-ND 3.0 IGO. "
        "Codes, titles and URIs are shown unchanged."
    ),
)
HCPCS = CodeSystem(
    id="hcpcs",
    uri="http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
    title="HCPCS Level II",
    publisher="Centers for Medicare & Medicaid Services",
    licence="US public domain (CDT codes of the D series are the ADA's and are not loaded)",
    attribution="HCPCS Level II is published by the Centers for Medicare & Medicaid Services.",
)
ICF = CodeSystem(
    id="icf",
    uri="http://hl7.org/fhir/sid/icf",
    title="ICF",
    publisher="World Health Organization",
    licence="CC BY-ND 3.0 IGO",
    attribution=(
        "International Classification of Functioning, Disability and Health © World Health Organization, "
        "CC BY-ND 3.0 IGO. Codes, titles and URIs are shown unchanged."
    ),
)
CPT = CodeSystem(
    id="cpt",
    uri="http://www.ama-assn.org/go/cpt",
    title="CPT",
    publisher="American Medical Association",
    licence="AMA licence required; loaded only from a licensee's own files",
    attribution="CPT © American Medical Association. All rights reserved.",
)

SYSTEMS: dict[str, CodeSystem] = {s.id: s for s in (ICD10CM, ICD11, ICD10, HCPCS, ICF, CPT)}
_BY_URI = {s.uri: s for s in SYSTEMS.values()}


def code_system(name: str) -> CodeSystem:
    """Return the code system with this id or canonical URI; raise :class:`UnknownSystemError` otherwise."""
    found = SYSTEMS.get(name) or _BY_URI.get(name)
    if found is None:
        raise UnknownSystemError(name, tuple(SYSTEMS))
    return found
