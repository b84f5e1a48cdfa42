"""Codes that have the shape of ICD-9-CM, so that they are named as such and not taken for others.

ICD-9-CM has three digits and up to two more, V and two digits and up to two more, E and three digits and one
more (NCHS, ICD-9-CM, tabular list). ICD-10-CM begins with a letter; its V codes have seven characters.
"""

from __future__ import annotations

import re

from terminology.codes import read_code
from terminology.systems import ICD10CM

_SURE = re.compile(r"\d{3}(\.\d{1,2}|\d{1,2})?|E[89]\d\d\.\d", re.IGNORECASE)
_MAYBE = re.compile(r"V\d\d(\.\d{1,2}|\d{1,2})?|E[89]\d\d\d?", re.IGNORECASE)


def surely_icd9(text: str) -> bool:
    """Whether a code has a shape that ICD-9-CM has and ICD-10-CM cannot have.

    >>> surely_icd9("250.00"), surely_icd9("E849.7"), surely_icd9("V58.61"), surely_icd9("E11.9")
    (True, True, False, False)
    """
    return _SURE.fullmatch(text) is not None


def maybe_icd9(text: str) -> bool:
    """Whether a code has a shape that both have; ICD-10-CM's are headings, or below E80 to E89.

    >>> maybe_icd9("V76.2"), maybe_icd9("V76.2XXA")
    (True, False)
    """
    return _MAYBE.fullmatch(text) is not None


def remark_on(system: str, text: str) -> str:
    """Return what to add where a system has no such code: that it is one of another system; empty for none.

    >>> remark_on("icd-10-cm", "250.00"), remark_on("icd-10-cm", "icd11.code:1A00")
    ('it looks like a code of ICD-9-CM', 'its prefix names icd-11')
    """
    written = read_code(text)
    if written.system is not None and not written.fits(system):
        return f"its prefix names {written.system}"
    shaped = surely_icd9(written.text) or maybe_icd9(written.text)
    return "it looks like a code of ICD-9-CM" if shaped and system == ICD10CM.id else ""
