"""How much of the volume ICD-11 can say, and what it cannot."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from terminology.crosswalk.model import Representation
from terminology.impact.coded import Coded, Facility, State, mapped
from terminology.impact.measures.error_range import (
    KEPT,
    REPRESENTATION,
    error_kind,
    kept_range,
    share_range,
)
from terminology.impact.row_days import moved_in
from terminology.impact.table import Chart, Column, Table, Value, counted, measured, share, unmeasured

FUNG_2021 = (
    "Yardstick, not the same sample: of 943 frequent ICD-10-CM codes that people judged, 23.5 % were full, "
    "8.6 % more by postcoordination and 35.2 % more had nine extension codes been added (Fung et al., JAMIA "
    "2021;28:2404)."
)
_ORDER = tuple(Representation)
SHARES = tuple(column for r in _ORDER for column in measured(f"{r.value} share", ends=r.value))
"""The columns of :func:`shares_of`."""
NOT_SPOKEN = "nobody coded by hand with ICD-11's encounter codes"
_KEPT_COLUMNS = (
    *measured("kept share", ends="kept"),
    unmeasured("kept with encounter codes", NOT_SPOKEN),
)
ENCOUNTER_NOTE = (
    "With encounter codes: as if XY18 and XY8S (ICD-11 since 2024-01) said the 7th characters for initial "
    "and "
    "subsequent encounter; A means active treatment, not the first visit (Official Guidelines I.C.19.a)."
)


def accounted(facility: Facility) -> Table:
    """Where every diagnosis of the input went: totals in equal totals out."""
    rows: list[tuple[Value, ...]] = []
    for scope, weights in facility.scopes():
        by_state: Counter[State] = Counter()
        codes: Counter[State] = Counter()
        moved = moved_in(facility.moved, scope)
        for key, count in weights.items():
            elsewhere = moved.get(key, {})
            state = facility.codes[key].state
            left = count - sum(elsewhere.values())
            for other, some in ((state, left), *elsewhere.items()):
                by_state[other] += some
                codes[other] += some > 0 or left == count
        total = sum(weights.values())
        rows += [(scope, s.value, codes[s], by_state[s], share(by_state[s], total)) for s in State]
        rows.append((scope, "total", len(weights), total, 1.0 if total else 0.0))
    return Table(
        "accounted",
        "Volume accounted for",
        "Is every diagnosis counted, and which codes does the release not know?",
        f"Read against ICD-10-CM {facility.read_as or facility.release}. Codes not in use then and "
        f"headings are "
        f"mapped and counted; "
        "unknown codes are counted here and listed under 'Codes not in the release'. Where rows have days of "
        "their own, a code may stand in two states.",
        (
            Column("scope"),
            Column("state"),
            Column("codes", "count"),
            Column("volume", "count"),
            counted("share"),
        ),
        tuple(rows),
    )


def rejected(facility: Facility) -> Table:
    """The reported codes that the release does not hold as billable, by volume."""
    every = facility.scopes()[0][1]
    codes = facility.codes
    odd = [(codes[k], codes[k].state.value, n) for k, n in every.items() if codes[k].state is not State.VALID]
    odd += [
        (codes[key], f"{state.value} on the day of its row", count)
        for key, states in moved_in(facility.moved, "all settings").items()
        for state, count in states.items()
        if codes[key].state is State.VALID
    ]
    odd.sort(key=lambda row: (-row[2], row[0].key))
    return Table(
        "rejected",
        "Codes not in the release",
        "Which reported codes are unknown, of another release, or headings?",
        "All are counted in the totals. At most 10,000 are listed, by volume.",
        (Column("code"), Column("title"), Column("state"), Column("volume", "count")),
        tuple((c.code[:40], c.title, state, n) for c, state, n in odd[:10_000]),
    )


def representation(facility: Facility) -> Table:
    """Volume and codes by representation, per scope, in both readings of the encounter."""
    rows: list[tuple[Value, ...]] = []
    for scope, weights in facility.scopes():
        every = mapped(facility, weights)
        volume, codes, encounter = Counter[Representation](), Counter[Representation](), Counter[str]()
        for coded, count in every:
            volume[coded.representation] += count
            codes[coded.representation] += 1
            encounter[coded.with_encounter] += count
        by_code, by_volume = judged((coded, 1) for coded, _ in every), judged(every)
        rows += [
            (
                scope,
                r.value,
                codes[r],
                *_ranged(codes, by_code, r),
                volume[r],
                *_ranged(volume, by_volume, r),
                share(encounter[r], encounter.total()),
            )
            for r in _ORDER
        ]
    return Table(
        "representation",
        "Representation in ICD-11",
        "How much of what is coded can ICD-11 say?",
        f"Share of the volume that has a place in the classification. {ENCOUNTER_NOTE} {FUNG_2021}",
        (
            Column("scope"),
            Column("representation"),
            Column("codes", "count"),
            *measured("share of codes"),
            Column("volume", "count"),
            *measured("share of volume"),
            unmeasured("share with encounter codes", NOT_SPOKEN),
        ),
        tuple(rows),
        (
            Chart(
                "Share of volume by representation, all settings",
                "representation",
                "share of volume",
                "all settings",
            ),
        ),
    )


def judged(rows: Iterable[tuple[Coded, int]]) -> Counter[str]:
    """Return a volume by the kind of judgement whose errors are counted together."""
    found: Counter[str] = Counter()
    for coded, count in rows:
        found[error_kind(coded.representation, coded.lost)] += count
    return found


def _ranged(
    held: Counter[Representation], kinds: Counter[str], wanted: Representation
) -> tuple[float, float, float]:
    """The share of a representation with its range."""
    return share(held[wanted], held.total()), *share_range(REPRESENTATION, kinds, (wanted,))


@dataclass(frozen=True, slots=True)
class Kept:
    """How much of a volume keeps its meaning: the share, its range, and the share with encounter codes."""

    volume: int
    share: float
    low: float
    high: float
    with_encounter: float


def kept(rows: Iterable[tuple[Coded, int]]) -> Kept:
    """Return how much of these codes' volume keeps its meaning."""
    every = list(rows)
    volume = judged(every)
    encounter = sum(count for coded, count in every if coded.with_encounter in KEPT)
    total = volume.total()
    whole = sum(volume[r] for r in KEPT)
    return Kept(total, share(whole, total), *kept_range(volume), share(encounter, total))


