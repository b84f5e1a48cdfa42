"""Findings of a bulk check: what is the same on every claim, and where it stands on one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from terminology.claims.finding import Finding


@dataclass(frozen=True, slots=True, eq=False)
class KeptFinding:
    """A finding that many claims may share, or that of one claim.

    ``finding`` is complete but for the numbers and the day; ``edit`` is the number of its edit, ``rank`` that
    of its severity; ``words`` are its message, parted where it names the day.
    """

    finding: Finding
    edit: int
    rank: int
    words: tuple[str, ...]


class PlacedFinding(NamedTuple):
    """A finding on a claim: the 1-based numbers of diagnoses and lines, and its message."""

    kept: KeptFinding
    dx: tuple[int, ...]
    line: tuple[int, ...]
    message: str

    def finding(self) -> Finding:
        """Return it as a single check gives it."""
        return replace(self.kept.finding, dx=self.dx, line=self.line, message=self.message)


def placed(kept: KeptFinding, number: int, day: date | None) -> PlacedFinding:
    """Return a finding of a part on a claim: ``number`` is that of its diagnosis or line, ``day`` its day."""
    finding, words, place = kept.finding, kept.words, (number,)
    message = words[0] if day is None or len(words) == 1 else day.isoformat().join(words)
    return PlacedFinding(kept, place if finding.dx else (), place if finding.line else (), message)


def as_found(finding: Finding, edit: int) -> PlacedFinding:
    """Return a finding of one claim."""
    kept = KeptFinding(finding, edit, finding.severity.rank, (finding.message,))
    return PlacedFinding(kept, finding.dx, finding.line, finding.message)


def in_order(findings: list[PlacedFinding]) -> list[PlacedFinding]:
    """Return findings in the order of :func:`terminology.claims.check.check`."""
    if len(findings) > 1:
        findings.sort(key=_order)
    return findings


def _order(placed: PlacedFinding) -> tuple[int, tuple[int, ...], tuple[int, ...], int]:
    return placed.kept.rank, placed.dx, placed.line, placed.kept.edit
