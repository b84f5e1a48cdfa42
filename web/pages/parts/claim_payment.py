"""What a claim's codes mean for payment, as a page shows it: DRG, payment categories, eligible services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from terminology.bundle.store import Store
from terminology.claims.claim import Claim, ClaimSetting
from terminology.claims.payment.categories import ClaimCategories, categories_of
from terminology.claims.payment.drg import DrgEstimate, drg_of
from terminology.claims.payment.eligible import ServiceStanding, service_standing


@dataclass(frozen=True, slots=True)
class ShownPayment:
    """The DRG of a stay (``None`` for other claims), categories of diagnoses, standing of services."""

    drg: DrgEstimate | None
    categories: ClaimCategories | None
    services: tuple[ServiceStanding, ...]


def shown_payment(store: Store, claim: Claim, day: date) -> ShownPayment:
    """Return what is known of a claim's payment on a day of service or discharge: no determination."""
    codes = tuple(dict.fromkeys(each.code for each in claim.diagnoses))
    stays = claim.setting is ClaimSetting.INPATIENT
    services = () if stays else dict.fromkeys(line.code for line in claim.lines if line.code)
    return ShownPayment(
        drg_of(claim, store) if stays else None,
        categories_of(store, codes, day) if codes else None,
        tuple(service_standing(store, code, day) for code in services),
    )
