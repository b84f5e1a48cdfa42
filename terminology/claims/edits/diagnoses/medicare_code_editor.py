"""The diagnosis edits of CMS's Medicare Code Editor, from its own dated master.

Source: CMS, Definitions of Medicare Code Edits. The editor works on inpatient stays, by the discharge date.
Hospital outpatient claims meet the same age and sex tables in the Integrated Outpatient Code Editor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from terminology.claims.claim import Claim, Sex
from terminology.claims.context import CheckContext
from terminology.claims.edit import HOSPITAL, INPATIENT, Edit, Outcome
from terminology.claims.finding import CheckedEdit, Finding, NotChecked, Severity
from terminology.claims.lookups.mce_lookup import applied, diagnosis_rows, mce_source
from terminology.claims.service_dates import claim_day
from terminology.claims.tables.mce import MCE_DIAGNOSIS, MceFlag

#: CMS ended the sex edits with version 42 of the editor (FY2025).
SEX_EDITS_END = date(2024, 9, 30)
#: UB-04 condition code that has the editor pass the sex edits over (ambiguous gender category).
SEX_BYPASS = "45"
_STAYS_ONLY = "an edit of the Medicare Code Editor, which edits inpatient stays only"
_HOSPITALS_ONLY = "an edit of CMS's editors of hospital claims"


@dataclass(frozen=True, slots=True)
class AgeRange:
    """The ages, in years and both included, that a flag allows from a day on."""

    flag: MceFlag
    first: int
    last: int
    since: date
    words: str


_BEGIN = date(2015, 10, 1)
#: The editor's age categories; a later range stands before the earlier one it replaced (version 37).
AGE_RANGES = (
    AgeRange(MceFlag.NEWBORN, 0, 0, _BEGIN, "newborns (age 0)"),
    AgeRange(MceFlag.PEDIATRIC, 0, 17, _BEGIN, "children (age 0-17)"),
    AgeRange(MceFlag.MATERNITY, 9, 64, date(2019, 10, 1), "maternity (age 9-64)"),
    AgeRange(MceFlag.MATERNITY, 12, 55, _BEGIN, "maternity (age 12-55 until September 2019)"),
    AgeRange(MceFlag.ADULT, 15, 124, _BEGIN, "adults (age 15-124)"),
)


def age_range(flag: str, day: date) -> AgeRange | None:
    """Return the ages a flag allows on a day, ``None`` for a flag that is not about age."""
    return next((each for each in AGE_RANGES if each.flag == flag and each.since <= day), None)


def rule_days() -> set[date]:
    """Return the first days of what the editor's rules say, as they are written here."""
    return {SEX_EDITS_END + timedelta(days=1), *(each.since for each in (*AGE_RANGES, *FLAG_RULES))}


@dataclass(frozen=True, slots=True)
class FlagRule:
    """An edit that is one flag of the master.

    ``principal`` tells that it looks at the first diagnosis only. ``unless`` spares a diagnosis by the flags
    of its row and the number of diagnoses on the claim. ``since`` is the edit's first day.
    """

    edit: str
    flag: MceFlag
    severity: Severity
    says: str
    message: str
    principal: bool = True
    unless: Callable[[tuple[str, ...], int], bool] = lambda flags, count: False
    since: date = _BEGIN


FLAG_RULES = (
    FlagRule(
        "dx.unacceptable_principal",
        MceFlag.UNACCEPTABLE,
        Severity.ERROR,
        "A circumstance, not a current illness or injury, as principal diagnosis (edit 9).",
        "{code} is not accepted as a principal diagnosis.",
        unless=lambda flags, count: MceFlag.REQUIRES_SECONDARY in flags,
    ),
    FlagRule(
        "dx.requires_secondary",
        MceFlag.REQUIRES_SECONDARY,
        Severity.ERROR,
        "A principal diagnosis that is accepted only with a secondary one (edit 9).",
        "{code} as principal diagnosis needs a secondary diagnosis beside it.",
        unless=lambda flags, count: count > 1,
    ),
    FlagRule(
        "dx.questionable_admission",
        MceFlag.QUESTIONABLE_ADMISSION,
        Severity.WARNING,
        "A principal diagnosis that is seldom reason enough for a stay (edit 8).",
        "{code} as principal diagnosis is usually no sufficient reason for an admission.",
    ),
    FlagRule(
        "dx.wrong_procedure",
        MceFlag.WRONG_PROCEDURE,
        Severity.ERROR,
        "A code that says a wrong procedure was done (edit 18).",
        "{code} says that a wrong procedure was done: Medicare does not cover it.",
        principal=False,
    ),
    FlagRule(
        "dx.unspecified_code",
        MceFlag.UNSPECIFIED,
        Severity.WARNING,
        "A code of an unspecified side or site although codes of each exist (edit 20).",
        "{code} is unspecified: code the side or site, or document that it cannot be determined.",
        principal=False,
        since=date(2022, 4, 1),
    ),
)


