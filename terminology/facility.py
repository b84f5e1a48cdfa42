"""What facilities count and payers state about ICD-10-CM codes: volumes, payment status, DRG weights."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Setting(StrEnum):
    """Where care was given. The two ambulatory ones belong to the care setting ``outpatient``."""

    INPATIENT = "inpatient"
    EMERGENCY = "emergency-department"
    SURGERY = "ambulatory-surgery"
    OUTPATIENT = "outpatient"
    OFFICE = "office"
    OTHER = "other"
    UNSPECIFIED = "unspecified"

    @property
    def care_setting(self) -> str | None:
        """The care setting it belongs to (``inpatient``, ``outpatient``, ``office``), if any."""
        if self in (Setting.OTHER, Setting.UNSPECIFIED):
            return None
        ambulatory = (Setting.EMERGENCY, Setting.SURGERY)
        return Setting.OUTPATIENT.value if self in ambulatory else self.value


class PaymentScheme(StrEnum):
    """A payer's classification of diagnosis codes."""

    MS_DRG = "MS-DRG"
    """Status ``MCC`` or ``CC``: (major) complication or comorbidity, CMS IPPS tables 6I and 6J."""
    HCC_V28 = "CMS-HCC V28"
    """Status is the number of the payment category, CMS risk adjustment mappings."""


@dataclass(frozen=True, slots=True)
class CodeVolume:
    """How often a code was reported in a setting. ``key`` is the code's key, ``count`` whole and >= 0."""

    key: str
    setting: Setting
    count: int


@dataclass(frozen=True, slots=True)
class PaymentStatus:
    """The status a payer gives a code. ``source`` names the table."""

    scheme: PaymentScheme
    key: str
    status: str
    source: str


@dataclass(frozen=True, slots=True)
class DrgWeight:
    """One MS-DRG and its relative weight, ``None`` where CMS prints none.

    ``weight`` is before the 10 % cap on decreases, ``capped`` after it, which is what Medicare pays by.
    ``fiscal_year`` is the year of the table, ``None`` where its title does not tell.
    """

    drg: str
    kind: str
    title: str
    weight: float | None
    source: str
    capped: float | None = None
    fiscal_year: int | None = None
