"""Mapping motifs by volume and the convoluted groups (Boyd, Li, Burton, JAMIA 2013)."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from terminology.crosswalk.model import Motif
from terminology.impact.coded import Coded, Facility, mapped
from terminology.impact.table import Chart, Column, Table, Value, share


@dataclass(frozen=True, slots=True)
class Group:
    """A connected part of the mapping graph: reported codes, ICD-11 stems and the edges between them."""

    codes: tuple[Coded, ...]
    stems: tuple[str, ...]
    edges: tuple[tuple[str, str], ...]
    volume: int


def motifs(facility: Facility) -> Table:
    """Codes and volume by motif, per scope."""
    rows: list[tuple[Value, ...]] = []
    for scope, weights in facility.scopes():
        volume: Counter[Motif] = Counter()
        codes: Counter[Motif] = Counter()
        for coded, count in mapped(facility, weights):
            volume[coded.motif] += count
            codes[coded.motif] += 1
        rows += [(scope, m.value, codes[m], volume[m], share(volume[m], volume.total())) for m in Motif]
    return Table(
        "motifs",
        "Mapping motifs",
        "Where do codes split, merge or tangle?",
        "Motif of each code in the two-way mapping graph of the whole classification (Boyd, Li, "
        "Burton, JAMIA 2013), "
        "counted by the volume of the code.",
        (
            Column("scope"),
            Column("motif"),
            Column("codes", "count"),
            Column("volume", "count"),
            Column("share of volume", "share"),
        ),
        tuple(rows),
        (Chart("Share of volume by motif, all settings", "motif", "share of volume", "all settings"),),
    )


def convoluted_groups(facility: Facility) -> list[Group]:
    """Return the connected groups of reported convoluted codes and their stems, largest volume first."""
    weights = facility.scopes()[0][1]
    by_stem: defaultdict[str, list[Coded]] = defaultdict(list)
    tangled: list[Coded] = []
    for coded, count in sorted(mapped(facility, weights), key=lambda pair: (-pair[1], pair[0].key)):
        if count:
            tangled += [coded] if coded.motif is Motif.CONVOLUTED else []
            for stem in dict.fromkeys(d.stem for d in coded.destinations):
                by_stem[stem].append(coded)
    seen: set[str] = set()
    groups: list[Group] = []
    for start in tangled:
        if start.key in seen:
            continue
        seen.add(start.key)
        core, stems, todo = {start.key: start}, set[str](), [start]
        while todo:
            for stem in {d.stem for d in todo.pop().destinations} - stems:
                stems.add(stem)
                for other in by_stem[stem]:
                    if other.motif is Motif.CONVOLUTED and other.key not in seen:
                        seen.add(other.key)
                        core[other.key] = other
                        todo.append(other)
        codes = {c.key: c for stem in sorted(stems) for c in by_stem[stem]} | core
        members = tuple(sorted(codes.values(), key=lambda c: (c.key not in core, -weights[c.key], c.key)))
        edges = tuple(
            (c.code, s) for c in members for s in dict.fromkeys(d.stem for d in c.destinations) if s in stems
        )
        groups.append(Group(members, tuple(sorted(stems)), edges, sum(weights[key] for key in core)))
    return sorted(groups, key=lambda g: (-g.volume, g.codes[0].key))


def convoluted(groups: list[Group], most: int = 200) -> Table:
    """The convoluted groups as a table."""
    return Table(
        "convoluted",
        "Convoluted groups",
        "Which codes and targets are entangled?",
        f"Reported convoluted codes connected through common stems, then every reported code that "
        f"shares one of those "
        f"stems; at most {most} by the volume of the convoluted codes. The first ones "
        "are drawn in the HTML report. Members beyond twelve are not spelled out.",
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
