"""What a record must say for ICD-11 that ICD-10-CM did not ask for: the queries coders will send."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from terminology.bundle.crosswalk.icd11_places import Icd11Places
from terminology.crosswalk.model import Relationship
from terminology.crosswalk.read.lexicon import phrase
from terminology.impact.coded import Coded, Facility, mapped
from terminology.impact.measures.error_range import claim_range
from terminology.impact.measures.groups import Groups
from terminology.impact.table import Chart, Column, Table, Value, measured, share

MOST_OPTIONS = 12
QUERY = "leaves open what ICD-11 tells apart"
"""The claim that a code has to be asked about, as it stands among the measured errors."""
NOT_CLINICAL = tuple("VWXYZ")
"""ICD-10-CM chapters 20, 21: circumstances, exposures, history and status are no diagnosis."""
_RESIDUAL = ("Y", "Z")
_SILENT = re.compile(
    r",? ?\b(unspecified|other specified|not otherwise specified|not elsewhere classified)\b"
)
_UNSURE = re.compile(
    r"\b(unspecified|without specification|uncertain|unknown|other specified)\b", re.IGNORECASE
)
_LEFT_OPEN = re.compile(r"^unspecified\b|\b(unspecified|not otherwise specified)$", re.IGNORECASE)
"""The title of a code that leaves open what the others of its category say."""
_EMPTY = frozenset({"disease", "disorder", "other", "type"})
_NOT_ASKED = frozenset({"absence", "context", "encounter", "laterality", "site", "trimester", "fetus"})
"""Facets that the record has anyway, or that only ICD-10-CM asks for: what the code denies is known."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question to a physician: what is to be found out, and the ICD-11 stems that answer it."""

    about: str
    options: tuple[str, ...]


def query(
    code: str,
    title: str,
    stem: str,
    relationship: Relationship,
    lost: Sequence[str],
    added: Sequence[str],
    places: Icd11Places,
    heading: str = "",
    taken: frozenset[str] = frozenset(),
) -> Query | None:
    """Return what a physician would have to be asked about a code, ``None`` for nothing.

    Asked is what a physician could answer and ICD-11 tells apart. A target that says more than the code and
    the ``heading`` of its category, beside another stem that the code allows as well (chronic atrial
    fibrillation: persistent or permanent): which? A target that is a residual while two or more of its
    siblings say what the code says and more (stage 3: 3a or 3b): which? Residuals, history, exposure and
    circumstances ask nothing. ``taken`` are the stems of the category's other codes: a code that is not the
    unspecified one does not leave open what another code says.
    """
    if code.startswith(NOT_CLINICAL):
        return None
    if stem.endswith(_RESIDUAL):
        return _which(stem, lost, places)
    if relationship is not Relationship.SOURCE_BROADER or places.parents.get(stem, "").startswith("Block"):
        return None
    known = _words(title) | _words(heading)
    said = [facet.split("=", 1)[-1] for facet in added]
    new = [text for text in said if not _UNSURE.search(text) and _words(text) - known]
    excluded = frozenset() if _LEFT_OPEN.search(title) else taken
    others = _allowed(known, stem, places, excluded) if new else ()
    return Query("; ".join(new), _named((stem, *others), places)) if others else None


def _allowed(
    known: frozenset[str], stem: str, places: Icd11Places, excluded: frozenset[str]
) -> tuple[str, ...]:
    """Return the stems that a code's words allow beside ``stem``: each says what the words and it share.

    They stand beside it, or, where none does, below the siblings of its parent: allergic asthma with
    exacerbation is told from the non-allergic one a level up. What is known to be absent none of them says.
    """
    common = {word for word in known & _words(places.titles.get(stem, "")) if not word.startswith("!")}
    denied = {word[1:] for word in known if word.startswith("!")}

    def allows(other: str) -> bool:
        text = places.titles[other]
        if other in excluded or other.endswith(_RESIDUAL) or _UNSURE.search(text):
            return False
        return common <= _words(text) and not denied & _words(text)

    uncles = places.siblings(places.parents.get(stem, ""))
    cousins = [s for uncle in uncles for s in places.children.get(uncle, ())]
    beside = tuple(filter(allows, places.siblings(stem))) if common else ()
    return beside or (tuple(filter(allows, cousins)) if common else ())


def query_of(coded: Coded, facility: Facility) -> Query | None:
    """Return the query of a reported code."""
    first = coded.first
    if first is None:
        return None
    heading = facility.headings.get(coded.category, "")
    said = (first.stem, first.relationship, first.lost, first.added)
    taken = facility.stems_of_category.get(coded.category, frozenset()) - {first.stem}
    return query(coded.code, coded.title, *said, facility.places, heading, taken)


def _which(stem: str, lost: Sequence[str], places: Icd11Places) -> Query | None:
    for facet in lost:
        dimension, _, value = facet.partition("=")
        words = _words(_SILENT.sub("", value.lower()))
        if dimension in _NOT_ASKED or not words:
            continue
        text = _SILENT.sub("", value.lower()).strip(" ,")
        siblings = (s for s in places.siblings(stem) if not s.endswith(_RESIDUAL))
        denied = {f"!{word}" for word in words}
        found = [
            s for s in siblings if text in places.titles[s].lower() and not denied & _words(places.titles[s])
        ]
        if len(found) > 1:
            return Query(f"which {text}", _named(found, places))
    return None


