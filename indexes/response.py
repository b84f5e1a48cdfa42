"""What a search answers with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from terminology.bundle.concepts.designations import ENGLISH
from terminology.bundle.life.code_status import Resolution


@dataclass(frozen=True, slots=True)
class Variant:
    """One encounter variant (7th character) of a grouped code."""

    code: str
    title: str
    billable: bool | None


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of an axis and the code that has it."""

    label: str
    code: str


@dataclass(frozen=True, slots=True)
class Refinement:
    """An axis (``side``, ``encounter``, ``trimester`` ...) by which a result may be narrowed."""

    axis: str
    values: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a result stands where it does: its best term with source, the parts of its score, the reading."""

    term: str
    source: str
    trust: float
    similarity: float
    coverage: float
    preference: float
    reading: str


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One row of an answer.

    ``matched_on`` names what fitted best (``title``, ``index term``, ``code`` ...) and ``highlight`` shows
    it, HTML-escaped, its fitting words in ``<mark>``. ``base`` and ``variants`` are set where encounter
    variants are grouped: ``code`` is then the variant that fits the query, by default the initial encounter.
    ``title`` is in ``language``, with the English one in ``title_en`` where it is not. ``refine`` lists what
    it may be narrowed to, without choosing.
    """

    system: str
    release: str
    code: str
    title: str
    kind: str
    billable: bool | None
    score: float
    matched_on: str
    highlight: str
    base: str | None = None
    variants: tuple[Variant, ...] = ()
    refine: tuple[Refinement, ...] = ()
    explanation: Explanation | None = None
    language: str = ENGLISH
    title_en: str | None = None


@dataclass(frozen=True, slots=True)
class SearchResponse:
    """An answer: a page of results, how many there are, and counts by facet value.

    ``did_you_mean`` are codes or a corrected phrase to offer; ``took_ms`` is wall time in milliseconds.
    ``unused_words`` are the words of the query that the first result does not answer, ``denied`` those that
    it was read to deny, ``left_out`` those among the unused that say nothing of what is coded (*pt*, *on
    metformin*). ``retired`` are codes not in use that the query is exactly, ``not_loaded`` says that
    it has the shape of a code of a system that the bundle does not hold, ``notices`` what of the results is
    not of the day; whoever holds the bundle fills them.
    """

    query: str
    total: int
    took_ms: float
    results: tuple[SearchResult, ...]
    facets: Mapping[str, Mapping[str, int]]
    did_you_mean: tuple[str, ...] = ()
    unused_words: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    retired: tuple[Resolution, ...] = ()
    not_loaded: str | None = None
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line of typeahead."""

    system: str
    code: str
    title: str


@dataclass(frozen=True, slots=True)
class SuggestPage:
    """A page of typeahead; ``total`` counts all that would be listed."""

    total: int
    results: tuple[Suggestion, ...]
