"""A checked claim as a page shows it: findings beside the code that causes them, the worst first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from terminology.bundle.crosswalk.crosswalks import crosswalk as crosswalk_of
from terminology.bundle.life.code_status import CodeStatus
from terminology.bundle.life.resolution import resolve
from terminology.bundle.store import Store
from terminology.claims.claim import Claim
from terminology.claims.encoding.claim_text import claim_text
from terminology.claims.finding import CheckReport, Finding, NotChecked
from terminology.claims.fixes import fixes
from terminology.crosswalk import Crosswalk
from terminology.errors import TenElevenError
from terminology.systems import HCPCS, ICD10CM

_NO_FINDING = 9


@dataclass(frozen=True, slots=True)
class ShownFix:
    """A fix: its words, the claim's text with it, and the digit key that makes it (none after the ninth)."""

    words: str
    codes: str
    key: str


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding with its fixes and the other codes it is about."""

    finding: Finding
    fixes: tuple[ShownFix, ...]
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownCode:
    """A diagnosis or a line of the claim.

    ``place`` is what the claim calls it (``diagnosis 1``, ``line 2``); ``title`` is ``None`` where nothing
    loaded has one; ``detail`` is what else its line says.
    """

    place: str
    system: str
    code: str
    title: str | None
    exists: bool
    detail: str
    findings: tuple[ShownFinding, ...]

    @property
    def rank(self) -> int:
        """0 for a code with an error; codes without a finding come last."""
        return min((shown.finding.severity.rank for shown in self.findings), default=_NO_FINDING)


@dataclass(frozen=True, slots=True)
class ShownClaim:
    """Codes, the worst first; findings about none of them; what was not checked, by reason."""

    codes: tuple[ShownCode, ...]
    whole: tuple[ShownFinding, ...]
    not_checked: tuple[tuple[str, tuple[str, ...]], ...]
    text: str


@dataclass(frozen=True, slots=True)
class InIcd11:
    """A diagnosis of the claim and what it becomes; ``reason`` says why nothing is shown."""

    code: str
    title: str | None
    becomes: Crosswalk | None
    reason: str | None


def shown_claim(store: Store, claim: Claim, report: CheckReport, day: date) -> ShownClaim:
    """Return a checked claim as it is shown."""
    keys = iter("123456789")
    shown = [_finding(claim, finding, keys) for finding in report.findings]
    placed: dict[tuple[str, int], list[ShownFinding]] = {}
    whole = []
    for one in shown:
        home = _home(claim, one.finding)
        if home is None:
            whole.append(one)
        else:
            placed.setdefault(home, []).append(one)
    codes = [*_diagnoses(store, claim, day, placed), *_lines(store, claim, day, placed)]
    return ShownClaim(
        tuple(sorted(codes, key=lambda code: code.rank)),
        tuple(whole),
        by_reason(report.not_checked),
        _as_text(claim, report, day),
    )


def in_icd11(store: Store, claim: Claim, day: date) -> tuple[InIcd11, ...]:
    """Return what each diagnosis of a claim becomes in ICD-11."""
    rows = []
    for diagnosis in claim.diagnoses:
        found = resolve(store, ICD10CM.id, diagnosis.code, day)
        becomes, reason = None, None
        try:
            becomes = crosswalk_of(store, found.code, found.last_release)
        except TenElevenError as fault:
            reason = str(fault)
        rows.append(InIcd11(found.code, found.title, becomes, reason))
    return tuple(rows)


def by_reason(notes: Iterable[NotChecked]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return what was not checked: each reason with the edits it is given for."""
    reasons: dict[str, dict[str, None]] = {}
    for note in notes:
        reasons.setdefault(note.reason, {})[note.edit] = None
    return tuple((reason, tuple(edits)) for reason, edits in reasons.items())


def _home(claim: Claim, finding: Finding) -> tuple[str, int] | None:
    if finding.line and finding.line[0] <= len(claim.lines):
        return "line", finding.line[0]
    if finding.dx and finding.dx[0] <= len(claim.diagnoses):
        return "diagnosis", finding.dx[0]
    return None


