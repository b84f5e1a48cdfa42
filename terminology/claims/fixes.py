"""What a coder may do about a finding: the claim as it would then be, with words for it.

A fix is an offer, not advice: the record decides. Pointers of lines follow the diagnoses they meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from terminology.claims.claim import LINE_CLAIMS, MOST_POINTERS, Claim, ClaimLine, Diagnosis
from terminology.claims.finding import Finding

MOST = 6
"""Fixes offered for one finding."""

_PRESENT = {
    "Y": "present on admission",
    "N": "not present",
    "U": "record does not say",
    "W": "cannot be determined",
}
_NOT_FIRST = frozenset(
    {
        "dx.manifestation_first",
        "dx.external_cause_first",
        "dx.unacceptable_principal",
        "dx.secondary_only",
        "dx.requires_secondary",
        "dx.questionable_admission",
    }
)
_FIRST = frozenset({"dx.must_be_first", "dx.sequela_first"})
_EITHER_OUT = frozenset({"dx.duplicate", "dx.excludes1"})
_ADDED_BEFORE, _ADDED = frozenset({"dx.code_first"}), frozenset({"dx.use_additional", "dx.code_also"})


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that can be made at once, and the claim with it."""

    words: str
    claim: Claim


def fixes(claim: Claim, finding: Finding) -> tuple[Fix, ...]:
    """Return what may be done about a finding, the likeliest first; nothing where the record must tell."""
    found = [*_diagnosis_fixes(claim, finding), *_line_fixes(claim, finding)]
    return tuple(fix for fix in found if fix.claim != claim)[:MOST]


def _diagnosis_fixes(claim: Claim, finding: Finding) -> Iterator[Fix]:
    numbers = [n for n in finding.dx if 1 <= n <= len(claim.diagnoses)]
    if not numbers:
        return
    first = numbers[0]
    code = claim.diagnoses[first - 1].code
    if finding.edit in _ADDED | _ADDED_BEFORE:
        at = first - 1 if finding.edit in _ADDED_BEFORE else len(claim.diagnoses)
        for extra in finding.suggest:
            yield Fix(f"Add {extra}", _with_diagnoses(claim, _inserted(claim, at, extra)))
    elif not finding.line:
        for other in finding.suggest:
            yield Fix(f"Use {other} in place of {code}", _replaced(claim, first, other))
    if finding.edit in _NOT_FIRST and len(claim.diagnoses) > 1:
        yield Fix(f"List {code} last", _moved(claim, first, len(claim.diagnoses)))
    if finding.edit in _FIRST:
        yield Fix(f"List {code} first", _moved(claim, first, 1))
    if finding.edit in _EITHER_OUT:
        for number in reversed(numbers):
            yield Fix(
                f"Take {claim.diagnoses[number - 1].code} out (number {number})", _without(claim, number)
            )
    if finding.edit in ("dx.poa_missing", "dx.poa_invalid"):
        for letter, meaning in _PRESENT.items():
            yield Fix(f"{letter}: {meaning}", _with_poa(claim, numbers, letter))
    if finding.edit == "dx.poa_on_exempt":
        yield Fix("Leave the indicator out", _with_poa(claim, numbers, None))


def _line_fixes(claim: Claim, finding: Finding) -> Iterator[Fix]:
    numbers = [n for n in finding.line if 1 <= n <= len(claim.lines)]
    if not numbers:
        return
    line = claim.lines[numbers[0] - 1]
    if not finding.dx and not finding.edit.startswith("mod."):
        for other in finding.suggest:
            yield Fix(
                f"Use {other} in place of {line.code}",
                _with_line(claim, numbers[0], replace(line, code=other)),
            )
    if finding.edit == "line.duplicate":
        yield Fix(f"Take line {numbers[-1]} out", _without_line(claim, numbers[-1]))
    if finding.edit == "line.units":
        yield Fix("One unit", _with_line(claim, numbers[0], replace(line, units=1)))
    if finding.edit == "line.pointer" and claim.setting in LINE_CLAIMS and claim.diagnoses:
        every = tuple(range(1, min(len(claim.diagnoses), MOST_POINTERS) + 1))
        yield Fix("For the first diagnoses", _with_line(claim, numbers[0], replace(line, pointers=every)))


def _replaced(claim: Claim, number: int, code: str) -> Claim:
    return replace(
        claim,
        diagnoses=tuple(
            replace(one, code=code) if n == number else one for n, one in enumerate(claim.diagnoses, 1)
        ),
    )


def _with_poa(claim: Claim, numbers: list[int], poa: str | None) -> Claim:
    return replace(
        claim,
        diagnoses=tuple(
            replace(one, poa=poa) if n in numbers else one for n, one in enumerate(claim.diagnoses, 1)
        ),
    )


def _inserted(claim: Claim, at: int, code: str) -> list[tuple[int | None, Diagnosis]]:
    kept: list[tuple[int | None, Diagnosis]] = [*enumerate(claim.diagnoses, 1)]
    return [*kept[:at], (None, Diagnosis(code)), *kept[at:]]


def _moved(claim: Claim, number: int, to: int) -> Claim:
    order: list[tuple[int | None, Diagnosis]] = [*enumerate(claim.diagnoses, 1)]
    order.insert(to - 1, order.pop(number - 1))
    return _with_diagnoses(claim, order)


def _without(claim: Claim, number: int) -> Claim:
    order: list[tuple[int | None, Diagnosis]] = [*enumerate(claim.diagnoses, 1)]
    del order[number - 1]
    return _with_diagnoses(claim, order)


def _with_diagnoses(claim: Claim, order: list[tuple[int | None, Diagnosis]]) -> Claim:
    """Return a claim with other diagnoses; each stands with the number it had, ``None`` for a new one."""
    now = {old: new for new, (old, _) in enumerate(order, 1) if old is not None}
    whole = tuple(range(1, min(len(claim.diagnoses), MOST_POINTERS) + 1))
    every = tuple(range(1, min(len(order), MOST_POINTERS) + 1))
    lines = tuple(
        replace(
            line,
            pointers=every
            if line.pointers == whole
            else tuple(now[old] for old in line.pointers if old in now),
        )
        for line in claim.lines
    )
    return replace(claim, diagnoses=tuple(diagnosis for _, diagnosis in order), lines=lines)


def _with_line(claim: Claim, number: int, line: ClaimLine) -> Claim:
    return replace(claim, lines=tuple(line if n == number else one for n, one in enumerate(claim.lines, 1)))


def _without_line(claim: Claim, number: int) -> Claim:
    return replace(claim, lines=tuple(one for n, one in enumerate(claim.lines, 1) if n != number))
