"""The MS-DRG that a code leads to as the only, principal diagnosis of a stay, by the optional grouper."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from terminology.bundle.store import Store
from terminology.bundle.tables.facility_tables import drg_weights
from terminology.claims.claim import Claim, ClaimSetting, Diagnosis, Patient, Sex
from terminology.claims.payment.drg import DrgEstimate, drg_of
from terminology.facility import DrgWeight

_SPLIT = re.compile(r",? WITH(?:OUT)? (?:MCC|CC/MCC|CC|MCC OR CC)\b.*$")
_NONE = frozenset({"998", "999"})
"""An invalid principal diagnosis, and a stay that is not grouped."""
_PATIENTS = ((45, Sex.FEMALE), (45, Sex.MALE), (0, Sex.FEMALE))
"""Age and sex of the patients that are tried in turn: some diagnoses are of women, men or newborns alone."""


@dataclass(frozen=True, slots=True)
class CodeDrg:
    """The DRG of a stay with a code as its only diagnosis and no procedure.

    ``family`` are the DRGs whose titles differ only in CC and MCC, by number; ``patient`` whom it was asked
    for. A procedure, another diagnosis or an exclusion leads elsewhere.
    """

    found: DrgEstimate
    family: tuple[DrgWeight, ...]
    patient: str


def drg_of_code(store: Store, code: str, day: date) -> CodeDrg | None:
    """Return the DRG of a code as principal diagnosis on a discharge day.

    ``None`` where the grouper is not installed, has no version of that day, or takes no stay with that
    principal diagnosis alone.
    """
    for age, sex in _PATIENTS:
        stay = Claim(
            ClaimSetting.INPATIENT,
            Patient(age, sex),
            (Diagnosis(code, "Y"),),
            discharge_date=day,
            discharge_status="01",
        )
        found = drg_of(stay, store)
        if found.drg is None or found.drg in _NONE:
            return None
        if found.return_code == "OK":
            return CodeDrg(found, _family(store, found.title or ""), f"{sex.name.lower()}, {age} years")
    return None


def _family(store: Store, title: str) -> tuple[DrgWeight, ...]:
    """Return the DRGs whose title begins as this one's and differs only in CC and MCC."""
    name = _name(title)
    return tuple(drg for drg in drg_weights(store) if _name(drg.title) == name)


def _name(title: str) -> str:
    return " ".join(_SPLIT.sub("", title.upper()).split())
