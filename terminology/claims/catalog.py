"""Every edit with what it reads, how much of it is loaded, and what becomes of it in ICD-11."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from terminology.bundle.concepts.references import named_ranges
from terminology.bundle.crosswalk.first_expressions import carry_over, first_expressions
from terminology.bundle.kept import kept_with_bundle
from terminology.bundle.store import Store
from terminology.claims.denials import carc_of
from terminology.claims.edit import Edit
from terminology.claims.edits import EDITS
from terminology.claims.icd11_effects import FLAG_EDITS, flagged_keys, general_effect, keys_in_use
from terminology.claims.tables.poa_exempt import POA_EXEMPT
from terminology.concept import NoteKind
from terminology.icd10cm.note_references import ABOVE
from terminology.systems import ICD10CM, SYSTEMS

_SEVENTH = 7
_INJURIES = ("S", "T", "M")


@dataclass(frozen=True, slots=True)
class LoadedSource:
    """A release of a table or code system that an edit reads, with its rows."""

    table: str
    publisher: str
    release: str
    rows: int
    in_force_from: date | None
    in_force_to: date | None


@dataclass(frozen=True, slots=True)
class EffectFigure:
    """A number about an edit in ICD-11: ``count`` of ``total``, and what is counted."""

    counts: str
    count: int
    total: int


@dataclass(frozen=True, slots=True)
class EditEffect:
    """What becomes of an edit, with figures from the crosswalk of this bundle."""

    effect: str
    text: str
    figures: tuple[EffectFigure, ...]


@dataclass(frozen=True, slots=True)
class CatalogEntry:
    """One edit as users see it. ``missing`` are tables it reads of which none is loaded."""

    edit: str
    severity: str
    says: str
    settings: tuple[str, ...]
    tables: tuple[LoadedSource, ...]
    missing: tuple[str, ...]
    carc: tuple[str, ...]
    icd11: EditEffect | None


@kept_with_bundle(maxsize=2)
def edit_catalog(store: Store, day: date) -> tuple[CatalogEntry, ...]:
    """Return every edit, with what is loaded and the figures of a day's codes."""
    return tuple(_entry(store, edit, day) for edit in EDITS)


def _entry(store: Store, edit: Edit, day: date) -> CatalogEntry:
    loaded = {name: tuple(_sources(store, name)) for name in edit.tables}
    effect = general_effect(edit.id)
    figures = tuple(_figures(store, edit.id, day))
    return CatalogEntry(
        edit=edit.id,
        severity=edit.severity.value,
        says=edit.says,
        settings=tuple(sorted(setting.value for setting in edit.settings)),
        tables=tuple(source for sources in loaded.values() for source in sources),
        missing=tuple(name for name, sources in loaded.items() if not sources),
        carc=carc_of(edit.id),
        icd11=None if effect is None else EditEffect(effect.effect.value, effect.text, figures),
    )


def _sources(store: Store, name: str) -> Iterator[LoadedSource]:
    """The releases of a code system, or of an edit table, by name."""
    if name in SYSTEMS:
        for release in store.releases(name):
            record = store.release_record(release)
            rows = record.counts.get("concepts", 0)
            period = (release.effective_from, release.effective_to)
            yield LoadedSource(name, record.publisher, release.id, rows, *period)
        return
    tables = store.edit_tables
    for told in tables.releases_named(name):
        period = (told.in_force_from, told.in_force_to)
        yield LoadedSource(name, told.publisher, told.release, tables.rows_in(told), *period)


def _figures(store: Store, edit: str, day: date) -> Iterator[EffectFigure]:
    keys = keys_in_use(store, day)
    if not first_expressions(store) or not keys:
        return
    if edit in FLAG_EDITS:
        yield _carried(store, flagged_keys(store, edit, day), keys)
    elif edit == "dx.poa_on_exempt":
        yield _carried(store, _exempt(store), keys)
    elif edit in ("dx.missing_7th", "dx.placeholder"):
        seventh = [key for key in keys if len(key) == _SEVENTH and key.startswith(_INJURIES)]
        yield EffectFigure("codes whose encounter character is gone", len(seventh), len(keys))
    elif edit == "dx.excludes1":
        pairs = list(_excluded_pairs(store, day))
        expressions = first_expressions(store)
        one = sum(
            expressions.get(a) is not None and expressions.get(a) == expressions.get(b) for a, b in pairs
        )
        yield EffectFigure("pairs, one of each note, that become one expression", one, len(pairs))


def _carried(store: Store, flagged: frozenset[str], keys: frozenset[str]) -> EffectFigure:
    carried = carry_over(store, flagged, keys)
    words = "flagged codes with an expression that an unflagged code shares"
    return EffectFigure(words, carried.undecidable, carried.expressed)


def _exempt(store: Store) -> frozenset[str]:
    return frozenset(entry.row.key for entry in store.edit_tables.rows(POA_EXEMPT))


def _excluded_pairs(store: Store, day: date) -> Iterator[tuple[str, str]]:
    """For each Excludes1 note of the day's release, the first code below it and the first it names."""
    release = store.release(ICD10CM.id, on=day)
    keys = sorted(keys_in_use(store, day))
    for carrier, named in named_ranges(store, release, NoteKind.EXCLUDES1):
        own, other = _first(keys, *carrier), _first(keys, *named)
        if own is not None and other is not None:
            yield own, other


def _first(keys: list[str], first: str, last: str) -> str | None:
    at = bisect_left(keys, first)
    return keys[at] if at < len(keys) and keys[at] <= last + ABOVE else None
