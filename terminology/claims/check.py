"""Checks a claim: runs every edit and gathers what they found, applied and could not apply."""

from __future__ import annotations

from collections.abc import Collection

from terminology.bundle.store import Store
from terminology.claims.claim import Claim
from terminology.claims.context import check_context
from terminology.claims.edits import EDITS
from terminology.claims.finding import CheckedEdit, CheckReport, Finding, NotChecked


def check(claim: Claim, store: Store, requested: Collection[str] = ()) -> CheckReport:
    """Return what the edits say of a claim, from the tables of an open bundle.

    ``requested`` are ids of edits that give their advice on request only.
    Findings stand by severity, then by diagnosis and line. Nothing of the claim is kept.
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
                findings.append(outcome)
            elif isinstance(outcome, CheckedEdit):
                checked[outcome] = None
            else:
                not_checked[outcome] = None
    findings.sort(key=_rank)
    return CheckReport(tuple(findings), tuple(checked), tuple(not_checked), claim.id)


def _rank(finding: Finding) -> tuple[int, tuple[int, ...], tuple[int, ...]]:
    return finding.severity.rank, finding.dx, finding.line
