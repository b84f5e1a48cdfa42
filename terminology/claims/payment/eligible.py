"""Whether a service counts for risk adjustment, by CMS's list of CPT and HCPCS codes for the service year.

Source: CMS, Medicare risk adjustment eligible CPT/HCPCS codes, a list for each payment year, in force for
the services of the year before. A diagnosis of a professional or outpatient claim counts where a service of
the list stands on the claim; the type of provider and a face-to-face visit are not seen here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from terminology.bundle.kept import kept_with_bundle
from terminology.bundle.store import Store
from terminology.claims.lookups.procedure_codes import is_licensed_code
from terminology.claims.payment.risk import (
    TAKEN_AS_ELIGIBLE,
    Adjustment,
    RiskEstimate,
    RiskPatient,
    risk_of,
)
from terminology.claims.tables.risk import ELIGIBLE_SERVICES
from terminology.edit_table import TableRelease


@dataclass(frozen=True, slots=True)
class ServiceStanding:
    """Whether a service is on the list, ``None`` where no list answers; ``reason`` names the list, or why."""

    code: str
    eligible: bool | None
    reason: str


def service_standing(store: Store, code: str, day: date) -> ServiceStanding:
    """Return whether a CPT or HCPCS code is on the loaded list for the services of a day."""
    release = store.edit_tables.release_on(ELIGIBLE_SERVICES, day)
    if release is None:
        reason = f"no list of risk-eligible services of {day.year} is loaded"
        return ServiceStanding(code, None, reason)
    named = f"{release.publisher}, {release.title}, payment year {release.release}"
    if any(entry.release == release for entry in store.edit_tables.find(ELIGIBLE_SERVICES, code.upper())):
        return ServiceStanding(code, True, named)
    if is_licensed_code(code.upper()) and not _has_licensed(store, release):
        return ServiceStanding(code, None, f"{named}: the loaded list has codes of HCPCS Level II alone")
    return ServiceStanding(code, False, named)


def risk_by_services(
    store: Store, patient: RiskPatient, payment_year: int, adjustment: Adjustment | None = None
) -> RiskEstimate:
    """Return a patient's score (:func:`risk_of`) without diagnoses none of whose services counts.

    A diagnosis given without services, or with one that the loaded list cannot tell, is taken as eligible and
    that is said.
    """
    if not patient.services:
        return risk_of(patient, payment_year, adjustment)
    day = date(payment_year - 1, 7, 1)
    told = {
        code: [service_standing(store, service, day) for service in services]
        for code, services in patient.services.items()
    }
    out = tuple(
        code for code in patient.diagnoses if code in told and all(s.eligible is False for s in told[code])
    )
    kept = tuple(code for code in patient.diagnoses if code not in out)
    found = risk_of(replace(patient, diagnoses=kept), payment_year, adjustment)
    said = tuple(_reservations(kept, told))
    others = tuple(reason for reason in found.not_checked if reason != TAKEN_AS_ELIGIBLE)
    return replace(found, not_checked=(*said, *others), not_eligible=out)


def _reservations(codes: Sequence[str], told: Mapping[str, Sequence[ServiceStanding]]) -> Iterator[str]:
    yield "type of provider and face-to-face visit are taken as accepted"
    without = [code for code in codes if code not in told]
    if without:
        yield f"given without services, and taken as risk-eligible: {', '.join(without)}"
    for code in codes:
        standings = told.get(code, ())
        if standings and not any(each.eligible for each in standings):
            unsure = next(each for each in standings if each.eligible is None)
            yield f"{code} is taken as risk-eligible: {unsure.code} was not checked, {unsure.reason}"


@kept_with_bundle(maxsize=8)
def _has_licensed(store: Store, release: TableRelease) -> bool:
    """Whether a list has codes of CPT's form: what is shared may have had them taken out."""
    rows = store.edit_tables.rows(ELIGIBLE_SERVICES)
    return any(entry.release == release and is_licensed_code(entry.row.code) for entry in rows)
