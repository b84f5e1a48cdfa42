"""Which ICD a column holds: as a column beside it says, or as its codes look."""

from __future__ import annotations

from dataclasses import dataclass

from terminology.codes import ICD9CM, read_code
from terminology.icd9.shape import maybe_icd9, surely_icd9
from terminology.systems import ICD10CM, ICD11

OTHER_SYSTEM = "other"
"""A vocabulary that is none of ICD: SNOMED CT, CPT, ..."""

_VALUES = {
    "9": ICD9CM,
    "09": ICD9CM,
    "i9": ICD9CM,
    "i9c": ICD9CM,
    "icd9": ICD9CM,
    "icd9cm": ICD9CM,
    "icd09": ICD9CM,
    "bk": ICD9CM,
    "bf": ICD9CM,
    "bj": ICD9CM,
    "0": ICD10CM.id,
    "10": ICD10CM.id,
    "i10": ICD10CM.id,
    "i10c": ICD10CM.id,
    "icd10": ICD10CM.id,
    "icd10cm": ICD10CM.id,
    "abk": ICD10CM.id,
    "abf": ICD10CM.id,
    "abj": ICD10CM.id,
    "11": ICD11.id,
    "icd11": ICD11.id,
    "icd11mms": ICD11.id,
    "sm": OTHER_SYSTEM,
    "sct": OTHER_SYSTEM,
    "snomed": OTHER_SYSTEM,
    "snomedct": OTHER_SYSTEM,
    "cpt": OTHER_SYSTEM,
    "cpt4": OTHER_SYSTEM,
    "hcpcs": OTHER_SYSTEM,
    "loinc": OTHER_SYSTEM,
    "rxnorm": OTHER_SYSTEM,
    "icd10pcs": OTHER_SYSTEM,
    "icd9proc": OTHER_SYSTEM,
}
"""Values of version columns, letters and digits only: CMS RIF (0 and 9), PCORnet and Sentinel (09, 10, SM),
X12 qualifiers (BK, ABK), OMOP vocabularies (ICD9CM), names."""


def stated_system(value: object) -> str | None:
    """Return the system that a cell of a version column names; ``None`` where it names none that is known.

    >>> stated_system("09"), stated_system("ICD-10-CM"), stated_system(0), stated_system("primary")
    ('icd-9-cm', 'icd-10-cm', 'icd-10-cm', None)
    """
    if value is None or value == "":
        return None
    text = str(value).strip().lower().removesuffix(".0")
    known = _VALUES.get("".join(c for c in text if c.isalnum()))
    return known or read_code(f"{text}|X00").system


@dataclass(slots=True)
class ColumnLook:
    """Counts over the coded cells of a column that states no version, to tell which ICD it holds."""

    coded: int = 0
    sure: int = 0
    maybe: int = 0

    def add(self, text: str, count: int) -> None:
        """Count a code (:attr:`~terminology.codes.WrittenCode.text`)."""
        self.coded += count
        self.sure += count * surely_icd9(text)
        self.maybe += count * (text[:1] in "Vv" and maybe_icd9(text))

    @property
    def icd9(self) -> bool:
        """Whether the column looks like ICD-9-CM: a tenth surely is, or nothing speaks against it."""
        if not self.coded:
            return False
        return self.sure * 10 >= self.coded or self.sure + self.maybe == self.coded
