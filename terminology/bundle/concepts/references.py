"""What notes say of other codes: the codes that a note names, and the notes that name a code."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from terminology.bundle.records import ConceptRecord
from terminology.codes import dotted
from terminology.concept import NoteKind
from terminology.icd10cm.note_references import ABOVE, NamedCodes, names
from terminology.systems import ICD10CM

if TYPE_CHECKING:
    from terminology.bundle.concepts.concept_reader import LoadedRelease
from terminology.bundle.store import Store

_COLUMNS = (
    "r.concept_id, r.seq, c.code, c.title, r.kind, n.text, r.first_key, r.last_key, r.form, r.excepted "
    "FROM note_reference AS r JOIN note AS n ON n.concept_id = r.concept_id AND n.seq = r.seq "
    "JOIN concept AS c ON c.id = r.concept_id"
)
_NAMING = (
    f"SELECT {_COLUMNS} WHERE r.concept_id BETWEEN ? AND ? AND r.concept_id <> ? AND EXISTS ("
    "SELECT 1 FROM note_reference AS m WHERE m.concept_id = r.concept_id AND m.seq = r.seq "
    f"AND m.first_key <= ? AND m.last_key || '{ABOVE}' >= ?) ORDER BY r.concept_id, r.seq, r.nth"
)
_RANGES = (
    "SELECT c.key, r.first_key, r.last_key FROM note_reference AS r JOIN concept AS c ON c.id = r.concept_id "
    "WHERE r.concept_id BETWEEN ? AND ? AND r.kind = ? AND r.nth = 0 AND NOT r.excepted "
    "AND c.kind <> 'chapter' ORDER BY r.concept_id, r.seq"
)
_LEAD = (
    "SELECT text FROM note WHERE concept_id = ? AND kind = ? AND seq < ? AND text LIKE '%:' "
    "ORDER BY seq DESC LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class NoteReference:
    """A note that names codes. ``code`` and ``title`` are those of the concept that carries it.

    ``lead`` is the line that leads a list ("Use additional code to identify:"), where the note is one of its
    items.
    """

    code: str
    title: str
    kind: NoteKind
    text: str
    lead: str | None
    named: tuple[NamedCodes, ...]

    def names(self, key: str) -> bool:
        """Return whether the note names a code, by its key."""
        return names(self.named, key)

    @property
    def said(self) -> str:
        """The codes named, as text: ``C01-C18, D37``."""
        return ", ".join(_said(one) for one in self.named)


class References:
    """The references of an open bundle; :func:`references` gives a store's own."""

    def __init__(self, store: Store) -> None:
        self._store = store
        found = store.query("SELECT 1 FROM sqlite_master WHERE name = 'note_reference'").fetchone()
        self._loaded = found is not None
        self._own = lru_cache(maxsize=65536)(self._read_own)
        self._above = lru_cache(maxsize=65536)(self._read_above)

    def of(
        self, concept: ConceptRecord, kinds: Collection[NoteKind] = tuple(NoteKind)
    ) -> tuple[NoteReference, ...]:
        """Return the notes of these kinds that hold for a concept and name codes: own, then inherited ones.

        Inclusion terms are not inherited.
        """
        if not self._loaded:
            return ()
        found = list(self._own(concept.id))
        for above in self._above(concept.id):
            found += (r for r in self._own(above) if r.kind is not NoteKind.INCLUSION_TERM)
        return tuple(reference for reference in found if reference.kind in kinds)

    def naming(self, concept: ConceptRecord) -> tuple[NoteReference, ...]:
        """Return the notes of a concept's release that name it, those that name it most narrowly first.

        A note that names a heading names what lies below it. Notes of the concept itself are not among them.
        """
        if concept.system != ICD10CM.id or not self._loaded:
            return ()
        release = self._store.release(concept.system, concept.release)
        # all codes of a note are read, not only those that fit: one of them may except the code
        rows = self._store.query(
            _NAMING, (release.first_id, release.last_id, concept.id, concept.key, concept.key)
        )
        found = [r for r in self._grouped(rows) if r.names(concept.key)]
        return tuple(sorted(found, key=lambda r: _breadth(r, concept.key)))

    def _read_own(self, number: int) -> tuple[NoteReference, ...]:
        rows = self._store.query(f"SELECT {_COLUMNS} WHERE r.concept_id = ? ORDER BY r.seq, r.nth", (number,))
        return tuple(self._grouped(rows))

    def _read_above(self, number: int) -> tuple[int, ...]:
        (parent,) = self._store.query("SELECT parent_id FROM concept WHERE id = ?", (number,)).fetchone()
        return () if parent is None else (parent, *self._above(parent))

    def _grouped(self, rows: Iterable[Any]) -> Iterator[NoteReference]:
        """Make one reference of the rows of each note."""
        for (number, seq), parts in groupby(rows, key=lambda row: (row[0], row[1])):
            of_note = list(parts)
            _, _, code, title, kind, text, *_ = of_note[0]
            lead = self._store.query(_LEAD, (number, kind, seq)).fetchone()
            named = tuple(NamedCodes(first, last, form, bool(out)) for *_, first, last, form, out in of_note)
            yield NoteReference(code, title, NoteKind(kind), text, None if lead is None else lead[0], named)


def references(store: Store) -> References:
    """Return the references of an open bundle, which keeps them as long as it is open."""
    kept = store.kept.get(References)
    if not isinstance(kept, References):
        kept = store.kept[References] = References(store)
    return kept


def named_ranges(
    store: Store, release: LoadedRelease, kind: NoteKind
) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """Yield the first and last key of the concept that carries a note, and of the first codes it names."""
    if not store.query("SELECT 1 FROM sqlite_master WHERE name = 'note_reference'").fetchone():
        return
    rows = store.query(_RANGES, (release.first_id, release.last_id, kind.value))
    for key, first, last in rows:
        own, _, end = str(key).partition("-")
        yield (own, end or own), (first, last)


def _breadth(reference: NoteReference, key: str) -> tuple[bool, int]:
    best = min((one for one in reference.named if one.covers(key)), key=lambda one: one.first != one.last)
    return best.first != best.last, -len(best.first)


def _said(one: NamedCodes) -> str:
    first, last = dotted(ICD10CM.id, one.first), dotted(ICD10CM.id, one.last)
    some = " (some of them)" if one.form else ""
    return ("not " if one.excepted else "") + (first if first == last else f"{first}-{last}") + some
