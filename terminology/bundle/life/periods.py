"""The life of a code: the periods in which it existed, as far as the files of a bundle say."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta

from terminology.bundle.kept import kept_with_bundle
from terminology.bundle.life.period import Period
from terminology.bundle.store_face import StoreFace
from terminology.codes import key_in
from terminology.systems import code_system

_DAY = timedelta(days=1)
_PERIODS = """
    SELECT l.start_on, l.end_on, l.title, l.billable, s.text, l.earliest, l.latest, l.code
    FROM life AS l JOIN life_source AS s ON s.id = l.source_id
    WHERE l.system = ? AND l.key = ? ORDER BY l.seq
"""


def life(store: StoreFace, system: str, code: str) -> tuple[Period, ...]:
    """Return the periods of a code (any case, dot or not), oldest first; none for a code never heard of."""
    name = code_system(system).id
    return store.life(name, key_in(name, code))


def read_life(store: StoreFace, system: str, key: str) -> tuple[Period, ...]:
    """Read the periods of a key from the database; :func:`life` keeps what was read."""
    return tuple(
        Period(
            date.fromisoformat(start),
            _date(end),
            title,
            None if billable is None else bool(billable),
            source,
            _date(earliest),
            _date(latest),
        )
        for start, end, title, billable, source, earliest, latest, _ in store.query(_PERIODS, (system, key))
    )


def period_on(periods: tuple[Period, ...], day: date) -> Period | None:
    """Return the period that covers a day, ``None`` if none is known to."""
    return next((period for period in periods if period.covers(day)), None)


@kept_with_bundle(maxsize=64)
def not_in_use_on(store: StoreFace, system: str, day: date) -> frozenset[str]:
    """Return the keys of a system that, as the loaded files say, were not in use on a day."""
    rows = store.query(
        "SELECT DISTINCT l.key FROM life AS l WHERE l.system = ?1 AND (l.earliest > ?2 OR l.latest < ?2) "
        "AND NOT EXISTS (SELECT 1 FROM life AS o WHERE o.system = ?1 AND o.key = l.key "
        "AND (o.earliest IS NULL OR o.earliest <= ?2) AND (o.latest IS NULL OR o.latest >= ?2))",
        (system, day.isoformat()),
    )
    return frozenset(key for (key,) in rows)


@kept_with_bundle(maxsize=64)
def begun_after(store: StoreFace, system: str, day: date) -> frozenset[str]:
    """Return the keys of a system that, as the loaded files say, began after a day and not before."""
    rows = store.query(
        "SELECT key FROM life WHERE system = ? GROUP BY key HAVING min(coalesce(earliest, '')) > ?",
        (system, day.isoformat()),
    )
    return frozenset(key for (key,) in rows)


@kept_with_bundle(maxsize=8)
def billable_between(store: StoreFace, system: str, first: date, last: date) -> dict[str, bool]:
    """Return the keys that may have been in use on some day of a span, and whether billable on one."""
    rows = store.query(
        "SELECT key, max(coalesce(billable, 0)) FROM life WHERE system = ?1 "
        "AND (earliest IS NULL OR earliest <= ?3) AND (latest IS NULL OR latest >= ?2) GROUP BY key",
        (system, first.isoformat(), last.isoformat()),
    )
    return {key: bool(billable) for key, billable in rows}


@kept_with_bundle(maxsize=1)
def days_of_change(store: StoreFace) -> tuple[date, ...]:
    """Return the days on which an answer about today may become another: a code or release begins or ends."""
    rows = store.query(
        "SELECT start_on FROM life UNION SELECT date(end_on, '+1 day') FROM life WHERE end_on IS NOT NULL "
        "UNION SELECT effective_from FROM release WHERE effective_from IS NOT NULL "
        "UNION SELECT date(effective_to, '+1 day') FROM release WHERE effective_to IS NOT NULL ORDER BY 1"
    )
    return tuple(date.fromisoformat(day) for (day,) in rows)


_TWO_FLAGS = "SELECT key FROM life WHERE system = ?1 GROUP BY key HAVING count(DISTINCT billable) > 1"


@kept_with_bundle(maxsize=64)
def flags_on(store: StoreFace, system: str, day: date) -> frozenset[tuple[str, bool]]:
    """Return key and billable flag on a day of the codes that have been both billable and not."""
    rows = store.query(
        f"SELECT key, billable FROM life WHERE system = ?1 AND key IN ({_TWO_FLAGS}) "
        "AND start_on <= ?2 AND (end_on IS NULL OR end_on >= ?2) AND billable IS NOT NULL",
        (system, day.isoformat()),
    )
    return frozenset((key, bool(flag)) for key, flag in rows)


@kept_with_bundle(maxsize=64)
def flags_in_release(store: StoreFace, system: str, release: int) -> frozenset[tuple[str, bool]]:
    """Return key and billable flag in a release (its number) of the codes that have been both."""
    rows = store.query(
        f"SELECT key, billable FROM concept WHERE release_id = ?2 AND key IN ({_TWO_FLAGS}) "
        "AND billable IS NOT NULL",
        (system, release),
    )
    return frozenset((key, bool(flag)) for key, flag in rows)


def unchanged_in(store: StoreFace, system: str, day: date) -> date:
    """Return the first day since which the codes of a system are those of a day."""
    days = _days_in(store, system)
    place = bisect_right(days, day)
    return days[place - 1] if place else day


@kept_with_bundle(maxsize=8)
def _days_in(store: StoreFace, system: str) -> tuple[date, ...]:
    rows = store.query(
        "SELECT DISTINCT start_on, earliest, end_on, latest FROM life WHERE system = ?", (system,)
    ).fetchall()
    begun = {_date(day) for start, earliest, _, _ in rows for day in (start, earliest) if day}
    ended = {date.fromisoformat(day) + _DAY for _, _, end, latest in rows for day in (end, latest) if day}
    return tuple(sorted(day for day in begun | ended if day))


def stood_over_code_on(store: StoreFace, system: str, key: str, day: date) -> bool:
    """Return whether a billable code below a chapter or block, where a release has it, existed on a day."""
    found = store.query(
        "SELECT 1 FROM release AS r JOIN concept AS h ON h.release_id = r.id AND h.key = ?2 "
        "AND h.kind IN ('chapter', 'block') JOIN concept AS c ON c.id > h.id AND c.id <= h.last_id "
        "JOIN life AS l ON l.system = ?1 AND l.key = c.key WHERE r.system = ?1 AND l.billable "
        "AND l.start_on <= ?3 AND (l.end_on IS NULL OR l.end_on >= ?3) LIMIT 1",
        (system, key, day.isoformat()),
    )
    return found.fetchone() is not None


def code_below_on(store: StoreFace, system: str, key: str, day: date) -> bool:
    """Return whether a billable code that begins with a key existed on a day: then the heading did too."""
    found = store.query(
        "SELECT 1 FROM life WHERE system = ? AND key > ? AND key < ? AND billable AND start_on <= ? "
        "AND (end_on IS NULL OR end_on >= ?) LIMIT 1",
        (system, key, f"{key}\x7f", day.isoformat(), day.isoformat()),
    )
    return found.fetchone() is not None


def billable_below(store: StoreFace, system: str, key: str, day: date) -> tuple[tuple[str, str], ...]:
    """Return key and code of the billable codes on a day that begin with a key and are longer."""
    found = store.query(
        "SELECT key, code FROM life WHERE system = ? AND key > ? AND key < ? AND billable AND start_on <= ? "
        "AND (end_on IS NULL OR end_on >= ?) ORDER BY key",
        (system, key, f"{key}\x7f", day.isoformat(), day.isoformat()),
    )
    return tuple((below, code) for below, code in found)


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
