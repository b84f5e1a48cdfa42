"""What of a diagnosis' meaning ICD-11 cannot say, facet by facet."""

from __future__ import annotations

from collections import Counter

from terminology.impact.coded import Coded, Facility, mapped
from terminology.impact.measures.error_range import claim_range
from terminology.impact.table import Chart, Column, Table, Value, measured, share

#: What a facet of a title is, in words (docs/crosswalk.md).
FACETS = {
    "condition": "words of the condition itself: the ICD-11 code is broader, or a residual",
    "detail": "what the title adds after a comma",
    "encounter": "initial, subsequent or sequela (7th character); ICD-11 has XY18 and XY8S since 2024-01",
    "complication": "what the title says comes with the condition",
    "cause": "what the title says the condition is due to",
    "context": "the disease or event in which it occurs",
    "absence": "what the title says is not there",
    "site": "the site",
    "laterality": "the side",
    "trimester": "the trimester of pregnancy",
    "fetus": "which fetus of a multiple pregnancy",
    "healing": "how a fracture heals (7th character)",
    "displacement": "nondisplaced",
    "intent": "accident, self-harm, assault or undetermined",
    "course": "acute and chronic at once, or the like",
    "severity": "how severe it is",
    "sex": "the patient's sex",
    "other-eye": "the state of the other eye",
    "fracture-pattern": "the pattern of a fracture",
    "stage": "the stage",
    "injury-type": "the kind of injury",
    "origin": "where it comes from",
    "part": "the part of a site",
    "recurrence": "whether it comes back",
    "gas-exchange": "hypoxia or hypercapnia",
    "extent": "partial or complete",
    "physeal-type": "the type of a fracture through a growth plate (Salter-Harris)",
    "documentation": "what the title leaves unspecified",
}
#: The same in a few words, for a sentence.
FACET_NAMES = {
    "condition": "part of the condition itself",
    "detail": "a detail after a comma",
    "encounter": "the encounter (7th character)",
    "complication": "a complication",
    "cause": "the cause",
    "context": "the circumstance",
    "absence": "what is said to be absent",
    "laterality": "the side",
    "fetus": "which fetus",
    "healing": "how a fracture heals",
    "other-eye": "the other eye",
    "physeal-type": "the type of a growth plate's fracture",
    "fracture-pattern": "the pattern of a fracture",
    "injury-type": "the kind of injury",
    "gas-exchange": "hypoxia or hypercapnia",
    "documentation": "what the title leaves unspecified",
}


def lost_kinds(coded: Coded) -> frozenset[str]:
    """Return the kinds of facets that a code loses."""
    return frozenset(facet.split("=", 1)[0] for facet in coded.lost)


def lost_claim(kind: str) -> str:
    """Return how the claim that a code loses a kind of facet is named among the measured errors.

    >>> lost_claim("site")
    'loses site'
    """
    return f"loses {kind}"


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
            for dimension in sorted(lost_kinds(coded)):
                volume[dimension] += count
                codes[dimension] += 1
                example[dimension] = max(
                    example.get(dimension, (-1, "")), (count, f"{coded.code} {coded.title}")
                )
        found = sorted(volume, key=lambda d: (-volume[d], d))
        rows += [
            (
                scope,
                d,
                FACETS.get(d, ""),
                codes[d],
                volume[d],
                share(volume[d], total),
                *claim_range(lost_claim(d), volume[d], total - volume[d]),
                example[d][1],
            )
            for d in found
        ]
    return Table(
        "losses",
        "Facets lost",
        "What meaning has no place in ICD-11?",
        "Volume of the codes judged partial whose recommended expression lacks the facet; a code that "
        "loses two "
        "counts in both. What ICD-10-CM itself leaves unspecified is no loss, nor is a facet that a code "
        "judged "
        "full does without. Measured: whether the coder's own expression for a code that the coder calls "
        "partial lacks the facet too, and those that the engine missed.",
        (
            Column("scope"),
            Column("facet"),
            Column("meaning"),
            Column("codes", "count"),
            Column("volume", "count"),
            *measured("share of volume"),
            Column("most frequent example"),
        ),
        tuple(rows),
        (Chart("Facets lost, all settings", "facet", "volume", "all settings"),),
    )
