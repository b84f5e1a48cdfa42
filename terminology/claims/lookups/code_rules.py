"""What the loaded tables of CMS and NCHS say of one diagnosis code: the editor's flags, POA, risk models.

What no table says is said by :attr:`CodeRules.silent`, never left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from terminology.bundle.kept import kept_with_bundle
from terminology.bundle.records import ConceptRecord
from terminology.bundle.store import Store
from terminology.claims.lookups.code_edits import EditorPeriod, RiskPlace, code_edits
from terminology.claims.tables.mce import MCE_DIAGNOSIS
from terminology.claims.tables.poa_exempt import POA_EXEMPT
from terminology.claims.tables.risk import RISK_CATEGORIES, RISK_COEFFICIENTS
from terminology.edit_table import TableRelease
from terminology.rule_tables import read_rules

_TABLES = "terminology.claims.lookups"
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
    """The editor's flags of a code in a period, in words."""

    period: EditorPeriod
    words: tuple[str, ...]


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
class RiskYears:
    """A code's place in a risk model, and what its category weighs in each payment year that is loaded."""

    place: RiskPlace
    years: tuple[ModelYear, ...]


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
    risk: tuple[RiskYears, ...]
    silent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """The enrollees that a prefix of CMS's variables stands for."""

    prefix: str
    words: str


def code_rules(store: Store, concept: ConceptRecord) -> CodeRules:
    """Return what the tables say of a billable ICD-10-CM code; see :func:`code_edits` for what is read."""
    tables, edits = store.edit_tables, code_edits(store, concept)
    wanted = (MCE_DIAGNOSIS, POA_EXEMPT, RISK_CATEGORIES)
    places = sorted(
        dict.fromkeys(edits.risk), key=lambda place: (place.model != _ASKED_MODELS[1], place.model)
    )
    lists = [f"{release.title} {release.release}" for release in tables.releases(POA_EXEMPT)]
    return CodeRules(
        flags=tuple(FlagPeriod(period, _words(period.flags)) for period in edits.editor),
        poa=tuple(PoaRule(name in edits.poa_exempt, name) for name in lists),
        risk=tuple(
            RiskYears(place, _coefficients(store, place.model).get(place.category, ())) for place in places
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


def _words(flags: tuple[str, ...]) -> tuple[str, ...]:
    words = {line.flag: line.words for line in read_rules(_TABLES, "mce_flags.tsv", FlagWords)}
    return tuple(words[flag] for flag in flags if flag in words)


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
