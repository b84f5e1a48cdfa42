"""Rows of Medicare's fee schedules: physician fee schedule, localities, OPPS Addendum B, drug limits."""

from __future__ import annotations

from dataclasses import dataclass

from terminology.edit_table import EditTable, TableRow


@dataclass(frozen=True, slots=True)
class RelativeValue(TableRow):
    """One line of the relative value file: a code, whole or by modifier ``26``, ``TC`` or ``53``.

    Values are relative value units; ``conversion_factor`` is in US dollars. The one-character indicators
    are CMS's own (file documentation ``RVU25``): ``status``, ``pctc``, ``global_days`` (three characters),
    ``multiple``, ``bilateral``, ``assistant``, ``co_surgeon``, ``team``.
    """

    code: str
    modifier: str
    description: str
    status: str
    work: float
    practice_non_facility: float
    practice_non_facility_na: bool
    practice_facility: float
    practice_facility_na: bool
    malpractice: float
    pctc: str
    global_days: str
    multiple: str
    bilateral: str
    assistant: str
    co_surgeon: str
    team: str
    conversion_factor: float


@dataclass(frozen=True, slots=True)
class Locality(TableRow):
    """Geographic practice cost indices of one locality of one contractor."""

    contractor: str
    state: str
    locality: str
    name: str
    work: float
    practice: float
    malpractice: float


@dataclass(frozen=True, slots=True)
class OutpatientRate(TableRow):
    """One line of OPPS Addendum B: status indicator, APC, rate and copayments in US dollars."""

    code: str
    description: str
    indicator: str
    apc: str
    weight: float | None
    rate: float | None
    national_copayment: float | None
    minimum_copayment: float | None
    note: str


@dataclass(frozen=True, slots=True)
class DrugLimit(TableRow):
    """The payment limit of a Part B drug per unit of its HCPCS code in US dollars; ``None``: not printed."""

    code: str
    description: str
    dosage: str
    limit: float | None
    coinsurance: float | None
    note: str


@dataclass(frozen=True, slots=True)
class DrugProduct(TableRow):
    """One package of a drug and the HCPCS code it is billed under.

    ``ndc`` is the eleven-digit National Drug Code without hyphens. ``units_per_package`` are billing units
    of the HCPCS code in one package.
    """

    ndc: str
    code: str
    description: str
    labeler: str
    name: str
    dosage: str
    package_size: str
    package_quantity: str
    billing_units: float | None
    units_per_package: float | None


RELATIVE_VALUES = EditTable(
    "relative_value", "CMS", "Medicare physician fee schedule, relative values", RelativeValue, (("code",),)
)
LOCALITIES = EditTable(
    "locality",
    "CMS",
    "Medicare physician fee schedule, geographic practice cost indices",
    Locality,
    (("locality",),),
)
OUTPATIENT_RATES = EditTable("addendum_b", "CMS", "OPPS Addendum B", OutpatientRate, (("code",),))
DRUG_LIMITS = EditTable(
    "drug_limit", "CMS", "Medicare Part B drug payment limits (ASP)", DrugLimit, (("code",),)
)
DRUG_PRODUCTS = EditTable(
    "drug_product", "CMS", "ASP NDC to HCPCS crosswalk", DrugProduct, (("ndc",), ("code",))
)
