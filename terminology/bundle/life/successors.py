"""What took the place of a code that ended: by the conversion table, else by what began below it then."""

from __future__ import annotations

from datetime import date

from terminology.bundle.life.code_status import CodeStatus, Successor
from terminology.bundle.life.periods import life, period_on
from terminology.bundle.records import PredecessorRow
from terminology.bundle.store_face import StoreFace
from terminology.codes import code_key
from terminology.systems import ICD10CM

_MOST = 12


def since(row: PredecessorRow) -> str:
    """Return the ISO date a line of the conversion table took effect (1 October unless it says otherwise)."""
    return row.effective_note or f"{row.effective_year}-10-01"


def replacing_rows(store: StoreFace, system: str, key: str) -> list[PredecessorRow]:
    """Return the lines of the conversion table that name other codes in a code's place."""
    if system != ICD10CM.id:
        return []
    return [row for row in store.successors(key) if code_key(row.code) != key]


def replaced_by(store: StoreFace, rows: list[PredecessorRow], day: date) -> tuple[Successor, ...]:
    """Return the codes that the conversion table leads to, followed until they are in use on the day."""
    found: dict[str, Successor] = {}
    seen: set[str] = set()
    queue = list(rows)
    while queue:
        row = queue.pop(0)
        if row.code in seen or since(row) > day.isoformat():
            continue
        seen.add(row.code)
        period = period_on(life(store, ICD10CM.id, row.code), day)
        if period is not None:
            found[row.code] = Successor(row.code, period.title or "", since(row))
        if period is None or period.billable is False:
            queue += replacing_rows(store, ICD10CM.id, code_key(row.code))
    return tuple(found.values())


def begun_below(store: StoreFace, system: str, key: str, began: date, day: date) -> tuple[Successor, ...]:
    """Return the codes below a key that ``began`` on one day and are in use on another."""
    rows = store.query(
        "SELECT code, title FROM life WHERE system = ? AND key > ? AND key < ? AND seq = 0 AND start_on = ? "
        "AND earliest = start_on AND billable AND (end_on IS NULL OR end_on >= ?) ORDER BY key",
        (system, key, f"{key}\x7f", began.isoformat(), day.isoformat()),
    )
    return tuple(Successor(code, title or "", None) for code, title in rows)


def alike(key: str, begun: tuple[Successor, ...]) -> tuple[Successor, ...]:
    """Return of codes begun below a heading those with the key's ending, else those of its length.

    Twelve at most: they are a suggestion, not a mapping.
    """
    found = [s for s in begun if len(key) > 5 and code_key(s.code)[5:] == key[5:]]
    found = found or [s for s in begun if len(code_key(s.code)) == len(key)]
    return tuple(found[:_MOST])


def ending(store: StoreFace, successors: tuple[Successor, ...]) -> CodeStatus:
    """Return how a code ended: split into several, merged with others into one, or retired."""
    if len(successors) > 1:
        return CodeStatus.SPLIT
    for successor in successors:
        if successor.since and len({p.previous for p in store.predecessors(successor.code)}) > 1:
            return CodeStatus.MERGED
    return CodeStatus.RETIRED
