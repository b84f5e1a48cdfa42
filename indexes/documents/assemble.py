"""From the domain's editions, maps and index terms to search documents: every term with its provenance."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from indexes.documents.classifiable import classified_terms
from indexes.documents.document import NO_VOLUME, SearchDocument, SearchTerm, TermKind
from indexes.documents.foundation import (
    categories,
    equivalent_terms,
    place_foundation_terms,
    same_meaning,
    terms_by_ten,
)
from indexes.documents.index_terms import place_index_terms
from indexes.documents.own_names import given_way, own_names
from indexes.documents.same_title import same_title_terms
from indexes.documents.supply_names import named_first
from indexes.documents.titled_for_blocks import block_terms
from indexes.text.phrases import core, says_residual
from terminology.codes import code_key
from terminology.concept import Concept, IndexTerm, Kind, NoteKind
from terminology.edition import Edition, place
from terminology.mapping import Mapping as MapRow
from terminology.mapping import MapTable, Predecessor, TargetKind
from terminology.systems import HCPCS, ICD10, ICD10CM, ICD11

_NOTES = frozenset({NoteKind.INCLUDES, NoteKind.CODING_NOTE})
_INSTRUCTIONS = frozenset(NoteKind) - _NOTES - {NoteKind.INCLUSION_TERM}
_PRODUCT_NAMES = "CMS, ASP NDC to HCPCS crosswalk"
_PRODUCT_TRUST = 0.97
_CATEGORY = 3
_FIRST_DRUG, _LAST_DRUG = "Y40", "Y59"
_LONGEST_NAME = 4
_REFERS = re.compile(r"classifi|listed|categor|codes?\b|[A-Z]\d\d", re.ASCII)
ENGLISH = "en"
_TRANSLATION_TRUST = 0.96
Terms = Mapping[str, Sequence[SearchTerm]]
Volumes = Mapping[str, Mapping[str, int]]


@dataclass(slots=True)
class SearchInput:
    """What the search index of a bundle is made of: the default edition of each system and what links them.

    ``volumes`` maps ICD-10-CM keys to their uses per care setting, ``releases`` the keys of each system to
    the loaded releases that hold them; an edition also has the concepts that only other releases hold.
    ``drug_names`` maps keys of HCPCS codes to the names of the products billed under them.
    """

    editions: Sequence[Edition]
    mappings: Sequence[MapRow] = ()
    index_terms: Sequence[IndexTerm] = ()
    predecessors: Sequence[Predecessor] = ()
    volumes: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    releases: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    drug_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def documents_of(given: SearchInput) -> Iterator[SearchDocument]:
    """Yield a document per concept, release by release, parents before children."""
    tables = _by_table(given.mappings)
    by_system = {edition.release.system: edition for edition in given.editions}
    extra: dict[str, Terms] = {}
    lent: dict[str, list[SearchTerm]] = defaultdict(list)
    clinical = by_system.get(ICD10CM.id)
    who = by_system.get(ICD10.id)
    if clinical is not None:
        extra[ICD10CM.id] = _clinical_terms(clinical, who, given, tables)
    if who is not None:
        extra[ICD10.id] = terms_by_ten(
            tables[MapTable.FOUNDATION_ELEVEN_TO_TEN],
            {code_key(c.code): code_key(c.code) for c in who.concepts},
            "under",
        )
        lent = _lent_terms(who, clinical, extra.get(ICD10CM.id, {}))
    if ICD11.id in by_system:
        eleven = by_system[ICD11.id]
        if clinical is not None and not tables[MapTable.TEN_TO_ELEVEN_ONE]:
            extra[ICD11.id] = same_title_terms(clinical.concepts, eleven.concepts)
        else:
            extra[ICD11.id] = _eleven_terms(eleven, lent, tables)
    extra[HCPCS.id] = {
        key: [SearchTerm(name, TermKind.SYNONYM, _PRODUCT_NAMES, trust=_PRODUCT_TRUST) for name in names]
        for key, names in given.drug_names.items()
    }
    own = () if clinical is None else (code_key(concept.code) for concept in clinical.concepts)
    mapped = _mapped_keys((*own, *given.volumes), tables[MapTable.TEN_TO_ELEVEN_ONE])
    volumes = {ICD10CM.id: given.volumes, ICD11.id: _lent_volumes(given.volumes, mapped)}
    leads = {ICD10CM.id: mapped}
    editions, releases = given.editions, given.releases
    del given, tables, lent  # rows and index terms have become terms, and take as much memory
    for edition in editions:
        system = edition.release.system
        yield from _documents(
            edition,
            extra.get(system, {}),
            volumes.get(system, {}),
            releases.get(system, {}),
            leads.get(system, {}),
        )


def _mapped_keys(keys: Iterable[str], rows: Iterable[MapRow]) -> dict[str, str]:
    """Return for each ICD-10-CM key the ICD-11 key that WHO maps it, or what it stands under, to."""
    target = {
        code_key(row.source_code): code_key(row.target)
        for row in rows
        if row.source_code and row.target and row.target_kind is TargetKind.CODE
    }
    mapped = {}
    for key in keys:
        who = next((key[:n] for n in range(len(key), _CATEGORY - 1, -1) if key[:n] in target), None)
        if who is not None:
            mapped[key] = target[who]
    return mapped


def _lent_volumes(volumes: Mapping[str, Mapping[str, int]], mapped: Mapping[str, str]) -> Volumes:
    """Return by ICD-11 key the uses of the ICD-10-CM codes that lead to it.

    They order results and suggestions; nothing is counted by them.
    """
    lent: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for key, counts in volumes.items():
        for setting, count in counts.items():
            if key in mapped:
                lent[mapped[key]][setting] += count
    return lent


def _by_table(mappings: Iterable[MapRow]) -> dict[MapTable, list[MapRow]]:
    tables: dict[MapTable, list[MapRow]] = defaultdict(list)
    newest: dict[MapTable, str] = {}
    for row in mappings:
        if row.release > newest.get(row.table, ""):
            newest[row.table] = row.release
            tables[row.table].clear()
        if row.release == newest[row.table]:
            tables[row.table].append(row)
    for rows in tables.values():
        rows.sort(key=lambda row: row.row)
    return tables


def _clinical_terms(
    clinical: Edition, who: Edition | None, given: SearchInput, tables: Mapping[MapTable, list[MapRow]]
) -> dict[str, list[SearchTerm]]:
    titles = {code_key(c.code): c.title for c in clinical.concepts}
    terms = place_index_terms(given.index_terms, titles, given.predecessors)
    for more in (classified_terms(clinical.concepts), block_terms(clinical.concepts)):
        for key, found in more.items():
            terms[key].extend(found)
    if who is not None:
        shared = {
            key: key
            for key, title in ((code_key(c.code), c.title) for c in who.concepts)
            if key in titles and same_meaning(title, titles[key])
        }
        residual = {key for key, title in titles.items() if says_residual(title)}
        for key, found in terms_by_ten(
            tables[MapTable.FOUNDATION_ELEVEN_TO_TEN], shared, "via ICD-10", residual
        ).items():
            terms[key].extend(found)
    return terms


def _lent_terms(who: Edition, clinical: Edition | None, clinical_terms: Terms) -> dict[str, list[SearchTerm]]:
    """Return by ICD-10 key the terms it lends: its title, and those of the ICD-10-CM code of that meaning."""
    own = {code_key(c.code): c for c in clinical.concepts} if clinical is not None else {}
    lent: dict[str, list[SearchTerm]] = defaultdict(list)
    for concept in who.concepts:
        key = code_key(concept.code)
        title = f"adverse effect of {concept.title}" if _names_a_drug(key) else concept.title
        lent[key].append(SearchTerm(title, TermKind.TITLE, ICD10.title))
        same = own.get(key)
        if same is not None and same_meaning(same.title, concept.title):
            lent[key].append(SearchTerm(same.title, TermKind.TITLE, ICD10CM.title))
            lent[key].extend(_own_terms(same))
            lent[key].extend(t for t in clinical_terms.get(key, ()) if t.kind is TermKind.INDEX)
    return lent


def _names_a_drug(key: str) -> bool:
    """Whether ICD-10 titles a code for a drug alone: Y40-Y59, its adverse effects in therapeutic use."""
    return _FIRST_DRUG <= key[:_CATEGORY] <= _LAST_DRUG


def _eleven_terms(
    edition: Edition, lent: Terms, tables: Mapping[MapTable, list[MapRow]]
) -> dict[str, list[SearchTerm]]:
    ten_to_foundation = tables[MapTable.FOUNDATION_TEN_TO_ELEVEN]
    ten_to_eleven = tables[MapTable.TEN_TO_ELEVEN_ONE]
    stems = {
        code_key(c.code): code_key(c.parent) for c in edition.concepts if c.parent and c.kind is Kind.STEM
    }
    parents = {key: above for key, above in stems.items() if above in stems}
    placed = place_foundation_terms(
        tables[MapTable.FOUNDATION_ELEVEN_TO_TEN],
        ten_to_foundation,
        ten_to_eleven,
        categories(edition.concepts),
    )
    equivalent = equivalent_terms(ten_to_foundation, ten_to_eleven, lent, parents)
    terms: dict[str, list[SearchTerm]] = defaultdict(list)
    for found in (placed, given_way(equivalent, own_names(edition.concepts, placed))):
        for key, more in found.items():
            terms[key].extend(more)
    return terms


def _names(note: str) -> bool:
    """Whether an includes note names a condition: few words besides those in parentheses, no reference."""
    return len(core(note).split()) <= _LONGEST_NAME and not _REFERS.search(note)


def _own_terms(concept: Concept) -> Iterator[SearchTerm]:
    for note in concept.notes:
        if note.kind is NoteKind.INCLUSION_TERM:
            yield SearchTerm(note.text, TermKind.INCLUSION, "Tabular List")
        elif note.kind is NoteKind.INCLUDES and concept.system == ICD10CM.id and _names(note.text):
            yield SearchTerm(note.text, TermKind.INCLUSION, "Tabular List, includes")
    for synonym in concept.synonyms:
        trust = 1.0 if synonym.language == ENGLISH else _TRANSLATION_TRUST
        yield SearchTerm(synonym.text, TermKind.SYNONYM, synonym.source, trust=trust)
    if concept.system == HCPCS.id:
        yield from named_first(concept.title)
    if concept.short_title and concept.system not in (ICD10CM.id, ICD10.id, ICD11.id):
        yield SearchTerm(concept.short_title, TermKind.SYNONYM, "short description", trust=0.9)


def _documents(
    edition: Edition,
    extra: Terms,
    volumes: Volumes,
    releases: Mapping[str, tuple[str, ...]],
    leads: Mapping[str, str],
) -> Iterator[SearchDocument]:
    system, release = edition.release.system, edition.release.id
    for placed in place(edition):
        concept = placed.concept
        key = code_key(concept.code)
        yield SearchDocument(
            system=system,
            release=release,
            code=concept.code,
            key=key,
            title=concept.title,
            kind=concept.kind,
            parent=None if concept.parent is None else code_key(concept.parent),
            chapter=placed.chapter,
            billable=concept.billable,
            terms=(*_own_terms(concept), *extra.get(key, ())),
            notes=tuple(note.text for note in concept.notes if note.kind in _NOTES),
            instructions=tuple(note.text for note in concept.notes if note.kind in _INSTRUCTIONS),
            volume=volumes.get(key, NO_VOLUME),
            releases=releases.get(key, ()),
            leads_to=leads.get(key),
        )
