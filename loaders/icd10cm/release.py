"""A release of ICD-10-CM: the order file's codes joined with the Tabular List's hierarchy and notes.

The order file says which codes exist, which are billable and what they are called; the Tabular List says
where they stand and what must be observed. 7th-character codes come from the order file alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from loaders.icd10cm.order import OrderEntry
from loaders.icd10cm.tabular import Tabular, TabularEntry
from terminology.accents import unaccented
from terminology.codes import dotted
from terminology.concept import NO_PROPERTIES, Concept, Kind, Synonym
from terminology.errors import IntegrityError
from terminology.systems import ICD10CM

_EXAMPLES = 5
_CODE_LENGTH = 7
_CATEGORY_LENGTH = 3


def join_release(
    entries: Iterable[OrderEntry], tabular: Tabular, *, carried_from: str | None
) -> Iterator[Concept]:
    """Yield the concepts of one release, parents before children, in the publisher's order.

    ``entries`` are those of the release's order file. ``carried_from`` is ``None`` when ``tabular`` is of
    the same edition (:func:`same_edition`); otherwise it names the edition the Tabular List is of
    (``April 2026``), and then

    - chapters, blocks and 7th characters are taken from it, and the notes of those codes alone whose title
      it states alike; a concept with anything so carried has the property ``notes_from``;
    - a category it does not know goes to the section whose range holds it, else to the section of the
      category before it in the order file, and has the property ``block_inferred``;
    - sections and codes that the order file no longer has are left out.

    Titles are the order file's. Where the Tabular List writes the same title with accents, or another title
    in the same edition, its form is a synonym.

    Raises :class:`IntegrityError` when, in the same edition, the two lists of codes disagree, and in any case
    when a code has no parent or no chapter.
    """
    release = _Release({e.key: e for e in entries}, tabular, carried_from)
    if carried_from is None:
        release.check()
    release.place()
    for chapter in tabular.chapters.values():
        yield from release.walk(chapter, Kind.CHAPTER)


def same_edition(entries: Iterable[OrderEntry], tabular: Tabular) -> bool:
    """Say whether a Tabular List lists the very codes of an order file (7th-character codes aside)."""
    absent, unexplained = _differences({e.key: e for e in entries}, tabular)
    return not absent and not unexplained


def _differences(entries: Mapping[str, OrderEntry], tabular: Tabular) -> tuple[list[str], list[str]]:
    """Return the Tabular List's codes that are not entries, and the entries it gives no reason for."""
    absent = [key for key in tabular.diags if key not in entries]
    extensions: dict[str, frozenset[str]] = {}
    unexplained = []
    for key in entries:
        if key not in tabular.diags:
            stem = key[:-1]
            if stem not in extensions:
                extensions[stem] = _extensions(stem, tabular)
            if key[-1] not in extensions[stem]:
                unexplained.append(key)
    return absent, unexplained


def _extensions(stem: str, tabular: Tabular) -> frozenset[str]:
    """Return the 7th characters that make codes of the first six characters ``stem``."""
    is_stem = len(stem) == _CODE_LENGTH - 1 and (stem in tabular.diags or stem.rstrip("X") in tabular.diags)
    return frozenset(c.character for c in tabular.seventh_characters(stem)) if is_stem else frozenset()


