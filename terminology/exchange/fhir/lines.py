"""The items of a FHIR claim as service lines."""

from __future__ import annotations

from datetime import date

from terminology.claims.claim import LINE_CLAIMS, MOST_POINTERS, ClaimLine, ClaimSetting
from terminology.exchange.fhir.diagnoses import Diagnoses
from terminology.exchange.fhir.element import Element
from terminology.exchange.fhir.supporting_info import plain
from terminology.systems import HCPCS

_NDC = "http://hl7.org/fhir/sid/ndc"
#: Systems of procedure codes on claims; the edits say which of them they can answer.
_PROCEDURES = (
    HCPCS.uri,
    HCPCS.uri.replace("http:", "https:"),
    "http://terminology.hl7.org/CodeSystem/HCPCS",
    "urn:oid:2.16.840.1.113883.6.285",
    "http://www.ama-assn.org/go/cpt",
    "https://www.ama-assn.org/go/cpt",
    "urn:oid:2.16.840.1.113883.6.12",
    "http://www.ada.org/cdt",
    "http://terminology.hl7.org/CodeSystem/CDT",
    "https://www.cms.gov/Medicare/Medicare-Fee-for-Service-Payment/ProspMedicareFeeSvcPmtGen/HIPPSCodes",
)
_MINUTES = ("min", "mj", "minutes")


def claim_line(item: Element, setting: ClaimSetting, diagnoses: Diagnoses, day: date | None) -> ClaimLine:
    """Return an item as a line; ``day`` is that of the claim, for items that state none.

    Raises :class:`InvalidRequestError` for an item with neither procedure nor revenue code.
    """
    served = item.child("servicedDate").day() or item.child("servicedPeriod").child("start").day()
    revenue = next((code.zfill(4) for _, code in item.child("revenue").codings()), None)
    by_line = setting in LINE_CLAIMS
    place = next((code for _, code in item.child("locationCodeableConcept").codings()), None)
    return ClaimLine(
        code=_procedure(item, revenue),
        modifiers=tuple(code.upper() for _, code in item.child("modifier").codings()),
        units=_units(item),
        charge=_charge(item),
        date_of_service=served or day,
        pointers=_pointers(item, diagnoses) if by_line else (),
        place_of_service=place if by_line else None,
        revenue_code=revenue,
        description=item.child("productOrService").child("text").text(),
        ndc=_ndc(item),
    )


def _procedure(item: Element, revenue: str | None) -> str | None:
    codings = dict(reversed(item.child("productOrService").codings()))
    for system in _PROCEDURES:
        if system in codings:
            return codings[system]
    if revenue is not None:
        return None
    named = ", ".join(sorted(s or "none" for s in codings)) or "no coding"
    raise item.child("productOrService").fault(
        f"expected a coding of {HCPCS.uri} or of CPT (http://www.ama-assn.org/go/cpt), or a revenue code; "
        f"found {named}"
    )


def _units(item: Element) -> float | None:
    """Return the units, one where none are stated; minutes of anesthesia are one service, as in an 837."""
    quantity = item.child("quantity")
    unit = quantity.child("code").text() or quantity.child("unit").text() or ""
    if unit.lower() in _MINUTES or not quantity:
        return 1
    return quantity.child("value").number()


def _charge(item: Element) -> float | None:
    """Return what was charged: ``net``, in a benefit what its adjudication calls submitted."""
    net = item.child("net").child("value").number()
    if net is not None:
        return net
    for entry in item.children("adjudication"):
        if any(plain(code) == "submitted" for _, code in entry.child("category").codings()):
            return entry.child("amount").child("value").number()
    return None


def _pointers(item: Element, diagnoses: Diagnoses) -> tuple[int, ...]:
    """Return the diagnoses an item points to by their number; without any it is about the first ones."""
    named = item.children("diagnosisSequence")
    if not named:
        return tuple(range(1, min(len(diagnoses.listed), MOST_POINTERS) + 1))
    pointers = []
    for each in named:
        sequence = each.whole() or 0
        if sequence in diagnoses.apart:
            diagnoses.remarks.append(f"{each.path} points to a diagnosis that stands apart from the others")
        else:
            beyond = max(len(diagnoses.listed) + 1, sequence)
            pointers.append(diagnoses.by_sequence.get(sequence, beyond))
    return tuple(pointers)


def _ndc(item: Element) -> str | None:
    for part in (item, *item.children("detail")):
        for system, code in part.child("productOrService").codings():
            if system == _NDC:
                return code
    return None
