"""Claims out of FHIR: Claim and ExplanationOfBenefit of R4 and R5, alone or in a Bundle.

Names, addresses and member numbers are not read; the birth date becomes the age at service, at admission
for a stay. What of a resource bears on codes and was not read is told with the claim.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from terminology.claims.claim import SETTING_ALIASES, Claim, ClaimSetting, Patient, Sex
from terminology.claims.encoding.claim_json import MOST_CLAIMS
from terminology.errors import InvalidRequestError
from terminology.exchange.fhir.diagnoses import Diagnoses
from terminology.exchange.fhir.element import Element
from terminology.exchange.fhir.lines import claim_line
from terminology.exchange.fhir.references import Beside
from terminology.exchange.fhir.supporting_info import SupportingInfo, plain
from terminology.exchange.x12.claims import age_on, is_inpatient_bill

CLAIM_TYPES = ("Claim", "ExplanationOfBenefit")
_SETTINGS = {plain(name): value for name, value in SETTING_ALIASES.items()}
_SETTINGS |= {setting.value: setting for setting in ClaimSetting} | {"carrier": ClaimSetting.PROFESSIONAL}
_INSTITUTIONAL = "institutional"
_SEXES = {"female": Sex.FEMALE, "male": Sex.MALE, "other": Sex.UNKNOWN, "unknown": Sex.UNKNOWN}
#: Parts of a claim that have codes and are not read.
_NOT_READ = ("addItem", "related", "accident")


@dataclass(frozen=True, slots=True)
class FhirClaim:
    """A claim, and where in its resource the parts stand.

    ``diagnoses`` and ``lines`` are the indexes, from 0, that the claim's diagnoses and lines have there.
    ``icd9``: its diagnoses are ICD-9-CM. ``unread``: what was there and not read, or read with a doubt.
    """

    claim: Claim
    resource_type: str
    diagnoses: tuple[int, ...]
    lines: tuple[int, ...]
    icd9: bool
    unread: tuple[str, ...]


def is_fhir(document: Any) -> bool:
    """Whether a JSON document is a FHIR resource."""
    return isinstance(document, dict) and "resourceType" in document


def is_single_resource(document: Any) -> bool:
    """Whether a resource is one claim, to be answered by one report."""
    return is_fhir(document) and document["resourceType"] != "Bundle"


def fhir_claims(document: Any) -> tuple[FhirClaim, ...]:
    """Return the claims of a resource: a Claim, an ExplanationOfBenefit, or a Bundle with such in it.

    Raises :class:`InvalidRequestError` whose parameter is the FHIRPath of what is wrong.
    """
    if not is_fhir(document):
        raise InvalidRequestError("body", "expected a FHIR resource: it has no resourceType")
    kind = document["resourceType"]
    resource = Element(str(kind)[:64], document)
    if kind in CLAIM_TYPES:
        return (_claim(resource, Beside()),)
    if kind != "Bundle":
        raise InvalidRequestError(
            "resourceType", f"expected {', '.join(CLAIM_TYPES)} or Bundle, found {kind!r}"
        )
    claims, beside = [], Beside()
    for entry in resource.children("entry"):
        held = entry.child("resource")
        beside.add(entry.child("fullUrl").text(), held)
        if held.child("resourceType").text() in CLAIM_TYPES:
            claims.append(held)
    if not claims or len(claims) > MOST_CLAIMS:
        raise resource.fault(f"it has {len(claims)} claims; 1 to {MOST_CLAIMS} are checked")
    return tuple(_claim(each, beside) for each in claims)


def _claim(resource: Element, beside: Beside) -> FhirClaim:
    info = SupportingInfo.of(resource)
    setting = _setting(resource, info)
    diagnoses = Diagnoses.of(resource, beside, setting)
    billed = resource.child("billablePeriod")
    start, end = billed.child("start").day(), billed.child("end").day()
    stays = setting is ClaimSetting.INPATIENT
    day = start if start == end else None
    items = resource.children("item")
    lines = tuple(claim_line(item, setting, diagnoses, day) for item in items)
    served = min((line.date_of_service for line in lines if line.date_of_service), default=start)
    remarks: list[str] = []
    patient = _patient(resource, beside, (info.admission or start) if stays else served, remarks)
    claim = Claim(
        setting=setting,
        patient=patient,
        diagnoses=tuple(diagnoses.listed),
        lines=lines,
        id=resource.child("id").text(),
        date_of_service=served,
        admission_date=info.admission,
        discharge_date=(info.discharge or end) if stays and info.discharge_status != "30" else None,
        statement_from=start,
        statement_through=end,
        type_of_bill=info.type_of_bill,
        discharge_status=info.discharge_status,
        condition_codes=tuple(info.condition_codes),
        admitting_diagnosis=diagnoses.admitting,
        reason_for_visit=(*diagnoses.reasons, *info.reason_for_visit),
        external_causes=tuple(diagnoses.causes),
        procedures_icd10pcs=tuple(_procedures(resource, beside)),
    )
    remarks += (*diagnoses.remarks, *_unread(resource, items, info))
    kind = str(resource.child("resourceType").text())
    places = tuple(diagnoses.places)
    return FhirClaim(claim, kind, places, tuple(range(len(lines))), diagnoses.icd9, tuple(remarks))


def _setting(resource: Element, info: SupportingInfo) -> ClaimSetting:
    """Read the setting off type and subType; an institutional claim's off its type of bill or its stay."""
    codes = [plain(code) for name in ("subType", "type") for _, code in resource.child(name).codings()]
    known = next((_SETTINGS[code] for code in codes if code in _SETTINGS), None)
    if known is not None:
        return known
    if _INSTITUTIONAL not in codes:
        named = ", ".join(codes) or "none"
        raise resource.child("type").fault(f"expected professional, institutional or dme, found {named}")
    if info.type_of_bill is not None:
        inpatient = is_inpatient_bill(info.type_of_bill)
    elif info.is_stay:
        inpatient = True
    else:
        raise resource.child("subType").fault(
            "expected inpatient or outpatient, or a supportingInfo of category typeofbill: "
            "an institutional claim says which it is"
        )
    return ClaimSetting.INPATIENT if inpatient else ClaimSetting.OUTPATIENT


def _patient(resource: Element, beside: Beside, on: date | None, remarks: list[str]) -> Patient:
    reference = resource.child("patient")
    patient = beside.referred(reference, resource)
    if patient is None:
        remarks.append(f"{reference.path}: no Patient was sent along; age and sex are not known")
        return Patient()
    gender = (patient.child("gender").text() or "").lower()
    return Patient(age_on(patient.child("birthDate").day(), on), _SEXES.get(gender))


def _procedures(resource: Element, beside: Beside) -> Iterator[str]:
    """Yield the ICD-10-PCS codes of the claim's procedures."""
    for entry in resource.children("procedure"):
        concept = entry.child("procedureCodeableConcept")
        if not concept:
            held = beside.referred(entry.child("procedureReference"), resource)
            if held is None:
                raise entry.fault("this Procedure was not sent along (contained, or in the same Bundle)")
            concept = held.child("code")
        codes = [code for _, code in concept.codings()]
        if not codes:
            raise entry.fault("expected a coding")
        yield codes[0]


def _unread(resource: Element, items: tuple[Element, ...], info: SupportingInfo) -> Iterator[str]:
    for what in info.unread:
        yield f"{what} is not read"
    for name in _NOT_READ:
        if resource.child(name):
            yield f"{resource.path}.{name} is not read"
    for item in items:
        if item.children("detail"):
            yield f"{item.path}.detail is not read but for its NDC"
