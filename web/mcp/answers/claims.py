"""Answers about claims."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClaimFinding:
    """What an edit says; ``certainty`` is rule (a publisher's) or heuristic (this program's)."""

    edit: str
    severity: str
    certainty: str
    dx: tuple[int, ...]
    line: tuple[int, ...]
    message: str
    source: str
    suggest: tuple[str, ...]


@dataclass(frozen=True)
class ClaimAnswer:
    """Findings, worst first. No finding is no approval: ``not_checked`` edits were not applied."""

    release: str
    source: str
    errors: int
    warnings: int
    infos: int
    findings: tuple[ClaimFinding, ...]
    checked: int
    not_checked: tuple[str, ...]
    not_checked_total: int
    left_out: int = 0
    more: str = ""
