"""Answers about codes: looked up, validated, browsed, and the releases they are of."""

from __future__ import annotations

from dataclasses import dataclass

from web.mcp.answers import Failure


@dataclass(frozen=True, slots=True)
class Option:
    """A value of an axis, and the code that has it."""

    label: str
    code: str


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
