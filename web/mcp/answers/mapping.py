"""Answers about mappings and ICD-11 expressions."""

from __future__ import annotations

from dataclasses import dataclass

from web.mcp.answers import Failure


@dataclass(frozen=True, slots=True)
class MappedCode:
    """The recommended target of a code, or ``error``; ``alternatives`` counts further targets."""

    input: str
    code: str | None = None
    title: str | None = None
    representation: str | None = None
    expression: str | None = None
    expression_title: str | None = None
    relationship: str | None = None
    confidence: float | None = None
    facets_lost: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    titles_alone: bool = False
    alternatives: int = 0
    error: Failure | None = None


@dataclass(frozen=True)
class MapAnswer:
    """One result per code, in order."""

    system: str
    target: str
    release: str
    source: str
    results: tuple[MappedCode, ...]
    left_out: int = 0
    more: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of a mapping, with where it can be looked up."""

    step: str
    detail: str
    source: str


@dataclass(frozen=True, slots=True)
class Alternative:
    """A target after the recommended one."""

    rank: int
    expression: str
    titles: tuple[str, ...]
    relationship: str
    confidence: float | None


@dataclass(frozen=True)
class Explanation:
    """Why a code maps as it does: steps of the recommended target, what it keeps, loses and adds."""

    system: str
    target: str
    release: str
    source: str
    code: str
    title: str
    representation: str
    motif: str
    expression: str | None
    titles: tuple[str, ...]
    relationship: str | None
    confidence: float | None
    facets_kept: tuple[str, ...]
    facets_lost: tuple[str, ...]
    facets_added: tuple[str, ...]
    optional: tuple[str, ...]
    titles_alone: bool
    reasons: tuple[Reason, ...]
    alternatives: tuple[Alternative, ...]
    left_out: int = 0
    more: str = ""


@dataclass(frozen=True, slots=True)
class ExpressionIssue:
    """One thing wrong with an expression; ``position`` counts characters from 0."""

    severity: str
    code: str
    message: str
    position: int


@dataclass(frozen=True)
class ExpressionAnswer:
    """Whether an ICD-11 expression holds, and its meaning; valid but not ``complete`` lacks a required axis.

    Of ``unchecked_stems`` no loaded file states the axes: whether they are complete was not checked.
    ``precoordinated`` is a code that says the same.
    """

    expression: str
    release: str
    source: str
    valid: bool
    complete: bool
    unchecked_stems: tuple[str, ...]
    precoordinated: str | None
    normalised: str | None
    meaning: str | None
    missing_axes: tuple[str, ...]
    issues: tuple[ExpressionIssue, ...]
    left_out: int = 0
    more: str = ""
