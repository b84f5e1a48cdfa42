"""What the edits find on a part of a claim alone: told from a claim made of that part."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import NamedTuple, TypeVar

from terminology.bundle.store import Store
from terminology.claims.bulk.findings import KeptFinding
from terminology.claims.bulk.grains import Plan
from terminology.claims.check import completed
from terminology.claims.claim import Claim, ClaimSetting
from terminology.claims.context import CheckContext, check_context
from terminology.claims.edit import Edit
from terminology.claims.finding import CheckedEdit, Finding, NotChecked

MOST_KEPT = 400_000
"""Parts remembered of each kind, some hundred bytes each; when there are more, remembering starts anew."""
MOST_NOTES = 400
"""Different reasons kept of what was not checked; a reason may name a day or a code."""
MORE_REASONS = f"and more: of a file's different reasons the first {MOST_NOTES} are kept"
_DAY = timedelta(days=1)

V = TypeVar("V")
Epoch = Callable[[date | None], int]
"""From a day to the number of its period, in which the tables say one thing; -1 for no day."""


@dataclass(slots=True)
class BulkNotes:
    """What was applied and what could not be, over all claims since the last time it was asked."""

    checked: dict[CheckedEdit, None] = field(default_factory=dict)
    not_checked: dict[NotChecked, None] = field(default_factory=dict)


class Part(NamedTuple):
    """What the edits find on a part: those to ``run`` on a claim that has it, and the findings ``told``.

    ``bits`` are the edits of the findings told.
    """

    run: int
    told: tuple[KeptFinding, ...]
    bits: int


class Prober:
    """Runs edits, on claims and on parts of them; gathers what was applied and what was not."""

    def __init__(self, store: Store, edits: tuple[Edit, ...], plan: Plan) -> None:
        self.store = store
        self.edits = edits
        self.plan = plan
        self.notes = BulkNotes()
        self.applies = {
            setting: sum(1 << number for number, edit in enumerate(edits) if setting in edit.settings)
            for setting in ClaimSetting
        }

    def run(self, number: int, claim: Claim, context: CheckContext) -> list[Finding]:
        """Return what the edit of a number finds on a claim."""
        found: list[Finding] = []
        for outcome in self.edits[number].run(claim, context):
            kind = type(outcome)
            if kind is Finding:
                found.append(outcome)  # type: ignore[arg-type]
            elif kind is CheckedEdit:
                self.notes.checked[outcome] = None  # type: ignore[index]
            else:
                keep_reason(self.notes.not_checked, outcome)  # type: ignore[arg-type]
        return found

    def part(
        self,
        wanted: int,
        made: Callable[[date | None], Claim],
        day: date | None,
        epoch: Epoch,
        own: int | None = None,
    ) -> Part:
        """Return what edits find on claims ``made`` for a day of the part alone.

        ``own`` is the number of the diagnosis that is the part, where others stand beside it: findings about
        those alone are none of the part.
        """
        claim, context = made(day), check_context(self.store)
        applies = self.applies[claim.setting]
        run, kept, bits = wanted & ~applies, list[KeptFinding](), 0
        for number in numbers_in(wanted & applies):
            found = [each for each in self.run(number, claim, context) if _is_of(each, own)]
            if not found:
                continue
            told = self._told(number, found, made, day, epoch, own)
            if told is None:
                run |= 1 << number
            else:
                kept += told
                bits |= 1 << number
        return Part(run, tuple(kept), bits)

    def _told(
        self,
        number: int,
        found: list[Finding],
        made: Callable[[date | None], Claim],
        day: date | None,
        epoch: Epoch,
        own: int | None,
    ) -> list[KeptFinding] | None:
        """Return findings to keep; ``None`` where the edit has to run on each claim.

        That they are the same on every day of the period, but for the day's own text, is told from a second
        day of it.
        """
        if not self.plan.alone >> number & 1 or not all(_stands_alone(each, own) for each in found):
            return None
        claim = made(day)
        if day is None:
            return [self._kept(number, claim, each, None) for each in found]
        other = next((each for each in (day + _DAY, day - _DAY) if epoch(each) == epoch(day)), None)
        if other is None:
            return None
        then = made(other)
        again = [e for e in self.run(number, then, check_context(self.store)) if _is_of(e, own)]
        if [_on_day(each, day, other) for each in found] != again:
            return None
        return [self._kept(number, claim, each, day) for each in found]

    def _kept(self, number: int, claim: Claim, finding: Finding, day: date | None) -> KeptFinding:
        words = (finding.message,) if day is None else tuple(finding.message.split(day.isoformat()))
        return KeptFinding(completed(finding, claim, self.store), number, finding.severity.rank, words)


def keep_reason(kept: dict[NotChecked, None], reason: NotChecked) -> None:
    """Add a reason to those kept; beyond :data:`MOST_NOTES` an edit's further ones are told as one."""
    if reason not in kept:
        full = len(kept) >= MOST_NOTES
        kept[NotChecked(reason.edit, MORE_REASONS) if full else reason] = None


def numbers_in(mask: int) -> Iterable[int]:
    """Yield the numbers of the edits in a mask, in their order."""
    while mask:
        bit = mask & -mask
        mask ^= bit
        yield bit.bit_length() - 1


def remember(memory: dict[Hashable, V], where: Hashable, part: V) -> V:
    """Keep a part."""
    if len(memory) >= MOST_KEPT:
        memory.clear()
    memory[where] = part
    return part


def epochs(days: Iterable[date]) -> Epoch:
    """Return the function from a day to the number of its period, by the sorted first days of periods."""
    starts = list(days)
    numbers: dict[date | None, int] = {None: -1}

    def epoch(day: date | None) -> int:
        number = numbers.get(day)
        if number is None:
            number = numbers[day] = bisect_right(starts, day)  # type: ignore[type-var]
        return number

    return epoch


def _is_of(finding: Finding, own: int | None) -> bool:
    return own is None or not finding.dx or own in finding.dx


def _stands_alone(finding: Finding, own: int | None) -> bool:
    return finding.dx in ((), (own or 1,)) and finding.line in ((), (1,))


def _on_day(finding: Finding, day: date, other: date) -> Finding:
    return replace(finding, message=finding.message.replace(day.isoformat(), other.isoformat()))
