"""What goes into the search index: one document per concept, fed from anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from terminology.concept import Kind

NO_VOLUME: Mapping[str, int] = MappingProxyType({})


class TermKind(StrEnum):
    """Where a term of a concept stands; the value is what ``matched_on`` shows."""

    TITLE = "title"
    CATEGORY_TITLE = "category title"
    INCLUSION = "inclusion term"
    INDEX = "index term"
    SYNONYM = "synonym"
    EQUIVALENT = "equivalent term"


@dataclass(frozen=True, slots=True)
class SearchTerm:
    """One term that names a concept besides its title.

    ``text`` is the term as shown, an index path joined with commas. ``source`` says where it stands,
    e.g. ``Alphabetic Index 2017``. ``modifiers`` are words that may be present in a phrase without
    changing the code (nonessential modifiers). ``trust`` is 1.0 for a term its publisher puts on this
    very code, lower where the place was inferred.
    """

    text: str
    kind: TermKind
    source: str
    modifiers: str = ""
    trust: float = 1.0


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """One concept of one release with everything it can be found by.

    ``code`` is the display form and ``key`` its key (:func:`terminology.codes.code_key`); ``parent`` is the
    key of the parent in the same release, ``chapter`` the code of the chapter. ``notes`` say what the concept
    holds (includes, coding notes), ``instructions`` what it does not or what goes with it (excludes, code
    first). ``volume`` counts uses of the code per care setting. ``releases`` are the loaded releases that
    hold the code (empty: only ``release``); where ``release`` is not among them the code is a retired one.
    ``leads_to`` is the key of the ICD-11 code that WHO maps the code, or what it stands under, to. Parents
    come before their children.
    """

    system: str
    release: str
    code: str
    key: str
    title: str
    kind: Kind
    parent: str | None
    chapter: str
    billable: bool | None = None
    terms: tuple[SearchTerm, ...] = ()
    notes: tuple[str, ...] = ()
    instructions: tuple[str, ...] = ()
    volume: Mapping[str, int] = field(default_factory=lambda: NO_VOLUME)
    releases: tuple[str, ...] = ()
    leads_to: str | None = None

    @property
    def current(self) -> bool:
        """Whether the indexed release itself holds the code."""
        return not self.releases or self.release in self.releases
