"""What makes a code's page the reference: rules of payers, guidelines, the publishers' own browsers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from terminology.bundle.concepts.vocabulary import axes_of
from terminology.bundle.records import ConceptRecord
from terminology.bundle.store import Store
from terminology.bundle.tables.facility_tables import payment_of
from terminology.claims.lookups.code_rules import CodeRules, code_rules
from terminology.claims.payment.code_drgs import CodeDrg, drg_of_code
from terminology.concept import PostcoordinationAxis
from terminology.facility import PaymentScheme
from terminology.icd10cm.guidelines import GuidelineSection, sections_for
from terminology.systems import HCPCS, ICD10, ICD10CM, ICD11, ICF

_ENTITY = re.compile(r"/(?:mms|icf)/(\d+)")
_SEVERITIES = {
    "CC": "CC: a complication or comorbidity, unless excluded by the principal diagnosis",
    "MCC": "MCC: a major complication or comorbidity, unless excluded by the principal diagnosis",
}


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A page of a publisher's own browser."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Reference:
    """What stands beside a concept. ``severities`` are ``(what it is, source)`` in the MS-DRG tables."""

    rules: CodeRules | None
    severities: tuple[tuple[str, str], ...]
    drg: CodeDrg | None
    guidelines: tuple[GuidelineSection, ...]
    elsewhere: tuple[Elsewhere, ...]
    axes: tuple[PostcoordinationAxis, ...]
    axes_loaded: bool
    coverage_notice: bool


def reference(store: Store, concept: ConceptRecord, day: date) -> Reference:
    """Return what stands beside a concept on its page; its DRG is that of a discharge on ``day``."""
    cm = concept.system == ICD10CM.id
    return Reference(
        rules=code_rules(store, concept) if cm and concept.billable else None,
        severities=_severities(store, concept) if cm else (),
        drg=drg_of_code(store, concept.code, day) if cm and concept.billable else None,
        guidelines=sections_for(concept.chapter) if cm else (),
        elsewhere=tuple(_elsewhere(concept)),
        axes=axes_of(store, concept) if concept.system == ICD11.id else (),
        axes_loaded=concept.system == ICD11.id and store.has_axes(),
        coverage_notice=concept.system == HCPCS.id,
    )


def _severities(store: Store, concept: ConceptRecord) -> tuple[tuple[str, str], ...]:
    rows = payment_of(store, concept.code)
    return tuple(
        (_SEVERITIES.get(r.status, r.status), r.source) for r in rows if r.scheme is PaymentScheme.MS_DRG
    )


def _elsewhere(concept: ConceptRecord) -> list[Elsewhere]:
    """The concept in its publisher's browser; chapters and blocks of ICD-10-CM have no address there."""
    if concept.system == ICD10CM.id and concept.kind not in ("chapter", "block"):
        address = f"https://icd10cmtool.cdc.gov/?fy=FY{concept.release}&query={quote(concept.code)}"
        return [Elsewhere(f"NCHS’s browser, FY {concept.release}", address)]
    if concept.system == ICD10.id:
        address = f"https://icd.who.int/browse10/{concept.release}/en#/{quote(concept.code)}"
        return [Elsewhere("WHO’s ICD-10 browser", address)]
    entity = _ENTITY.search(concept.uri or "")
    if entity is None or concept.system not in (ICD11.id, ICF.id):
        return []
    own = "icf" if concept.system == ICF.id else "mms"
    address = f"https://icd.who.int/browse/{concept.release}/{own}/en#{entity[1]}"
    return [Elsewhere(f"WHO’s {'ICF' if own == 'icf' else 'ICD-11'} browser", address)]
