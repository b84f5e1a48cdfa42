"""Mapping motifs by volume and the convoluted groups (Boyd, Li, Burton, JAMIA 2013)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from terminology.impact.coded import Coded, Facility, mapped
from terminology.impact.table import Chart, Column, Table, Value, share, unmeasured

_OTHER_CODES = (
    "it hangs on what every other code of the classification becomes, and few of them were coded by hand"
)


@dataclass(frozen=True, slots=True)
class Group:
    """A connected part of the mapping graph: reported codes, ICD-11 stems and the edges between them."""

    codes: tuple[Coded, ...]
    stems: tuple[str, ...]
    edges: tuple[tuple[str, str], ...]
    volume: int


class Shape(StrEnum):
    """The shape of a code's place in the two-way graph, in plain words."""

    IDENTITY = "one to one, both ways"
    ONE_WAY = "one to one, no way back"
    SPLIT = "one to several (class to subclass)"
    MERGED = "several to one (subclass to class)"
    TANGLED = "several to several (convoluted)"
    NONE = "no mapping"


def shape(coded: Coded, level: str, facility: Facility, returning: Mapping[str, frozenset[str]]) -> Shape:
    """Return the shape of a code at a level, ``stem`` or ``expression``.

    Forward: how many billable codes are recommended the same stem, or expression. Backward, always by stem:
    the stems that WHO's 11-to-10 table leads back to the code (``returning``). An identity is reciprocal:
    the code's own stem, and no other, leads back.
    """
    first = coded.first
    if first is None:
        return Shape.NONE
    taken = facility.shared.stems if level == "stem" else facility.shared.expressions
    shared = taken.get(first.stem if level == "stem" else first.expression, 0) > 1
    back = returning.get(coded.key, frozenset())
    if back - {first.stem}:
        return Shape.TANGLED if shared else Shape.SPLIT
    if shared:
        return Shape.MERGED
    return Shape.IDENTITY if back else Shape.ONE_WAY


def motifs(facility: Facility) -> Table:
    """Codes and volume by shape, per scope and level."""
    returning = _returning(facility)
    rows: list[tuple[Value, ...]] = []
    for level in ("stem", "expression"):
        shapes = {key: shape(coded, level, facility, returning) for key, coded in facility.codes.items()}
        for scope, weights in facility.scopes():
            volume: Counter[Shape] = Counter()
            codes: Counter[Shape] = Counter()
            for coded, count in mapped(facility, weights):
                volume[shapes[coded.key]] += count
                codes[shapes[coded.key]] += 1
            rows += [
                (scope, level, m.value, codes[m], volume[m], share(volume[m], volume.total())) for m in Shape
            ]
    rows.sort(key=lambda row: 0 if row[0] == "all settings" else 1)
    return Table(
        "motifs",
        "Mapping motifs",
        "Where do codes split, merge or tangle?",
        "After Boyd, Li, Burton (JAMIA 2013), whose identity is reciprocal: one code, one target, and the "
        "way back "
        "leads to the same code. Forward: the recommended stem or the whole expression, among all billable "
        "codes. "
        "Backward: WHO's 11-to-10 table, stem to code; WHO's ICD-10 has fewer codes than ICD-10-CM, so "
        "that many "
        "have no way back. By expression, extension codes tell apart what shares a stem.",
        (
            Column("scope"),
            Column("level"),
            Column("motif"),
            Column("codes", "count"),
            Column("volume", "count"),
            unmeasured("share of volume", _OTHER_CODES),
        ),
        tuple(rows),
        (
            Chart(
                "Share of volume by motif, all settings, by stem",
                "motif",
                "share of volume",
                "all settings",
                6,
            ),
        ),
    )


def _returning(facility: Facility) -> dict[str, frozenset[str]]:
    """The stems that WHO's 11-to-10 table leads back to each code key."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for stem, key in facility.places.back.items():
        found[key].add(stem)
    return {key: frozenset(stems) for key, stems in found.items()}


def convoluted_groups(facility: Facility) -> list[Group]:
    """Return the connected groups of reported codes that are several to several by stem, most volume first.

    Codes are connected by the stem recommended for them and the stems that lead back to them; every reported
    code with one of those stems is shown too. A group has two codes and two stems at least.
    """
    weights = facility.scopes()[0][1]
    returning = _returning(facility)
    stems_of: dict[str, frozenset[str]] = {}
    by_stem: defaultdict[str, list[Coded]] = defaultdict(list)
    tangled: dict[str, Coded] = {}
    for coded, count in sorted(mapped(facility, weights), key=lambda pair: (-pair[1], pair[0].key)):
        if not count or coded.first is None:
            continue
        stems_of[coded.key] = returning.get(coded.key, frozenset()) | {coded.first.stem}
        if shape(coded, "stem", facility, returning) is Shape.TANGLED:
            tangled[coded.key] = coded
        for stem in stems_of[coded.key]:
            by_stem[stem].append(coded)
    groups: list[Group] = []
    seen: set[str] = set()
    for start in tangled:
        if start not in seen:
            core, stems = _connected(start, stems_of, by_stem, tangled)
            seen |= core
            codes = {c.key: c for stem in sorted(stems) for c in by_stem[stem]}
            members = sorted(codes.values(), key=lambda c: (c.key not in core, -weights[c.key], c.key))
            edges = [(c.code, s) for c in members for s in sorted(stems_of[c.key] & stems)]
            if len(members) > 1 and len(stems) > 1:
                volume = sum(weights[key] for key in core)
                groups.append(Group(tuple(members), tuple(sorted(stems)), tuple(edges), volume))
    return sorted(groups, key=lambda g: (-g.volume, g.codes[0].key))


def _connected(
    start: str,
    stems_of: Mapping[str, frozenset[str]],
    by_stem: Mapping[str, list[Coded]],
    tangled: Mapping[str, Coded],
) -> tuple[set[str], set[str]]:
    """Return the tangled codes connected with one through shared stems, and those stems."""
    core, stems, todo = {start}, set[str](), [start]
    while todo:
        for stem in stems_of[todo.pop()] - stems:
            stems.add(stem)
            for other in by_stem[stem]:
                if other.key in tangled and other.key not in core:
                    core.add(other.key)
                    todo.append(other.key)
    return core, stems


def convoluted(groups: list[Group], most: int = 200) -> Table:
    """The convoluted groups as a table."""
    return Table(
        "convoluted",
        "Convoluted groups",
        "Which codes and targets are entangled?",
        f"Reported codes that are several to several by stem, connected through the stems recommended for "
        f"them and "
        "those that WHO's 11-to-10 table leads back to them, then every reported code with one of those "
        "stems; at "
        f"most {most} groups by the volume of the former. The first ones are drawn in the HTML report. "
        f"Members beyond "
        "twelve are not spelled out.",
        (
            Column("group", "count"),
            Column("volume", "count"),
            Column("codes", "count"),
            Column("stems", "count"),
            Column("ICD-10-CM codes"),
            Column("ICD-11 stems"),
        ),
        tuple(
            (
                i,
                g.volume,
                len(g.codes),
                len(g.stems),
                _listed([c.code for c in g.codes]),
                _listed(list(g.stems)),
            )
            for i, g in enumerate(groups[:most], 1)
        ),
    )


def _listed(names: list[str]) -> str:
    return ", ".join(names[:12]) + (f" and {len(names) - 12} more" if len(names) > 12 else "")
