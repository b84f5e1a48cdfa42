"""Which code system a line's code or modifier is of, by its form, and whether it is valid on a day."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial

from terminology.bundle.life.code_status import CodeStatus
from terminology.bundle.life.resolution import resolve
from terminology.bundle.store import Store
from terminology.claims.context import CheckContext
from terminology.claims.finding import InForce
from terminology.systems import CPT, HCPCS

_CPT = re.compile(r"\d{4}[0-9AFMTU]")
_CDT = re.compile(r"D\d{4}")
_HCPCS = re.compile(r"[A-CE-Z]\d{4}")
_HIPPS = re.compile(r"[0-9A-Z]{5}")
_HCPCS_MODIFIER = re.compile(r"(?!P[1-6])[A-Z][0-9A-Z]")
_CPT_MODIFIER = re.compile(r"\d\d|\dP|P[1-6]")
_AMBULANCE = re.compile(r"A0\d{3}")
_TRIP = re.compile(r"[DEGHIJNPRS][DEGHIJNPRSX]")
"""Where a trip began and where it ended (Medicare Claims Processing Manual, chapter 15, section 30.A)."""
_KEPT = 32_768
CDT_REASON = "D codes are the American Dental Association's (CDT): not loaded"


@dataclass(frozen=True, slots=True)
class ProcedureStatus:
    """What is said of a code on a day.

    ``kind`` is ``valid``, ``not_found``, ``not_valid_on_date`` or ``not_checked``; ``message`` says why.
    ``in_force`` is the code's own period, the last or the next one, where that is what is wrong.
    """

    kind: str
    message: str = ""
    suggest: tuple[str, ...] = ()
    release: str | None = None
    source: str | None = None
    in_force: InForce | None = None


def is_licensed_code(code: str) -> bool:
    """Return whether a code has the form of CPT's or CDT's, of which bundles hold what their owner loads.

    >>> is_licensed_code("0000T"), is_licensed_code("G0104")
    (True, False)
    """
    return _CPT.fullmatch(code) is not None or _CDT.fullmatch(code) is not None


def is_ambulance(code: str | None) -> bool:
    """Return whether a code is one of HCPCS's section of ambulance services.

    >>> is_ambulance("A0429"), is_ambulance("E0143"), is_ambulance(None)
    (True, False, False)
    """
    return code is not None and _AMBULANCE.fullmatch(code.upper()) is not None


def service_code(context: CheckContext, code: str, day: date) -> ProcedureStatus:
    """Return what is said of a line's code. CPT codes are looked up where a licensee's file is loaded."""
    return _remembered(context, _service_code)(code.upper(), day)


def modifier(context: CheckContext, code: str, service: str | None, day: date) -> ProcedureStatus:
    """Return what is said of a modifier of a service, HCPCS's own or CPT's by its form.

    On an ambulance's line two letters are origin and destination; no file lists their pairs.
    """
    if is_ambulance(service) and _TRIP.fullmatch(code.upper()):
        return ProcedureStatus("valid")
    return _remembered(context, _modifier)(code.upper(), day)


def _remembered(
    context: CheckContext, judge: Callable[[Store, str, date], ProcedureStatus]
) -> Callable[[str, date], ProcedureStatus]:
    kept: Callable[[str, date], ProcedureStatus] | None = context.memory.get(judge)
    if kept is None:
        kept = context.memory[judge] = lru_cache(maxsize=_KEPT)(partial(judge, context.store))
    return kept


def _service_code(store: Store, code: str, day: date) -> ProcedureStatus:
    if _HCPCS.fullmatch(code):
        return _looked_up(store, HCPCS.id, code, day)
    if _CPT.fullmatch(code):
        return _looked_up(store, CPT.id, code, day)
    if _CDT.fullmatch(code):
        return ProcedureStatus("not_checked", CDT_REASON)
    if _HIPPS.fullmatch(code):
        return ProcedureStatus(
            "not_checked", "neither HCPCS nor CPT by its form: payment group codes are not loaded"
        )
    return ProcedureStatus("not_found", f"{code} has the form of no HCPCS or CPT code.")


def _modifier(store: Store, code: str, day: date) -> ProcedureStatus:
    if _HCPCS_MODIFIER.fullmatch(code):
        return _looked_up(store, HCPCS.id, code, day)
    if _CPT_MODIFIER.fullmatch(code):
        return _looked_up(store, CPT.id, code, day)
    return ProcedureStatus("not_found", f"{code} has the form of no modifier.")


def _looked_up(store: Store, system: str, code: str, day: date) -> ProcedureStatus:
    releases = store.releases(system)
    if not releases:
        return ProcedureStatus("not_checked", _not_loaded(system))
    state = resolve(store, system, code, day)
    if state.exists:
        return ProcedureStatus("valid", release=state.last_release)
    if state.status is CodeStatus.UNDETERMINED:
        return ProcedureStatus("not_checked", state.message)
    if state.status is CodeStatus.UNKNOWN:
        covering = [each.id for each in releases if each.in_force(day)]
        if not covering:
            held = ", ".join(each.id for each in releases)
            reason = f"{code} is in no loaded release ({held}), and none of them covers {day}"
            return ProcedureStatus("not_checked", reason)
        return ProcedureStatus(
            "not_found", f"{code} is in no release that covers {day}.", release=covering[-1]
        )
    suggest = tuple(each.code for each in state.successors)
    message = f"{state.message[:1].upper()}{state.message[1:]}."
    period = InForce.of(state.begins, state.ended)
    return ProcedureStatus("not_valid_on_date", message, suggest, state.last_release, state.source, period)


def _not_loaded(system: str) -> str:
    if system == CPT.id:
        return (
            "CPT is the AMA's and no licensee's own file is loaded: CPT codes and modifiers are not checked"
        )
    return "no release of HCPCS Level II is loaded"
