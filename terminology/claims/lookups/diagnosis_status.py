"""What is wrong with a diagnosis code on a day: nothing, or which of the validity edits it breaks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from itertools import combinations_with_replacement

from terminology.bundle.life.code_status import CodeStatus, Resolution
from terminology.bundle.life.periods import billable_below
from terminology.bundle.life.resolution import resolve
from terminology.bundle.store import Store
from terminology.claims.context import CheckContext
from terminology.claims.finding import InForce
from terminology.claims.tables.mce import MCE_DIAGNOSIS, lists_every_code_on
from terminology.codes import key_in
from terminology.errors import UnknownCodeError
from terminology.systems import ICD10CM

_LENGTH = 7
"""Characters of a code with a 7th character, which ``X`` fills up to the sixth (Guidelines I.A.4, I.A.5)."""
_MOST = 40
"""Codes suggested at most: a category has at most 16 7th characters."""
_KEPT = 65_536


@dataclass(frozen=True, slots=True)
class DiagnosisFault:
    """What is wrong with a code. ``edit`` is the id of the edit; ``suggest`` are codes valid on the day.

    ``in_force`` is the code's own period, where that is what is wrong.
    """

    edit: str
    message: str
    suggest: tuple[str, ...] = ()
    source: str | None = None
    in_force: InForce | None = None


@dataclass(frozen=True, slots=True)
class Undetermined:
    """No loaded file says whether the code is valid."""

    reason: str


Status = DiagnosisFault | Undetermined | None


def diagnosis_status(context: CheckContext, code: str, days: Sequence[date]) -> Status:
    """Return what is wrong with a code that must be valid on one of ``days``, ``None`` if nothing is."""
    judge: Callable[[str, date], Status] | None = context.memory.get(diagnosis_status)
    if judge is None:
        judge = lru_cache(maxsize=_KEPT)(partial(_judged, context.store))
        context.memory[diagnosis_status] = judge
    found: Status = None
    for day in days:
        found = judge(code, day)
        if found is None:
            return None
    return found


def _judged(store: Store, code: str, day: date) -> Status:
    state = resolve(store, ICD10CM.id, code, day)
    if state.status is CodeStatus.UNDETERMINED:
        return Undetermined(state.message)
    if state.status is CodeStatus.UNKNOWN:
        return _unknown(store, code, day, state)
    if not state.exists:
        suggest = tuple(successor.code for successor in state.successors)
        period = InForce.of(state.begins, state.ended)
        message = _sentence(state.message)
        return DiagnosisFault("dx.not_valid_on_date", message, suggest, state.source, period)
    if beyond := not_covered(store, day):
        return Undetermined(beyond)
    if state.billable is False:
        return _heading(store, key_in(ICD10CM.id, state.code), day, state)
    return None


def not_covered(store: Store, day: date) -> str:
    """Return why nothing is said of the codes of a day, empty where a loaded file may tell of them.

    A code list answers until the last day of its edition; what the next one adds or ends it does not know.
    """
    newest = store.releases(ICD10CM.id)[-1]
    if newest.effective_to is None or day <= newest.effective_to:
        return ""
    master = store.edit_tables.release_on(MCE_DIAGNOSIS, day)
    if master is not None and lists_every_code_on(master.release, day):
        return ""
    last = f"the newest, {newest.id}, ends on {newest.effective_to}"
    return f"no loaded release of ICD-10-CM is in force on {day}: {last}"


def _heading(store: Store, key: str, day: date, state: Resolution) -> DiagnosisFault:
    below = billable_below(store, ICD10CM.id, key, day)
    if below and all(_completes(longer, key) for longer, _ in below):
        return _lacks_seventh(store, key, day, below, state)
    suggest = tuple(successor.code for successor in state.successors)
    suggest = suggest or _children(store, state.code, day) or tuple(code for _, code in below[:_MOST])
    return DiagnosisFault("dx.not_billable", _sentence(state.message), suggest, state.source)


def _unknown(store: Store, code: str, day: date, state: Resolution) -> Status:
    key = key_in(ICD10CM.id, code)
    below = billable_below(store, ICD10CM.id, key, day) if len(key) > 2 else ()
    if below and all(_completes(longer, key) for longer, _ in below):
        return _lacks_seventh(store, key.rstrip("X"), day, below, state)
    whole = _filled_up(store, key, day)
    if whole is not None:
        message = f"{code} lacks the placeholder X before its 7th character: {whole.code}."
        return DiagnosisFault("dx.placeholder", message, (whole.code,), whole.source)
    if below:
        message = f"{state.code} is a heading on {day}: codes below it are valid."
        return DiagnosisFault("dx.not_billable", message, tuple(code for _, code in below[:_MOST]))
    if beyond := not_covered(store, day):
        return Undetermined(beyond)
    return _other_seventh(store, key, day, state) or DiagnosisFault(
        "dx.not_found", _sentence(state.message), _near(store, code, day)
    )


def _filled_up(store: Store, key: str, day: date) -> Resolution | None:
    """Return the code that a key becomes when placeholders are put into it, where exactly one is valid."""
    if not 3 < len(key) < _LENGTH:
        return None
    places = combinations_with_replacement(range(3, len(key)), _LENGTH - len(key))
    keys = {_with_placeholders(key, chosen) for chosen in places}
    found = [state for each in sorted(keys) if (state := resolve(store, ICD10CM.id, each, day)).billable]
    return found[0] if len(found) == 1 else None


def _with_placeholders(key: str, places: Sequence[int]) -> str:
    return "".join("X" * places.count(place) + character for place, character in enumerate(key))


def _other_seventh(store: Store, key: str, day: date, state: Resolution) -> DiagnosisFault | None:
    """Return what is wrong with a code of seven characters whose last one is none of those that it takes."""
    heading = key[:-1]
    below = billable_below(store, ICD10CM.id, heading, day) if len(key) == _LENGTH else ()
    if not below or not all(_completes(longer, heading) for longer, _ in below):
        return None
    meanings, suggest = _seventh_choices(store, heading, day, below), tuple(code for _, code in below[:_MOST])
    message = f"{state.code} has no valid 7th character: {key[-1]} is none of {meanings}."
    return DiagnosisFault("dx.not_found", message, suggest, state.source)


def _lacks_seventh(
    store: Store, key: str, day: date, below: Sequence[tuple[str, str]], state: Resolution
) -> DiagnosisFault:
    message = f"{state.code} lacks its 7th character: {_seventh_choices(store, key, day, below)}."
    suggest = tuple(code for _, code in below[:_MOST])
    return DiagnosisFault("dx.missing_7th", message, suggest, state.source)


def _seventh_choices(store: Store, key: str, day: date, below: Sequence[tuple[str, str]]) -> str:
    """Return the 7th characters of the codes below a heading in words, each with its meaning where told."""
    meanings = _seventh_meanings(store, key.rstrip("X"), day)
    return "; ".join(
        f"{longer[-1]} = {meanings[longer[-1]]}" if longer[-1] in meanings else longer[-1]
        for longer, _ in below
    )


def _completes(longer: str, key: str) -> bool:
    """Whether a code is a key with nothing but placeholders and its 7th character added."""
    return len(longer) == _LENGTH and longer[:-1].rstrip("X") == key.rstrip("X")


def _seventh_meanings(store: Store, key: str, day: date) -> dict[str, str]:
    try:
        concept = store.concept(ICD10CM.id, key, on=day)
    except UnknownCodeError:
        return {}
    return {each.character: each.meaning for each in concept.seventh_characters}


def _children(store: Store, code: str, day: date) -> tuple[str, ...]:
    try:
        concept = store.concept(ICD10CM.id, code, on=day)
    except UnknownCodeError:
        return ()
    return tuple(child.code for child in store.children(concept, _MOST).items)


def _near(store: Store, code: str, day: date) -> tuple[str, ...]:
    try:
        store.concept(ICD10CM.id, code, on=day)
    except UnknownCodeError as unknown:
        return tuple(unknown.suggestions)
    return ()


def _sentence(message: str) -> str:
    return f"{message[:1].upper()}{message[1:]}."
