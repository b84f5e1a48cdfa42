"""The tool that checks a claim."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any

from pydantic import Field

from terminology.claims.check import check
from terminology.claims.encoding.claim_json import claims_of
from terminology.claims.finding import Finding, Severity
from terminology.errors import InvalidRequestError
from web.mcp.answers.claims import ClaimAnswer, ClaimFinding
from web.mcp.codes import Full
from web.mcp.size import fitted, shortened
from web.opened import Opened

ClaimIn = Annotated[
    dict[str, Any],
    Field(
        description=(
            "One claim: {setting: professional|inpatient|outpatient|dme, patient: {age, sex}, "
            "date_of_service, admission_date, discharge_date, diagnoses: [{code, poa}] (the first is "
            "principal), lines: [{code, modifiers, units, pointers}]}. No names or numbers of patients."
        )
    ),
]


def check_claim(here: Opened, claim: ClaimIn, full: Full = False) -> ClaimAnswer:
    """Check a claim's codes together, on its date: findings with who says so. No finding is no approval:
    read not_checked, and say so."""
    claims = claims_of(claim)
    if len(claims) != 1:
        raise InvalidRequestError("claim", f"{len(claims)} claims; this tool takes one")
    report = check(claims[0], here.store)
    counts = Counter(finding.severity for finding in report.findings)
    tables = sorted({f"{each.table} {each.release or ''}".strip() for each in report.checked})
    answer = ClaimAnswer(
        release=here.store.content_hash[:12],
        source=shortened(f"the edits of this server with {', '.join(tables) or 'no tables'}", 400),
        errors=counts[Severity.ERROR],
        warnings=counts[Severity.WARNING],
        infos=counts[Severity.INFO],
        findings=tuple(map(_finding, report.findings)),
        checked=len({each.edit for each in report.checked}),
        not_checked=tuple(shortened(f"{each.edit}: {each.reason}", 160) for each in report.not_checked),
        not_checked_total=len(report.not_checked),
    )
    return fitted(answer, ("findings", "not_checked"), full)


def _finding(finding: Finding) -> ClaimFinding:
    said_by = finding.source
    return ClaimFinding(
        finding.edit,
        finding.severity.value,
        finding.certainty.value,
        finding.dx,
        finding.line,
        shortened(finding.message),
        shortened(
            ", ".join(
                str(part)
                for part in (said_by.publisher, said_by.table, said_by.release, said_by.row)
                if part is not None
            ),
            160,
        ),
        finding.suggest[:5],
    )
