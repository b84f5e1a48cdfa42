"""What the notes of the Tabular List say of the diagnoses of a claim together.

Source: ICD-10-CM Tabular List; Guidelines I.A.12.a (Excludes1), I.B.7 (code first, use additional code),
I.A.17 (code also).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import combinations
from typing import Any

from terminology.bundle.concepts.references import NoteReference
from terminology.claims.claim import Claim
from terminology.claims.context import CheckContext
from terminology.claims.edit import Edit, Outcome
from terminology.claims.edits.diagnoses.additional_codes import guideline_additions, guideline_codes
from terminology.claims.edits.diagnoses.sequence import is_manifestation
from terminology.claims.finding import Finding, NotChecked, Severity
from terminology.claims.lookups.tabular import CodedDiagnosis, TabularCode, coded_diagnoses, tabular_applied
from terminology.concept import NoteKind
from terminology.icd10cm.note_references import NamedCodes

EXCLUDES1, CODE_FIRST = "dx.excludes1", "dx.code_first"
USE_ADDITIONAL, CODE_ALSO = "dx.use_additional", "dx.code_also"
_READS = {
    EXCLUDES1: NoteKind.EXCLUDES1,
    CODE_FIRST: NoteKind.CODE_FIRST,
    USE_ADDITIONAL: NoteKind.USE_ADDITIONAL,
    CODE_ALSO: NoteKind.CODE_ALSO,
}
_IF = re.compile(r"\bif (?:applicable|known|present|any)\b|\bif\b.*\bknown\b", re.IGNORECASE)
_MAY_BE_NONE = re.compile(r"^any\b|\b(?:if|where) (?:applicable|present|any)\b", re.IGNORECASE)
_LIST_IF_ANY = re.compile(r"^,? ?(?:if|where) applicable\b", re.IGNORECASE)
_FOR_KIND = re.compile(r"^,? ?for (adverse effect|poisoning|underdosing)s?\b", re.IGNORECASE)
_OF_KIND = re.compile(r"[A-Z]\d\w[\w.-]* with ([a-z]{4,})\.?$")
ON_REQUEST = "notes of chapters and blocks, and causes to code first if there are any, are advice on request"
_PAIRS_KEPT = 200_000
_NAMED = 4
"""Notes repeated in one finding."""


def excludes1(claim: Claim, context: CheckContext) -> Iterator[Outcome]:
    """Yield the pairs of diagnoses that an Excludes1 note of either keeps apart.

    Guidelines I.A.12.a: two conditions unrelated to each other may be coded together all the same, so that a
    pair is a warning.
    """
    edit = EXCLUDES1
    yield tabular_applied(edit, claim, context)
    for one, other in combinations(coded_diagnoses(claim, context), 2):
        stated = _stated(one, other, context)
        if stated is None:
            continue
        carrier, note = stated
        message = (
            f"{one.written} and {other.written} are not coded together, unless the two conditions are "
            f"unrelated (Guidelines I.A.12.a): Excludes1 at {note.code}."
        )
        yield Finding(
            edit,
            Severity.WARNING,
            message,
            carrier.source(note.code),
            dx=(one.number, other.number),
            certainty=carrier.certainty,
            why=_words(note),
        )


Stated = tuple[TabularCode, NoteReference]
"""The code whose note keeps two apart, and the note."""


def _stated(one: CodedDiagnosis, other: CodedDiagnosis, context: CheckContext) -> Stated | None:
    """The Excludes1 note of either of two codes that names the other; remembered with the release."""
    held: dict[Any, Stated | None] = context.memory.setdefault(excludes1, {})
    known = next((each.tabular for each in (one, other) if each.tabular is not None), None)
    where = (one.key, other.key, known and known.release.id, known and known.covers)
    if where not in held:
        if len(held) >= _PAIRS_KEPT:
            held.clear()
        held[where] = _excluding(one, other) or _excluding(other, one)
    return held[where]


def _excluding(one: CodedDiagnosis, other: CodedDiagnosis) -> Stated | None:
    """The note of a code, own or inherited, that excludes another."""
    if one.tabular is None or one.key == other.key:
        return None
    for note in one.tabular.of_kind(NoteKind.EXCLUDES1):
        if note.names(other.key) and _is_of_kind(note, other):
            return one.tabular, note
    return None


def _is_of_kind(note: NoteReference, other: CodedDiagnosis) -> bool:
    """Whether a code is of the kind that a note's last words ask for: "E11, E13 with ketoacidosis"."""
    kind = _OF_KIND.search(note.text)
    return kind is None or (other.tabular is not None and kind[1] in other.tabular.title.lower())


