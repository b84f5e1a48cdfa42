"""The classifications WHO publishes as a simple tabulation, and what of their files is known.

ICD-11 MMS is checked against every rule of WHO's readme. Of ICF no file was at hand when this was written:
what others' programs say of ``SimpleTabulation-ICF-fr.txt`` (its address, its columns, blocks without a code)
is relied on, and of the rest only what makes the rows a tree is asked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from loaders.files.catalog import Format
from terminology.systems import ICD11, ICF, CodeSystem

_COMMON = ("Foundation URI", "Linearization URI", "Code", "BlockId", "Title", "ClassKind", "isLeaf")


@dataclass(frozen=True, slots=True)
class Linearization:
    """One classification: ``name`` as its URIs have it, the format of its files, the columns it must have.

    ``strict``: its rows must keep every rule of WHO's readme.
    """

    system: CodeSystem
    name: str
    format: Format
    required: tuple[str, ...]
    strict: bool

    @property
    def language_in_name(self) -> re.Pattern[str]:
        """The end of a file's name, which alone states the language of a translation."""
        named = "ICF" if self.system is ICF else "ICD-11-MMS"
        return re.compile(
            rf"SimpleTabulation-{named}-([A-Za-z]{{2,3}}(?:-[A-Za-z]+)?)(?: ?\(\d+\)| - Copy)*\.(?:txt|xlsx)$"
        )


MMS = Linearization(
    ICD11,
    "mms",
    Format.ICD11_TABULATION,
    (*_COMMON, "DepthInKind", "IsResidual", "ChapterNo", "Primary tabulation", "Grouping1"),
    strict=True,
)
FUNCTIONING = Linearization(ICF, "icf", Format.ICF_TABULATION, _COMMON, strict=False)
"""ICF, the International Classification of Functioning, Disability and Health."""