def kept_meaning(facility: Facility) -> Table:
    """The share that keeps its meaning per scope, with its range."""
    rows: list[tuple[Value, ...]] = []
    for scope, weights in facility.scopes():
        found = kept(mapped(facility, weights))
        rows.append((scope, found.volume, found.share, found.low, found.high, found.with_encounter))
    return Table(
        "kept",
        "Meaning kept",
        "How much keeps its meaning, and how sure is that?",
        "What ICD-11 says in full, by one code or by a cluster, as the crosswalk judges. The range follows "
        "from the errors measured by kind on codes that people coded without the engine's answer: full ones "
        "that were not, partial ones that were, those that lose an encounter apart "
        "(terminology/impact/measured_error.tsv). Where the engine is too strict or too lax, the range lies "
        f"above or below the share. {ENCOUNTER_NOTE}",
        (Column("scope"), Column("volume", "count"), *_KEPT_COLUMNS),
        tuple(rows),
    )


def representation_by(facility: Facility, part: str) -> Table:
    """Representation shares by ``chapter`` or ``category``, per scope, least kept chapters first."""
    rows: list[tuple[Value, ...]] = []
    for scope, weights in facility.scopes():
        parts: defaultdict[str, list[tuple[Coded, int]]] = defaultdict(list)
        for coded, count in mapped(facility, weights):
            parts[_part(coded, part)].append((coded, count))
        whole = [(name, kept(members), members) for name, members in parts.items()]
        by_coverage = part == "chapter"
        whole.sort(key=lambda row: (row[1].share if by_coverage else -row[1].volume, row[0]))
        rows += [
            (
                scope,
                name,
                facility.headings.get(name, ""),
                found.volume,
                found.volume - sum(n for coded, n in members if coded.representation in KEPT),
                *shares_of(members),
                found.share,
                found.low,
                found.high,
                found.with_encounter,
            )
            for name, found, members in whole
            if found.volume
        ]
    return Table(
        f"representation_by_{part}",
        f"Representation by {part}",
        f"Which {'categories' if part == 'category' else 'chapters'} does ICD-11 cover least?",
        f"As 'Meaning kept', within each {part} of ICD-10-CM; "
        f"{'least kept first' if part == 'chapter' else 'most frequent first'}. The errors behind the ranges "
        "were measured over all chapters together.",
        (
            Column("scope"),
            Column(part),
            Column("title"),
            Column("volume", "count"),
            Column("volume not kept", "count"),
            *SHARES,
            *_KEPT_COLUMNS,
        ),
        tuple(rows),
    )


def shares_of(rows: Iterable[tuple[Coded, int]]) -> tuple[float, ...]:
    """Return the share of each representation with its range (:data:`SHARES`)."""
    volume: Counter[Representation] = Counter()
    every = list(rows)
    for coded, count in every:
        volume[coded.representation] += count
    kinds = judged(every)
    return tuple(value for r in _ORDER for value in _ranged(volume, kinds, r))


def _part(coded: Coded, part: str) -> str:
    return coded.category if part == "category" else (coded.chapter or "none")
