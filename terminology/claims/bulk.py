"""Checks many claims of one bundle with the same edits, each run only where it can find anything.

A diagnosis or line that an edit finds nothing about, alone on a claim of the same period, is remembered: the
edit is not run again for it (``grains.tsv`` says for which edits that holds; all others run on every claim).
What runs is the edit itself on the whole claim, so that the findings are those of
:func:`terminology.claims.check.check`; a test holds the two together on every known case and on 10,000 claims
drawn at random.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Hashable, Iterable
from dataclasses import dataclass, field, fields, replace
from datetime import date

from terminology.bundle.life.change_days import change_days, named_codes
from terminology.bundle.store import Store
from terminology.claims.check import completed, unanswered_in
from terminology.claims.claim import Claim, ClaimLine, ClaimSetting, Diagnosis, Patient, Sex
from terminology.claims.context import CheckContext, check_context
from terminology.claims.edit import Edit
from terminology.claims.edits import EDITS
from terminology.claims.finding import CheckedEdit, Finding, NotChecked
from terminology.claims.service_dates import claim_day
from terminology.codes import code_key
from terminology.rule_tables import read_rules
from terminology.systems import HCPCS, ICD10CM

MOST_KEPT = 400_000
"""Answers remembered of each kind, some hundred bytes each; when there are more, remembering starts anew."""
MOST_NOTES = 400
"""Different reasons kept of what was not checked; a reason may name a day or a code."""

_FILLER = Diagnosis("?")
"""A first diagnosis that no edit knows: it neither satisfies a note nor spares another code."""
_SEXES = (Sex.FEMALE, Sex.MALE)
_YOUNGEST, _OLDEST = Patient(0, Sex.FEMALE), Patient(150, Sex.MALE)
"""The ages that a code allows are one range: it leaves one of these out unless it allows every age."""


@dataclass(frozen=True, slots=True)
class Grain:
    """A row of ``grains.tsv``."""

    edit: str
    grain: str
    reads: str


@dataclass(slots=True)
class _Plan:
    """Edits as bits of a mask, by their grain; those of no grain always run."""

    always: int = 0
    diagnosis: int = 0
    patient: int = 0
    first: int = 0
    indicator: int = 0
    service: int = 0
    modifiers: int = 0
    line: int = 0
    detail: int = 0
    listed: int = 0
    request: int = 0
    units: int = 0
    lines: int = 0
    repeat: int = 0
    category: int = 0
    modified: int = 0


@dataclass(slots=True)
class BulkNotes:
    """What was applied and what could not be, over all claims since the last time it was asked."""

    checked: dict[CheckedEdit, None] = field(default_factory=dict)
    not_checked: dict[NotChecked, None] = field(default_factory=dict)


class BulkChecker:
    """Checks claims one after the other; it remembers codes and days, nothing of a claim."""

    def __init__(
        self, store: Store, edits: tuple[Edit, ...] = EDITS, requested: Collection[str] = ()
    ) -> None:
        """``requested`` are ids of edits that give their advice on request only; they run on every claim."""
        self._requested = frozenset(requested)
        self._store = store
        self._edits = edits
        self._notes = BulkNotes()
        self._plan = _plan(edits)
        rows = read_rules(__package__, "grains.tsv", Grain)
        self._probed_on_request = frozenset(row.edit for row in rows if row.reads == "request")
        self._asked = _mask(edits, self._requested)
        self._applies = {
            one: _mask(edits, {edit.id for edit in edits if one in edit.settings}) for one in ClaimSetting
        }
        self._elsewhere = {
            one: [NotChecked(edit.id, edit.elsewhere) for edit in edits if one not in edit.settings]
            for one in ClaimSetting
        }
        self._told: set[ClaimSetting] = set()
        self._masks: dict[Hashable, int] = {}
        self._number = {setting: number for number, setting in enumerate(ClaimSetting)}
        self._keys: dict[str, str] = {}
        plan = self._plan
        of_lines = plan.service | plan.modifiers | plan.line | plan.detail | plan.units | plan.lines
        days = change_days(
            store, {ICD10CM.id, *self._tables(self._plan.diagnosis | self._plan.first)}, (4, 10)
        )
        self._diagnosis_epoch = _epochs(days)
        self._line_epoch = _epochs(change_days(store, {HCPCS.id, *self._tables(of_lines)}, (1, 4, 7, 10)))
        self._paired = named_codes(store, self._tables(self._plan.lines))
        self._listed = named_codes(store, self._tables(self._plan.listed))

    def _tables(self, mask: int) -> set[str]:
        return {name for n, edit in enumerate(self._edits) if mask >> n & 1 for name in edit.tables}

    def notes(self) -> BulkNotes:
        """Return what was applied and what was not since the last call."""
        notes, self._notes = self._notes, BulkNotes()
        self._told.clear()
        return notes

    def findings(self, claim: Claim) -> tuple[Finding, ...]:
        """Return what the edits find on a claim, in the order of :func:`terminology.claims.check.check`."""
        setting = claim.setting
        if setting in self._told:
            mask = self._plan.always | self._asked | self._diagnosis_mask(claim) | self._line_mask(claim)
            mask &= self._applies[setting]
        else:  # the first of its setting runs through all edits, so that each says whether it applies
            mask = self._applies[setting]
            self._told.add(setting)
            self._notes.not_checked |= dict.fromkeys(self._elsewhere[setting])
            self._notes.not_checked |= dict.fromkeys(unanswered_in(setting))
        context = check_context(self._store, self._requested)
        found: list[Finding] = []
        while mask:
            bit = mask & -mask
            mask ^= bit
            found += self._run(self._edits[bit.bit_length() - 1], claim, context)
        if len(found) > 1:
            found.sort(key=_rank)
        return tuple(completed(finding, claim, self._store) for finding in found)

    def _diagnosis_mask(self, claim: Claim) -> int:
        """Return the edits that some diagnosis of a claim may give a finding of."""
        plan, masks = self._plan, self._masks
        if claim.external_causes or claim.reason_for_visit or claim.admitting_diagnosis:
            return plan.diagnosis | plan.first | plan.indicator | self._together(claim)
        mask, alone = self._together(claim), len(claim.diagnoses) == 1
        if claim.patient.age is None or claim.patient.sex not in _SEXES:
            mask |= plan.patient  # they say that they cannot be applied
        stays = claim.setting is ClaimSetting.INPATIENT
        for day in _days(claim):
            epoch, first = self._diagnosis_epoch(day), True
            for diagnosis in claim.diagnoses:
                code = diagnosis.code
                where: Hashable = (code, epoch)
                known = masks.get(where)
                if known is None:
                    probes = [
                        (_probe(code, day), plan.diagnosis),
                        (_probe(code, day, patient=_OLDEST), plan.patient),
                    ]
                    known = self._remember(where, probes)
                mask |= known
                if first:
                    where = (code, epoch, alone)
                    known = masks.get(where)
                    if known is None:
                        others = () if alone else (_FILLER,)
                        probes = [(_probe(code, day, before=(), after=others), plan.first)]
                        known = self._remember(where, probes)
                    mask |= known
                    first = False
                if stays:
                    where = (code, epoch, "poa", diagnosis.poa)
                    known = masks.get(where)
                    if known is None:
                        known = self._remember(where, [(_probe(code, day, diagnosis.poa), plan.indicator)])
                    mask |= known
        return mask

    def _together(self, claim: Claim) -> int:
        """Return the edits that two diagnoses of a claim may give a finding of by being alike."""
        known, keys = self._keys, set()
        for diagnosis in claim.diagnoses:
            key = known.get(diagnosis.code)
            if key is None:
                key = known[diagnosis.code] = code_key(diagnosis.code)
            keys.add(key)
        count = len(claim.diagnoses)
        repeated = self._plan.repeat if len(keys) < count else 0
        return repeated | (self._plan.category if len({key[:3] for key in keys}) < count else 0)

    def _line_mask(self, claim: Claim) -> int:
        """Return the edits that some line of a claim, or its lines together, may give a finding of."""
        lines, plan, masks, setting = claim.lines, self._plan, self._masks, self._number[claim.setting]
        mask = paired = 0
        for line in lines:
            if line.modifiers:
                mask |= plan.modified
            day = line.date_of_service or claim_day(claim)
            epoch, code, units = self._line_epoch(day), line.code, line.units
            billed = units is not None and units > 0
            parts: tuple[tuple[Hashable, int], ...] = (
                ((setting, epoch, "service", code), plan.service),
                ((setting, epoch, "modifiers", line.modifiers), plan.modifiers),
                ((setting, epoch, "line", code, line.modifiers, billed), plan.line),
                (
                    (setting, epoch, code, line.place_of_service, bool(line.description), line.ndc),
                    plan.detail,
                ),
                ((setting, epoch, code, units), plan.units),
            )
            for where, wanted in parts:
                known = masks.get(where)
                if known is None:
                    known = self._remember(where, [(_of_line(claim, line, day), wanted)])
                mask |= known
            if code is not None:
                written = code.upper()
                paired += written in self._paired
                if written in self._listed:
                    mask |= plan.listed
        if len(lines) > 1:
            if len({line.code for line in lines}) < len(lines):
                mask |= plan.units | plan.lines
            elif paired > 1:
                mask |= plan.lines
        return mask

    def _remember(self, where: Hashable, probes: Iterable[tuple[Claim, int]]) -> int:
        """Return which edits find anything on claims made for this, that is not about their filler alone."""
        mask = 0
        for claim, wanted in probes:
            context = check_context(self._store, self._probed_on_request)
            left = wanted & ~mask & self._applies[claim.setting]
            mask |= wanted & ~mask & ~self._applies[claim.setting]
            strange = tuple(n for n, one in enumerate(claim.diagnoses, 1) if one is _FILLER)
            while left:
                bit = left & -left
                left ^= bit
                found = self._run(self._edits[bit.bit_length() - 1], claim, context)
                if any(not strange or finding.dx != strange for finding in found):
                    mask |= bit
        if len(self._masks) >= MOST_KEPT:
            self._masks.clear()
            self._keys.clear()
        self._masks[where] = mask
        return mask

    def _run(self, edit: Edit, claim: Claim, context: CheckContext) -> list[Finding]:
        found: list[Finding] = []
        for outcome in edit.run(claim, context):
            kind = type(outcome)
            if kind is Finding:
                found.append(outcome)  # type: ignore[arg-type]
            elif kind is CheckedEdit:
                self._notes.checked[outcome] = None  # type: ignore[index]
            elif len(self._notes.not_checked) < MOST_NOTES:
                self._notes.not_checked[outcome] = None  # type: ignore[index]
        return found


def _plan(edits: tuple[Edit, ...]) -> _Plan:
    rows = read_rules(__package__, "grains.tsv", Grain)
    named = {row.edit for row in rows}
    kinds = {each.name for each in fields(_Plan)} - {"always", "patient"}
    masks = {kind: _mask(edits, {row.edit for row in rows if row.grain == kind}) for kind in kinds}
    masks["patient"] = _mask(edits, {row.edit for row in rows if row.reads == "patient"})
    return _Plan(always=_mask(edits, {edit.id for edit in edits} - named), **masks)


def _mask(edits: tuple[Edit, ...], wanted: Collection[str]) -> int:
    return sum(1 << number for number, edit in enumerate(edits) if edit.id in wanted)


def _days(claim: Claim) -> list[date | None]:
    """Return the days on which some diagnosis of a claim is asked about."""
    if claim.setting is ClaimSetting.INPATIENT:
        return [claim_day(claim)]
    days = {line.date_of_service for line in claim.lines if line.date_of_service}
    days |= {day for day in (claim.statement_from, claim.statement_through, claim.date_of_service) if day}
    return list(days) or [None]


def _probe(
    code: str,
    day: date | None,
    poa: str | None = None,
    before: tuple[Diagnosis, ...] = (_FILLER,),
    after: tuple[Diagnosis, ...] = (),
    patient: Patient = _YOUNGEST,
) -> Claim:
    """Return a stay that ended on a day with one diagnosis, and a meaningless one before or after it."""
    return Claim(ClaimSetting.INPATIENT, patient, (*before, Diagnosis(code, poa), *after), discharge_date=day)


def _of_line(claim: Claim, line: ClaimLine, day: date | None) -> Claim:
    """Return a claim with one line, on its day, and nothing else."""
    return Claim(claim.setting, lines=(replace(line, date_of_service=day),), date_of_service=day)


def _epochs(days: Iterable[date]) -> Callable[[date | None], int]:
    """Return a function from a day to the number of its period; -1 for no day."""
    starts = list(days)
    numbers: dict[date | None, int] = {None: -1}

    def epoch(day: date | None) -> int:
        number = numbers.get(day)
        if number is None:
            number = numbers[day] = bisect_right(starts, day)  # type: ignore[type-var]
        return number

    return epoch


def _rank(finding: Finding) -> tuple[int, tuple[int, ...], tuple[int, ...]]:
    return finding.severity.rank, finding.dx, finding.line
