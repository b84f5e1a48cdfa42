"""What the loaded tables of CMS and NCHS say of one diagnosis code: the editor's flags, POA, risk models.

What no table says is said by :attr:`CodeRules.silent`, never left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from terminology.bundle.edit_tables import Entry
from terminology.bundle.kept import kept_with_bundle
from terminology.bundle.store import Store
from terminology.claims.tables.mce import MCE_DIAGNOSIS, MceDiagnosis, MceFlag
from terminology.claims.tables.poa_exempt import POA_EXEMPT
from terminology.claims.tables.risk import RISK_CATEGORIES, RISK_COEFFICIENTS, RISK_LABELS
from terminology.codes import code_key
from terminology.edit_table import TableRelease
from terminology.rule_tables import read_rules

_TABLES = "terminology.claims"
_VARIABLE = re.compile(r"(?P<prefix>[A-Z_]+_)(?:RX)?HCC(?P<category>[0-9]+)")
#: The models that payment years 2024 to 2027 are scored by.
_ASKED_MODELS = ("CMS-HCC V24", "CMS-HCC V28")


@dataclass(frozen=True, slots=True)
class FlagWords:
    """What a flag of the Medicare Code Editor says, in words."""

    flag: str
    words: str


@dataclass(frozen=True, slots=True)
class FlagPeriod:
    """The editor's flags of a code from a day to a day, ``None`` while they are open."""

    start: str
    end: str | None
    flags: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class SegmentValue:
    """The coefficient of a category in one segment of enrollees; more than one where CMS prints several."""

    segment: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ModelYear:
    """A model's coefficients of one payment year; ``proposed`` ones are not final."""

    payment_year: str
    proposed: bool
    segments: tuple[SegmentValue, ...]


@dataclass(frozen=True, slots=True)
class RiskPlace:
    """The payment category that a diagnosis has in a risk model; its label where one is loaded."""

    model: str
    category: str
    label: str | None
    years: tuple[ModelYear, ...]
    source: str


@dataclass(frozen=True, slots=True)
class PoaRule:
    """Whether a code is on the list of those exempt from present on admission, in one fiscal year's list."""

    exempt: bool
    source: str


@dataclass(frozen=True, slots=True)
class CodeRules:
    """What is known of one code. ``silent`` are the tables that are not loaded, in words."""

    flags: tuple[FlagPeriod, ...]
    poa: tuple[PoaRule, ...]
    risk: tuple[RiskPlace, ...]
    silent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """The enrollees that a prefix of CMS's variables stands for."""

    prefix: str
    words: str


def code_rules(store: Store, code: str) -> CodeRules:
    """Return what the tables say of an ICD-10-CM code."""
    key, tables = code_key(code), store.edit_tables
    wanted = (MCE_DIAGNOSIS, POA_EXEMPT, RISK_CATEGORIES)
    return CodeRules(
        flags=tuple(_period(entry) for entry in tables.find(MCE_DIAGNOSIS, key)),
        poa=tuple(_poa(store, key, release) for release in tables.releases(POA_EXEMPT)),
        risk=tuple(
            sorted(_risk(store, key), key=lambda place: (place.model != _ASKED_MODELS[1], place.model))
        ),
        silent=(
            *(f"{table.title} ({table.publisher})" for table in wanted if not tables.releases(table)),
            *(
                f"{model}, categories of diagnoses (CMS)"
                for model in _ASKED_MODELS
                if not tables.find_by(RISK_CATEGORIES, "model", model)
            ),
        ),
    )


def _period(entry: Entry[MceDiagnosis]) -> FlagPeriod:
    row = entry.row
    words = {line.flag: line.words for line in read_rules(_TABLES, "mce_flags.tsv", FlagWords)}
    return FlagPeriod(
        start=row.valid_from.isoformat(),
        end=row.valid_to.isoformat() if row.valid_to else None,
        flags=tuple(words[flag] for flag in row.flags if flag in set(MceFlag) and flag in words),
        source=f"{entry.release.title} {entry.release.release}, row {row.row}",
    )


def _poa(store: Store, key: str, release: TableRelease) -> PoaRule:
    listed = {entry.release for entry in store.edit_tables.find(POA_EXEMPT, key)}
    return PoaRule(release in listed, f"{release.title} {release.release}")


def _risk(store: Store, key: str) -> Iterator[RiskPlace]:
    seen = set()
    for entry in store.edit_tables.find(RISK_CATEGORIES, key):
        row = entry.row
        if (row.model, row.category) not in seen:
            seen.add((row.model, row.category))
            yield RiskPlace(
                row.model,
                row.category,
                _label(store, row.model, row.category),
                _coefficients(store, row.model).get(row.category, ()),
                f"{entry.release.title} {entry.release.release}, row {row.row}",
            )


def _label(store: Store, model: str, category: str) -> str | None:
    labels = store.edit_tables.find_by(RISK_LABELS, "model", model)
    return next((e.row.label for e in reversed(labels) if e.row.category == category), None)


@kept_with_bundle(maxsize=32)
def _coefficients(store: Store, model: str) -> dict[str, tuple[ModelYear, ...]]:
    """The coefficients of a model by category, then by the payment year its table's name begins with."""
    segments = {row.prefix: row.words for row in read_rules(_TABLES, "risk_segments.tsv", Segment)}
    held: dict[str, dict[TableRelease, dict[str, dict[float, None]]]] = {}
    proposed: dict[TableRelease, bool] = {}
    for entry in store.edit_tables.find_by(RISK_COEFFICIENTS, "model", model):
        named = _VARIABLE.fullmatch(entry.row.variable.upper())
        if named and named["prefix"] in segments:
            years = held.setdefault(named["category"], {})
            values = years.setdefault(entry.release, {}).setdefault(segments[named["prefix"]], {})
            values.setdefault(entry.row.value)
            proposed[entry.release] = entry.row.proposed
    return {
        category: tuple(_year(release, proposed[release], values) for release, values in years.items())
        for category, years in held.items()
    }


def _year(release: TableRelease, proposed: bool, values: dict[str, dict[float, None]]) -> ModelYear:
    segments = tuple(SegmentValue(name, tuple(found)) for name, found in sorted(values.items()))
    return ModelYear(release.release.partition(" ")[0], proposed, segments)
