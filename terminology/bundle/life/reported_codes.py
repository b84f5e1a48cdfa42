"""What a bundle holds of the codes a facility reports: the release's concept, an older one, the crosswalk."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from terminology.bundle.kept import kept_with_bundle
from terminology.bundle.life.periods import billable_between
from terminology.bundle.store import Store
from terminology.codes import code_key, unfilled
from terminology.crosswalk.model import Crosswalk
from terminology.crosswalk.record import decode
from terminology.errors import DataNotAvailableError
from terminology.systems import ICD10CM

Span = tuple[date, date]
"""First and last day."""


@dataclass(frozen=True, slots=True)
class ReportedCode:
    """A reported code that some release holds.

    ``current`` says that the release asked for holds it, ``billable`` that it is billable there.
    """

    code: str
    title: str
    chapter: str
    current: bool
    billable: bool
    crosswalk: Crosswalk | None = None


@dataclass(frozen=True, slots=True)
class ReportedCodes:
    """The reported codes by their keys, the release they are read in, titles of chapters and categories."""

    codes: Mapping[str, ReportedCode]
    release: str
    headings: Mapping[str, str]
    target_release: str | None = None


def reported_codes(
    store: Store, keys: Collection[str], release: str | None = None, span: Span | None = None
) -> ReportedCodes:
    """Return what is known of ICD-10-CM codes by their keys; a key of no code is left out.

    ``span`` are the first and last day the codes were reported: a code is current that was in use on one of
    them, and billable if it was on one. Without it the release says so. A category without codes below it
    is found filled up with X as well (``I10X``). Raises
    :class:`DataNotAvailableError` for a bundle without a crosswalk, and as :meth:`Store.release`.
    """
    loaded = store.release(ICD10CM.id, release, span[1] if span and release is None else None)
    if store.query("SELECT 1 FROM crosswalk LIMIT 1").fetchone() is None:
        raise DataNotAvailableError("this bundle holds no crosswalk: it was built without ICD-11")
    wanted: dict[str, list[str]] = {key: [key] for key in keys}
    for key in keys:
        if (category := unfilled(key)) is not None:
            wanted.setdefault(category, []).append(key)
    found = _older(store, wanted)
    _current(store, loaded.number, wanted, found)
    if span is not None:
        found = _on_days(store, found, span)
    rows = store.query(
        "SELECT key, record FROM crosswalk WHERE key IN (SELECT value FROM json_each(?))", (_listed(wanted),)
    )
    for key, record in rows:
        named = [each for each in wanted[key] if each in found]
        if named:
            crosswalk = decode(zlib.decompress(record))
            found |= {each: replace(found[each], crosswalk=crosswalk) for each in named}
    target = next((c.crosswalk.target_release for c in found.values() if c.crosswalk is not None), None)
    return ReportedCodes(found, loaded.release.id, _headings(store, loaded.number), target)


def _on_days(store: Store, found: Mapping[str, ReportedCode], span: Span) -> dict[str, ReportedCode]:
    """Say of each code whether it was in use and billable in a span, as the dated tables have it."""
    lives = billable_between(store, ICD10CM.id, *span)
    return {
        key: replace(
            code, current=code_key(code.code) in lives, billable=lives.get(code_key(code.code), False)
        )
        for key, code in found.items()
    }


def volumes_by_key(store: Store, setting: str | None = None) -> Counter[str]:
    """Return the bundle's own volumes by code key, of one care setting or of all."""
    counted: Counter[str] = Counter()
    for where, key, count in store.query("SELECT setting, key, count FROM volume"):
        if setting in (None, where):
            counted[key] += count
    return counted


def _older(store: Store, wanted: Mapping[str, list[str]]) -> dict[str, ReportedCode]:
    found: dict[str, ReportedCode] = {}
    rows = store.query(
        "SELECT c.key, c.code, c.title, c.chapter FROM release AS r JOIN concept AS c ON c.release_id = r.id "
        "AND c.key IN (SELECT value FROM json_each(?)) "
        "WHERE r.system = ? AND c.kind IN ('category', 'code') ORDER BY r.id, c.id",
        (_listed(wanted), ICD10CM.id),
    )
    for key, code, title, chapter in rows:
        if key in wanted[key]:
            found[key] = ReportedCode(code, title, chapter or "", current=False, billable=False)
    return found


def _current(
    store: Store, release: int, wanted: Mapping[str, list[str]], found: dict[str, ReportedCode]
) -> None:
    """Add what the release holds."""
    rows = store.query(
        "SELECT key, code, title, chapter, billable, children_count FROM concept "
        "WHERE release_id = ? AND kind IN ('category', 'code') AND key IN (SELECT value FROM json_each(?)) "
        "ORDER BY id",
        (release, _listed(wanted)),
    )
    filled: dict[str, ReportedCode] = {}
    for key, code, title, chapter, billable, below in rows:
        for named in wanted[key]:
            if named == key or not below:
                into = found if named == key else filled
                into[named] = ReportedCode(code, title, chapter or "", True, bool(billable))
    for key, reported in filled.items():
        found.setdefault(key, reported)


@kept_with_bundle(maxsize=2)
def _headings(store: Store, release: int) -> dict[str, str]:
    """Return the titles of the chapters and three-character categories of a release, by code."""
    rows = store.query(
        "SELECT code, title FROM concept WHERE release_id = ? "
        "AND (kind = 'chapter' OR (kind IN ('category', 'code') AND length(key) = 3)) ORDER BY id",
        (release,),
    )
    return dict(rows.fetchall())


def _listed(wanted: Mapping[str, object]) -> str:
    """Return keys as the JSON that a query reads them from."""
    return json.dumps(list(wanted))
