"""What a code is on a day: in use, retired, split, merged, to come, or unknown. Every face asks here."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from terminology.bundle.concepts.expressions import resolve_expression
from terminology.bundle.life.code_status import CodeStatus, Resolution, Successor
from terminology.bundle.life.icd9_codes import became_icd10, codes_in_use
from terminology.bundle.life.not_loaded import remark_elsewhere
from terminology.bundle.life.period import Period
from terminology.bundle.life.periods import code_below_on, life, period_on, stood_over_code_on
from terminology.bundle.life.successors import alike, begun_below, ending, replaced_by, replacing_rows, since
from terminology.bundle.records import PredecessorRow
from terminology.bundle.store_face import StoreFace
from terminology.cluster import is_cluster
from terminology.codes import code_key, dotted, key_in
from terminology.errors import UnknownCodeError, UnknownReleaseError
from terminology.icd9.shape import remark_on
from terminology.systems import ICD10CM, ICD11, code_system

_DAY = timedelta(days=1)
#: No code is longer; a text of megabytes is not tried at each of its lengths.
_LONGEST = 32
_SHORTEST = 3
_NAMED = 6


def resolve(store: StoreFace, system: str, code: str, on: date | None = None) -> Resolution:
    """Return what a code is on a day, today without one; never raises for a code, whatever it is.

    Raises :class:`UnknownSystemError`.
    """
    system = code_system(system).id
    if system == ICD11.id and ICD11.id in store.systems() and is_cluster(code):
        return resolve_expression(store, code, on or date.today())
    found = store.resolution(system, _key(store, system, code), on or date.today())
    if found.status is not CodeStatus.UNKNOWN:
        return found
    became = became_icd10(store, code) if system == ICD10CM.id else None
    if became is not None:
        successors = tuple(_successor(store, each) for each in codes_in_use(store, became))
        message = f"{became.code} is {became.sentence}"
        return replace(found, code=became.code, heading=None, successors=successors, message=message)
    remark = remark_on(system, code)
    if not remark and (remark := remark_elsewhere(store, system, code)):
        found = replace(found, code=code.strip(), heading=None)  # dot and heading are another system's
    message = f"no loaded release of {code_system(system).title} has a code '{code.strip()}'"
    message += f": {remark}" if remark else ""
    return replace(found, code=found.code or code.strip(), message=message)


def _successor(store: StoreFace, code: str) -> Successor:
    period = period_on(life(store, ICD10CM.id, code), date.today())
    return Successor(code, (period.title if period else None) or "", None)


def read_resolution(store: StoreFace, system: str, key: str, day: date) -> Resolution:
    """Work out the answer of :func:`resolve`, which keeps it."""
    periods = life(store, system, key)
    current = period_on(periods, day)
    if current is not None:
        ended = any(p.billable and p.end is not None and p.end + _DAY == current.start for p in periods)
        return _existing(store, system, key, day, current, was_code=ended)
    before = [p for p in periods if p.end is not None and p.end < day]
    after = [p for p in periods if p.start > day]
    if before and not before[-1].may_cover(day):
        return _gone(store, system, key, day, before[-1])
    if before or (after and after[0].may_cover(day)):
        return _undetermined(store, system, key, day, (before or after)[-1 if before else 0])
    if after:
        return _coming(store, system, key, day, after[0])
    replaced = replacing_rows(store, system, key)
    if replaced and day.isoformat() < since(replaced[0]):
        return _before_table(store, system, key, day, replaced[0])
    return _gone(store, system, key, day, None) if replaced else _never(store, system, key, day)


def not_in_use(
    store: StoreFace, text: str, system: str | None = None, on: date | None = None
) -> tuple[Resolution, ...]:
    """Return the codes not in use on a day that a text is exactly, one for each system that has or had it."""
    key = code_key(text)
    if not _SHORTEST <= len(key) <= 8 or not key.isalnum() or not any(c.isdigit() for c in key):
        return ()
    loaded = store.systems()
    wanted = loaded if system is None else [name for name in (code_system(system).id,) if name in loaded]
    found = (resolve(store, name, text, on) for name in wanted)
    return tuple(r for r in found if r.status not in (CodeStatus.EXISTING, CodeStatus.UNKNOWN))


def _key(store: StoreFace, system: str, code: str) -> str:
    """The key of a code; what a release finds by more than its key counts too (URIs, ``I10X`` for I10)."""
    key = key_in(system, code)
    if life(store, system, key):
        return key
    try:
        return store.concept(system, code, store.release(system).release.id).key
    except (UnknownCodeError, UnknownReleaseError):
        return key


def _existing(
    store: StoreFace, system: str, key: str, day: date, period: Period, *, was_code: bool
) -> Resolution:
    """A code or heading in use; a heading that was a code until its period began names what began then."""
    code = dotted_code(store, system, key)
    message = f"{code} is valid on {day}"
    if period.title is None:
        message += f" ({period.source})"
    successors: tuple[Successor, ...] = ()
    if period.billable is False:
        successors = begun_below(store, system, key, period.start, day) if was_code else ()
        message = f"{code} is a heading on {day} and not billable"
        if successors:
            message += f" (it was a code until {period.start - _DAY}); use {_names(successors)}"
    return _resolution(store, system, (key, code), day, CodeStatus.EXISTING, period, message, successors)


def _gone(store: StoreFace, system: str, key: str, day: date, last: Period | None) -> Resolution:
    code = dotted_code(store, system, key)
    replaced = replacing_rows(store, system, key)
    ended = last.end if last else date.fromisoformat(since(replaced[0])) - _DAY
    heading = _heading(store, system, key, day)
    successors = replaced_by(store, replaced, day) if system == ICD10CM.id else ()
    divided: tuple[Successor, ...] = ()
    if not successors and ended is not None:
        divided = successors = begun_below(store, system, key, ended + _DAY, day)
    if not successors and heading is not None and ended is not None:
        successors = alike(key, begun_below(store, system, code_key(heading), ended + _DAY, day))
    status = ending(store, successors)
    message = f"{code} is not valid on {day}: it ended on {ended}"
    if successors and successors[0].since:
        message += f"; in its place: {_names(successors)}"
    elif divided:
        message += f"; codes below it began then: {_names(divided)}"
    elif successors:
        message += (
            f"; no conversion table here names what replaced it; below {heading} these began then: "
            f"{_names(successors)}"
        )
    elif heading:
        message += f"; no successor is named, the nearest heading in use is {heading}"
    return _resolution(store, system, (key, code), day, status, last, message, successors, heading, ended)


def _coming(store: StoreFace, system: str, key: str, day: date, first: Period) -> Resolution:
    code = dotted_code(store, system, key)
    earlier = store.predecessors(key) if system == ICD10CM.id else []
    names = [p.previous_note or dotted(system, code_key(p.previous)) for p in earlier]
    used = f"; coded before as {', '.join(dict.fromkeys(names))}" if names else ""
    heading = _heading(store, system, key, day)
    message = f"{code} is not yet valid on {day}: it begins on {first.start}{used}"
    return _resolution(store, system, (key, code), day, CodeStatus.NOT_YET_VALID, first, message, (), heading)


def _undetermined(store: StoreFace, system: str, key: str, day: date, near: Period) -> Resolution:
    """A heading existed when a billable code below it did; of all else no loaded file says it."""
    code = dotted_code(store, system, key)
    if near.billable is False and code_below_on(store, system, key, day):
        message = f"{code} is a heading on {day} and not billable (codes below it were valid)"
        return _resolution(store, system, (key, code), day, CodeStatus.EXISTING, near, message)
    if near.billable is None and stood_over_code_on(store, system, key, day):
        message = f"{code} is a chapter or block on {day} (codes below it were valid)"
        return _resolution(store, system, (key, code), day, CodeStatus.EXISTING, near, message)
    message = (
        f"no loaded file says whether {code} was valid on {day}; it is known "
        f"from {near.start}{f' to {near.end}' if near.end else ''} ({near.source})"
    )
    return _resolution(store, system, (key, code), day, CodeStatus.UNDETERMINED, near, message)


def _before_table(store: StoreFace, system: str, key: str, day: date, row: PredecessorRow) -> Resolution:
    code = dotted_code(store, system, key)
    message = (
        f"no loaded file says whether {code} was valid on {day}; NCHS's conversion table names what "
        f"replaced it from {since(row)}"
    )
    return _resolution(store, system, (key, code), day, CodeStatus.UNDETERMINED, None, message)


def _never(store: StoreFace, system: str, key: str, day: date) -> Resolution:
    code = dotted_code(store, system, key)
    message = f"no loaded release of {code_system(system).title} has a code '{dotted(system, key)}'"
    heading = _heading(store, system, key, day)
    return _resolution(store, system, (key, code), day, CodeStatus.UNKNOWN, None, message, (), heading)


def _resolution(
    store: StoreFace,
    system: str,
    named: tuple[str, str],
    day: date,
    status: CodeStatus,
    period: Period | None,
    message: str,
    successors: tuple[Successor, ...] = (),
    heading: str | None = None,
    ended: date | None = None,
) -> Resolution:
    """Return the answer about a code, named by its key and as it is printed."""
    key, code = named
    held = store.releases_with(system, key)
    last = period.end if period and period.end_known else ended
    return Resolution(
        system=system,
        code=code,
        on=day.isoformat(),
        status=status,
        title=period.title if period else None,
        billable=period.billable if period else None,
        begins=period.start.isoformat() if period and period.start_known else None,
        ended=None if last is None else last.isoformat(),
        last_release=held[-1] if held else None,
        successors=successors,
        heading=heading,
        message=message,
        source=period.source if period else None,
    )


def dotted_code(store: StoreFace, system: str, key: str) -> str:
    """Return the display form of a key: as its publisher prints it where a release holds it."""
    return store.printed_code(system, key) or dotted(system, key)


def _heading(store: StoreFace, system: str, key: str, day: date) -> str | None:
    for length in range(min(len(key) - 1, _LONGEST), _SHORTEST - 1, -1):
        periods = life(store, system, key[:length])
        if any(p.may_cover(day) for p in periods):
            return dotted_code(store, system, key[:length])
    return None


def _names(successors: tuple[Successor, ...]) -> str:
    shown = [s.code for s in successors[:_NAMED]]
    more = len(successors) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")