@dataclass(slots=True)
class _Release:
    entries: dict[str, OrderEntry]
    tabular: Tabular
    carried_from: str | None
    below: dict[str, list[str]] = field(default_factory=dict)
    """Keys of categories by section code, and of codes by the key of their parent."""
    inferred: set[str] = field(default_factory=set)
    nested: dict[str, list[TabularEntry]] = field(default_factory=dict)
    """Sections by the code of the chapter or section they stand in."""

    def check(self) -> None:
        absent, unexplained = _differences(self.entries, self.tabular)
        if absent:
            raise IntegrityError(
                f"icd-10-cm: {len(absent)} codes of the Tabular List {self.tabular.version} are not in the "
                f"order file: {_some(absent)}"
            )
        if unexplained:
            raise IntegrityError(
                f"icd-10-cm: {len(unexplained)} codes of the order file are not in the Tabular List "
                f"{self.tabular.version}: {_some(unexplained)}"
            )

    def place(self) -> None:
        """Give every code its parent and every section its place."""
        section: str | None = None
        for key in self.entries:
            if len(key) > _CATEGORY_LENGTH:
                self.below.setdefault(self._parent(key), []).append(key)
                continue
            section = self._section(key, section)
            self.below.setdefault(section, []).append(key)
        for entry in self.tabular.sections.values():
            if entry.parent is not None:
                self.nested.setdefault(entry.parent, []).append(entry)

    def walk(self, entry: TabularEntry, kind: Kind) -> Iterator[Concept]:
        """Yield a chapter or section with all below it; sections of another edition only if used."""
        if self.carried_from is not None and not self._is_used(entry):
            return
        yield Concept(
            system=ICD10CM.id,
            code=entry.code,
            title=entry.title,
            kind=kind,
            parent=entry.parent,
            notes=entry.notes,
            seventh_characters=entry.seventh_characters,
            properties=self._properties(entry, bool(entry.notes or entry.seventh_characters)),
        )
        for section in self.nested.get(entry.code, ()):
            yield from self.walk(section, Kind.BLOCK)
        stack = [(key, entry.code) for key in reversed(self.below.get(entry.code, ()))]
        while stack:
            key, parent = stack.pop()
            concept = self._concept(self.entries[key], parent)
            yield concept
            stack.extend((child, concept.code) for child in reversed(self.below.get(key, ())))

    def _parent(self, key: str) -> str:
        """The longest proper prefix that is a code; ``X`` placeholders make some prefixes no code."""
        for length in range(len(key) - 1, _CATEGORY_LENGTH - 1, -1):
            if key[:length] in self.entries:
                return key[:length]
        raise IntegrityError(f"icd-10-cm: code {dotted(ICD10CM.id, key)} has no category in the order file")

    def _section(self, key: str, before: str | None) -> str:
        known = self.tabular.diags.get(key)
        if known is not None and known.parent is not None:
            return known.parent
        self.inferred.add(key)
        spans = {s.parent for s in self.tabular.sections.values()}
        for section in self.tabular.sections.values():
            first, last = section.code.split("-")
            if first <= key <= last and section.code not in spans:
                return section.code
        if before is None:
            raise IntegrityError(f"icd-10-cm: category {key} stands in no chapter of the Tabular List")
        return before

    def _is_used(self, entry: TabularEntry) -> bool:
        return bool(self.below.get(entry.code)) or any(
            self._is_used(section) for section in self.nested.get(entry.code, ())
        )

    def _concept(self, entry: OrderEntry, parent: str) -> Concept:
        known = self.tabular.diags.get(entry.key)
        alike = (
            known is not None
            and unaccented(known.title).casefold() == unaccented(entry.long_title).casefold()
        )
        notes = known.notes if known is not None and (alike or self.carried_from is None) else ()
        seventh = known.seventh_characters if known is not None else ()
        synonyms: tuple[Synonym, ...] = ()
        if (
            known is not None
            and known.title.casefold() != entry.long_title.casefold()
            and (alike or self.carried_from is None)
        ):
            synonyms = (Synonym(known.title, f"Tabular List {self.carried_from or self.tabular.version}"),)
        return Concept(
            system=ICD10CM.id,
            code=dotted(ICD10CM.id, entry.key),
            title=entry.long_title,
            kind=Kind.CODE if entry.billable else Kind.CATEGORY,
            parent=parent,
            short_title=entry.short_title,
            billable=entry.billable,
            notes=notes,
            synonyms=synonyms,
            seventh_characters=seventh,
            properties=self._properties(known, bool(notes or seventh), inferred=entry.key in self.inferred),
        )

    def _properties(
        self, known: TabularEntry | None, has_notes: bool, *, inferred: bool = False
    ) -> Mapping[str, str]:
        if self.carried_from is None and not inferred:
            return NO_PROPERTIES if known is None else known.properties
        properties = {} if known is None else dict(known.properties)
        if self.carried_from is not None and has_notes:
            properties["notes_from"] = self.carried_from
        if inferred:
            properties["block_inferred"] = "true"
        return properties


def _some(keys: list[str]) -> str:
    shown = ", ".join(dotted(ICD10CM.id, key) for key in keys[:_EXAMPLES])
    return shown + (" ..." if len(keys) > _EXAMPLES else "")
