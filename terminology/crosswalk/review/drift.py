"""What changes in a crosswalk between two releases of either classification."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from terminology.codes import code_key
from terminology.crosswalk.model import Crosswalk


class Drift(StrEnum):
    """How a source code's recommendation changed."""

    ADDED = "added"
    REMOVED = "removed"
    STEM = "stem"
    EXPRESSION = "expression"
    REPRESENTATION = "representation"


@dataclass(frozen=True, slots=True)
class Change:
    """A source code whose recommendation differs; a new one has no ``before``, a deleted one no ``after``."""

    source_code: str
    kind: Drift
    before: Crosswalk | None
    after: Crosswalk | None


def crosswalk_drift(before: Iterable[Crosswalk], after: Iterable[Crosswalk]) -> Iterator[Change]:
    """Yield what differs between two crosswalks, in the order of the second, deleted codes last.

    Compared are the recommended expression, its first stem, and the representation; not confidences.
    """
    old = {code_key(c.source_code): c for c in before}
    for new in after:
        was = old.pop(code_key(new.source_code), None)
        kind = Drift.ADDED if was is None else _kind(was, new)
        if kind is not None:
            yield Change(new.source_code, kind, was, new)
    for gone in old.values():
        yield Change(gone.source_code, Drift.REMOVED, gone, None)


def _kind(was: Crosswalk, new: Crosswalk) -> Drift | None:
    first, second = was.recommended, new.recommended
    stems = (first.stem if first else None, second.stem if second else None)
    if stems[0] != stems[1]:
        return Drift.STEM
    if first and second and first.expression != second.expression:
        return Drift.EXPRESSION
    if was.representation is not new.representation:
        return Drift.REPRESENTATION
    return None
