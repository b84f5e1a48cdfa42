"""The order of diagnoses: what must stand first, what must not, what may stand only once.

Source: ICD-10-CM Official Guidelines I.A.13, I.B.10, I.B.12, I.B.14, I.C.20.a.6, I.C.21.c.16 (the table
``rules/sequence.tsv``), and the Medicare Code Editor's flags.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from terminology.claims.claim import Claim, ClaimSetting
from terminology.claims.context import CheckContext
from terminology.claims.edit import Edit, Outcome
from terminology.claims.finding import CheckedEdit, Finding, NotChecked, Severity, Source
from terminology.claims.lookups.mce_lookup import mce_entry, mce_source
from terminology.claims.lookups.tabular import CodedDiagnosis, coded_diagnoses
from terminology.claims.service_dates import claim_day
from terminology.claims.tables.mce import MCE_DIAGNOSIS, MceFlag
from terminology.concept import NoteKind
from terminology.rule_tables import read_rules

GUIDELINES = "ICD-10-CM Official Guidelines"
GUIDELINES_YEAR = "FY2025"
#: Titles of manifestations; organisms are "the cause of diseases classified elsewhere" and none.
_ELSEWHERE = re.compile(r"\bin (?!.*\bcause of)(?:[a-z]+ ){0,5}diseases classified elsewhere")
_EXTERNAL = "VWXY"
"""First characters of chapter 20, external causes of morbidity."""


def guideline(section: str) -> Source:
    """Return a section of the guidelines as a source."""
    return Source("NCHS", GUIDELINES, GUIDELINES_YEAR, section)


@dataclass(frozen=True, slots=True)
class SequenceRule:
    """Codes, by the characters their keys begin with, and where they may stand."""

    edit: str
    codes: tuple[str, ...]
    excepted: tuple[str, ...]
    title: str
    section: str
    says: str

    def covers(self, diagnosis: CodedDiagnosis) -> bool:
        """Return whether the rule is about a code."""
        key = diagnosis.key
        if not key.startswith(self.codes) or (self.excepted and key.startswith(self.excepted)):
            return False
        title = "" if diagnosis.tabular is None else diagnosis.tabular.title
        return not self.title or re.search(self.title, title) is not None


def sequence_rules(edit: str) -> tuple[SequenceRule, ...]:
    """Return the rules of one edit."""
    rules = read_rules("terminology.claims.rules", "sequence.tsv", SequenceRule)
    return tuple(rule for rule in rules if rule.edit == edit)


def flag_source(
    diagnosis: CodedDiagnosis, flag: MceFlag, claim: Claim, context: CheckContext
) -> Source | None:
    """Return the row of the Medicare Code Editor that flags a diagnosis, ``None`` if none does."""
    day = claim_day(claim)
    entry = None if day is None else mce_entry(context, diagnosis.key, day)
    return mce_source(entry) if entry is not None and flag in entry.row.flags else None


def is_manifestation(claim: Claim, context: CheckContext) -> Source | None:
    """Return who says that the first diagnosis is a manifestation, ``None`` if nobody does."""
    if not claim.diagnoses:
        return None
    first = coded_diagnoses(claim, context)[0]
    source = flag_source(first, MceFlag.MANIFESTATION, claim, context)
    if source is None and first.tabular is not None and _ELSEWHERE.search(first.tabular.title):
        return guideline("I.A.13")
    return source


def manifestation_first(claim: Claim, context: CheckContext) -> Iterator[Outcome]:
    """Yield whether the first diagnosis is the manifestation of a disease that must stand before it."""
    edit = "dx.manifestation_first"
    yield _applied(edit, "I.A.13", claim, context)
    source = is_manifestation(claim, context)
    if source is not None:
        message = f"{claim.diagnoses[0].code} is a manifestation: the disease that causes it is coded first."
        yield Finding(edit, Severity.ERROR, message, source, dx=(1,), why=_code_first_note(claim, context))


def _code_first_note(claim: Claim, context: CheckContext) -> str | None:
    tabular = coded_diagnoses(claim, context)[0].tabular
    notes = () if tabular is None else tabular.of_kind(NoteKind.CODE_FIRST)
    return next((note.text for note in notes), None)


def external_cause_first(claim: Claim, context: CheckContext) -> Iterator[Outcome]:
    """Yield whether the first diagnosis is an external cause (Guidelines I.C.20.a.6)."""
    edit = "dx.external_cause_first"
    yield _applied(edit, "I.C.20.a.6", claim, context)
    if not claim.diagnoses:
        return
    first = coded_diagnoses(claim, context)[0]
    source = flag_source(first, MceFlag.EXTERNAL_CAUSE, claim, context)
    if source is None and first.key.startswith(tuple(_EXTERNAL)):
        source = guideline("I.C.20.a.6")
    if source is not None:
        message = (
            f"{first.written} is an external cause: it is never the principal or first-listed diagnosis."
        )
        yield Finding(edit, Severity.ERROR, message, source, dx=(1,))


def duplicate(claim: Claim, context: CheckContext) -> Iterator[Outcome]:
    """Yield each diagnosis that stands on the claim already.

    A stay's repeat of its principal diagnosis meets the Medicare Code Editor too (edit 2), which deletes it.
    """
    edit = "dx.duplicate"
    yield CheckedEdit(edit, GUIDELINES, GUIDELINES_YEAR)
    first_at: dict[str, int] = {}
    for diagnosis in coded_diagnoses(claim, context):
        earlier = first_at.setdefault(diagnosis.key, diagnosis.number)
        if earlier == diagnosis.number:
            continue
        message = f"{diagnosis.written} stands on the claim already, as diagnosis {earlier}."
        yield Finding(edit, Severity.ERROR, message, guideline("I.B.12"), dx=(diagnosis.number,))
        if earlier == 1 and claim.setting is ClaimSetting.INPATIENT:
            message = f"{diagnosis.written} repeats the principal diagnosis: the editor deletes the repeat."
            source = Source("CMS", MCE_DIAGNOSIS.title, None, "edit 2")
            yield Finding(edit, Severity.WARNING, message, source, dx=(diagnosis.number,))


def must_be_first(claim: Claim, context: CheckContext) -> Iterator[Outcome]:
    """Yield the codes that may only stand first and do not.

    None is told where the first diagnosis is such a code itself: several reasons for one encounter, of which
    only one can stand first.
    """
    edit = "dx.must_be_first"
    yield CheckedEdit(edit, GUIDELINES, GUIDELINES_YEAR)
    diagnoses, rules = coded_diagnoses(claim, context), sequence_rules(edit)
    if not diagnoses or any(rule.covers(diagnoses[0]) for rule in rules):
        return
    for diagnosis in diagnoses[1:]:
        yield from _broken(diagnosis, rules)


def not_first(edit: str, claim: Claim, context: CheckContext) -> Iterator[Outcome]:
    """Yield whether the first diagnosis is one that stands after others."""
    yield CheckedEdit(edit, GUIDELINES, GUIDELINES_YEAR)
    for diagnosis in coded_diagnoses(claim, context)[:1]:
        yield from _broken(diagnosis, sequence_rules(edit))


def _broken(diagnosis: CodedDiagnosis, rules: tuple[SequenceRule, ...]) -> Iterator[Finding]:
    for rule in rules:
        if rule.covers(diagnosis):
            message = f"{diagnosis.written} {rule.says}."
            source = guideline(rule.section)
            yield Finding(rule.edit, Severity.WARNING, message, source, dx=(diagnosis.number,))


def _applied(edit: str, section: str, claim: Claim, context: CheckContext) -> CheckedEdit | NotChecked:
    """What an edit read that the editor's master and the guidelines both answer."""
    told = context.release_for(edit, MCE_DIAGNOSIS, claim_day(claim))[1]
    return told if isinstance(told, CheckedEdit) else CheckedEdit(edit, GUIDELINES, GUIDELINES_YEAR)


EDITS = (
    Edit(
        "dx.manifestation_first",
        Severity.ERROR,
        "A manifestation as the first diagnosis (Guidelines I.A.13).",
        manifestation_first,
        tables=(MCE_DIAGNOSIS.name,),
    ),
    Edit(
        "dx.external_cause_first",
        Severity.ERROR,
        "An external cause as the first diagnosis (Guidelines I.C.20.a.6).",
        external_cause_first,
        tables=(MCE_DIAGNOSIS.name,),
    ),
    Edit("dx.duplicate", Severity.ERROR, "A diagnosis that stands twice (Guidelines I.B.12).", duplicate),
    Edit(
        "dx.must_be_first",
        Severity.WARNING,
        "A code that may only stand first stands later (Guidelines I.C.21.c.16).",
        must_be_first,
    ),
    Edit(
        "dx.secondary_only",
        Severity.WARNING,
        "A code that only stands beside a diagnosis stands first (Guidelines I.B.14).",
        partial(not_first, "dx.secondary_only"),
    ),
    Edit(
        "dx.sequela_first",
        Severity.WARNING,
        "What left a sequela stands before the sequela (Guidelines I.B.10).",
        partial(not_first, "dx.sequela_first"),
    ),
)
