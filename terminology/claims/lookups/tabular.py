"""What the Tabular List says of a diagnosis code on a day, as checks need it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import lru_cache, partial

from terminology.bundle.concepts.concept_reader import LoadedRelease
from terminology.bundle.concepts.references import NoteReference, references
from terminology.bundle.kept import kept_with_bundle
from terminology.bundle.records import ConceptRecord
from terminology.bundle.store import Store
from terminology.claims.claim import Claim
from terminology.claims.context import CheckContext
from terminology.claims.finding import Certainty, CheckedEdit, InForce, NotChecked, Source
from terminology.claims.service_dates import claim_day
from terminology.codes import key_in
from terminology.concept import NoteKind
from terminology.errors import UnknownCodeError
from terminology.release import Release, fiscal_year
from terminology.systems import ICD10CM

TABULAR = "ICD-10-CM Tabular List"
_KEPT = 16_384
_KINDS = (NoteKind.EXCLUDES1, NoteKind.CODE_FIRST, NoteKind.USE_ADDITIONAL, NoteKind.CODE_ALSO)


class Covers(Enum):
    """How far the notes of a release answer for a day.

    Most notes stand for decades, some change with each edition: those of the fiscal year before or after are
    likely, older and newer ones say nothing.
    """

    DAY = "the day"
    YEAR_BESIDE = "the year beside it"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class TabularCode:
    """A code as a release has it, with the notes that name codes by kind, own and inherited.

    ``borrowed`` is the release whose notes these are, where the code's own release has no Tabular List: what
    they say is then likely, not certain. ``covers`` says for what day; there are no notes for neither.
    """

    code: str
    key: str
    title: str
    release: Release
    borrowed: str | None
    covers: Covers
    notes: Mapping[NoteKind, tuple[NoteReference, ...]]
    seventh_characters: bool

    @property
    def category(self) -> str:
        """The three-character category."""
        return self.key[:3]

    @property
    def certainty(self) -> Certainty:
        """Whether the notes are those of the release of the day."""
        own = self.covers is Covers.DAY and self.borrowed is None
        return Certainty.RULE if own else Certainty.HEURISTIC

    def of_kind(self, kind: NoteKind) -> tuple[NoteReference, ...]:
        """Return the notes of one kind."""
        return self.notes.get(kind, ())

    def source(self, row: str | None = None) -> Source:
        """Return the Tabular List as a source; ``row`` is the code that carries the note."""
        in_force = InForce(self.release.effective_from, self.release.effective_to)
        return Source("NCHS", TABULAR, self.borrowed or self.release.id, row, in_force)


@dataclass(frozen=True, slots=True)
class CodedDiagnosis:
    """A diagnosis of a claim: its 1-based number and what the Tabular List has of it, if it has it."""

    number: int
    written: str
    key: str
    tabular: TabularCode | None


def coded_diagnoses(claim: Claim, context: CheckContext) -> tuple[CodedDiagnosis, ...]:
    """Return the diagnoses of a claim on its day; without a day nothing is known of them."""
    known: tuple[CodedDiagnosis, ...] | None = context.scratch.get(coded_diagnoses)
    if known is None:
        day = claim_day(claim)
        known = tuple(
            CodedDiagnosis(
                number,
                each.code,
                key_in(ICD10CM.id, each.code),
                None if day is None else tabular_code(context, each.code, day),
            )
            for number, each in enumerate(claim.diagnoses, 1)
        )
        context.scratch[coded_diagnoses] = known
    return known


def tabular_code(context: CheckContext, code: str, day: date) -> TabularCode | None:
    """Return a code as the release of a day has it, ``None`` where that release lacks it.

    Where no release is in force on the day it is told by the one beside it; of its notes only those of the
    fiscal year before or after the day are.
    """
    store = context.store
    if not store.releases(ICD10CM.id):
        return None
    read: Callable[[LoadedRelease, Covers, str], TabularCode | None] | None = context.memory.get(tabular_code)
    if read is None:
        read = context.memory[tabular_code] = lru_cache(maxsize=_KEPT)(partial(_read, store))
    loaded = store.release(ICD10CM.id, on=day)
    return read(loaded, _covers(loaded.release, day), code)


def _covers(release: Release, day: date) -> Covers:
    if release.in_force(day):
        return Covers.DAY
    first, last = release.effective_from, release.effective_to
    begun = first is None or fiscal_year(day) >= fiscal_year(first) - 1
    lasting = last is None or fiscal_year(day) <= fiscal_year(last) + 1
    return Covers.YEAR_BESIDE if begun and lasting else Covers.NEITHER


def tabular_applied(edit: str, claim: Claim, context: CheckContext) -> CheckedEdit | NotChecked:
    """Return whether notes of a Tabular List can be applied to a claim, and of which release."""
    day = claim_day(claim)
    if day is None:
        return NotChecked(edit, "the claim has no date")
    if not context.store.releases(ICD10CM.id):
        return NotChecked(edit, "no release of ICD-10-CM is loaded")
    release = context.store.release(ICD10CM.id, on=day).release
    if _covers(release, day) is Covers.NEITHER:
        return NotChecked(edit, f"no Tabular List of {day}, or of the year beside it, is loaded")
    return CheckedEdit(edit, TABULAR, release.id)


def _read(store: Store, loaded: LoadedRelease, covers: Covers, code: str) -> TabularCode | None:
    try:
        concept = store.concept(ICD10CM.id, code, release=loaded.release.id)
    except UnknownCodeError:
        return None
    return TabularCode(
        code=concept.code,
        key=concept.key,
        title=concept.title,
        release=loaded.release,
        borrowed=_lender(store, concept),
        covers=covers,
        notes={} if covers is Covers.NEITHER else _by_kind(references(store).of(concept, _KINDS)),
        seventh_characters=bool(concept.seventh_characters),
    )


def _by_kind(notes: Iterable[NoteReference]) -> Mapping[NoteKind, tuple[NoteReference, ...]]:
    found: dict[NoteKind, tuple[NoteReference, ...]] = {}
    for note in notes:
        found[note.kind] = (*found.get(note.kind, ()), note)
    return found


def _lender(store: Store, concept: ConceptRecord) -> str | None:
    """The release whose notes a code carries, by the property its loader set on it or on one above it."""
    if "notes_from" in concept.properties:
        return concept.properties["notes_from"]
    lenders = (_own_lender(store, above.code, concept.release) for above in reversed(concept.path))
    return next((lender for lender in lenders if lender is not None), None)


@kept_with_bundle(maxsize=_KEPT)
def _own_lender(store: Store, code: str, release: str) -> str | None:
    """What a heading says of the notes below it."""
    return store.concept(ICD10CM.id, code, release=release).properties.get("notes_from")
