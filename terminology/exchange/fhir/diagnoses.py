"""The diagnoses of a FHIR claim: which is principal, which stand apart, and their codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from terminology.claims.claim import LINE_CLAIMS, ClaimSetting, Diagnosis
from terminology.exchange.fhir.element import Element
from terminology.exchange.fhir.references import Beside
from terminology.exchange.fhir.supporting_info import plain
from terminology.systems import ICD10, ICD10CM

_CM = (ICD10CM.uri, "urn:oid:2.16.840.1.113883.6.90")
_WHO = (ICD10.uri, "urn:oid:2.16.840.1.113883.6.3")
_ICD9 = ("http://hl7.org/fhir/sid/icd-9-cm", "urn:oid:2.16.840.1.113883.6.103")
_PRINCIPAL, _ADMITTING = "principal", "admitting"
_REASON = "patientreasonforvisit"
_CAUSES = ("externalcauseofinjury", "externalcause", "external")


@dataclass(slots=True)
class Diagnoses:
    """Diagnoses in the order of a claim form, the principal one first.

    ``places`` is the index each has in the resource, ``by_sequence`` its 1-based number by
    ``diagnosis.sequence``; ``apart`` are the sequences of those that stand elsewhere on a claim.
    """

    listed: list[Diagnosis] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    by_sequence: dict[int, int] = field(default_factory=dict)
    apart: set[int] = field(default_factory=set)
    admitting: str | None = None
    reasons: list[str] = field(default_factory=list)
    causes: list[Diagnosis] = field(default_factory=list)
    icd9: bool = False
    remarks: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, resource: Element, beside: Beside, setting: ClaimSetting) -> Diagnoses:
        """Read all diagnoses. Raises :class:`InvalidRequestError` for one that has no ICD-10-CM code."""
        found = cls()
        for place, entry in _in_order(resource.children("diagnosis")):
            found._take(place, entry, found._code(entry, resource, beside), setting)
        return found

    def _take(self, place: int, entry: Element, code: str, setting: ClaimSetting) -> None:
        types, sequence = _types(entry), entry.child("sequence").whole()
        poa = next((c.upper() for _, c in entry.child("onAdmission").codings()), None)
        if _ADMITTING in types:
            self.admitting = code
        if _REASON in types:
            self.reasons.append(code)
        is_cause = setting not in LINE_CLAIMS and bool(types & set(_CAUSES))
        if is_cause:
            self.causes.append(Diagnosis(code, poa))
        if is_cause or (types and types <= {_ADMITTING, _REASON}):
            self.apart.add(sequence or 0)
            return
        self.listed.append(Diagnosis(code, poa))
        self.places.append(place)
        if sequence is not None:
            self.by_sequence[sequence] = len(self.listed)

    def _code(self, entry: Element, resource: Element, beside: Beside) -> str:
        concept = entry.child("diagnosisCodeableConcept")
        reference = entry.child("diagnosisReference")
        if reference:
            condition = beside.referred(reference, resource)
            if condition is None:
                raise reference.fault("this Condition was not sent along (contained, or in the same Bundle)")
            concept = condition.child("code")
        codings = dict(reversed(concept.codings()))
        for systems in (_CM, _WHO, _ICD9):
            for system in systems:
                if system in codings:
                    self._remark(entry, systems)
                    return codings[system]
        named = ", ".join(sorted(s or "none" for s in codings)) or "no coding"
        raise entry.fault(f"expected a coding of {ICD10CM.uri}, found {named}")

    def _remark(self, entry: Element, systems: Sequence[str]) -> None:
        if systems is _ICD9:
            self.icd9 = True
        elif systems is _WHO:
            said = "names WHO's ICD-10; read as ICD-10-CM, which US claims carry (45 CFR 162.1002)"
            self.remarks.append(f"{entry.path} {said}")


def _types(entry: Element) -> set[str]:
    return {plain(code) for _, code in entry.child("type").codings()}


def _in_order(entries: Sequence[Element]) -> list[tuple[int, Element]]:
    """Put the principal diagnosis first and the others in the order of their sequence."""

    def rank(numbered: tuple[int, Element]) -> tuple[bool, int, int]:
        place, entry = numbered
        return _PRINCIPAL not in _types(entry), entry.child("sequence").whole() or place + 1, place

    return sorted(enumerate(entries), key=rank)
