"""What the tools answer with. Their output schemas are made of these types.

Every answer says ``release`` (what was asked) and ``source`` (who says so). ``left_out`` counts what did not
fit into the size of an answer; ``more`` says how to get it. The answers themselves have no slots: the SDK
would take a slot for a default value, and make no schema.
"""

from __future__ import annotations

from dataclasses import dataclass


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
class Option:
    """A value of an axis, and the code that has it."""

    label: str
    code: str


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
    text looks like a code of a system that is not loaded here.
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
    left_out: int = 0
    more: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why one of a list could not be answered; ``suggestions`` are codes that exist."""

    detail: str
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CodeNote:
    """A publisher's note; ``carried_by`` is the code it stands at."""

    kind: str
    text: str
    carried_by: str


@dataclass(frozen=True, slots=True)
class CodeDetail:
    """One code, or ``error``. ``left_out`` counts notes and 7th characters that were too many to show."""

    input: str
    code: str | None
    title: str | None
    kind: str | None = None
    billable: bool | None = None
    path: tuple[str, ...] = ()
    valid_from: str | None = None
    valid_to: str | None = None
    children: int = 0
    seventh_characters: tuple[Option, ...] = ()
    notes: tuple[CodeNote, ...] = ()
    notices: tuple[str, ...] = ()
    error: Failure | None = None
    left_out: int = 0
    more: str = ""


@dataclass(frozen=True)
class CodesAnswer:
    """One result per code, in order."""

    system: str
    release: str
    source: str
    results: tuple[CodeDetail, ...]
    left_out: int = 0
    more: str = ""


@dataclass(frozen=True, slots=True)
class ValidatedCode:
    """What a code is on the day: valid, not-billable, retired, not-yet-valid, undetermined or not-found."""

    input: str
    code: str
    status: str
    title: str | None
    suggestion: tuple[str, ...]
    message: str


@dataclass(frozen=True)
class ValidationAnswer:
    """One result per code, in order; ``valid`` of ``total`` are good."""

    system: str
    date: str
    release: str
    source: str
    valid: int
    total: int
    results: tuple[ValidatedCode, ...]
    left_out: int = 0
    more: str = ""


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


@dataclass(frozen=True, slots=True)
class ClaimFinding:
    """What an edit says; ``certainty`` is rule (a publisher's) or heuristic (this program's)."""

    edit: str
    severity: str
    certainty: str
    dx: tuple[int, ...]
    line: tuple[int, ...]
    message: str
    source: str
    suggest: tuple[str, ...]


@dataclass(frozen=True)
class ClaimAnswer:
    """Findings, worst first. No finding is no approval: ``not_checked`` edits were not applied."""

    release: str
    source: str
    errors: int
    warnings: int
    infos: int
    findings: tuple[ClaimFinding, ...]
    checked: int
    not_checked: tuple[str, ...]
    not_checked_total: int
    left_out: int = 0
    more: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A concept in the hierarchy."""

    code: str
    title: str
    kind: str
    billable: bool | None
    children: int


@dataclass(frozen=True)
class BrowseAnswer:
    """What stands right below a code, or the chapters of a system; ``path`` leads down to it."""

    system: str
    release: str
    source: str
    code: str | None
    title: str | None
    path: tuple[str, ...]
    total: int
    offset: int
    results: tuple[Place, ...]
    left_out: int = 0
    more: str = ""


@dataclass(frozen=True, slots=True)
class LoadedRelease:
    """A loaded release; ``default`` is the one that answers today."""

    system: str
    release: str
    default: bool
    in_force_from: str | None
    in_force_to: str | None
    publisher: str
    licence: str


@dataclass(frozen=True)
class ReleasesAnswer:
    """Everything loaded, and what this server lacks (``notices``)."""

    release: str
    source: str
    results: tuple[LoadedRelease, ...]
    notices: tuple[str, ...]
    left_out: int = 0
    more: str = ""
