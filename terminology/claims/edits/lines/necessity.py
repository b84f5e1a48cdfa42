"""Medical necessity: whether the diagnoses a line points to are on the covered list of a document in force.

Source: CMS, Medicare Coverage Database (LCDs and articles) and national coverage determinations; Medicare
Program Integrity Manual (Pub. 100-08), chapter 13; Claims Processing Manual (Pub. 100-04), chapter 30 (ABN).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from terminology.claims.claim import Claim, ClaimSetting
from terminology.claims.context import CheckContext
from terminology.claims.denials import carc_of
from terminology.claims.edit import Edit, Outcome
from terminology.claims.finding import CheckedEdit, Finding, Icd11Effect, Icd11Note, NotChecked, Severity
from terminology.claims.lookups.coverage_lookup import (
    CoverageRule,
    Support,
    Verdict,
    knows_service,
    rules_on,
    verdict,
)
from terminology.claims.lookups.ncci_lookup import DatedLine, lines_of
from terminology.claims.tables.coverage import DIAGNOSES, DOCUMENTS, GROUPS, SERVICES
from terminology.codes import code_key

EDIT = "necessity.not_supported"
_DENIED = frozenset({Support.NOT_LISTED, Support.NOT_COVERED, Support.INCOMPLETE})
_LIABILITY = {
    "GA": "GA: an ABN is on file, a denial is expected and the patient is liable.",
    "GY": "GY: statutorily excluded, a denial is expected.",
    "GZ": "GZ: no ABN is on file, a denial is expected and the provider is liable.",
}
_ICD11 = Icd11Note(
    Icd11Effect.WEAKER,
    "The list names ICD-10-CM codes; it carries over only where no other code shares an ICD-11 expression.",
)
_NOT_SUFFICIENT = "a list is necessary, not sufficient: frequency, age and documentation are not checked"


def not_supported(claim: Claim, context: CheckContext) -> Iterator[Outcome]:
    """Yield the lines whose diagnoses no document in force lists for the service."""
    if not context.tables.releases(DOCUMENTS):
        yield NotChecked(EDIT, f"{DOCUMENTS.title} ({DOCUMENTS.publisher}) is not loaded")
        return
    for line in lines_of(claim, context):
        rules, reason = _rules(claim, context, line)
        if reason:
            yield NotChecked(EDIT, f"line {line.number}, {line.code}: {reason}")
        elif rules:
            yield from _of_line(claim, line, rules)


def _rules(claim: Claim, context: CheckContext, line: DatedLine) -> tuple[list[CoverageRule], str]:
    """Return the rules for a line, of the claim's contractor where it names one; or why there is none."""
    rules = rules_on(context, line.code, line.day)
    if not rules:
        known = knows_service(context, line.code)
        return [], f"no loaded document about it is in force on {line.day}" if known else "no rule is known"
    numbers = {number for rule in rules for number in rule.document.row.contractors}
    if claim.payer in numbers:
        rules = [r for r in rules if r.document.row.national or claim.payer in r.document.row.contractors]
    if claim.setting is ClaimSetting.PROFESSIONAL and not line.line.pointers:
        return [], "the line points to no diagnosis"
    return rules, ""


def _of_line(claim: Claim, line: DatedLine, rules: Sequence[CoverageRule]) -> Iterator[Outcome]:
    pointed = _pointed(claim, line)
    keys = [code_key(claim.diagnoses[number - 1].code) for number in pointed]
    verdicts = [each for rule in rules if (each := verdict(rule, keys)).support is not Support.NO_RULE]
    if not verdicts:
        yield NotChecked(EDIT, f"line {line.number}, {line.code}: its documents list no diagnoses")
        return
    for each in verdicts:
        row = each.rule.document.row
        yield CheckedEdit(EDIT, f"{row.document} {row.title}", f"version {row.version}")
    denied = [each for each in verdicts if each.support in _DENIED]
    local = [each for each in verdicts if not each.rule.document.row.national]
    national = [each for each in denied if each.rule.document.row.national]
    if national:
        yield _finding(claim, line, national[0], pointed)
    elif local and all(each in denied for each in local):
        yield _finding(claim, line, denied[0], pointed)
    else:
        yield from _reservations(line, verdicts, denied)


def _pointed(claim: Claim, line: DatedLine) -> list[int]:
    """The diagnoses of a line, all of the claim's where its kind of claim has no pointers."""
    if line.line.pointers:
        return [number for number in line.line.pointers if 1 <= number <= len(claim.diagnoses)]
    return list(range(1, len(claim.diagnoses) + 1))


def _reservations(
    line: DatedLine, verdicts: Sequence[Verdict], denied: Sequence[Verdict]
) -> Iterator[NotChecked]:
    """What a line whose codes are listed has still not been checked for."""
    place = f"line {line.number}, {line.code}"
    if denied:
        names = ", ".join(each.rule.document.row.document for each in denied)
        yield NotChecked(
            EDIT, f"{place}: {names} does not list its diagnoses, others do: name the contractor"
        )
    for each in verdicts:
        if each.support is Support.CONDITIONAL:
            words = f"{each.rule.document.row.document} lists its code under a condition: {each.words}"
            yield NotChecked(EDIT, f"{place}: {words}")
    yield NotChecked(EDIT, f"{place}: {_NOT_SUFFICIENT}")


def _finding(claim: Claim, line: DatedLine, denied: Verdict, pointed: Sequence[int]) -> Finding:
    row = denied.rule.document.row
    codes = ", ".join(claim.diagnoses[number - 1].code for number in pointed) or "no diagnosis"
    others = _listed_elsewhere(claim, denied.rule, pointed)
    liability = [words for modifier, words in _LIABILITY.items() if modifier in line.modifiers]
    words = f"{row.document} does not support {line.code} with {codes}: {denied.support.value}."
    if others:
        named = ", ".join(f"diagnosis {number} ({claim.diagnoses[number - 1].code})" for number in others)
        words += f" {named} is on its list, but the line does not point to it."
    return Finding(
        EDIT,
        Severity.INFO if liability else Severity.ERROR,
        " ".join([words, *liability]),
        denied.rule.source,
        dx=tuple(pointed),
        line=(line.number,),
        why=denied.words or None,
        suggest=tuple(claim.diagnoses[number - 1].code for number in others),
        carc=carc_of(EDIT),
        icd11=_ICD11,
    )


def _listed_elsewhere(claim: Claim, rule: CoverageRule, pointed: Sequence[int]) -> list[int]:
    listed = {row.key for row in rule.covered}
    return [
        number
        for number, diagnosis in enumerate(claim.diagnoses, 1)
        if number not in pointed and code_key(diagnosis.code) in listed
    ]


EDITS = (
    Edit(
        EDIT,
        Severity.ERROR,
        "The diagnoses a line points to are not on the covered list of a determination in force.",
        not_supported,
        frozenset(ClaimSetting) - {ClaimSetting.INPATIENT},
        (DOCUMENTS.name, SERVICES.name, DIAGNOSES.name, GROUPS.name),
        "coverage lists by diagnosis are for lines of professional, outpatient and supplier claims",
    ),
)
