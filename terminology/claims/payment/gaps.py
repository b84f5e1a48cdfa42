"""Gaps of chronic conditions: a chronic payment category coded in one year and not in the next.

Source: CMS risk adjustment tables of the bundle (categories, hierarchies, chronic categories). A gap is a
question to the record, no proof that the condition is still there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from terminology.bundle.store import Store
from terminology.bundle.tables.edit_tables import Entry
from terminology.claims.context import CheckContext, check_context
from terminology.claims.tables.risk import (
    CHRONIC_CATEGORIES,
    RISK_CATEGORIES,
    RISK_COEFFICIENTS,
    RISK_HIERARCHIES,
    RISK_LABELS,
)
from terminology.codes import code_key
from terminology.edit_table import EditTable, TableRow
from terminology.errors import DataNotAvailableError

V28 = "CMS-HCC V28"
R = TypeVar("R", bound=TableRow)


@dataclass(frozen=True, slots=True)
class PatientYears:
    """The diagnoses of one patient in two following years; ``id`` is whatever the user calls the patient."""

    id: str
    last_year: tuple[str, ...]
    this_year: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CategoryGap:
    """A chronic category of last year that this year's diagnoses do not reach.

    ``replaced_by`` is a category of this year that stands above it in the hierarchy: then nothing is lost.
    ``coefficient`` is the community, non-dual, aged one, ``None`` where none is loaded.
    """

    patient: str
    category: str
    label: str
    diagnoses: tuple[str, ...]
    coefficient: float | None
    replaced_by: str | None


@dataclass(frozen=True, slots=True)
class RiskTables:
    """What the bundle's tables say of one model."""

    categories: Mapping[str, frozenset[str]]
    above: Mapping[str, frozenset[str]]
    labels: Mapping[str, str]
    chronic: frozenset[str]
    coefficients: Mapping[str, float]


def risk_tables_of(store: Store, model: str = V28) -> RiskTables:
    """Return a model's tables, the newest of each. Raises :class:`DataNotAvailableError` without them."""
    context = check_context(store)
    categories: dict[str, set[str]] = {}
    for entry in _newest(context, RISK_CATEGORIES, model):
        categories.setdefault(entry.row.key, set()).add(entry.row.category)
    above: dict[str, set[str]] = {}
    for rule in _newest(context, RISK_HIERARCHIES, model):
        above.setdefault(rule.row.child, set()).add(rule.row.parent)
    chronic = frozenset(e.row.category for e in _newest(context, CHRONIC_CATEGORIES, model) if e.row.chronic)
    if not categories or not chronic:
        raise DataNotAvailableError(
            f"{model}: categories or chronic categories are not loaded; give ra_dx_to_cc and hcc_is_chronic "
            "with --data"
        )
    return RiskTables(
        {key: frozenset(held) for key, held in categories.items()},
        {child: frozenset(parents) for child, parents in above.items()},
        {e.row.category: e.row.label for e in _newest(context, RISK_LABELS, model)},
        chronic,
        {
            e.row.variable: e.row.value
            for e in context.tables.find(RISK_COEFFICIENTS, model)
            if not e.row.proposed
        },
    )


def category_gaps(patients: Sequence[PatientYears], tables: RiskTables) -> list[CategoryGap]:
    """Return the gaps of patients, in their order and by category."""
    found: list[CategoryGap] = []
    for patient in patients:
        last = _reached(patient.last_year, tables)
        this = _reached(patient.this_year, tables)
        for category in sorted(set(last) & tables.chronic - set(this), key=int):
            higher = sorted(tables.above.get(category, frozenset()) & set(this), key=int)
            found.append(
                CategoryGap(
                    patient.id,
                    category,
                    tables.labels.get(category, ""),
                    tuple(sorted(last[category])),
                    tables.coefficients.get(f"CNA_HCC{category}"),
                    higher[0] if higher else None,
                )
            )
    return found


def _reached(codes: Sequence[str], tables: RiskTables) -> dict[str, list[str]]:
    """The categories that diagnoses lead to, without those that a higher one stands for."""
    reached: dict[str, list[str]] = {}
    for code in codes:
        for category in tables.categories.get(code_key(code), ()):
            reached.setdefault(category, []).append(code)
    return {
        category: held
        for category, held in reached.items()
        if not tables.above.get(category, frozenset()) & set(reached)
    }


def _newest(context: CheckContext, table: EditTable[R], model: str) -> list[Entry[R]]:
    newest = context.tables.releases(table)[-1:]
    return [entry for entry in context.tables.find_by(table, "model", model) if entry.release in newest]
