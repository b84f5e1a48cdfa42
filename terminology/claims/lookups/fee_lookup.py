"""What fee schedules say of codes on a day, and what their letters mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TypeVar

from terminology.bundle.tables.edit_tables import Entry
from terminology.claims.context import CheckContext
from terminology.claims.tables.fee_schedule import (
    DRUG_LIMITS,
    LOCALITIES,
    OUTPATIENT_RATES,
    RELATIVE_VALUES,
    DrugLimit,
    Locality,
    OutpatientRate,
    RelativeValue,
)
from terminology.edit_table import EditTable, TableRow
from terminology.rule_tables import read_rules

R = TypeVar("R", bound=TableRow)


@dataclass(frozen=True, slots=True)
class Indicator:
    """A letter of a ``scheme``: whether it is paid separately, and what it means in our words."""

    scheme: str
    code: str
    paid: bool
    meaning: str


@cache
def indicators(scheme: str) -> Mapping[str, Indicator]:
    """Return the letters of ``pfs`` (status), ``opps`` (status indicator) or ``coverage`` by letter."""
    rows = read_rules(__package__, "indicators.tsv", Indicator)
    return {row.code: row for row in rows if row.scheme == scheme}


@dataclass(frozen=True, slots=True)
class ModifierIndicator:
    """What a value of a field of the fee schedule means for the modifiers it is about."""

    field: str
    modifiers: frozenset[str]
    values: frozenset[str]
    words: str


def modifier_indicators() -> tuple[ModifierIndicator, ...]:
    """Return what the fields of the fee schedule say against modifiers (CMS, RVU file documentation)."""
    return read_rules(__package__, "modifier_indicators.tsv", ModifierIndicator)


def relative_value_on(
    context: CheckContext, code: str, modifiers: frozenset[str], day: date
) -> Entry[RelativeValue] | None:
    """Return a code's line in the fee schedule of a day: that of its 26, TC or 53, else the whole."""
    entries = [e for e in _on(context, RELATIVE_VALUES, code, day) if e.row.modifier in (*modifiers, "")]
    return max(entries, key=lambda entry: entry.row.modifier, default=None)


def outpatient_rate_on(context: CheckContext, code: str, day: date) -> Entry[OutpatientRate] | None:
    """Return a code's line in Addendum B of a day."""
    return next(iter(_on(context, OUTPATIENT_RATES, code, day)), None)


def drug_limit_on(context: CheckContext, code: str, day: date) -> Entry[DrugLimit] | None:
    """Return the payment limit of a drug's code on a day."""
    return next(iter(_on(context, DRUG_LIMITS, code, day)), None)


def localities_on(context: CheckContext, locality: str, day: date) -> list[Entry[Locality]]:
    """Return the localities that a number names: ``00`` of several contractors, ``01112-05`` of one."""
    contractor, _, number = locality.rpartition("-")
    found = _on(context, LOCALITIES, number.zfill(2), day)
    return [entry for entry in found if not contractor or entry.row.contractor == contractor.zfill(5)]


def _on(context: CheckContext, table: EditTable[R], code: str, day: date) -> list[Entry[R]]:
    release = context.tables.release_on(table, day)
    return [entry for entry in context.tables.find(table, code) if entry.release is release]
