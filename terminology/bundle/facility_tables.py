"""Volumes and payment tables of a bundle: written by a build, read by impact and comparison."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from terminology.bundle.manifest import DATABASE
from terminology.bundle.store import Store
from terminology.codes import code_key
from terminology.facility import CodeVolume, DrgWeight, PaymentScheme, PaymentStatus, Setting


def write_facility_tables(
    folder: Path,
    volumes: Iterable[tuple[str, CodeVolume]],
    statuses: Iterable[PaymentStatus],
    weights: Iterable[DrgWeight],
) -> dict[str, int]:
    """Add the facility tables to a bundle being built and return the rows of each.

    ``volumes`` are pairs of source name and volume; equal (source, setting, code) are summed. An empty
    iterable leaves its table empty. Call once per bundle, after its other tables are written.
    """
    summed: dict[tuple[str, str, str], int] = {}
    for source, volume in volumes:
        at = (source, volume.setting.value, volume.key)
        summed[at] = summed.get(at, 0) + volume.count
    with sqlite3.connect(folder / DATABASE) as db:
        db.executescript(files(__package__).joinpath("facility.sql").read_text("utf-8"))
        db.executemany(
            "INSERT INTO volume VALUES (?, ?, ?, ?)", (([*at, n]) for at, n in sorted(summed.items()))
        )
        rows = {(s.scheme.value, s.key, s.status, s.source) for s in statuses}
        db.executemany("INSERT OR IGNORE INTO payment_status VALUES (?, ?, ?, ?)", sorted(rows))
        db.executemany(
            "INSERT INTO drg_weight VALUES (?, ?, ?, ?, ?)",
            sorted((w.drg, w.kind, w.title, w.weight, w.source) for w in weights),
        )
        counts = {
            table: int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
            for table in ("volume", "payment_status", "drg_weight")
        }
    db.close()
    return counts


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
