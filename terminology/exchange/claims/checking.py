"""Checks chunks of claims; what comes back can be handed between processes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pyarrow as pa

from terminology.claims.bulk.checker import BulkChecker
from terminology.claims.bulk.parts import keep_reason
from terminology.claims.finding import CheckedEdit, CheckReport, Finding, NotChecked
from terminology.errors import TenElevenError
from terminology.exchange.claims.findings_table import FindingRows
from terminology.exchange.claims.read_claims import Chunk

_ABOUT_DIAGNOSES = ("dx.", "necessity.", "claim.missing_diagnosis", "line.laterality")
ICD9 = NotChecked(
    "dx", "some claims carry ICD-9-CM (service before 2015-10-01): nothing is said of their diagnoses"
)


@dataclass(slots=True)
class CheckedClaims:
    """What came of claims: how many, how many had a finding, findings by edit and severity, and the rest.

    ``unread`` are the messages of claims and files that could not be read.
    """

    claims: int = 0
    with_findings: int = 0
    findings: Counter[tuple[str, str]] = field(default_factory=Counter)
    checked: dict[CheckedEdit, None] = field(default_factory=dict)
    not_checked: dict[NotChecked, None] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)

    def add(self, other: CheckedClaims) -> None:
        """Take up what came of other claims."""
        self.claims += other.claims
        self.with_findings += other.with_findings
        self.findings.update(other.findings)
        self.checked |= other.checked
        self.unread += other.unread
        for note in other.not_checked:
            keep_reason(self.not_checked, note)


@dataclass(frozen=True, slots=True)
class ChunkOutcome:
    """The findings of a chunk as a batch of rows, and what came of its claims."""

    findings: pa.RecordBatch
    summary: CheckedClaims


def check_chunk(chunk: Chunk, checker: BulkChecker) -> ChunkOutcome:
    """Check the claims of a chunk. A claim that cannot be read is told in the summary and ends the chunk."""
    summary = CheckedClaims()
    rows = FindingRows()
    try:
        for found in chunk.claims():
            findings = checker.findings(found.claim)
            summary.claims += 1
            if found.icd9:
                findings = [each for each in findings if not _about_diagnoses(each.kept.finding)]
                summary.not_checked[ICD9] = None
            if findings:
                summary.with_findings += 1
                rows.add(found, findings)
    except TenElevenError as fault:
        summary.unread.append(str(fault))
    summary.findings = rows.by_edit()
    notes = checker.notes()
    summary.checked |= notes.checked
    summary.not_checked |= notes.not_checked
    return ChunkOutcome(rows.batch(), summary)


def without_icd9(report: CheckReport) -> CheckReport:
    """Return the report of a claim coded in ICD-9-CM: nothing is said of its diagnoses, and that is told."""
    findings = tuple(finding for finding in report.findings if not _about_diagnoses(finding))
    return replace(report, findings=findings, not_checked=(ICD9, *report.not_checked))


def with_unread(report: CheckReport, unread: Sequence[str]) -> CheckReport:
    """Return the report of a claim that was not read whole: what was left out is told."""
    notes = tuple(NotChecked("claim", text) for text in unread)
    return replace(report, not_checked=(*notes, *report.not_checked))


def _about_diagnoses(finding: Finding) -> bool:
    return bool(finding.dx) or finding.edit.startswith(_ABOUT_DIAGNOSES)
