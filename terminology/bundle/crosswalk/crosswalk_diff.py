"""What differs between the crosswalks of two bundles, whichever releases they were built from."""

from __future__ import annotations

from typing import Any

from terminology.bundle.crosswalk.crosswalks import crosswalks
from terminology.bundle.store import Store
from terminology.codes import code_key
from terminology.crosswalk.model import Crosswalk
from terminology.crosswalk.review.drift import Drift, crosswalk_drift
from terminology.errors import DataNotAvailableError
from terminology.systems import ICD10CM, ICD11


def diff_crosswalks(old: Store, new: Store) -> dict[str, Any]:
    """Return ``old`` and ``new`` (the releases), ``same`` (a count) and ``changes`` by kind of drift.

    Compared are the sources of each bundle's default ICD-10-CM release: the recommended expression, its stem
    and the representation. Raises :class:`DataNotAvailableError` for a bundle without crosswalk.
    """
    before, after = _current(old), _current(new)
    changes: dict[str, list[dict[str, Any]]] = {kind.value: [] for kind in Drift}
    for change in crosswalk_drift(before, after):
        shown = change.after or change.before
        store = new if change.after else old
        changes[change.kind.value].append(
            {
                "code": change.source_code,
                "title": shown.source_title if shown else "",
                "billable": store.concept(ICD10CM.id, change.source_code).billable,
                "before": _expression(change.before),
                "after": _expression(change.after),
                "representation_before": change.before.representation if change.before else None,
                "representation_after": change.after.representation if change.after else None,
            }
        )
    moved = sum(len(found) for kind, found in changes.items() if kind != Drift.REMOVED.value)
    return {"old": _releases(old), "new": _releases(new), "same": len(after) - moved, "changes": changes}


def _current(store: Store) -> list[Crosswalk]:
    release = store.release(ICD10CM.id)
    found = [c for c in crosswalks(store) if c.source_release == release.release.id]
    if not found:
        raise DataNotAvailableError(f"{store.folder} holds no crosswalk; build it with ICD-10-CM and ICD-11")
    return sorted(found, key=lambda c: code_key(c.source_code))


def _expression(crosswalk: Crosswalk | None) -> str | None:
    first = crosswalk.recommended if crosswalk else None
    return first.expression if first else None


def _releases(store: Store) -> dict[str, str]:
    return {system: store.release(system).release.id for system in (ICD10CM.id, ICD11.id)}
