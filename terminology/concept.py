"""Concepts: chapters, blocks, categories and codes, with their notes and synonyms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

NO_PROPERTIES: Mapping[str, str] = MappingProxyType({})


class Kind(StrEnum):
    """What a concept is.

    ``CATEGORY`` is a heading of ICD-10 or ICD-10-CM that is divided further, ``CODE`` a code that is not
    (billable in ICD-10-CM), ``STEM`` and ``EXTENSION`` the coded categories of ICD-11, ``MODIFIER`` a
    two-character HCPCS or CPT modifier, ``CLUSTER`` an expression of ICD-11, which no release lists.
    """

    CHAPTER = "chapter"
    BLOCK = "block"
    CATEGORY = "category"
    CODE = "code"
    STEM = "stem"
    EXTENSION = "extension"
    MODIFIER = "modifier"
    CLUSTER = "cluster"


class NoteKind(StrEnum):
    """The instructional notes of ICD-10-CM's Tabular List (NCHS tabular schema) and WHO's coding note."""

    INCLUDES = "includes"
    INCLUSION_TERM = "inclusion_terms"
    EXCLUDES1 = "excludes1"
    EXCLUDES2 = "excludes2"
    EXCLUDES = "excludes"
    CODE_FIRST = "code_first"
    USE_ADDITIONAL = "use_additional"
    CODE_ALSO = "code_also"
    CODING_NOTE = "coding_notes"


@dataclass(frozen=True, slots=True)
class Note:
    """One note as its publisher prints it."""

    kind: NoteKind
    text: str


@dataclass(frozen=True, slots=True)
class Synonym:
    """Another term for a concept. ``source`` says where it stands, e.g. ``Table of Drugs 2026``."""

    text: str
    source: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class SeventhCharacter:
    """One 7th character a category allows, e.g. ``A`` = ``initial encounter``."""

    character: str
    meaning: str


#: Property of a concept whose axes a loaded file states: where it has none, there are none.
AXES_STATED = "postcoordination"


@dataclass(frozen=True, slots=True)
class PostcoordinationAxis:
    """One axis of an ICD-11 stem code's postcoordination scale (ICD-API ``postcoordinationScale``).

    ``values`` are foundation or linearization URIs of the roots of the allowed values.
    """

    axis: str
    required: bool
    allow_multiple: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Concept:
    """One concept of one release.

    ``code`` is the publisher's code with its dot, or the publisher's id of a chapter or block.
    ``parent`` is the ``code`` of the parent in the same release, ``None`` for a chapter. ``uri`` is the
    linearization URI and ``foundation_uri`` the foundation URI of ICD-11. ``properties`` holds what one
    publisher alone states (HCPCS pricing, ICD-11 groupings), as printed.
    """

    system: str
    code: str
    title: str
    kind: Kind
    parent: str | None
    short_title: str | None = None
    billable: bool | None = None
    notes: tuple[Note, ...] = ()
    synonyms: tuple[Synonym, ...] = ()
    seventh_characters: tuple[SeventhCharacter, ...] = ()
    axes: tuple[PostcoordinationAxis, ...] = ()
    uri: str | None = None
    foundation_uri: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    properties: Mapping[str, str] = field(default_factory=lambda: NO_PROPERTIES)


@dataclass(frozen=True, slots=True)
class IndexTerm:
    """One entry of an alphabetic index or table of ICD-10-CM.

    ``path`` are the terms from the main term down, without nonessential modifiers, which ``modifiers``
    keeps joined for the whole path. ``column`` is the heading of the table column the code stands under
    (neoplasm and drug tables). ``code`` is as printed (may end in ``-``); ``None`` for a pure reference,
    whose ``see`` or ``see_also`` is set, and for a heading that only leads to the terms below it.
    """

    book: str
    edition: str
    path: tuple[str, ...]
    modifiers: str | None = None
    column: str | None = None
    code: str | None = None
    see: str | None = None
    see_also: str | None = None
    manifestation: str | None = None
