"""What the store answers with: concepts as they stand in a bundle, with their place in the hierarchy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from terminology.bundle.life.period import Period
from terminology.concept import SeventhCharacter, Synonym

#: Between the terms of an index term's path in its database column: a character no index prints.
PATH_SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True)
class Summary:
    """A concept in a list."""

    code: str
    title: str
    kind: str
    billable: bool | None
    children_count: int


@dataclass(frozen=True, slots=True)
class InheritedNote:
    """A note that holds for a concept because one above it carries it; ``origin`` is that one's code."""

    origin: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class ConceptRecord:
    """A concept with all that its release says of it.

    ``path`` leads from the chapter down to the parent. ``notes`` holds lists of texts by kind of its own
    notes, ``inherited_notes`` those of the concepts above it, nearest first. ``seventh_characters`` are its
    own or inherited, ``releases`` the loaded releases that hold its code. ``life`` are the periods in which
    the code existed. ``notices`` say what of the answer is not of the day that was asked for.
    ``day`` is the day it is of, ``None`` where a release was named.
    """

    id: int
    system: str
    release: str
    key: str
    code: str
    title: str
    short_title: str | None
    kind: str
    billable: bool | None
    chapter: str
    path: tuple[Summary, ...]
    children_count: int
    descendants_count: int
    notes: Mapping[str, tuple[str, ...]]
    seventh_characters: tuple[SeventhCharacter, ...]
    synonyms: tuple[Synonym, ...]
    uri: str | None
    foundation_uri: str | None
    properties: Mapping[str, str]
    releases: tuple[str, ...]
    inherited_notes: tuple[InheritedNote, ...]
    life: tuple[Period, ...]
    notices: tuple[str, ...] = ()
    day: date | None = None

    @property
    def valid_from(self) -> str | None:
        """The first day of its life (ISO), ``None`` where no loaded file gives it."""
        return self.life[0].start.isoformat() if self.valid_from_known else None

    @property
    def valid_from_known(self) -> bool:
        """Whether a loaded file says when it began."""
        return bool(self.life) and self.life[0].start_known

    @property
    def valid_to(self) -> str | None:
        """The last day of its life (ISO), ``None`` while it is open or no loaded file gives it."""
        last = self.life[-1] if self.life else None
        return last.end.isoformat() if last and last.end and last.end_known else None

    @property
    def parent(self) -> str | None:
        """The code of the parent, ``None`` for a chapter."""
        return self.path[-1].code if self.path else None


@dataclass(frozen=True, slots=True)
class MappingRow:
    """One row of a WHO mapping table as the bundle holds it."""

    map_table: str
    release: str
    row: int
    source_system: str
    source_kind: str
    source_code: str | None
    source_title: str
    source_uri: str | None
    target_system: str
    target_kind: str
    target: str | None
    target_title: str | None
    target_uri: str | None
    target_foundation_uri: str | None
    relation: str | None
    depth_difference: int | None


@dataclass(frozen=True, slots=True)
class PredecessorRow:
    """One line of the conversion table: ``code`` replaced ``previous`` from ``effective_year`` on.

    ``previous_note`` is the whole cell where it names several codes: joined by "and" they were used
    together, by a comma they are alternatives.
    """

    code: str
    previous: str
    previous_note: str | None
    effective_year: int
    effective_note: str | None
