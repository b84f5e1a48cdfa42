"""Checks a claim: runs every edit and gathers what they found, applied and could not apply."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cache

from terminology.bundle.store import Store
from terminology.claims.claim import Claim, ClaimSetting
from terminology.claims.context import check_context
from terminology.claims.denials import carc_of
from terminology.claims.edits import EDITS
from terminology.claims.finding import CheckedEdit, CheckReport, Finding, NotChecked
from terminology.claims.icd11_effects import effect_of
from terminology.rule_tables import read_rules


@dataclass(frozen=True, slots=True)
class UnansweredRule:
    """What no table here can answer, on claims of which settings, and why."""

    edit: str
    settings: tuple[str, ...]
    reason: str


def check(claim: Claim, store: Store, requested: Collection[str] = ()) -> CheckReport:
    """Return what the edits say of a claim, from the tables of an open bundle.

    ``requested`` are ids of edits that give their advice on request only. Findings stand by severity, then
    by diagnosis and line. Nothing of the claim is kept.
    """
    context = check_context(store, requested)
    findings: list[Finding] = []
    checked: dict[CheckedEdit, None] = {}
    not_checked: dict[NotChecked, None] = {}
    for edit in EDITS:
        if claim.setting not in edit.settings:
            not_checked[NotChecked(edit.id, edit.elsewhere)] = None
            continue
        for outcome in edit.run(claim, context):
            if isinstance(outcome, Finding):
                findings.append(completed(outcome, claim, store))
            elif isinstance(outcome, CheckedEdit):
                checked[outcome] = None
            else:
                not_checked[outcome] = None
    findings.sort(key=_rank)
    unanswered = (*not_checked, *unanswered_in(claim.setting))
    return CheckReport(tuple(findings), tuple(checked), unanswered, claim.id)


@cache
def unanswered_in(setting: ClaimSetting) -> tuple[NotChecked, ...]:
    """Return what is never checked on claims of a setting."""
    rules = read_rules("terminology.claims.rules", "unanswered.tsv", UnansweredRule)
    return tuple(NotChecked(rule.edit, rule.reason) for rule in rules if setting in rule.settings)


def completed(finding: Finding, claim: Claim, store: Store) -> Finding:
    """Add the likely denials and the effect of ICD-11, where the edit did not tell them itself."""
    carc = finding.carc or carc_of(finding.edit)
    icd11 = finding.icd11 or effect_of(finding, claim, store)
    if carc is finding.carc and icd11 is finding.icd11:
        return finding
    return replace(finding, carc=carc, icd11=icd11)


def _rank(finding: Finding) -> tuple[int, tuple[int, ...], tuple[int, ...]]:
    return finding.severity.rank, finding.dx, finding.line
