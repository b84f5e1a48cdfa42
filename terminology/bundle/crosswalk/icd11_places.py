"""Where ICD-11 stems stand in their tabulation, and where WHO's own tables lead back from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from terminology.bundle.crosswalk.crosswalks import recommended_expressions
from terminology.bundle.kept import kept_with_bundle
from terminology.bundle.store import Store
from terminology.cluster import main_stem
from terminology.codes import code_key
from terminology.systems import ICD10CM, ICD11

_BACK = "11To10MapToOneCategory"


@dataclass(frozen=True, slots=True)
class Icd11Places:
    """The stems of a release: ``titles`` by code, ``parents`` (a stem, or a block's id), ``siblings``.

    ``back`` is the ICD-10 code key that WHO's 11-to-10 table gives a stem.
    """

    titles: Mapping[str, str] = field(default_factory=dict)
    parents: Mapping[str, str] = field(default_factory=dict)
    children: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    back: Mapping[str, str] = field(default_factory=dict)

    def siblings(self, stem: str) -> tuple[str, ...]:
        """Return the other stems with the same parent, in WHO's order."""
        return tuple(s for s in self.children.get(self.parents.get(stem, ""), ()) if s != stem)

    def above(self, stem: str) -> frozenset[str]:
        """Return the stems and blocks above a stem."""
        found: list[str] = []
        while (stem := self.parents.get(stem, "")) and stem not in found:
            found.append(stem)
        return frozenset(found)


@dataclass(frozen=True, slots=True)
class Sharing:
    """How many billable ICD-10-CM codes are recommended each ICD-11 stem, and each whole expression.

    ``recommended`` is the expression of each of those codes, by code key.
    """

    stems: Mapping[str, int] = field(default_factory=dict)
    expressions: Mapping[str, int] = field(default_factory=dict)
    recommended: Mapping[str, str] = field(default_factory=dict)


@kept_with_bundle(maxsize=2)
def icd11_places(store: Store, release: str | None) -> Icd11Places:
    """Return the places of the stems of an ICD-11 release; raises as :meth:`Store.release`."""
    loaded = store.release(ICD11.id, release)
    rows = store.query(
        "SELECT c.code, c.title, p.code FROM concept AS c LEFT JOIN concept AS p ON p.id = c.parent_id "
        "WHERE c.release_id = ? AND c.kind IN ('stem', 'block') ORDER BY c.id",
        (loaded.number,),
    )
    titles: dict[str, str] = {}
    parents: dict[str, str] = {}
    children: dict[str, list[str]] = {}
    for code, title, parent in rows:
        titles[code] = title
        if parent is not None:
            parents[code] = parent
            children.setdefault(parent, []).append(code)
    return Icd11Places(titles, parents, {p: tuple(c) for p, c in children.items()}, _back(store))


def _back(store: Store) -> dict[str, str]:
    rows = store.query(
        "SELECT source_code, target FROM mapping WHERE map_table = ? AND source_code IS NOT NULL "
        "AND target IS NOT NULL ORDER BY release, row",
        (_BACK,),
    )
    return {stem: code_key(target) for stem, target in rows}


@kept_with_bundle(maxsize=2)
def sharing(store: Store, release: str) -> Sharing:
    """Count the billable codes of an ICD-10-CM release by recommended stem and by expression."""
    billable = frozenset(
        code_key(code) for code, _, _, billable in store.codes(ICD10CM.id, release) if billable
    )
    stems: dict[str, int] = {}
    expressions: dict[str, int] = {}
    recommended = recommended_expressions(store, billable)
    for expression in recommended.values():
        stem = main_stem(expression)
        stems[stem] = stems.get(stem, 0) + 1
        expressions[expression] = expressions.get(expression, 0) + 1
    return Sharing(stems, expressions, recommended)
