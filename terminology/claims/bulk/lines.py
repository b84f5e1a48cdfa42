"""What the lines of a claim call for: findings that each brings along, and edits to run on the whole."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from typing import NamedTuple

from terminology.bundle.life.change_days import change_days, days_by_code, named_codes, release_days
from terminology.claims.bulk.findings import PlacedFinding, placed
from terminology.claims.bulk.known_pairs import KnownPairs
from terminology.claims.bulk.parts import Part, Prober, epochs, numbers_in, remember
from terminology.claims.claim import Claim, ClaimLine, ClaimSetting
from terminology.claims.edits.lines.service_lines import SIDES
from terminology.claims.lookups.ncci_lookup import SERVICES
from terminology.claims.lookups.procedure_codes import is_ambulance
from terminology.claims.service_dates import claim_day
from terminology.claims.tables.coverage import SERVICES as COVERED_SERVICES
from terminology.claims.tables.ncci import CODE_PAIRS
from terminology.codes import code_key
from terminology.systems import CPT, HCPCS

_STEP = 4
"""Units are asked about in steps of this, its square and so on, before the very number."""
_SIDED = frozenset(SIDES)
_SYSTEMS = frozenset({HCPCS.id, CPT.id})


class _Periods(NamedTuple):
    """The numbers of the periods of a day in which the tables of each kind of part say one thing."""

    released: int
    any: int
    line: int
    detail: int
    units: int


class LineParts:
    """Asks the edits about service lines; remembers codes and periods, nothing of a claim."""

    def __init__(self, prober: Prober) -> None:
        self._prober = prober
        store, plan = prober.store, prober.plan
        self._number = {setting: number for number, setting in enumerate(ClaimSetting)}
        released = release_days(store, _SYSTEMS)
        self._released = sorted(released)
        self._own_days = days_by_code(store, _SYSTEMS)
        self._same = {
            mask: epochs(sorted(released.union(change_days(store, self._tables(mask), ()))))
            for mask in (plan.line, plan.detail, plan.units)
        }
        any_day = epochs(sorted(released.union(*self._own_days.values())))
        self._same |= {plan.service: any_day, plan.modifiers: any_day}
        self._limited = named_codes(store, self._tables(plan.units))
        self._detailed = named_codes(store, self._tables(plan.detail))
        self._covered = bool(store.edit_tables.releases(COVERED_SERVICES))
        by_table = {table.name: KnownPairs(store, table) for table in CODE_PAIRS.values()}
        self._pairs = {one: by_table[CODE_PAIRS[of].name] for one, of in SERVICES.items() if of in CODE_PAIRS}
        self._keys: dict[Hashable, str] = {}
        self._periods: dict[Hashable, _Periods] = {}
        self._memory: dict[Hashable, Part] = {}

    def _tables(self, mask: int) -> set[str]:
        return {name for n in numbers_in(mask) for name in self._prober.edits[n].tables} - _SYSTEMS

    def ask(self, claim: Claim, told: list[PlacedFinding]) -> int:
        """Return the edits to run on a claim; add to ``told`` what its lines bring along."""
        if not claim.lines:
            return 0
        plan, whole = self._prober.plan, claim_day(claim)
        run = 0
        codes: list[str] = []
        for number, line in enumerate(claim.lines, 1):
            day = line.date_of_service or whole
            for part in self._parts(claim, line, day):
                run |= part.run
                if part.told:
                    told += [placed(kept, number, day) for kept in part.told]
            if line.code is not None:
                codes.append(self._keys[line.code])
            if line.modifiers and not _SIDED.isdisjoint(line.modifiers):
                run |= plan.sided
        return run | self._together(claim.setting, codes)

    def _parts(self, claim: Claim, line: ClaimLine, day: date | None) -> Iterator[Part]:
        """Yield what each kind of part says."""
        plan, memory, setting = self._prober.plan, self._memory, self._number[claim.setting]
        periods = self._periods.get(day) or self._period(day)
        code, modifiers, units = line.code, line.modifiers, line.units
        key = None
        if code is not None:
            key = self._keys.get(code) or self._key(code)
            yield self._service(claim, line, day, key, periods)
        where: Hashable = (setting, periods.line, code, modifiers)
        yield memory.get(where) or self._part(where, plan.line, claim, line, day)
        if modifiers:
            where = ("modifiers", setting, periods.any, modifiers, is_ambulance(code))
            yield memory.get(where) or self._part(where, plan.modifiers, claim, line, day)
        place, described, ndc = line.place_of_service, bool(line.description), line.ndc
        named = code if ndc or key in self._detailed else None
        where = ("detail", setting, periods.detail, named, place, described, ndc)
        yield memory.get(where) or self._part(where, plan.detail, claim, line, day)
        limited = code if key in self._limited else None
        if units is not None and units > 0:
            step = float(_STEP)
            while step < units:
                step *= _STEP
            where = ("units", setting, periods.units, limited, step)
            more = memory.get(where)
            if more is None:
                more = self._part(where, plan.units, claim, replace(line, units=step), day)
            if not more.run and not more.told:
                return
        where = ("units", setting, periods.units, limited, units)
        yield memory.get(where) or self._part(where, plan.units, claim, line, day)

    def _service(self, claim: Claim, line: ClaimLine, day: date | None, key: str, periods: _Periods) -> Part:
        """Return what is found of a code, asked once in each period of its own life where that is nothing."""
        own = self._own_days.get(key)
        where: Hashable = (line.code, periods.released, bisect_right(own, day) if own and day else None)
        part = self._memory.get(where) or self._part(where, self._prober.plan.service, claim, line, day)
        if part.run or part.told:  # its words may tell of other codes, which have days of their own
            where = ("service", line.code, periods.any)
            part = self._memory.get(where) or self._part(where, self._prober.plan.service, claim, line, day)
        return part

    def _together(self, setting: ClaimSetting, codes: list[str]) -> int:
        """Return the edits that lines may break together, or in the light of the diagnoses."""
        plan, holds, run = self._prober.plan, self._prober.store.edit_tables.holds, 0
        if len(codes) > 1:
            different = dict.fromkeys(codes)
            if len(different) < len(codes):
                run |= plan.repeated | plan.units
            pairs = self._pairs.get(setting)
            if pairs is not None and pairs.among(different):
                run |= plan.pair
        if self._covered and any(holds(COVERED_SERVICES, code) for code in codes):
            run |= plan.listed
        return run

    def _part(self, where: Hashable, wanted: int, claim: Claim, line: ClaimLine, day: date | None) -> Part:
        made: Callable[[date | None], Claim] = partial(_of_line, claim, line)
        return remember(self._memory, where, self._prober.part(wanted, made, day, self._same[wanted]))

    def _period(self, day: date | None) -> _Periods:
        plan, same = self._prober.plan, self._same
        released = -1 if day is None else bisect_right(self._released, day)
        periods = _Periods(
            released,
            same[plan.service](day),
            same[plan.line](day),
            same[plan.detail](day),
            same[plan.units](day),
        )
        return remember(self._periods, day, periods)

    def _key(self, code: str) -> str:
        return remember(self._keys, code, code_key(code))


def _of_line(claim: Claim, line: ClaimLine, day: date | None) -> Claim:
    """Return a claim with one line, on its day, and nothing else."""
    return Claim(claim.setting, lines=(replace(line, date_of_service=day),), date_of_service=day)
