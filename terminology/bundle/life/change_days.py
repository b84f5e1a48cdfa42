"""The days on which anything dated in a bundle begins or ends: between two of them nothing changes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from terminology.bundle.store import Store
from terminology.systems import ICD10CM

_ISO = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"
_YEARS = range(2015, 2051)
_CONVERSIONS = "SELECT DISTINCT coalesce(effective_note, effective_year || '-10-01') FROM predecessor"
_LIFE = ("start_on", "end_on", "earliest", "latest")


def change_days(store: Store, names: Collection[str], months: Collection[int]) -> tuple[date, ...]:
    """Return the first days of periods in which the named code systems and edit tables say one thing.

    A row's last day counts with the day behind it. The first days of ``months`` from 2015 to 2050 are among
    them: publishers' editions and rules begin then. Sorted.
    """
    found = {day for name in names for day in _dated(store, name)}
    days = _begun(*map(_day, found))
    editions = {date(year, month, 1) for year in _YEARS for month in months}
    return tuple(sorted(days | editions))


def release_days(store: Store, systems: Collection[str]) -> set[date]:
    """Return the first days of the periods in which code systems have the same releases in force."""
    releases = (release for name in systems if name in store.systems() for release in store.releases(name))
    ends = (_begun(release.effective_from, release.effective_to) for release in releases)
    return {day for days in ends for day in days}


def days_by_code(store: Store, systems: Collection[str]) -> dict[str, tuple[date, ...]]:
    """Return the first days of the periods of each key's own life, sorted."""
    found: dict[str, set[date]] = {}
    for name in systems:
        sql = f"SELECT key, {', '.join(_LIFE)} FROM life WHERE system = ?"
        for key, *days in store.query(sql, (name,)):
            found.setdefault(key, set()).update(_begun(*(_day(day) for day in days if day)))
    return {key: tuple(sorted(days)) for key, days in found.items()}


def named_codes(store: Store, tables: Collection[str]) -> frozenset[str]:
    """Return every text of five characters in edit tables: the codes that any row of them names."""
    found: set[str] = set()
    for name in tables:
        for column in _text_columns(store, name):
            sql = f'SELECT DISTINCT "{column}" FROM edit_{name} WHERE length("{column}") = 5'
            found |= {code for (code,) in store.query(sql)}
    return frozenset(found)


def _begun(*days: date | None) -> set[date]:
    """The first days of what begins on some days or behind them, as they may be first or last ones."""
    return {first for day in days if day for first in (day, day + timedelta(days=1))}


def _dated(store: Store, name: str) -> set[str]:
    """Return every day that stands in the tables of a code system or an edit table."""
    if name in store.systems():
        held = {
            f"SELECT DISTINCT {column} FROM life WHERE system = ? AND {column} IS NOT NULL": (name,)
            for column in _LIFE
        }
        days = {day for sql, args in held.items() for (day,) in store.query(sql, args)}
        if name == ICD10CM.id:
            days |= {day for (day,) in store.query(_CONVERSIONS)}
        for release in store.releases(name):
            days |= {day.isoformat() for day in (release.effective_from, release.effective_to) if day}
        return days
    return _of_table(store, name)


def _of_table(store: Store, name: str) -> set[str]:
    days: set[str] = set()
    releases = store.query(
        "SELECT in_force_from, in_force_to FROM edit_table WHERE name = ?", (name,)
    ).fetchall()
    if not releases:
        return days
    days |= {day for release in releases for day in release if day}
    for column in _text_columns(store, name):
        sql = f'SELECT DISTINCT "{column}" FROM edit_{name} WHERE "{column}" GLOB ?'
        days |= {day for (day,) in store.query(sql, (_ISO,))}
    return days


def _text_columns(store: Store, name: str) -> list[str]:
    return [
        column for _, column, kind, *_ in store.query(f"PRAGMA table_info(edit_{name})") if kind == "TEXT"
    ]


def _day(text: str) -> date:
    return date.fromisoformat(text)
