"""Which diagnoses were not good on the day of their own row, though their code was in the file's years."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date

from terminology.bundle.life.periods import billable_between, unchanged_in
from terminology.bundle.store import Store
from terminology.codes import code_key
from terminology.facility import Setting
from terminology.impact.coded import Coded, State
from terminology.systems import ICD10CM

Dated = Mapping[tuple[Setting, str], Mapping[date, int]]
"""Volume by care setting and code key, and by the first day of the month of the row."""
Moved = Mapping[Setting, Mapping[str, Mapping[State, int]]]
"""Volume by care setting and code key that has another state on its row's day than in the file's years."""


def moved_by_day(store: Store, dated: Dated, codes: Mapping[str, Coded]) -> Moved:
    """Return the volume whose state on its own day is another than its code's: not in use yet, or a heading.

    Codes of ICD-10-CM begin and end on the first day of a month. Unknown codes stay unknown.
    """
    lives: dict[date, Mapping[str, bool]] = {}
    periods: dict[date, date] = {}
    moved: dict[Setting, dict[str, Counter[State]]] = {}
    for (setting, key), months in dated.items():
        coded = codes[key]
        if coded.state is State.UNKNOWN:
            continue
        own = code_key(coded.code)
        for month, count in months.items():
            if month not in periods:
                periods[month] = unchanged_in(store, ICD10CM.id, month)
            day = periods[month]
            if day not in lives:
                lives[day] = billable_between(store, ICD10CM.id, day, day)
            state = _state(lives[day].get(own))
            if state is not coded.state:
                moved.setdefault(setting, {}).setdefault(key, Counter())[state] += count
    return moved


def _state(billable: bool | None) -> State:
    if billable is None:
        return State.EXPIRED
    return State.VALID if billable else State.UNSPECIFIC


def moved_in(moved: Moved, scope: str) -> Mapping[str, Mapping[State, int]]:
    """Return what moved in a scope of the report: a care setting by its name, or all of them."""
    if scope in {setting.value for setting in moved}:
        return moved[Setting(scope)]
    if scope in {setting.value for setting in Setting}:
        return {}
    every: dict[str, Counter[State]] = {}
    for codes in moved.values():
        for key, states in codes.items():
            every.setdefault(key, Counter()).update(states)
    return every
