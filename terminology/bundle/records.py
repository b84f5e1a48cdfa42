"""What the store answers with: concepts as they stand in a bundle, with their place in the hierarchy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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
class ConceptRecord:
    """A concept with all that its release says of it.

    ``path`` leads from the chapter down to the parent. ``notes`` holds lists of texts by kind of note.
    ``seventh_characters`` are its own or inherited, ``releases`` the loaded releases that hold its code.
    ``valid_from`` and ``valid_to`` are ISO dates: the
    concept's own where the publisher gives them, else those of its release.
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
    valid_from: str | None
    valid_to: str | None
    uri: str | None
    foundation_uri: str | None
    properties: Mapping[str, str]
    releases: tuple[str, ...]

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
