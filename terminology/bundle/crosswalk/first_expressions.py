"""The recommended ICD-11 expression of every ICD-10-CM code, and which codes share one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from terminology.bundle.kept import kept_with_bundle
from terminology.bundle.store import Store

_ALL = (
    "SELECT c.key, t.expression FROM crosswalk AS c JOIN crosswalk_target AS t "
    "ON t.crosswalk_id = c.id AND t.rank = 1"
)


@dataclass(frozen=True, slots=True)
class CarryOver:
    """What becomes of a flag that some codes have: ``codes`` have it, ``expressed`` of them have an
    expression in ICD-11, ``undecidable`` of these share it with a code that has not the flag."""

    codes: int
    expressed: int
    undecidable: int


@kept_with_bundle(maxsize=1)
def first_expressions(store: Store) -> Mapping[str, str]:
    """Return the first expression of each code, by key; empty for a bundle without a crosswalk."""
    if not store.query("SELECT 1 FROM sqlite_master WHERE name = 'crosswalk'").fetchone():
        return MappingProxyType({})
    return MappingProxyType(dict(store.query(_ALL).fetchall()))


@kept_with_bundle(maxsize=4)
def _sharing(store: Store, keys: frozenset[str]) -> Mapping[str, tuple[str, ...]]:
    shared: dict[str, list[str]] = {}
    for key, expression in first_expressions(store).items():
        if key in keys:
            shared.setdefault(expression, []).append(key)
    return MappingProxyType({expression: tuple(of) for expression, of in shared.items()})


def sharing(store: Store, keys: frozenset[str]) -> Mapping[str, tuple[str, ...]]:
    """Return which of these codes have each expression, by expression."""
    return _sharing(store, keys)


def carry_over(store: Store, flagged: Collection[str], keys: frozenset[str]) -> CarryOver:
    """Return what becomes of a flag of some codes among all of ``keys``, the codes in use."""
    expressions, flags = first_expressions(store), frozenset(flagged)
    codes = flags & keys
    expressed = [key for key in codes if key in expressions]
    by_expression = sharing(store, keys)
    undecidable = sum(
        any(other not in flags for other in by_expression[expressions[key]]) for key in expressed
    )
    return CarryOver(len(codes), len(expressed), undecidable)