def _finding(claim: Claim, finding: Finding, keys: Iterable[str]) -> ShownFinding:
    keys = iter(keys)
    offered = tuple(
        ShownFix(fix.words, claim_text(fix.claim), next(keys, "")) for fix in fixes(claim, finding)
    )
    others = [claim.lines[n - 1].code or "" for n in finding.line[1:] if n <= len(claim.lines)]
    beside = finding.dx if finding.line else finding.dx[1:]
    others += [claim.diagnoses[n - 1].code for n in beside if n <= len(claim.diagnoses)]
    return ShownFinding(finding, offered, tuple(others))


def _diagnoses(
    store: Store, claim: Claim, day: date, placed: dict[tuple[str, int], list[ShownFinding]]
) -> list[ShownCode]:
    codes = []
    for number, diagnosis in enumerate(claim.diagnoses, 1):
        found = resolve(store, ICD10CM.id, diagnosis.code, day)
        poa = f"present on admission: {diagnosis.poa}" if diagnosis.poa else ""
        codes.append(
            ShownCode(
                f"Diagnosis {number}",
                ICD10CM.id,
                found.code,
                found.title,
                found.status is not CodeStatus.UNKNOWN and found.last_release is not None,
                poa,
                tuple(placed.get(("diagnosis", number), ())),
            )
        )
    return codes


def _lines(
    store: Store, claim: Claim, day: date, placed: dict[tuple[str, int], list[ShownFinding]]
) -> list[ShownCode]:
    codes = []
    has_hcpcs = HCPCS.id in store.systems()
    for number, line in enumerate(claim.lines, 1):
        code = line.code or line.revenue_code or ""
        found = resolve(store, HCPCS.id, code, line.date_of_service or day) if has_hcpcs else None
        detail = " ".join(
            [
                *line.modifiers,
                *([f"{line.units:g} units"] if line.units not in (None, 1) else []),
                *([f"for diagnosis {', '.join(map(str, line.pointers))}"] if line.pointers else []),
                *([f"place of service {line.place_of_service}"] if line.place_of_service else []),
            ]
        )
        codes.append(
            ShownCode(
                f"Line {number}",
                HCPCS.id,
                found.code if found else code,
                found.title if found else None,
                found is not None
                and found.status is not CodeStatus.UNKNOWN
                and found.last_release is not None,
                detail,
                tuple(placed.get(("line", number), ())),
            )
        )
    return codes


def _as_text(claim: Claim, report: CheckReport, day: date) -> str:
    """Return the whole answer as plain text, for a chart's note or a message; age and sex are not in it."""
    lines = [f"{claim_text(claim)} ({claim.setting.value}, {day})"]
    for finding in report.findings:
        codes = [claim.diagnoses[n - 1].code for n in finding.dx if n <= len(claim.diagnoses)]
        codes += [f"line {n}" for n in finding.line]
        lines.append(f"{finding.severity.value.upper()} {finding.edit} {' '.join(codes)}: {finding.message}")
        if finding.why:
            lines.append(f'    "{finding.why}"')
        lines.append(f"    {source_words(finding)}")
    if not report.findings:
        lines.append("No finding among what was checked.")
    lines.append("Not checked:")
    lines += [f"    {', '.join(edits)}: {reason}" for reason, edits in by_reason(report.not_checked)]
    return "\n".join(lines)


def source_words(finding: Finding) -> str:
    """Return who says a finding: publisher, table, release, row and the days it is in force."""
    source = finding.source
    words = f"{source.publisher}, {source.table}"
    if source.release:
        words += f" {source.release}"
    if source.row is not None:
        words += f", row {source.row}" if isinstance(source.row, int) else f", {source.row}"
    start, end = source.in_force.start, source.in_force.end
    if start or end:
        words += ", in force" + (f" from {start}" if start else "") + (f" to {end}" if end else "")
    return words
