"""What a search answers with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from terminology.bundle.resolution import Resolution


@dataclass(frozen=True, slots=True)
class Variant:
    """One encounter variant (7th character) of a grouped code."""

    code: str
    title: str
    billable: bool | None


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
    explanation: Explanation | None = None


@dataclass(frozen=True, slots=True)
class SearchResponse:
    """An answer: a page of results, how many there are, and counts by facet value.

    ``did_you_mean`` are codes or a corrected phrase to offer; ``took_ms`` is wall time in milliseconds.
    ``retired`` are codes not in use that the query is exactly; whoever holds the bundle fills it.
    """

    query: str
    total: int
    took_ms: float
    results: tuple[SearchResult, ...]
    facets: Mapping[str, Mapping[str, int]]
    did_you_mean: tuple[str, ...] = ()
    retired: tuple[Resolution, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line of typeahead."""

    system: str
    code: str
    title: str
