"""Denied lines of remittance advices (835), joined with their claims (837) and with what a check finds there.

The two are joined by the provider's own claim number (CLM01 and CLP01), a line by its code, modifiers, day
and charge. Whether an edit would have caught a denial is a heuristic: an error or warning on the line whose
likely adjustment reasons hold the payer's.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from terminology.bundle.store import Store
from terminology.claims.check import check
from terminology.claims.claim import Claim, ClaimLine
from terminology.claims.denials import carc_of, edits_of
from terminology.claims.finding import CheckReport, Finding, Severity
from terminology.codes import code_key
from terminology.errors import InvalidRequestError, ReleaseFormatError
from terminology.exchange.claims.read_claims import FileClaim, claim_paths, read_chunks
from terminology.exchange.x12.remittance import Adjustment, PaidClaim, PaidLine, read_remittances
from terminology.exchange.x12.segments import looks_like_x12
from terminology.rule_tables import read_rules

_NOTABLE = (Severity.ERROR, Severity.WARNING)


@dataclass(frozen=True, slots=True)
class _NoDenial:
    """A row of ``not_denials.tsv``: an adjustment reason that takes off, but denies nothing."""

    carc: str
    reason: str


@dataclass(frozen=True, slots=True)
class DeniedLine:
    """One denied line, or a whole claim where the payer names no line (``code`` is then ``""``).

    ``amount`` is what the adjustments that are denials took off, US dollars. ``caught`` are edits that a
    check raises there and whose likely reasons hold the payer's, ``other`` edits it raises there besides,
    ``to_run`` those for that reason by the table alone. ``joined``: the claim was found, ``line`` its
    1-based line; ``reason`` says why something was not checked.
    """

    claim_id: str
    file: str
    place: int
    code: str
    modifiers: tuple[str, ...]
    date_of_service: date | None
    charged: float
    amount: float
    carc: tuple[str, ...]
    rarc: tuple[str, ...]
    joined: bool
    line: int | None
    caught: tuple[str, ...]
    other: tuple[str, ...]
    to_run: tuple[str, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DenialSum:
    """Denials of one code and reason: lines and dollars, and how much of it a check would have caught."""

    code: str
    carc: str
    lines: int
    amount: float
    caught_lines: int
    caught_amount: float

    @property
    def remaining(self) -> float:
        """Dollars that no edit here would have caught."""
        return round(self.amount - self.caught_amount, 2)


@dataclass(slots=True)
class DenialReport:
    """All denied lines, and the claims of the advices."""

    lines: list[DeniedLine] = field(default_factory=list)
    claims: int = 0
    without_claim: int = 0
    unread: list[str] = field(default_factory=list)

    def sums(self) -> list[DenialSum]:
        """Return the denials by code and first reason, the largest amount first."""
        counts: Counter[tuple[str, str]] = Counter()
        caught: Counter[tuple[str, str]] = Counter()
        amounts: defaultdict[tuple[str, str], float] = defaultdict(float)
        saved: defaultdict[tuple[str, str], float] = defaultdict(float)
        for line in self.lines:
            at = (line.code, line.carc[0])
            counts[at] += 1
            amounts[at] += line.amount
            caught[at] += bool(line.caught)
            saved[at] += line.amount if line.caught else 0.0
        rows = [
            DenialSum(*at, counts[at], round(amounts[at], 2), caught[at], round(saved[at], 2))
            for at in counts
        ]
        return sorted(rows, key=lambda row: (-row.amount, row.code, row.carc))


def denial_report(paths: Sequence[Path], store: Store) -> DenialReport:
    """Read remittance advices and claims, files or folders mixed, and join them.

    A file that is neither, or that cannot be read, is told in ``unread`` with its place; the rest is joined.
    """
    report = DenialReport()
    advices: list[PaidClaim] = []
    known: dict[str, FileClaim] = {}
    for path in claim_paths(paths):
        try:
            if not _take_advice(path, advices):
                known |= {one.claim.id: one for one in _claims(path) if one.claim.id}
        except (InvalidRequestError, ReleaseFormatError) as error:
            report.unread.append(str(error))
    for paid in advices:
        sent = known.get(paid.claim_id)
        denied = list(denied_lines(paid, sent, store))
        report.without_claim += bool(denied) and sent is None
        report.lines += denied
    report.claims = len(advices)
    return report


def _take_advice(path: Path, advices: list[PaidClaim]) -> bool:
    """Read a file as a remittance advice; return ``False`` where it is another kind of file."""
    with path.open("rb") as file:
        if not looks_like_x12(file.read(64)):
            return False
        file.seek(0)
        try:
            advices += read_remittances(file, path.name)
        except InvalidRequestError:
            return False
    return True


def denied_lines(paid: PaidClaim, sent: FileClaim | None, store: Store) -> Iterator[DeniedLine]:
    """Yield the denials of one claim of an advice. ``sent`` is the claim, ``None`` where it is not known."""
    found: CheckReport | None = None
    reason = "" if sent else "its claim is not among the files"
    if sent is not None and sent.icd9:
        reason = "its diagnoses are ICD-9-CM: not checked"
    elif sent is not None and _any_denial(paid):
        found = check(sent.claim, store)
    for line in paid.lines:
        denials = _denials(line.adjustments)
        if denials:
            number = _number(line, sent.claim) if sent else None
            yield _denied(paid, line, denials, number, found, sent, reason)
    claim_wide = _denials(paid.adjustments)
    if claim_wide:
        yield _denied(paid, None, claim_wide, None, found, sent, reason)


def _any_denial(paid: PaidClaim) -> bool:
    return bool(_denials(paid.adjustments)) or any(_denials(line.adjustments) for line in paid.lines)


def _denials(adjustments: Sequence[Adjustment]) -> list[Adjustment]:
    """The adjustments that take off for a reason, not by contract or as the patient's share."""
    return [each for each in adjustments if each.amount > 0 and each.reason not in _not_denials()]