def code_first(claim: Claim, context: CheckContext) -> Iterator[Outcome]:
    """Yield the diagnoses whose cause, named by a "code first" note, stands after them or nowhere."""
    edit = CODE_FIRST
    yield tabular_applied(edit, claim, context)
    diagnoses = coded_diagnoses(claim, context)
    for diagnosis in diagnoses:
        tabular = diagnosis.tabular
        notes = () if tabular is None else _causes_of(tabular)
        if tabular is None or not notes or (diagnosis.number == 1 and is_manifestation(claim, context)):
            continue
        causes = [(other, note) for other in diagnoses for note in notes if note.names(other.key)]
        causes = [(other, note) for other, note in causes if other.key != diagnosis.key]
        if any(other.number < diagnosis.number for other, _ in causes):
            continue
        if not causes and edit not in context.requested:
            notes = _asking(notes)
            if not notes:
                yield NotChecked(edit, ON_REQUEST)
                continue
        yield _unsequenced(edit, diagnosis, tabular, notes, causes)


def _causes_of(tabular: TabularCode) -> tuple[NoteReference, ...]:
    """The notes that say what is coded before a code; "for adverse effects" is said of those alone."""
    title = tabular.title.lower()
    notes = tabular.of_kind(NoteKind.CODE_FIRST)
    return tuple(n for n in notes if (of := _FOR_KIND.match(_words(n))) is None or of[1].lower() in title)


def _unsequenced(
    edit: str,
    diagnosis: CodedDiagnosis,
    tabular: TabularCode,
    notes: Sequence[NoteReference],
    causes: Sequence[tuple[CodedDiagnosis, NoteReference]],
) -> Finding:
    numbers: tuple[int, ...] = (diagnosis.number,)
    if causes:
        cause, note = causes[0]
        severity = Severity.INFO if _is_conditional(note) else Severity.WARNING
        message = f"{cause.written} is coded before {diagnosis.written}: code first at {note.code}."
        numbers = (diagnosis.number, cause.number)
        why = _words(note)
    else:
        severity = Severity.INFO
        message = f"{diagnosis.written} has a cause that is coded first, if it is known: see the note."
        note = notes[0]
        why = _said(notes)
    source = tabular.source(note.code)
    return Finding(edit, severity, message, source, numbers, certainty=tabular.certainty, why=why)


def use_additional(claim: Claim, context: CheckContext) -> Iterator[Outcome]:
    """Yield the additional codes that notes and guidelines ask for and the claim lacks."""
    edit = USE_ADDITIONAL
    lead = "use an additional code, where the record has it"
    yield from advice(edit, NoteKind.USE_ADDITIONAL, lead, claim, context)
    yield from guideline_additions(edit, claim, context)


