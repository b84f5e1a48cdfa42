"""Mapping edges between code systems and predecessor edges within one, each with its provenance."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class MapTable(StrEnum):
    """WHO's published transition tables (ICD-11 release files, ``mapping.zip``)."""

    TEN_TO_ELEVEN_ONE = "10To11MapToOneCategory"
    TEN_TO_ELEVEN_MULTIPLE = "10To11MapToMultipleCategories"
    ELEVEN_TO_TEN_ONE = "11To10MapToOneCategory"
    FOUNDATION_TEN_TO_ELEVEN = "foundation_10To11MapToOneCategory"
    FOUNDATION_ELEVEN_TO_TEN = "foundation_11To10MapToOneCategory"


class TargetKind(StrEnum):
    """What a mapping row points at.

    ``ENTITY`` is a foundation entity named by URI alone, ``NO_MAPPING`` WHO's words "No Mapping",
    ``BLANK`` a row that names no target at all.
    """

    CODE = "code"
    CLUSTER = "cluster"
    BLOCK = "block"
    CHAPTER = "chapter"
    ENTITY = "entity"
    NO_MAPPING = "no-mapping"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Mapping:
    """One row of a mapping table.

    ``release`` is the release of the table (``2025-01``) and ``row`` its 1-based line, so that a reader
    can find it again. ``source_code`` and ``target`` are as printed; ``target`` is ``None`` where the row
    has no code. ``relation`` is the match quality where the table states one (``Equivalent``,
    ``Subclass``) and ``depth_difference`` the number beside it.
    """

    table: MapTable
    release: str
    row: int
    source_system: str
    source_kind: str
    source_code: str | None
    source_title: str
    target_system: str
    target_kind: TargetKind
    target: str | None
    target_title: str | None
    source_uri: str | None = None
    target_uri: str | None = None
    target_foundation_uri: str | None = None
    relation: str | None = None
    depth_difference: int | None = None


@dataclass(frozen=True, slots=True)
class Predecessor:
    """A code and the code that was used before it existed (NCHS conversion table).

    ``effective_year`` is as printed: the code took effect on 1 October of that year unless
    ``effective_note`` says otherwise. ``previous`` is one code; a row that lists several yields several,
    each with the whole list as ``previous_note`` ("A and B" were used together, "A, B" instead of each
    other).
    """

    code: str
    previous: str
    effective_year: int
    row: int
    effective_note: str | None = None
    previous_note: str | None = None
