"""What a check found of a claim, as an OperationOutcome: an issue per finding, and what was not checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from terminology.claims.denials import rarc_of
from terminology.claims.finding import CheckReport, Finding, NotChecked, Severity, Source
from terminology.exchange.fhir.claims import FhirClaim

Json = dict[str, Any]
_EDITS = "urn:teneleven:CodeSystem:edit"
_SEVERITY = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "information"}
#: FHIR's issue type of an edit's first word and its rest; all other edits are business rules.
_CODES = {"not_found": "code-invalid", "not_valid_on_date": "code-invalid", "not_billable": "code-invalid"}


def report_outcome(report: CheckReport, source: FhirClaim | None = None) -> Json:
    """Return the outcome of one claim's check. With ``source`` its issues point into the resource it was."""
    issues = [_finding(finding, source) for finding in report.findings]
    if not issues:
        edits = len({each.edit for each in report.checked})
        text = f"No finding by the {edits} edits that were applied" if edits else "No edit could be applied"
        issues.append({"severity": "information", "code": "informational", "details": {"text": text}})
    issues += [_not_checked(each) for each in report.not_checked]
    found: Json = {"resourceType": "OperationOutcome", "issue": issues}
    return found if report.id is None or source is None else {**found, "id": report.id}


def outcome_bundle(outcomes: Sequence[Json]) -> Json:
    """Return the outcomes of several claims, in their order."""
    entries = [{"response": {"status": "200 OK", "outcome": each}} for each in outcomes]
    return {"resourceType": "Bundle", "type": "batch-response", "entry": entries}


def _finding(finding: Finding, source: FhirClaim | None) -> Json:
    coding = {"system": _EDITS, "code": finding.edit}
    issue: Json = {
        "severity": _SEVERITY[finding.severity],
        "code": _CODES.get(finding.edit.rpartition(".")[2], "business-rule"),
        "details": {"coding": [coding], "text": finding.message},
        "diagnostics": "; ".join(_said(finding)),
    }
    if source is not None:
        places = list(_places(finding, source))
        if places:
            issue["expression"] = places
    return issue


def _said(finding: Finding) -> Iterator[str]:
    """Yield who says so, how sure, in what words, what to use instead, and what becomes of it in ICD-11."""
    yield _source(finding.source)
    yield finding.certainty.value
    if finding.why:
        yield f"in their words: {finding.why}"
    if finding.suggest:
        yield f"suggested: {', '.join(finding.suggest)}"
    if finding.carc:
        remarks = rarc_of(finding.edit)
        beside = f", RARC {', '.join(remarks)}" if remarks else ""
        yield f"likely denial: CARC {', '.join(finding.carc)}{beside}"
    if finding.icd11 is not None:
        yield f"ICD-11: {finding.icd11.text}"


def _source(source: Source) -> str:
    said = f"{source.publisher}, {source.table}"
    if source.release:
        said += f" {source.release}"
    return said if source.row is None else f"{said}, row {source.row}"


def _places(finding: Finding, source: FhirClaim) -> Iterator[str]:
    """Yield the FHIRPath of the diagnoses and items a finding is about."""
    for name, numbers, indexes in (
        ("diagnosis", finding.dx, source.diagnoses),
        ("item", finding.line, source.lines),
    ):
        for number in numbers:
            if 0 < number <= len(indexes):
                yield f"{source.resource_type}.{name}[{indexes[number - 1]}]"


def _not_checked(each: NotChecked) -> Json:
    return {
        "severity": "information",
        "code": "informational",
        "details": {
            "coding": [{"system": _EDITS, "code": each.edit}],
            "text": f"Not checked: {each.edit}: {each.reason}",
        },
    }
