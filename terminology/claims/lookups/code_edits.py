"""What the tables of claim checks and payment say of one ICD-10-CM code: flags, lists, categories."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from terminology.bundle.concepts.payload import concept_payload
from terminology.bundle.kept import kept_with_bundle
from terminology.bundle.records import ConceptRecord
from terminology.bundle.store import Store
from terminology.bundle.tables.facility_tables import payment_of
from terminology.claims.tables.mce import MCE_DIAGNOSIS, MceDiagnosis
from terminology.claims.tables.poa_exempt import POA_EXEMPT
from terminology.claims.tables.risk import RISK_CATEGORIES, RISK_LABELS
from terminology.edit_table import TableRelease
from terminology.facility import PaymentScheme
from terminology.systems import ICD10CM


@dataclass(frozen=True, slots=True)
class EditorPeriod:
    """What the Medicare Code Editor flags of a code in a period; ``until`` is ``None`` while it is open."""

    begins: date
    until: date | None
    flags: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class RiskPlace:
    """The payment category of a code in one risk adjustment model of CMS."""

    model: str
    category: str
    label: str | None
    source: str


@dataclass(frozen=True, slots=True)
class CodeEdits:
    """All of it for one code. ``poa_exempt`` are the lists (publisher, title, year) the code stands on.

    ``ms_drg`` is ``MCC`` or ``CC`` (unless the principal diagnosis excludes it), ``None`` for neither.
    Empty parts say nothing where their table is not loaded: ``GET /api/v1/edits`` tells which are.
    """

    editor: tuple[EditorPeriod, ...] = ()
    poa_exempt: tuple[str, ...] = ()
    ms_drg: str | None = None
    ms_drg_source: str | None = None
    risk: tuple[RiskPlace, ...] = ()


def code_edits(store: Store, concept: ConceptRecord) -> CodeEdits:
    """Return what the tables of a bundle say of a code; nothing for headings and other code systems."""
    if concept.system != ICD10CM.id or not concept.billable:
        return CodeEdits()
    tables, key = store.edit_tables, concept.key
    paid = [p for p in payment_of(store, concept.code) if p.scheme is PaymentScheme.MS_DRG]
    return CodeEdits(
        tuple(
            _period(e.row, f"{e.release.title} {e.release.release}") for e in tables.find(MCE_DIAGNOSIS, key)
        ),
        tuple(f"{e.release.title} {e.release.release}" for e in tables.find(POA_EXEMPT, key)),
        paid[0].status if paid else None,
        paid[0].source if paid else None,
        tuple(
            RiskPlace(
                e.row.model,
                e.row.category,
                _label(store, e.row.model, e.row.category),
                _named(e.release),
            )
            for e in tables.find(RISK_CATEGORIES, key)
            if e.release == newest_mapping(store, e.row.model)
        ),
    )


@kept_with_bundle(maxsize=32)
def newest_mapping(store: Store, model: str) -> TableRelease | None:
    """Return the newest mapping that has a risk model: CMS leaves one out once nobody is paid by it."""
    releases = {entry.release for entry in store.edit_tables.find_by(RISK_CATEGORIES, "model", model)}
    return max(releases, key=lambda release: release.release, default=None)


def described(store: Store, concept: ConceptRecord) -> dict[str, Any]:
    """Return the JSON form of a concept with its ``edits``."""
    found = code_edits(store, concept)
    edits = {
        "mce": [
            {"from": p.begins, "to": p.until, "flags": p.flags, "source": p.source} for p in found.editor
        ],
        "poa_exempt": found.poa_exempt,
        "ms_drg": found.ms_drg and {"status": found.ms_drg, "source": found.ms_drg_source},
        "risk": found.risk,
    }
    return {**concept_payload(concept), "edits": edits}


def _period(row: MceDiagnosis, source: str) -> EditorPeriod:
    return EditorPeriod(row.valid_from, row.valid_to, row.flags, source)


def _named(release: TableRelease) -> str:
    return f"{release.title} {release.release}"


def _label(store: Store, model: str, category: str) -> str | None:
    labels = store.edit_tables.find(RISK_LABELS, model)
    return next((entry.row.label for entry in labels if entry.row.category == category), None)
