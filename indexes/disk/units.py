"""Units of ranking: a concept, or a code with all its encounter variants, which are shown as one result."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from indexes.disk.refinement import Member, members_by_parent, refinements
from indexes.documents.document import SearchDocument, SearchTerm, TermKind
from indexes.text.analysis import tokens
from indexes.text.denial import DENIED, spoken_words
from indexes.text.phrases import Phrase, adds_only_residual, forms, is_residual, is_residual_token, phrases_of
from terminology.concept import Kind
from terminology.systems import ICD10CM, ICD11

_VARIANT_LENGTH = 7
_FIRST_CHOICE = "A0"
_HEADING_TERM = 0.5
_MOST_DETAIL = 3
_DETAIL_TRUST = 0.97
_CATEGORY_TRUST = 0.98


@dataclass(slots=True)
class Unit:
    """One result of the index: ``document`` with its ``variants`` (7th characters), phrases and context.

    ``context`` maps tokens the unit can also be matched by, outside its phrases, to their weight.
    ``refine`` lists by axis the codes it may be narrowed to. ``has_general`` says that a code below it says
    no more than it does and is used in its place.
    """

    document: SearchDocument
    variants: list[SearchDocument] = field(default_factory=list)
    phrases: list[Phrase] = field(default_factory=list)
    context: dict[str, float] = field(default_factory=dict)
    has_children: bool = False
    has_general: bool = False
    refine: list[tuple[str, list[tuple[str, str]]]] = field(default_factory=list)

    @property
    def shown(self) -> SearchDocument:
        """The code a row shows when no encounter is asked for: the initial encounter, or the code itself."""
        offered = self.offered
        for first in _FIRST_CHOICE:
            for variant in offered:
                if variant.key.endswith(first):
                    return variant
        return offered[0] if offered else self.document

    @property
    def offered(self) -> list[SearchDocument]:
        """The variants to choose from: not the retired ones, unless all are."""
        return [variant for variant in self.variants if variant.current] or self.variants

    @property
    def releases(self) -> tuple[str, ...]:
        """The releases that hold the code or one of its variants."""
        held = (d.releases or (d.release,) for d in (self.document, *self.variants))
        return tuple(dict.fromkeys(name for names in held for name in names))

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
    _refine(units)
    return list(units.values())


def _refine(units: dict[str, Unit]) -> None:
    members = {key: Member(unit.document, unit.shown) for key, unit in units.items()}
    below = members_by_parent(members)
    for key, unit in units.items():
        if unit.document.kind in (Kind.CATEGORY, Kind.CODE, Kind.STEM):
            beside = below.get(unit.document.parent or "", ())
            unit.refine = refinements(unit.document, unit.offered, below.get(key, ()), beside)


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
    """Return the terms each general code takes over from the categories it stands for, and the reverse."""
    children: dict[str, list[SearchDocument]] = defaultdict(list)
    for unit in units.values():
        if unit.document.parent is not None:
            children[unit.document.parent].append(unit.document)
    taken: dict[str, list[SearchTerm]] = defaultdict(list)
    general: dict[str, SearchDocument] = {}
    for key, below in children.items():
        parent = units.get(key)
        if parent is None or parent.document.kind is Kind.CHAPTER or _is_plain_block(parent.document):
            continue
        child = _general_child(parent.document, below)
        own, more = (
            list(_unnamed(parent.document, terms, below, child, taken))
            for terms in (parent.document.terms, tuple(taken[key]))
        )
        for other in below:
            if other is not child:
                taken[other.key].extend(_with_detail(parent.document, own, other))
        if child is None:
            continue
        general[key] = child
        parent.has_general = True
        titled = SearchTerm(parent.document.title, TermKind.TITLE, parent.document.system)
        taken[child.key].extend(_passed_on(term, 1.0, parent.document.code) for term in (titled, *own, *more))
    for key in general:
        if (units[key].document.parent or "") not in general:
            taken[key].extend(_from_below(key, general))
    return taken


def _unnamed(
    parent: SearchDocument,
    terms: Iterable[SearchTerm],
    below: Sequence[SearchDocument],
    general: SearchDocument | None,
    taken: dict[str, list[SearchTerm]],
) -> Iterator[SearchTerm]:
    """Yield the terms of a category that name none of its children; the child that one names takes it."""
    for term in terms:
        named = _named_child(parent, term, below, general)
        if named is None:
            yield term
        else:
            taken[named.key].append(_passed_on(term, 1.0, parent.code))


def _named_child(
    parent: SearchDocument, term: SearchTerm, below: Sequence[SearchDocument], general: SearchDocument | None
) -> SearchDocument | None:
    """Return the child that a term of a category names by the detail its title adds; none for most terms.

    The Index prints *Ulcer, pressure, stage 3, coccyx* at the incomplete code L89.15-; it is L89.153.
    """
    if parent.system != ICD10CM.id or term.kind is not TermKind.INDEX:
        return None
    known = set(forms(parent.title)[0])
    said = set(forms(term.text)[0]) - known
    fitting = [
        (len(added), child)
        for child in below
        if child is not general
        and not is_residual(child)
        and (added := {t for t in forms(child.title)[0] if not is_residual_token(t)} - known)
        and added <= said
    ]
    most = max((size for size, _ in fitting), default=0)
    best = [child for size, child in fitting if size == most]
    return best[0] if len(best) == 1 else None


def _with_detail(
    parent: SearchDocument, terms: Iterable[SearchTerm], child: SearchDocument
) -> Iterator[SearchTerm]:
    """Yield the terms of a category as they read with the detail a child adds: side, trimester, stage.

    ``Frozen shoulder`` of a category and the title ``Adhesive capsulitis of right shoulder`` of its child
    make ``Frozen shoulder, right``.
    """
    if is_residual(child) or child.system != ICD10CM.id:
        return
    known = forms(parent.title)[0]
    added = [
        f"without {s.word}" if s.denied else s.word
        for s in spoken_words(child.title)
        if (DENIED + s.token if s.denied else s.token) not in known
    ]
    if not 0 < len(added) <= _MOST_DETAIL or not known or len(set(known) - set(forms(child.title)[0])) > 1:
        return
    detail = " ".join(added)
    for term in terms:
        if term.kind in (TermKind.INDEX, TermKind.INCLUSION):
            text = f"{term.text}, {detail}"
            yield _passed_on(
                SearchTerm(text, term.kind, term.source, "", term.trust), _DETAIL_TRUST, parent.code
            )


def _from_below(key: str, general: dict[str, SearchDocument]) -> Iterator[SearchTerm]:
    """Yield what a category takes over from its general code, so that it stands next to it."""
    code = general[key]
    while code.key in general:
        code = general[code.key]
    if code.system == ICD10CM.id:
        yield from (_passed_on(term, _CATEGORY_TRUST, code.code) for term in code.terms)


def _passed_on(term: SearchTerm, trust: float, code: str) -> SearchTerm:
    kind = TermKind.CATEGORY_TITLE if term.kind is TermKind.TITLE else term.kind
    return SearchTerm(term.text, kind, f"{term.source}, at {code}", term.modifiers, term.trust * trust)


def _general_child(parent: SearchDocument, children: list[SearchDocument]) -> SearchDocument | None:
    if parent.system == ICD11.id:
        # WHO's own rule: the code that ends in Z is its parent with nothing more known
        return next((c for c in children if c.key == f"{parent.key}Z" or _is_of_block(c, parent)), None)
    plain = [c for c in children if adds_only_residual(c, parent)]
    plain = plain or [c for c in children if adds_only_residual(c, parent, denials=True)]
    return max(plain, key=lambda c: (c.key[-1] in "9Z", c.key[-1] == "0", -len(c.title)), default=None)


def _is_plain_block(document: SearchDocument) -> bool:
    return document.kind is Kind.BLOCK and document.system != ICD11.id


def _is_of_block(child: SearchDocument, parent: SearchDocument) -> bool:
    return parent.kind is Kind.BLOCK and child.key.endswith("Z") and child.kind is Kind.STEM


def _context(unit: Unit, units: dict[str, Unit], titles: dict[str, tuple[str, ...]]) -> dict[str, float]:
    weighted: list[tuple[float, Iterable[str]]] = [(0.35, tokens(note)) for note in unit.document.notes]
    for level, ancestor in enumerate(_ancestors(unit.document, units)):
        if ancestor.kind is not Kind.CHAPTER:
            weighted.append((0.6 if level < 2 else 0.4, titles[ancestor.key]))
    parent = units.get(unit.document.parent or "")
    if parent is not None and parent.document.kind not in (Kind.CHAPTER, Kind.BLOCK):
        weighted.extend((_HEADING_TERM, phrase.tokens) for phrase in parent.phrases)
    prefix = len(unit.document.title)
    weighted.extend((0.7, tokens(variant.title[prefix:])) for variant in unit.variants)
    weighted.extend((0.8, tokens(term.modifiers)) for term in unit.document.terms if term.modifiers)
    weighted.extend((1.0, phrase.tokens) for phrase in unit.phrases)
    weighted.sort(key=lambda pair: pair[0])
    return {token: weight for weight, found in weighted for token in found}
