"""Volumes and payment tables of a bundle: written by a build, read by impact and comparison."""

from __future__ import annotations

from pathlib import Path

from terminology.bundle.kept import kept_with_bundle
from terminology.bundle.store import Store
from terminology.bundle.writer import DatabaseWriter
from terminology.codes import code_key
from terminology.edition import Library
from terminology.facility import DrgWeight, PaymentScheme, PaymentStatus, Setting


def write_facility_tables(folder: Path, library: Library) -> str:
    """Add the facility tables to a bundle being built; return the hash of what was written.

    Equal (source, setting, code) volumes are summed. What the library does not have leaves its table empty.
    """
    summed: dict[tuple[str, str, str], int] = {}
    for source, volume in library.volumes:
        at = (source, volume.setting.value, volume.key)
        summed[at] = summed.get(at, 0) + volume.count
    statuses = {(s.scheme.value, s.key, s.status): s.source for s in library.payment_statuses}
    with DatabaseWriter(folder, schema="tables/facility.sql", indices=None) as writer:
        writer.insert("volume", ((*at, count) for at, count in sorted(summed.items())))
        writer.insert("payment_status", ((*at, source) for at, source in sorted(statuses.items())))
        weights = sorted(
            (w.drg, w.kind, w.title, w.weight, w.source, w.capped, w.fiscal_year) for w in library.drg_weights
        )
        writer.insert("drg_weight", weights)
        return writer.content_hash


@kept_with_bundle(maxsize=1)
def has_facility_tables(store: Store) -> bool:
    """Return whether the bundle was built with the facility tables (they may be empty)."""
    found = store.query("SELECT count(*) FROM sqlite_master WHERE name = 'payment_status'").fetchone()
    return bool(found[0])


def payment_statuses(store: Store, scheme: PaymentScheme) -> dict[str, str]:
    """Return status by code key; a code in several categories has them joined by ``+``."""
    if not has_facility_tables(store):
        return {}
    found: dict[str, str] = {}
    rows = store.query(
        "SELECT key, status FROM payment_status WHERE scheme = ? ORDER BY key, status", (scheme.value,)
    )
    for key, status in rows:
        found[key] = f"{found[key]}+{status}" if key in found else status
    return found


def payment_of(store: Store, code: str) -> list[PaymentStatus]:
    """Return what payers say of one code."""
    if not has_facility_tables(store):
        return []
    rows = store.query(
        "SELECT scheme, key, status, source FROM payment_status WHERE key = ?", (code_key(code),)
    )
    return [PaymentStatus(PaymentScheme(scheme), key, status, source) for scheme, key, status, source in rows]


def drg_weights(store: Store) -> list[DrgWeight]:
    """Return the MS-DRGs and their weights, by number."""
    if not has_facility_tables(store):
        return []
    return [DrgWeight(*row) for row in store.query("SELECT * FROM drg_weight ORDER BY drg")]


def drg_weight(store: Store, drg: str) -> DrgWeight | None:
    """Return one MS-DRG with its weights, ``None`` where the bundle has none."""
    if not has_facility_tables(store):
        return None
    row = store.query("SELECT * FROM drg_weight WHERE drg = ?", (drg.zfill(3),)).fetchone()
    return None if row is None else DrgWeight(*row)


def volumes_of(store: Store, code: str) -> list[tuple[str, Setting, int, int]]:
    """Return ``(source, setting, count, rank)`` of one code wherever it was counted; 1 is most frequent."""
    if not has_facility_tables(store):
        return []
    rows = store.query(
        "SELECT v.source, v.setting, v.count, 1 + (SELECT count(*) FROM volume AS o WHERE o.source "
        "= v.source "
        "AND o.setting = v.setting AND o.count > v.count) FROM volume AS v WHERE v.key = ? AND v.count > 0 "
        "ORDER BY v.source, v.setting",
        (code_key(code),),
    )
    return [(source, Setting(setting), count, rank) for source, setting, count, rank in rows]
