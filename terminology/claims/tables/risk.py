"""Rows of CMS's risk adjustment models: categories of diagnoses, hierarchies, labels, coefficients."""

from __future__ import annotations

from dataclasses import dataclass

from terminology.edit_table import EditTable, TableRow


@dataclass(frozen=True, slots=True)
class RiskCategory(TableRow):
    """The payment category of one diagnosis in one model (``CMS-HCC Model V28``)."""

    model: str
    key: str
    category: str


@dataclass(frozen=True, slots=True)
class RiskHierarchy(TableRow):
    """``parent`` stands for ``child``: with both, only the parent counts."""

    model: str
    parent: str
    child: str


@dataclass(frozen=True, slots=True)
class RiskLabel(TableRow):
    """The title of a category."""

    model: str
    category: str
    label: str


@dataclass(frozen=True, slots=True)
class RiskCoefficient(TableRow):
    """One coefficient (a variable's name in CMS's software) of one model; ``proposed``: not final."""

    model: str
    variable: str
    value: float
    proposed: bool


@dataclass(frozen=True, slots=True)
class ChronicCategory(TableRow):
    """Whether a category is a chronic condition, which is coded again every year."""

    model: str
    category: str
    chronic: bool


@dataclass(frozen=True, slots=True)
class EligibleService(TableRow):
    """A CPT or HCPCS code whose claims count for risk adjustment."""

    code: str


_MODELS = "CMS risk adjustment"
RISK_CATEGORIES = EditTable(
    "risk_category", "CMS", f"{_MODELS}, categories of diagnoses", RiskCategory, (("key",), ("model",))
)
RISK_HIERARCHIES = EditTable("risk_hierarchy", "CMS", f"{_MODELS}, hierarchies", RiskHierarchy, (("model",),))
RISK_LABELS = EditTable("risk_label", "CMS", f"{_MODELS}, labels", RiskLabel, (("model",),))
RISK_COEFFICIENTS = EditTable(
    "risk_coefficient", "CMS", f"{_MODELS}, coefficients", RiskCoefficient, (("model",),)
)
CHRONIC_CATEGORIES = EditTable(
    "risk_chronic", "CMS", f"{_MODELS}, chronic categories", ChronicCategory, (("model",),)
)
ELIGIBLE_SERVICES = EditTable(
    "risk_eligible", "CMS", f"{_MODELS}, eligible services", EligibleService, (("code",),)
)
