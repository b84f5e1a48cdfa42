"""The National Drug Code of a line against CMS's crosswalk to HCPCS; information, no denial.

Source: CMS, ASP NDC to HCPCS crosswalk, of the quarter of the line's day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from terminology.claims.claim import Claim, ClaimSetting
from terminology.claims.context import CheckContext
from terminology.claims.edit import Edit, Outcome
from terminology.claims.finding import CheckedEdit, Finding, NotChecked, Severity, table_source
from terminology.claims.lookups.ncci_lookup import PROCEDURES_ONLY, DatedLine, lines_of
from terminology.claims.tables.fee_schedule import DRUG_PRODUCTS

EDIT = "line.ndc"
_PARTS = (5, 4, 2)


def eleven_digits(ndc: str) -> str | None:
    """Return an NDC in its billing form of eleven digits, ``None`` for what is none.

    Ten digits with hyphens are filled with a zero in the part that is short (4-4-2, 5-3-2, 5-4-1).

    >>> eleven_digits("N4 0270-7015-46"), eleven_digits("00270-7015-46")
    ('00270701546', '00270701546')
    """
    text = re.sub(r"^N4\s*", "", ndc.strip().upper())
    parts = text.split("-")
    if len(parts) == len(_PARTS) and all(part.isdecimal() for part in parts):
        text = "".join(part.zfill(width) for part, width in zip(parts, _PARTS, strict=True))
    return text if text.isdecimal() and len(text) == sum(_PARTS) else None


def product_code(claim: Claim, context: CheckContext) -> Iterator[Outcome]:
    """Yield the lines whose NDC the crosswalk has under another code."""
    with_ndc = [line for line in lines_of(claim, context) if line.line.ndc]
    if not with_ndc:
        yield CheckedEdit(EDIT, DRUG_PRODUCTS.title, None)
    for line in with_ndc:
        yield from _of_line(context, line, line.line.ndc or "")


def _of_line(context: CheckContext, line: DatedLine, written: str) -> Iterator[Outcome]:
    release = context.tables.release_on(DRUG_PRODUCTS, line.day)
    ndc = eleven_digits(written)
    if release is None:
        yield NotChecked(EDIT, context.absent(DRUG_PRODUCTS, line.day))
        return
    entries = [e for e in context.tables.find(DRUG_PRODUCTS, ndc or "") if e.release == release]
    if not entries:
        what = (
            "no NDC of eleven digits" if ndc is None else "not in the crosswalk, which has Part B drugs only"
        )
        yield NotChecked(EDIT, f"line {line.number}: {written} is {what}")
        return
    yield CheckedEdit(EDIT, release.title, release.release)
    codes = sorted({entry.row.code for entry in entries})
    if line.code not in codes:
        product = entries[0].row
        named = f"NDC {written} ({product.name}, {product.dosage})"
        words = f"{named} is billed under {', '.join(codes)}, not {line.code}."
        source = table_source(release, product.row)
        yield Finding(
            EDIT,
            Severity.INFO,
            words,
            source,
            line=(line.number,),
            suggest=tuple(codes),
            icd11=PROCEDURES_ONLY,
        )


EDITS = (
    Edit(
        EDIT,
        Severity.INFO,
        "An NDC that CMS's crosswalk has under another HCPCS code.",
        product_code,
        frozenset(ClaimSetting) - {ClaimSetting.INPATIENT},
        (DRUG_PRODUCTS.name,),
        "drugs of a stay are part of its DRG",
    ),
)