def advice(edit: str, kind: NoteKind, lead: str, claim: Claim, context: CheckContext) -> Iterator[Outcome]:
    """Yield the notes that ask for another code which the claim lacks, each with the diagnoses it holds for.

    A note may hold for several diagnoses of a claim and is told once. The codes that one place names are
    alternatives: any of them answers it. Notes of chapters and blocks, which hold for hundreds of codes
    whatever the patient, and those of what there need not be are told on request.
    """
    yield tabular_applied(edit, claim, context)
    asked_for_all, left_out = edit in context.requested, False
    diagnoses = coded_diagnoses(claim, context)
    asked: dict[tuple[str, str], list[tuple[CodedDiagnosis, TabularCode]]] = {}
    for diagnosis in diagnoses:
        if (tabular := diagnosis.tabular) is None:
            continue
        places: dict[str, list[NoteReference]] = {}
        of_kind = tabular.of_kind(kind)
        asking = of_kind if asked_for_all else _asking(of_kind)
        left_out = left_out or len(asking) < len(of_kind)
        for note in asking:
            places.setdefault(note.code, []).append(note)
        for place, notes in places.items():
            if not any(note.names(other.key) for note in notes for other in diagnoses):
                asked.setdefault((place, _said(notes)), []).append((diagnosis, tabular))
    if left_out:
        yield NotChecked(edit, ON_REQUEST)
    for (place, said), holders in asked.items():
        tabular = holders[0][1]
        written = _listed(list(dict.fromkeys(diagnosis.written for diagnosis, _ in holders)))
        yield Finding(
            edit,
            Severity.INFO,
            f"{written}: {lead}.",
            tabular.source(place),
            dx=tuple(diagnosis.number for diagnosis, _ in holders),
            certainty=tabular.certainty,
            why=said,
        )


def depends_on(edit: str, diagnosis: CodedDiagnosis) -> tuple[tuple[NamedCodes, ...], ...]:
    """Return the codes, by note, that decide together with a diagnosis what one of these edits finds.

    Where none of them stands on a claim, nor another code of the diagnosis's category, the edit finds of the
    diagnosis what it finds of it alone.
    """
    if diagnosis.tabular is None:
        return ()
    notes: Sequence[NoteReference] = diagnosis.tabular.of_kind(_READS[edit])
    if edit in (USE_ADDITIONAL, CODE_ALSO):
        notes = _asking(notes)
    named = tuple(note.named for note in notes)
    return (*named, *guideline_codes(diagnosis)) if edit == USE_ADDITIONAL else named


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _asking(notes: Sequence[NoteReference]) -> tuple[NoteReference, ...]:
    """The notes of the category and below that ask of every patient."""
    if_any = {note.code for note in notes if _LIST_IF_ANY.search(note.text)}
    return tuple(
        note
        for note in notes
        if not (_is_general(note) or note.code in if_any or _MAY_BE_NONE.search(_words(note)))
    )


def _is_general(note: NoteReference) -> bool:
    """Whether a chapter or a block carries a note: ``19``, ``I10-I1A``."""
    return "-" in note.code or note.code.isdecimal()


def _is_conditional(note: NoteReference) -> bool:
    return _IF.search(_words(note)) is not None


def _words(note: NoteReference) -> str:
    """The publisher's words: the line that leads a list, where the note is one of its items."""
    return note.text if note.lead is None else f"{note.lead} {note.text}"


def _said(notes: Sequence[NoteReference]) -> str:
    shown = list(dict.fromkeys(_words(note) for note in notes))
    more = len(shown) - _NAMED
    return "; ".join(shown[:_NAMED]) + (f"; and {more} more" if more > 0 else "")


EDITS = (
    Edit(
        EXCLUDES1,
        Severity.WARNING,
        "Two diagnoses that an Excludes1 note keeps apart (Guidelines I.A.12.a).",
        excludes1,
        tables=("icd-10-cm",),
    ),
    Edit(
        CODE_FIRST,
        Severity.WARNING,
        "A diagnosis whose named cause stands after it, or nowhere (Guidelines I.B.7).",
        code_first,
        tables=("icd-10-cm",),
    ),
    Edit(
        USE_ADDITIONAL,
        Severity.INFO,
        "A note asks for an additional code (Guidelines I.B.7, I.C.21.c.11).",
        use_additional,
        tables=("icd-10-cm",),
    ),
    Edit(
        CODE_ALSO,
        Severity.INFO,
        "A note names what may be coded also (Guidelines I.A.17).",
        partial(advice, CODE_ALSO, NoteKind.CODE_ALSO, "code also what the note names, where present"),
        tables=("icd-10-cm",),
    ),
)