@cache
def _not_denials() -> frozenset[str]:
    return frozenset(row.carc for row in read_rules(__package__, "not_denials.tsv", _NoDenial))


def _denied(
    paid: PaidClaim,
    line: PaidLine | None,
    denials: Sequence[Adjustment],
    number: int | None,
    report: CheckReport | None,
    sent: FileClaim | None,
    reason: str,
) -> DeniedLine:
    carc = tuple(dict.fromkeys(each.reason for each in denials))
    findings = _findings(report, number) if report else []
    caught = tuple(dict.fromkeys(f.edit for f in findings if set(f.carc or carc_of(f.edit)) & set(carc)))
    remarks = line.remarks if line else paid.remarks
    return DeniedLine(
        claim_id=paid.claim_id,
        file=paid.file,
        place=paid.line,
        code=line.code if line else "",
        modifiers=line.modifiers if line else (),
        date_of_service=(line.date_of_service if line else None) or paid.served_from,
        charged=float(line.charged if line else paid.charged),
        amount=round(float(sum(each.amount for each in denials)), 2),
        carc=carc,
        rarc=remarks,
        joined=sent is not None,
        line=number,
        caught=caught,
        other=tuple(dict.fromkeys(f.edit for f in findings if f.edit not in caught)),
        to_run=tuple(dict.fromkeys(row.edit for each in carc for row in edits_of(each))),
        reason=reason or ("" if number or line is None else "its line is not on the claim"),
    )


def _findings(report: CheckReport, number: int | None) -> list[Finding]:
    """What a check says of a line, or of the claim as a whole."""
    notable = [finding for finding in report.findings if finding.severity in _NOTABLE]
    return [f for f in notable if number is None or not f.line or number in f.line]


def _number(line: PaidLine, claim: Claim) -> int | None:
    """The 1-based number of a line on its claim: the one that agrees in most of charge, modifiers and day."""
    same = [(n, one) for n, one in enumerate(claim.lines, 1) if one.code and _same_code(one, line)]
    return max(same, key=lambda pair: _likeness(pair[1], line), default=(None, None))[0]


def _same_code(one: ClaimLine, line: PaidLine) -> bool:
    return one.code is not None and code_key(one.code) == code_key(line.code)


def _likeness(one: ClaimLine, line: PaidLine) -> tuple[bool, bool, bool]:
    return (
        one.charge is not None and abs(one.charge - float(line.charged)) < 0.005,
        set(one.modifiers) == set(line.modifiers),
        one.date_of_service == line.date_of_service,
    )


def _claims(path: Path) -> Iterator[FileClaim]:
    for chunk in read_chunks(path):
        yield from chunk.claims()
