"""How much of the volume ICD-11 can say, and what it cannot."""

from __future__ import annotations

from collections import Counter, defaultdict

from terminology.crosswalk.model import Representation
from terminology.impact.coded import Coded, Facility, State, mapped
from terminology.impact.table import Chart, Column, Table, Value, share

FUNG_2021 = {
    Representation.FULL: 0.235,
    Representation.FULL_POSTCOORDINATED: 0.086,
    Representation.PARTIAL: None,
    Representation.NONE: None,
}
"""Shares of 943 frequent ICD-10-CM codes, by code, not by volume (Fung et al., JAMIA 2021;28:2404)."""
#: What a facet of a title is, in words (docs/crosswalk.md).
FACETS = {
    "condition": "words of the condition itself: the ICD-11 code is broader, or a residual",
    "detail": "what the title adds after a comma",
    "encounter": "initial, subsequent or sequela (7th character)",
    "complication": "what the title says comes with the condition",
    "cause": "what the title says the condition is due to",
    "context": "the disease or event in which it occurs",
    "absence": "what the title says is not there",
    "site": "a site the title leaves unspecified",
    "laterality": "the side; mostly 'unspecified side'",
    "trimester": "the trimester of pregnancy",
    "fetus": "which fetus of a multiple pregnancy",
    "healing": "how a fracture heals (7th character)",
    "displacement": "nondisplaced",
    "intent": "accident, self-harm, assault or undetermined",
    "course": "acute and chronic at once, or the like",
}
_ORDER = tuple(Representation)
_SHARES = tuple(Column(f"{r.value} share", "share") for r in _ORDER)


def accounted(facility: Facility) -> Table:
    """Where every diagnosis of the input went: totals in equal totals out."""
    rows: list[tuple[Value, ...]] = []
    for scope, weights in facility.scopes():
        by_state: Counter[State] = Counter()
        codes: Counter[State] = Counter()
        for key, count in weights.items():
            state = facility.codes[key].state
            by_state[state] += count
            codes[state] += 1
        total = sum(weights.values())
        rows += [(scope, s.value, codes[s], by_state[s], share(by_state[s], total)) for s in State]
        rows.append((scope, "total", len(weights), total, 1.0 if total else 0.0))
    return Table(
        "accounted",
        "Volume accounted for",
        "Is every diagnosis counted, and which codes does the release not know?",
        f"Read against ICD-10-CM {facility.release}. Codes of other releases and headings are "
        f"mapped and counted; "
        "unknown codes are counted here and listed under 'Codes not in the release'.",
        (
            Column("scope"),
            Column("state"),
            Column("codes", "count"),
            Column("volume", "count"),
            Column("share", "share"),
        ),
        tuple(rows),
    )


def rejected(facility: Facility) -> Table:
    """The reported codes that the release does not hold as billable, by volume."""
    every = facility.scopes()[0][1]
    odd = [(facility.codes[k], n) for k, n in every.items() if facility.codes[k].state is not State.VALID]
    odd.sort(key=lambda pair: (-pair[1], pair[0].key))
    return Table(
        "rejected",
        "Codes not in the release",
        "Which reported codes are unknown, of another release, or headings?",
        "All are counted in the totals. At most 10,000 are listed, by volume.",
        (Column("code"), Column("title"), Column("state"), Column("volume", "count")),
        tuple((c.code[:40], c.title, c.state.value, n) for c, n in odd[:10_000]),
    )


def representation(facility: Facility) -> Table:
    """Volume and codes by representation, per scope, beside Fung 2021."""
    rows: list[tuple[Value, ...]] = []
    for scope, weights in facility.scopes():
        volume: Counter[Representation] = Counter()
        codes: Counter[Representation] = Counter()
        for coded, count in mapped(facility, weights):
            volume[coded.representation] += count
            codes[coded.representation] += 1
        all_volume, all_codes = sum(volume.values()), sum(codes.values())
        rows += [
            (
                scope,
                r.value,
                codes[r],
                share(codes[r], all_codes),
                volume[r],
                share(volume[r], all_volume),
                FUNG_2021[r],
            )
            for r in _ORDER
        ]
    return Table(
        "representation",
        "Representation in ICD-11",
        "How much of what is coded can ICD-11 say?",
        "Share of volume v(r)/V for each representation r. Fung et al. (JAMIA 2021;28:2404) is "
        "by code over 943 "
        "frequent codes, judged by people; it is a yardstick, not the same sample.",
        (
            Column("scope"),
            Column("representation"),
            Column("codes", "count"),
            Column("share of codes", "share"),
            Column("volume", "count"),
            Column("share of volume", "share"),
            Column("Fung 2021, share of codes", "share"),
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


def representation_by(facility: Facility, part: str) -> Table:
    """Representation shares by ``chapter`` or ``category``, per scope."""
    rows: list[tuple[Value, ...]] = []
    for scope, weights in facility.scopes():
        volume: defaultdict[str, Counter[Representation]] = defaultdict(Counter)
        for coded, count in mapped(facility, weights):
            volume[_part(coded, part)][coded.representation] += count
        whole = [(name, found, found.total()) for name, found in volume.items()]
        whole.sort(key=lambda row: (-row[2], row[0]))
        rows += [
            (scope, name, facility.headings.get(name, ""), total, *(share(found[r], total) for r in _ORDER))
            for name, found, total in whole
            if total
        ]
    return Table(
        f"representation_by_{part}",
        f"Representation by {part}",
        f"Which {'categories' if part == 'category' else 'chapters'} does ICD-11 cover least?",
        f"As 'Representation in ICD-11', within each {part} of ICD-10-CM.",
        (Column("scope"), Column(part), Column("title"), Column("volume", "count"), *_SHARES),
        tuple(rows),
    )


def losses(facility: Facility) -> Table:
    """The facets that the recommended expression cannot say, by volume."""
    rows: list[tuple[Value, ...]] = []
    for scope, weights in facility.scopes():
        volume: Counter[str] = Counter()
        codes: Counter[str] = Counter()
        example: dict[str, tuple[int, str]] = {}
        total = 0
        for coded, count in mapped(facility, weights):
            total += count
            facets = coded.first.lost if coded.first else ()
            for dimension in sorted({facet.split("=", 1)[0] for facet in facets}):
                volume[dimension] += count
                codes[dimension] += 1
                example[dimension] = max(
                    example.get(dimension, (-1, "")), (count, f"{coded.code} {coded.title}")
                )
        found = sorted(volume, key=lambda d: (-volume[d], d))
        rows += [
            (scope, d, FACETS.get(d, ""), codes[d], volume[d], share(volume[d], total), example[d][1])
            for d in found
        ]
    return Table(
        "losses",
        "Facets lost",
        "What meaning has no place in ICD-11?",
        "Volume of the codes whose recommended expression lacks the facet; a code that loses two counts in "
        "both.",
        (
            Column("scope"),
            Column("facet"),
            Column("meaning"),
            Column("codes", "count"),
            Column("volume", "count"),
            Column("share of volume", "share"),
            Column("most frequent example"),
        ),
        tuple(rows),
        (Chart("Facets lost, all settings", "facet", "volume", "all settings"),),
    )


def _part(coded: Coded, part: str) -> str:
    return coded.category if part == "category" else (coded.chapter or "none")
