"""Units of ranking: a concept, or a code with all its encounter variants, which are shown as one result."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from indexes.analysis import tokens
from indexes.document import SearchDocument, SearchTerm, TermKind
from indexes.phrases import Phrase, adds_only_residual, forms, phrases_of
from terminology.concept import Kind
from terminology.systems import ICD10CM

_VARIANT_LENGTH = 7
_FIRST_CHOICE = "A0"


@dataclass(slots=True)
class Unit:
    """One result of the index: ``document`` with its ``variants`` (7th characters), phrases and context.

    ``context`` maps tokens the unit can also be matched by, outside its phrases, to their weight.
    """

    document: SearchDocument
    variants: list[SearchDocument] = field(default_factory=list)
    phrases: list[Phrase] = field(default_factory=list)
    context: dict[str, float] = field(default_factory=dict)
    has_children: bool = False

    @property
    def shown(self) -> SearchDocument:
        """The code a row shows when no encounter is asked for: the initial encounter, or the code itself."""
        for first in _FIRST_CHOICE:
            for variant in self.variants:
                if variant.key.endswith(first):
                    return variant
        return self.variants[0] if self.variants else self.document

    @property
    def volume(self) -> dict[str, int]:
        """Uses per care setting, of the code and its variants together."""
        total: dict[str, int] = defaultdict(int)
        for document in (self.document, *self.variants):
            for setting, count in document.volume.items():
                total[setting] += count
        return dict(total)


def units_of(documents: Iterable[SearchDocument]) -> list[Unit]:
    """Group the documents of one release into units, with phrases and context, in the order given."""
    units: dict[str, Unit] = {}
    for document in documents:
        base = units.get(document.parent or "")
        if base is not None and _is_variant(document):
            base.variants.append(document)
        else:
            units[document.key] = Unit(document)
            if base is not None:
                base.has_children = True
    inherited = _inherited(units)
    titles: dict[str, tuple[str, ...]] = {key: forms(unit.document.title)[0] for key, unit in units.items()}
    for key, unit in units.items():
        unit.phrases = list(phrases_of(unit.document, inherited.get(key, ())))
        unit.context = _context(unit, units, titles)
    return list(units.values())


def _is_variant(document: SearchDocument) -> bool:
    return (
        document.system == ICD10CM.id and document.kind is Kind.CODE and len(document.key) == _VARIANT_LENGTH
    )


def _ancestors(document: SearchDocument, units: dict[str, Unit]) -> Iterator[SearchDocument]:
    parent = units.get(document.parent or "")
    while parent is not None:
        yield parent.document
        parent = units.get(parent.document.parent or "")


def _inherited(units: dict[str, Unit]) -> dict[str, list[SearchTerm]]:
    """Return the terms each general code takes over from the categories it stands for."""
    children: dict[str, list[SearchDocument]] = defaultdict(list)
    for unit in units.values():
        if unit.document.parent is not None:
            children[unit.document.parent].append(unit.document)
    taken: dict[str, list[SearchTerm]] = defaultdict(list)
    for key, below in children.items():
        parent = units.get(key)
        if parent is None or parent.document.kind in (Kind.CHAPTER, Kind.BLOCK):
            continue
        general = _general_child(parent.document, below)
        if general is None:
            continue
        trust = 1.0 if general.system == ICD10CM.id else 0.96
        titled = SearchTerm(parent.document.title, TermKind.TITLE, parent.document.system)
        for term in (titled, *parent.document.terms, *taken[key]):
            name = TermKind.CATEGORY_TITLE if term.kind is TermKind.TITLE else term.kind
            source = f"{term.source}, at {parent.document.code}"
            taken[general.key].append(SearchTerm(term.text, name, source, term.modifiers, term.trust * trust))
    return taken


def _general_child(parent: SearchDocument, children: list[SearchDocument]) -> SearchDocument | None:
    plain = [c for c in children if adds_only_residual(c, parent)]
    return max(plain, key=lambda c: (c.key[-1] in "9Z", c.key[-1] == "0", -len(c.title)), default=None)


def _context(unit: Unit, units: dict[str, Unit], titles: dict[str, tuple[str, ...]]) -> dict[str, float]:
    weighted: list[tuple[float, Iterable[str]]] = [(0.35, tokens(note)) for note in unit.document.notes]
    for level, ancestor in enumerate(_ancestors(unit.document, units)):
        if ancestor.kind is not Kind.CHAPTER:
            weighted.append((0.6 if level < 2 else 0.4, titles[ancestor.key]))
    prefix = len(unit.document.title)
    weighted.extend((0.7, tokens(variant.title[prefix:])) for variant in unit.variants)
    weighted.extend((0.8, tokens(term.modifiers)) for term in unit.document.terms if term.modifiers)
    weighted.extend((1.0, phrase.tokens) for phrase in unit.phrases)
    weighted.sort(key=lambda pair: pair[0])
    return {token: weight for weight, found in weighted for token in found}
