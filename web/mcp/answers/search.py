"""Answers to a search: candidates, and what to ask to choose among them."""

from __future__ import annotations

from dataclasses import dataclass

from web.mcp.answers.codes import Option


@dataclass(frozen=True, slots=True)
class Candidate:
    """A code that may be meant, best first; ``billable`` is null where a system has no such flag."""

    code: str
    title: str
    kind: str
    billable: bool | None
    score: float
    matched_on: str


@dataclass(frozen=True, slots=True)
class Question:
    """What splits the best candidates: ``facet`` is side, encounter, trimester, ... or ``meaning``."""

    facet: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class SearchAnswer:
    """Candidates. Where ``ambiguous`` is true, settle what ``ask`` asks from the documentation, or ask.

    ``match`` grades the first candidate (exact, close, partial, none) and ``reason`` says why; ``none`` means
    that no candidate should be taken. ``denied`` are words that the text denies. ``not_loaded`` says that the
    text looks like a code of a system that is not loaded here, ``notices`` what is not of the day asked for.
    """

    query: str
    system: str
    release: str
    source: str
    match: str
    reason: str
    ambiguous: bool
    ask: tuple[Question, ...]
    candidates: tuple[Candidate, ...]
    total: int
    unused_words: tuple[str, ...]
    denied: tuple[str, ...]
    did_you_mean: tuple[str, ...]
    not_in_use: tuple[str, ...]
    not_loaded: str | None = None
    notices: tuple[str, ...] = ()
    left_out: int = 0
    more: str = ""
