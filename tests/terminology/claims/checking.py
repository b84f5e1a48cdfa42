"""Short ways to write a claim and to read what a check found."""

from __future__ import annotations

from datetime import date
from typing import Any

from terminology.bundle.store import Store
from terminology.claims.check import check
from terminology.claims.claim import Claim, ClaimLine, ClaimSetting, Diagnosis, Patient, Sex
from terminology.claims.finding import CheckReport, Finding

DAY = date(2026, 8, 15)


def stay(
    *codes: str,
    age: int | None = 60,
    sex: Sex | None = Sex.FEMALE,
    day: date = DAY,
    listed: tuple[Diagnosis, ...] = (),
    **more: Any,
) -> Claim:
    """An inpatient stay with these diagnoses, present on admission, or with the ``listed`` ones."""
    diagnoses = listed or tuple(Diagnosis(code, "Y") for code in codes)
    return Claim(ClaimSetting.INPATIENT, Patient(age, sex), diagnoses, discharge_date=day, **more)


def visit(*codes: str, lines: tuple[ClaimLine, ...] = (), day: date = DAY, **more: Any) -> Claim:
    """A professional claim with these diagnoses."""
    diagnoses = tuple(Diagnosis(code) for code in codes)
    return Claim(
        ClaimSetting.PROFESSIONAL, Patient(60, Sex.FEMALE), diagnoses, lines, date_of_service=day, **more
    )


def line(code: str = "G0447", *modifiers: str, **more: Any) -> ClaimLine:
    """A line of one unit in an office that points to the first diagnosis."""
    values: dict[str, Any] = {"date_of_service": DAY, "pointers": (1,), "place_of_service": "11"} | more
    return ClaimLine(code, modifiers, **values)


def of(edit: str, report: CheckReport) -> list[Finding]:
    """The findings of one edit."""
    return [finding for finding in report.findings if finding.edit == edit]


def found(edit: str, claim: Claim, store: Store) -> list[Finding]:
    """The findings of one edit on a claim."""
    return of(edit, check(claim, store))


def reasons(edit: str, claim: Claim, store: Store) -> list[str]:
    """Why an edit, or a part of it, was not applied to a claim."""
    return [each.reason for each in check(claim, store).not_checked if each.edit == edit]


def checked(edit: str, claim: Claim, store: Store) -> list[str | None]:
    """The releases an edit was applied from."""
    return [each.release for each in check(claim, store).checked if each.edit == edit]
