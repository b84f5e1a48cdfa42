"""The best single code for a phrase, with how well it matches, or none: never a guess without its grade."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from time import perf_counter

from indexes.response import SearchResponse, SearchResult
from indexes.text.chart import read_chart
from terminology.systems import ICD10CM

_ALTERNATIVES = 3
_EXACT = 0.97
_CLOSE = 0.85
_LEAST = 0.5
_TIE = 0.005


class Match(StrEnum):
    """How well a code answers a phrase.

    ``exact``: a term of the code is what was said, and no other code has it as well. ``close``: all words are
    answered, by several terms or codes. ``partial``: some words are not. ``none``: no code is given.
    """

    EXACT = "exact"
    CLOSE = "close"
    PARTIAL = "partial"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class AutocodeResponse:
    """One code or none, why, and what else could be meant; ``took_ms`` is wall time in milliseconds."""

    query: str
    system: str
    match: Match
    reason: str
    result: SearchResult | None
    alternatives: tuple[SearchResult, ...]
    unused_words: tuple[str, ...]
    denied: tuple[str, ...]
    did_you_mean: tuple[str, ...]
    took_ms: float


def autocode(search: Callable[..., SearchResponse], query: str, system: str = ICD10CM.id) -> AutocodeResponse:
    """Return the code a phrase means in a code system: a billable one where the system has such.

    ``search`` is :meth:`indexes.search.SearchIndex.search`, or the same on a day. Raises
    :class:`InvalidRequestError` or :class:`UnknownSystemError`.
    """
    start = perf_counter()
    billable = True if system == ICD10CM.id else None
    found = search(query, system=system, billable=billable, limit=_ALTERNATIVES + 1, explain=True)
    match, reason = graded(found)
    result = found.results[0] if match is not Match.NONE else None
    return AutocodeResponse(
        found.query,
        system,
        match,
        reason,
        result,
        found.results[1:] if result is not None else found.results[:_ALTERNATIVES],
        found.unused_words,
        found.denied,
        found.did_you_mean,
        (perf_counter() - start) * 1000,
    )


def graded(found: SearchResponse) -> tuple[Match, str]:
    """Return how well the first result answers, and the reason in words."""
    if not found.results:
        return Match.NONE, "nothing was found"
    best = found.results[0]
    if best.matched_on == "code":
        return Match.EXACT, "it is the code that was typed"
    chart = read_chart(found.query)
    unused = [word for word in found.unused_words if word not in found.left_out]
    content = [word for word in chart.words if not word.denied]
    similarity = best.explanation.similarity if best.explanation is not None else 0.0
    if chart.only_denies and similarity < _CLOSE:
        return Match.NONE, "the phrase only denies, and no code says the same; what is not there has no code"
    if best.score < _LEAST or 2 * len(unused) >= max(len(content), 1):
        return (
            Match.NONE,
            f"no code answers enough of it; not answered: {', '.join(unused) or 'its words together'}",
        )
    if unused:
        return Match.PARTIAL, f"not answered: {', '.join(unused)}"
    tied = len(found.results) > 1 and found.results[1].score >= best.score - _TIE
    if similarity >= _EXACT and not tied:
        return Match.EXACT, "a term of the code says the same"
    if similarity >= _CLOSE:
        return (
            Match.CLOSE,
            "other codes fit nearly as well" if tied else "a term of the code says nearly the same",
        )
    return Match.PARTIAL, "the terms of the code say it only in part"
