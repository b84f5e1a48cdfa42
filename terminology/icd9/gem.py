"""CMS's General Equivalence Mappings (GEMs) between ICD-9-CM and ICD-10-CM diagnosis codes, as tables.

CMS published them each year to FY2018 and no longer keeps them up. A row leads from one code to one code, or
to none, with five flags (CMS, "Diagnosis Code Set General Equivalence Mappings: Documentation and User's
Guide").
"""

from __future__ import annotations

from dataclasses import dataclass

from terminology.edit_table import EditTable, TableRow


@dataclass(frozen=True, slots=True)
class GemRow(TableRow):
    """A code and one that CMS holds equivalent to it; ``target`` is ``None`` where there is none.

    Both are keys. ``approximate``: the two do not say quite the same. ``combination``: only several codes
    together say the source, one from each ``choice_list`` of one ``scenario``; both are 0 elsewhere.
    """

    source: str
    target: str | None
    approximate: bool
    combination: bool
    scenario: int
    choice_list: int


FROM_ICD9 = EditTable(
    name="gem_from_icd9",
    publisher="CMS",
    title="General Equivalence Mappings, ICD-9-CM to ICD-10-CM",
    row_type=GemRow,
    keys=(("source",), ("target",)),
)
TO_ICD9 = EditTable(
    name="gem_to_icd9",
    publisher="CMS",
    title="General Equivalence Mappings, ICD-10-CM to ICD-9-CM",
    row_type=GemRow,
    keys=(("source",), ("target",)),
)