def flag_edit(rule: FlagRule, claim: Claim, context: CheckContext) -> Iterator[Outcome]:
    """Yield what one flag of the master says of a claim."""
    day = claim_day(claim)
    if day is not None and day < rule.since:
        yield NotChecked(rule.edit, f"the editor has it from {rule.since} on")
        return
    yield applied(rule.edit, context, day)
    for number, code, entry in diagnosis_rows(claim, context, day):
        flags = entry.row.flags
        if rule.flag not in flags or (rule.principal and number > 1):
            continue
        if not rule.unless(flags, len(claim.diagnoses)):
            message = rule.message.format(code=code)
            yield Finding(rule.edit, rule.severity, message, mce_source(entry), dx=(number,))


def age_conflict(claim: Claim, context: CheckContext) -> Iterator[Outcome]:
    """Yield the diagnoses of newborns, children, maternity or adults on a patient of another age."""
    edit, age, day = "dx.age_conflict", claim.patient.age, claim_day(claim)
    if age is None:
        yield NotChecked(edit, "the claim has no age")
        return
    yield applied(edit, context, day)
    for number, code, entry in diagnosis_rows(claim, context, day):
        ranges = [found for flag in entry.row.flags if day and (found := age_range(flag, day))]
        broken = [each for each in ranges if not each.first <= age <= each.last]
        if broken:
            message = f"{code} is for {broken[0].words}; the patient is {age}."
            yield Finding(edit, Severity.ERROR, message, mce_source(entry), dx=(number,))


def sex_conflict(claim: Claim, context: CheckContext) -> Iterator[Outcome]:
    """Yield the diagnoses of one sex on a patient of the other, for the days the editor had this edit."""
    edit, sex, day = "dx.sex_conflict", claim.patient.sex, claim_day(claim)
    reason = _no_sex_edit(claim, day)
    if reason is not None:
        yield NotChecked(edit, reason)
        return
    told = applied(edit, context, day)
    yield told
    other = MceFlag.MALE if sex is Sex.FEMALE else MceFlag.FEMALE
    for number, code, entry in diagnosis_rows(claim, context, day):
        if other in entry.row.flags and isinstance(told, CheckedEdit):
            message = f"{code} is for {other.value} patients; the claim says {sex}."
            yield Finding(edit, Severity.ERROR, message, mce_source(entry), dx=(number,))


def _no_sex_edit(claim: Claim, day: date | None) -> str | None:
    if day is not None and day > SEX_EDITS_END:
        return f"ended by CMS: no sex edits after {SEX_EDITS_END}"
    if claim.patient.sex not in (Sex.FEMALE, Sex.MALE):
        return "the claim states neither female nor male"
    if SEX_BYPASS in claim.condition_codes:
        return f"condition code {SEX_BYPASS} has the editor pass the sex edits over"
    return None


_TABLES = (MCE_DIAGNOSIS.name,)

EDITS = (
    *(
        Edit(rule.edit, rule.severity, rule.says, partial(flag_edit, rule), INPATIENT, _TABLES, _STAYS_ONLY)
        for rule in FLAG_RULES
    ),
    Edit(
        "dx.age_conflict",
        Severity.ERROR,
        "A code of newborns, children, maternity or adults at another age (edit 4).",
        age_conflict,
        HOSPITAL,
        _TABLES,
        _HOSPITALS_ONLY,
    ),
    Edit(
        "dx.sex_conflict",
        Severity.ERROR,
        "A code of one sex on a patient of the other (edit 5), until 2024-09-30.",
        sex_conflict,
        HOSPITAL,
        _TABLES,
        _HOSPITALS_ONLY,
    ),
)
