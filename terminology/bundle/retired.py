"""Codes that earlier releases had and the current one has not: when they ended and what succeeds them."""

from __future__ import annotations

from dataclasses import dataclass

from terminology.bundle.records import PredecessorRow
from terminology.bundle.store import Store
from terminology.codes import code_key, dotted
from terminology.systems import ICD10CM, code_system

_MOST = 12
_BELOW = 2000
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Successor:
    """A current code that stands in place of a retired one.

    ``since`` is the ISO date the conversion table gives; ``None`` where the table is silent and the code is
    one added below the nearest heading after the retired code ended.
    """

    code: str
    title: str
    since: str | None


@dataclass(frozen=True, slots=True)
class Retired:
    """A code that is not in the current release.

    ``last_release`` is the newest loaded release that holds it, ``None`` for a code that the conversion
    table alone knows (it has no title then). ``ended`` is the ISO date of its last day, ``None`` where the
    publisher gives none. ``heading`` is the nearest current code whose characters it begins with.
    """

    system: str
    code: str
    title: str | None
    last_release: str | None
    ended: str | None
    successors: tuple[Successor, ...]
    heading: str | None


def retired(store: Store, system: str, code: str) -> Retired | None:
    """Return what became of a code, ``None`` for one that is current, still to come, or never was.

    Successors are those of NCHS's conversion table, followed until they are current; where the table names
    none, the codes added since below the nearest heading that have the retired code's ending or length.
    """
    system = code_system(system).id
    key = code_key(code)
    if store.has(system, code):
        return None
    default = store.release(system).release
    older = {r.id for r in store.releases(system) if r.sort_key < default.sort_key}
    held = [name for name in store.releases_with(system, code) if name in older]
    replaced = store.successors(code) if system == ICD10CM.id else []
    if not held and not replaced:
        return None
    last = store.concept(system, code, held[-1]) if held else None
    named = _current(store, replaced) if system == ICD10CM.id else ()
    heading = _heading(store, system, key)
    return Retired(
        system=system,
        code=last.code if last else dotted(system, key),
        title=last.title if last else None,
        last_release=held[-1] if held else None,
        ended=last.valid_to if last else _day_before(replaced[0]),
        successors=named or _added_below(store, system, key, heading, held),
        heading=heading,
    )


def retired_codes(store: Store, text: str, system: str | None = None) -> tuple[Retired, ...]:
    """Return the retired codes that a text is exactly, one for each code system that had it."""
    key = code_key(text)
    if not _SHORTEST <= len(key) <= 8 or not key.isalnum() or not any(c.isdigit() for c in key):
        return ()
    systems = store.systems() if system is None else [code_system(system).id]
    found = (retired(store, name, text) for name in systems if name in store.systems())
    return tuple(one for one in found if one is not None)


def since(row: PredecessorRow) -> str:
    """Return the ISO date a line of the conversion table took effect (1 October unless it says otherwise)."""
    return row.effective_note or f"{row.effective_year}-10-01"


def _current(store: Store, rows: list[PredecessorRow]) -> tuple[Successor, ...]:
    """Follow the conversion table until the codes are in the current release."""
    found: dict[str, Successor] = {}
    seen: set[str] = set()
    queue = list(rows)
    while queue:
        row = queue.pop(0)
        if row.code in seen:
            continue
        seen.add(row.code)
        if store.has(ICD10CM.id, row.code):
            title = store.concept(ICD10CM.id, row.code).title
            found[row.code] = Successor(row.code, title, since(row))
        else:
            queue += store.successors(row.code)
    return tuple(found.values())


def _heading(store: Store, system: str, key: str) -> str | None:
    for length in range(len(key) - 1, _SHORTEST - 1, -1):
        if store.has(system, key[:length]):
            return dotted(system, key[:length])
    return None


def _added_below(
    store: Store, system: str, key: str, heading: str | None, held: list[str]
) -> tuple[Successor, ...]:
    """The codes below a heading that the last release did not have, with the key's ending or its length."""
    if heading is None or not held:
        return ()
    below = store.descendants(store.concept(system, heading), _BELOW).items
    added = [c for c in below if not store.has(system, c.code, held[-1])]
    alike = [c for c in added if len(key) > 5 and code_key(c.code)[5:] == key[5:]]
    alike = alike or [c for c in added if len(code_key(c.code)) == len(key)]
    return tuple(Successor(c.code, c.title, None) for c in alike[:_MOST])


def _day_before(row: PredecessorRow) -> str | None:
    return None if row.effective_note else f"{row.effective_year}-09-30"
