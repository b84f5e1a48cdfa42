"""The crosswalk in every direction there is, by one rule: every face asks here."""

from __future__ import annotations

from datetime import date

from terminology.bundle.crosswalk.crosswalks import crosswalk_json, reverse_crosswalk
from terminology.bundle.crosswalk.who_crosswalk import who_crosswalk
from terminology.bundle.store import Store
from terminology.cluster import is_cluster
from terminology.crosswalk import Crosswalk
from terminology.crosswalk.record import decode, encode
from terminology.errors import DataNotAvailableError, InvalidRequestError, UnknownSystemError
from terminology.systems import ICD10, ICD10CM, ICD11, code_system

_TARGETS = {
    ICD10CM.id: (ICD11.id,),
    ICD10.id: (ICD11.id,),
    ICD11.id: (ICD10.id, ICD10CM.id),
}


def direction(system: str, target: str | None = None) -> tuple[str, str]:
    """Return the ids of source and target system; without ``target`` the first that there is.

    Raises :class:`UnknownSystemError` for ``system``, and :class:`InvalidRequestError` where nothing leads.

    >>> direction("icd-10-cm"), direction("icd-11", "icd-10-cm")
    (('icd-10-cm', 'icd-11'), ('icd-11', 'icd-10-cm'))
    """
    system = code_system(system).id
    possible = _TARGETS.get(system, ())
    if not possible:
        raise InvalidRequestError("system", f"there is no crosswalk from {system}")
    wanted = possible[0] if target is None else _target(target)
    if wanted not in possible:
        raise InvalidRequestError(
            "target", f"{system} is mapped to {' and '.join(possible)}, not to {wanted}"
        )
    return system, wanted


def _target(name: str) -> str:
    """The id of a system by id or address; of none that is known the name itself, to which nothing leads."""
    try:
        return code_system(name).id
    except UnknownSystemError:
        return name


def directed_json(
    store: Store,
    system: str,
    target: str,
    code: str,
    release: str | None = None,
    on: date | None = None,
) -> bytes:
    """Return the crosswalk of a code in a :func:`direction` as encoded JSON.

    Raises :class:`UnknownCodeError`, :class:`UnknownReleaseError` and :class:`DataNotAvailableError`.
    """
    if system == ICD10CM.id:
        return crosswalk_json(store, code, release, on)
    if target == ICD10CM.id:
        return encode(reverse_crosswalk(store, code, release, on))
    if system == ICD11.id and is_cluster(code):
        raise DataNotAvailableError(
            f"WHO's tables from ICD-11 to ICD-10 map single codes, not clusters; ask for the stem of {code}, "
            f"or with target={ICD10CM.id}"
        )
    return encode(who_crosswalk(store, system, code, release, on))


def directed_crosswalk(
    store: Store,
    code: str,
    system: str = ICD10CM.id,
    target: str | None = None,
    release: str | None = None,
    on: date | None = None,
) -> Crosswalk:
    """Return what :func:`directed_json` says, typed."""
    source, aim = direction(system, target)
    return decode(directed_json(store, source, aim, code, release, on))
