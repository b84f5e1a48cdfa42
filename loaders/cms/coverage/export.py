"""Tables of CMS's Medicare Coverage Database export: ``article.csv``, ``article_x_hcpc_code.csv`` and so on.

An export is a folder (or zip) of csv files named after the database's tables, the same for LCDs (``lcd``)
and articles (``article``); the columns are those of CMS's Coverage API description. HTML markup stands in
paragraphs. Codes of local determinations stand in articles since 2019.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from loaders.files.printed_rows import PrintedRow, below_heading, printed_rows
from terminology.claims.tables.coverage import (
    CoverageDiagnosis,
    CoverageDocument,
    CoverageGroup,
    CoveredService,
)
from terminology.codes import code_key

_LETTERS = {"article": "A", "lcd": "L"}
_STARTS = {
    "article": ("article_rev_eff_date", "article_eff_date"),
    "lcd": ("rev_eff_date", "orig_det_eff_date"),
}
_ENDS = {
    "article": ("article_rev_end_date", "article_end_date", "date_retired"),
    "lcd": ("rev_end_date", "ent_det_end_date", "date_retired"),
}
_CODE = re.compile(r"[A-Z0-9]{5}")
_DIAGNOSIS = re.compile(r"[A-Z][0-9A-Z]{2}(\.[0-9A-Z]{1,4})?")
#: What the database prints where a group has no codes.
_NO_CODE = re.compile(r"X+0*|N/?A", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")


def kind_of(name: str) -> str:
    """Return ``article`` or ``lcd``, which a table's name and columns begin with."""
    return "lcd" if name.lower().startswith("lcd") else "article"


def read_documents(
    file: BinaryIO, path: Path | str, kind: str, contractors: Mapping[str, tuple[str, ...]]
) -> Iterator[CoverageDocument]:
    """Yield the versions of documents. ``contractors`` are contract numbers by edition.

    Raises :class:`ReleaseFormatError`.
    """
    rows = printed_rows(file, path)
    needed = (f"{kind}_id", f"{kind}_version", "title", "status")
    columns, heading = below_heading(rows, path, needed)
    printed = {cell.lower(): at for at, cell in enumerate(heading.cells)}
    starts = [(name, printed[name]) for name in _STARTS[kind] if name in printed]
    ends = [(name, printed[name]) for name in _ENDS[kind] if name in printed]
    if not starts:
        raise heading.error(f"a column {' or '.join(_STARTS[kind])}", "none")
    for row in rows:
        effective = next((day for name, at in starts if (day := row.day(at, name))), None)
        if effective is None:
            continue  # a draft that never took effect
        edition = _edition(row, columns, kind)
        shown = row.text(printed["display_id"]) if "display_id" in printed else ""
        number = row.text(columns[needed[0]])
        yield CoverageDocument(
            row=row.number,
            edition=edition,
            document=shown if shown[:1].isalpha() else f"{_LETTERS[kind]}{number}",
            version=row.whole(columns[needed[1]], needed[1]),
            title=row.text(columns["title"]),
            effective=effective,
            ends=min((day for name, at in ends if (day := row.day(at, name))), default=None),
            status=row.text(columns["status"]),
            contractors=contractors.get(edition, ()),
        )


def read_contractors(file: BinaryIO, path: Path | str, kind: str) -> Iterator[tuple[str, str]]:
    """Yield ``(edition, the database's number of a contractor)``. Raises :class:`ReleaseFormatError`."""
    rows = printed_rows(file, path)
    columns, _ = below_heading(rows, path, (f"{kind}_id", f"{kind}_version", "contractor_id"))
    for row in rows:
        yield _edition(row, columns, kind), row.text(columns["contractor_id"])


def read_contract_numbers(file: BinaryIO, path: Path | str) -> Iterator[tuple[str, str]]:
    """Yield ``(the database's number of a contractor, its contract number)``."""
    rows = printed_rows(file, path)
    columns, _ = below_heading(rows, path, ("contractor_id", "contractor_number"))
    for row in rows:
        yield row.text(columns["contractor_id"]), row.text(columns["contractor_number"])


def read_services(file: BinaryIO, path: Path | str, kind: str) -> Iterator[CoveredService]:
    """Yield the HCPCS codes of documents. Raises :class:`ReleaseFormatError`."""
    rows = printed_rows(file, path)
    needed = (f"{kind}_id", f"{kind}_version", "hcpc_code_id", "hcpc_code_group")
    columns, _ = below_heading(rows, path, needed)
    for row in rows:
        code = row.text(columns["hcpc_code_id"]).upper()
        if _NO_CODE.fullmatch(code):
            continue
        if not _CODE.fullmatch(code):
            raise row.error("a HCPCS code", repr(code[:20]), "hcpc_code_id")
        yield CoveredService(
            row.number, code, _edition(row, columns, kind), row.whole(columns[needed[3]], needed[3])
        )


def read_diagnoses(file: BinaryIO, path: Path | str, kind: str, covered: bool) -> Iterator[CoverageDiagnosis]:
    """Yield the ICD-10-CM codes of a table of covered, or of not covered, codes."""
    rows = printed_rows(file, path)
    group = f"icd10_{'covered' if covered else 'noncovered'}_group"
    needed = (f"{kind}_id", f"{kind}_version", "icd10_code_id", group)
    columns, heading = below_heading(rows, path, needed)
    asterisk = next((at for at, cell in enumerate(heading.cells) if cell.lower() == "asterisk"), None)
    for row in rows:
        code = row.text(columns["icd10_code_id"]).upper()
        if _NO_CODE.fullmatch(code):
            continue
        if not _DIAGNOSIS.fullmatch(code):
            raise row.error("an ICD-10-CM code", repr(code[:20]), "icd10_code_id")
        yield CoverageDiagnosis(
            row=row.number,
            edition=_edition(row, columns, kind),
            key=code_key(code),
            code=code,
            group=row.whole(columns[group], group),
            covered=covered,
            asterisk=asterisk is not None and row.text(asterisk).upper() in ("Y", "*", "1"),
        )


def read_groups(file: BinaryIO, path: Path | str, kind: str, covered: bool) -> Iterator[CoverageGroup]:
    """Yield the paragraphs of groups. Raises :class:`ReleaseFormatError`."""
    rows = printed_rows(file, path)
    group = f"icd10_{'covered' if covered else 'noncovered'}_group"
    needed = (f"{kind}_id", f"{kind}_version", group, "paragraph")
    columns, heading = below_heading(rows, path, needed)
    asterisk = next((at for at, cell in enumerate(heading.cells) if cell.lower().endswith("_ast")), None)
    for row in rows:
        yield CoverageGroup(
            row.number,
            _edition(row, columns, kind),
            row.whole(columns[group], group),
            covered,
            without_markup(row.text(columns["paragraph"])),
            "" if asterisk is None else without_markup(row.text(asterisk)),
        )


def without_markup(text: str) -> str:
    """Return the words of a paragraph of HTML.

    >>> without_markup("<p>One of <b>these</b>&nbsp;codes</p>")
    'One of these codes'
    """
    return " ".join(html.unescape(_TAG.sub(" ", text)).split())


def _edition(row: PrintedRow, columns: Mapping[str, int], kind: str) -> str:
    number = row.whole(columns[f"{kind}_id"], f"{kind}_id")
    return f"{_LETTERS[kind]}{number}.{row.whole(columns[f'{kind}_version'], f'{kind}_version')}"
