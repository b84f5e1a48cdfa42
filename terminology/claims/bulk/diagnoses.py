"""What the diagnoses of a claim call for: findings that each brings along, and edits to run on the whole."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from terminology.bundle.life.change_days import change_days
from terminology.claims.bulk.findings import PlacedFinding, placed
from terminology.claims.bulk.parts import Part, Prober, epochs, numbers_in, remember
from terminology.claims.claim import Claim, ClaimSetting, Diagnosis, Patient, Sex
from terminology.claims.context import check_context
from terminology.claims.edits.diagnoses.coding_advice import sides_of
from terminology.claims.edits.diagnoses.medicare_code_editor import rule_days
from terminology.claims.edits.diagnoses.tabular_notes import depends_on
from terminology.claims.lookups.tabular import coded_diagnoses
from terminology.claims.service_dates import claim_day
from terminology.icd10cm.note_references import ABOVE, NamedCodes, names
from terminology.systems import ICD10CM

_Notes = tuple[tuple[int, tuple[NamedCodes, ...]], ...]
"""What notes of a code name, each with the mask of the edit that reads it."""

_FILLER = Diagnosis("?")
"""A diagnosis that no edit knows: it neither satisfies a note nor spares another code."""
_SEXES = (Sex.FEMALE, Sex.MALE)
_YOUNGEST, _OLDEST = Patient(0, Sex.FEMALE), Patient(150, Sex.MALE)
"""The ages that a code allows are one range: it leaves one of these out unless it allows every age."""
_FISCAL_YEARS = (10,)
"""The month in which editions of ICD-10-CM and of the editor begin."""
_LATER, _FIRST, _ALONE = range(3)
_CATEGORY = 3


@dataclass(frozen=True, slots=True, eq=False)
class _Coded:
    """A code in its place on a claim, in a period. ``notes`` numbers the notes whose edits look for others.

    ``one`` and ``other`` are the sides of combinations it may be.
    """

    part: Part
    key: str
    category: str
    notes: int
    one: int
    other: int


class DiagnosisParts:
    """Asks the edits about diagnoses; remembers codes and periods, nothing of a claim."""

    def __init__(self, prober: Prober) -> None:
        self._prober = prober
        plan = prober.plan
        asked = plan.code | plan.notes | plan.first | plan.patient | plan.indicator
        tables = {name for n in numbers_in(asked) for name in prober.edits[n].tables}
        days = {*change_days(prober.store, {ICD10CM.id, *tables}, _FISCAL_YEARS), *rule_days()}
        self._epoch = epochs(sorted(days))
        self._coded: dict[Hashable, _Coded] = {}
        self._indicators: dict[Hashable, Part] = {}
        self._numbers: dict[_Notes, int] = {(): 0}
        self._notes: list[_Notes] = [()]
        self._meeting: dict[Hashable, _Notes] = {}

    def ask(self, claim: Claim, told: list[PlacedFinding]) -> int:
        """Return the edits to run on a claim; add to ``told`` what its diagnoses bring along."""
        plan, diagnoses = self._prober.plan, claim.diagnoses
        run = bits = 0
        if claim.patient.age is None or claim.patient.sex not in _SEXES:
            run |= plan.patient  # they say that they cannot be applied
        elsewhere = claim.external_causes or claim.reason_for_visit or claim.admitting_diagnosis
        day, days = claim_day(claim), _days(claim)
        if elsewhere or days != [day]:
            run |= self._on_days(claim, day, days)
        epoch = self._epoch(day)
        stays = claim.setting is ClaimSetting.INPATIENT
        position = _FIRST if len(diagnoses) > 1 else _ALONE
        coded: list[_Coded] = []
        for number, diagnosis in enumerate(diagnoses, 1):
            found = self._coded.get((diagnosis.code, epoch, position)) or self._code(
                diagnosis.code, day, epoch, position
            )
            coded.append(found)
            part = found.part
            run |= part.run
            if part.told:
                bits |= part.bits
                told += [placed(kept, number, day) for kept in part.told]
            if stays:
                part = self._indicator(diagnosis, day, epoch)
                run |= part.run
                told += [placed(kept, number, day) for kept in part.told]
            position = _LATER
        return run | self._together(coded, bits) if len(coded) > 1 else run

    def _together(self, coded: list[_Coded], bits: int) -> int:
        """Return the edits that diagnoses may break together, or satisfy for one another."""
        plan, count = self._prober.plan, len(coded)
        one = other = run = 0
        for each in coded:
            one |= each.one
            other |= each.other
        if one & other:
            run = plan.sides
        if len({each.category for each in coded}) < count:
            run |= plan.category | (bits & plan.notes)
            if len({each.key for each in coded}) < count:
                run |= plan.repeat
        for each in coded:
            if each.notes:
                for beside in coded:
                    if beside is not each:
                        run |= self._met(each.notes, beside)
        return run

    def _met(self, notes: int, beside: _Coded) -> int:
        """Return the edits of those notes that name a diagnosis."""
        where = (notes, beside.category)
        meeting = self._meeting.get(where)
        if meeting is None:
            named = (one for one in self._notes[notes] if _may_name(one[1], beside.category))
            meeting = remember(self._meeting, where, tuple(named))
        run = 0
        for edit, codes in meeting:
            if not run & edit and names(codes, beside.key):
                run |= edit
        return run

    def _on_days(self, claim: Claim, own: date | None, days: list[date | None]) -> int:
        """Return the edits that find anything of the diagnoses on some day, or of those that stand apart."""
        apart = [each.code for each in claim.external_causes] + list(claim.reason_for_visit)
        if claim.admitting_diagnosis:
            apart.append(claim.admitting_diagnosis)
        codes = [(code, _LATER) for code in apart]
        if days != [own]:
            days = [own, *days]
            first = _FIRST if len(claim.diagnoses) > 1 else _ALONE
            codes += [(each.code, _LATER if n else first) for n, each in enumerate(claim.diagnoses)]
        run = 0
        for day in days:
            epoch = self._epoch(day)
            for code, position in codes:
                found = self._coded.get((code, epoch, position)) or self._code(code, day, epoch, position)
                run |= found.part.run | found.part.bits
        return run

    def _code(self, code: str, day: date | None, epoch: int, position: int) -> _Coded:
        if position == _LATER:
            return self._later(code, day, epoch)
        later = self._coded.get((code, epoch, _LATER)) or self._later(code, day, epoch)
        plan, part = self._prober.plan, later.part
        made = partial(_stay, code, None, position, _YOUNGEST)
        again = part.bits & plan.notes  # a first code may be spared
        first = self._prober.part(plan.first | again, made, day, self._epoch, 1)
        merged = Part(
            part.run | first.run,
            tuple(kept for kept in part.told if not again >> kept.edit & 1) + first.told,
            part.bits & ~again | first.bits,
        )
        return remember(self._coded, (code, epoch, position), replace(later, part=merged))

    def _later(self, code: str, day: date | None, epoch: int) -> _Coded:
        """Ask about a code behind another."""
        plan, run = self._prober.plan, 0
        made = partial(_stay, code, None, _LATER, _YOUNGEST)
        part = self._prober.part(plan.code | plan.notes, made, day, self._epoch, 2)
        for patient in (_YOUNGEST, _OLDEST):
            made = partial(_stay, code, None, _LATER, patient)
            run |= self._prober.part(plan.patient, made, day, self._epoch, 2).run
        context = check_context(self._prober.store)
        (diagnosis,) = coded_diagnoses(_stay(code, None, _ALONE, _YOUNGEST, day), context)
        notes = tuple(
            (1 << number, codes)
            for number in numbers_in(plan.notes)
            for codes in depends_on(self._prober.edits[number].id, diagnosis)
        )
        number = self._numbers.setdefault(notes, len(self._notes))
        if number == len(self._notes):
            self._notes.append(notes)
        one, other = sides_of(diagnosis.key, context)
        part = part._replace(run=part.run | run)
        coded = _Coded(part, diagnosis.key, diagnosis.key[:_CATEGORY], number, one, other)
        return remember(self._coded, (code, epoch, _LATER), coded)

    def _indicator(self, diagnosis: Diagnosis, day: date | None, epoch: int) -> Part:
        where = (diagnosis.code, epoch, diagnosis.poa)
        part = self._indicators.get(where)
        if part is None:
            made = partial(_stay, diagnosis.code, diagnosis.poa, _ALONE, _YOUNGEST)
            part = self._prober.part(self._prober.plan.indicator, made, day, self._epoch)
            remember(self._indicators, where, part)
        return part


def _may_name(codes: tuple[NamedCodes, ...], category: str) -> bool:
    """Whether the codes of a note reach into a category."""
    return any(one.first <= category + ABOVE and category <= one.last + ABOVE for one in codes)


def _days(claim: Claim) -> list[date | None]:
    """Return the days on which some diagnosis of a claim is asked about."""
    if claim.setting is ClaimSetting.INPATIENT:
        return [claim_day(claim)]
    days = {line.date_of_service for line in claim.lines if line.date_of_service}
    days |= {day for day in (claim.statement_from, claim.statement_through, claim.date_of_service) if day}
    return list(days) or [None]


def _stay(code: str, poa: str | None, position: int, patient: Patient, day: date | None) -> Claim:
    """Return a stay that ended on a day, with a diagnosis alone, first or behind one that means nothing."""
    own = Diagnosis(code, poa)
    diagnoses = {_ALONE: (own,), _FIRST: (own, _FILLER), _LATER: (_FILLER, own)}[position]
    return Claim(ClaimSetting.INPATIENT, patient, diagnoses, discharge_date=day)