def _named(stems: Sequence[str], places: Icd11Places) -> tuple[str, ...]:
    return tuple(f"{s} {places.titles.get(s, '')}" for s in stems if not s.endswith(_RESIDUAL))


def _words(text: str) -> frozenset[str]:
    return phrase(text).everything - _EMPTY


def documentation(facility: Facility) -> Table:
    """The codes that ask for something a physician could answer, by volume, and their total per scope."""
    rows: list[tuple[Value, ...]] = []
    queries = {key: query_of(coded, facility) for key, coded in facility.codes.items()}
    for scope, weights in facility.scopes():
        every = mapped(facility, weights)
        total = sum(count for _, count in every)
        found = [(coded, asked, count) for coded, count in every if (asked := queries[coded.key])]
        found.sort(key=lambda each: (-each[2], each[0].key))
        volume = sum(count for _, _, count in found)
        rows += [
            (
                scope,
                coded.code,
                coded.title,
                coded.first.expression if coded.first else "",
                asked.about,
                "; ".join(asked.options[:MOST_OPTIONS]),
                count,
                share(count, total),
                None,
                None,
            )
            for coded, asked, count in found
            if count
        ]
        codes = f"{len(found):,} of {len(every):,} codes"
        never = sum(count for coded, count in every if coded.key.startswith(NOT_CLINICAL))
        ends = claim_range(QUERY, volume, total - volume - never, total)
        rows.append((scope, "total", codes, "", "", "", volume, share(volume, total), *ends))
    return Table(
        "documentation",
        "Documentation queries to expect",
        "What must a record say that ICD-10-CM did not ask for?",
        "Codes that leave open what ICD-11 tells apart and a physician could answer: the target says more "
        "than the code and another stem would fit it as well, or is a residual while its siblings say the "
        "code and more. Circumstances, history, status, exposure, what the code denies and what another code "
        "of the category says ask nothing. A bound: many records say it already. Measured: whether a coder "
        "left the code open too (gave a residual or a broader code, or named a second stem), and those that "
        "only the coder did: the range is of the total, a single code is asked about or is not.",
        (
            Column("scope"),
            Column("code"),
            Column("title"),
            Column("ICD-11"),
            Column("what is open"),
            Column("ICD-11 tells apart"),
            Column("volume", "count"),
            *measured("share of volume"),
        ),
        tuple(rows),
        (Chart("Documentation queries to expect, all settings", "code", "volume", "all settings"),),
    )


def prompts(facility: Facility, by: Groups | None = None) -> Table:
    """A prompt per specialty and question, in words that lead to no answer and name no payment.

    The specialty is the department of ``by`` where the file names departments, the chapter else.
    """
    found: dict[tuple[str, str, tuple[str, ...]], list[tuple[str, int]]] = {}
    departments = {name: codes for (kind, name), codes in (by or {}).items() if kind == "department"}
    queries = {key: query_of(coded, facility) for key, coded in facility.codes.items()}
    for coded, place, count in _placed(facility, departments):
        asked = queries[coded.key]
        if asked is not None and count:
            found.setdefault((place, asked.about, asked.options), []).append((coded.code, count))
    rows = [
        (
            place,
            "" if departments else facility.headings.get(place, ""),
            ", ".join(code for code, _ in sorted(codes, key=lambda c: -c[1])[:MOST_OPTIONS]),
            _prompt(options),
            sum(n for _, n in codes),
        )
        for (place, _, options), codes in found.items()
    ]
    rows.sort(key=lambda row: (-row[4], row[0], row[2]))
    specialty = (
        "department of the file." if departments else "chapter of ICD-10-CM: the file has no department."
    )
    return Table(
        "prompts",
        "Prompts for physicians",
        "How may a physician be asked without leading?",
        f"By {specialty} Each offers 'other' and 'unable to determine' and says nothing of "
        "payment, as "
        "compliant query practice asks (AHIMA and ACDIS, Guidelines for Achieving a Compliant Query "
        "Practice).",
        (
            Column("department" if departments else "chapter"),
            Column("title"),
            Column("codes"),
            Column("prompt"),
            Column("volume", "count"),
        ),
        tuple(rows),
    )


def _placed(
    facility: Facility, departments: Mapping[str, Mapping[str, tuple[int, int]]]
) -> Iterator[tuple[Coded, str, int]]:
    """Yield each code with its department or chapter and the volume there."""
    if not departments:
        for coded, count in mapped(facility, facility.scopes()[0][1]):
            yield coded, coded.chapter, count
    for name, codes in departments.items():
        for coded, count in mapped(facility, {key: count for key, (count, _) in codes.items()}):
            yield coded, name, count


def _prompt(options: tuple[str, ...]) -> str:
    offered = "; ".join(option.split(" ", 1)[1] for option in options[:MOST_OPTIONS])
    return (
        f"Based on your clinical judgement, can the condition be specified further? {offered}; "
        "other (please say); unable to determine."
    )
