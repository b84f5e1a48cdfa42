"""HCPCS records: what one code or modifier of CMS's HCPCS Level II file says, whatever file it came in.

Field names, positions and meanings follow CMS's "HCPCS Contractor Record" layout (RIF report of
2018-10-31, shipped as ``HCPCS2019_recordlayout.txt``). The fixed-width text and the spreadsheet carry the
same fields and the same lines: a first line per code and, for long descriptions, lines that continue it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from loaders.files.faults import Tell, refuse
from terminology.errors import ReleaseFormatError

PROCEDURE, PROCEDURE_CONTINUED, MODIFIER, MODIFIER_CONTINUED = "3", "4", "7", "8"
"""The record identification codes (layout field 6)."""

_CONTINUES = {PROCEDURE_CONTINUED: PROCEDURE, MODIFIER_CONTINUED: MODIFIER}
_PROCEDURE_CODE = re.compile(r"[A-Z][0-9]{4}")
_MODIFIER_CODE = re.compile(r"[A-Z][A-Z0-9]|[0-9][A-Z]")
_AMA_CODE = re.compile(r"[0-9]{4}[0-9A-Z]|[0-9]{2}")
_OPTIONAL_DATES = {"asc_effective": "asc_group", "opps_effective": "opps_group"}
"""Dates that can be left out, each with the detail before it, which is not to be trusted either then."""
_DATE = re.compile(r"[0-9]{8}")


class Field(NamedTuple):
    """One detail field: its name here, first and last column, width of one value, spreadsheet heading.

    A field wider than one value repeats; the spreadsheet then numbers its columns (``PRICE1`` ...).
    """

    name: str
    first: int
    last: int
    width: int
    heading: str

    @property
    def repeats(self) -> bool:
        return self.last - self.first + 1 > self.width


FIELDS = (
    Field("pricing", 120, 127, 2, "PRICE"),
    Field("multiple_pricing", 128, 128, 1, "MULT_PI"),
    Field("coverage_issues_manual", 129, 146, 6, "CIM"),
    Field("carriers_manual", 147, 170, 8, "MCM"),
    Field("statute", 171, 180, 10, "STATUTE"),
    Field("lab_certification", 181, 204, 3, "LABCERT"),
    Field("cross_reference", 205, 229, 5, "XREF"),
    Field("coverage", 230, 230, 1, "COV"),
    Field("asc_group", 231, 232, 2, "ASC_GRP"),
    Field("asc_effective", 233, 240, 8, "ASC_DT"),
    # the layout names the next three "MOG payment group", the spreadsheet "OPPS"; empty since 2019
    Field("opps_group", 241, 243, 3, "OPPS"),
    Field("opps_policy", 244, 244, 1, "OPPS_PI"),
    Field("opps_effective", 245, 252, 8, "OPPS_DT"),
    Field("processing_note", 253, 256, 4, "PROCNOTE"),
    Field("betos", 257, 259, 3, "BETOS"),
    Field("type_of_service", 261, 265, 1, "TOS"),
    Field("anesthesia_base_units", 266, 268, 3, "ANEST_BU"),
    Field("added", 269, 276, 8, "ADD DT"),
    Field("effective", 277, 284, 8, "ACT EFF DT"),
    Field("terminated", 285, 292, 8, "TERM DT"),
    Field("action", 293, 293, 1, "ACTION CD"),
)
DATE_FIELDS = frozenset({"asc_effective", "opps_effective", "added", "effective", "terminated"})


@dataclass(frozen=True, slots=True)
class HcpcsLine:
    """One line or row of a file, before lines are joined to records.

    ``sequence`` counts 1, 2, 3 ... within a code. ``details`` holds the values of the fields that are not
    blank, by field name, stripped.
    """

    number: int
    code: str
    sequence: int
    kind: str
    long: str
    short: str
    details: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class HcpcsRecord:
    """One code or modifier of HCPCS Level II.

    ``line`` is where it starts, ``dates`` and ``details`` hold the fields of :data:`FIELDS` that are not
    blank, by name. Runs of blanks in descriptions are single blanks.
    """

    line: int
    code: str
    is_modifier: bool
    long_description: str
    short_description: str | None
    dates: Mapping[str, date]
    details: Mapping[str, tuple[str, ...]]


def join_lines(lines: Iterable[HcpcsLine], path: Path | str, tell: Tell = refuse) -> Iterator[HcpcsRecord]:
    """Yield one record per code from its first line and the lines that continue it.

    A date of a payment group that is no date goes to ``tell`` and is left out: such details are optional.
    Raises :class:`ReleaseFormatError` for a code that is none of HCPCS Level II or comes twice, a line
    that continues nothing, a gap in the sequence, a missing description, and for another value that is no
    date: when a code was added and when it ends is not optional.
    """
    seen: dict[str, int] = {}
    held: list[HcpcsLine] = []
    for line in lines:
        _check_code(line, path)
        if line.kind in _CONTINUES:
            _check_continuation(held, line, path)
        else:
            if line.code in seen:
                expected = f"each code once ({line.code} is on line {seen[line.code]})"
                raise ReleaseFormatError(path, line.number, expected, "it again")
            if line.sequence != 1:
                raise ReleaseFormatError(
                    path, line.number, "sequence number 1", str(line.sequence), column="sequence number"
                )
            if held:
                yield _record(held, path, tell)
                held = []
            seen[line.code] = line.number
        held.append(line)
    if held:
        yield _record(held, path, tell)


def _check_code(line: HcpcsLine, path: Path | str) -> None:
    if line.kind in (PROCEDURE, PROCEDURE_CONTINUED):
        pattern, expected = _PROCEDURE_CODE, "a HCPCS Level II code (a letter and four digits)"
    elif line.kind in (MODIFIER, MODIFIER_CONTINUED):
        pattern, expected = _MODIFIER_CODE, "a HCPCS Level II modifier (two characters, one a letter)"
    else:
        raise ReleaseFormatError(
            path, line.number, "3, 4, 7 or 8", repr(line.kind), column="record identification code"
        )
    if not pattern.fullmatch(line.code):
        found = repr(line.code)
        if _AMA_CODE.fullmatch(line.code):
            found += ", which has the form of a CPT code: CPT is only read from a licensee's own AMA files"
        raise ReleaseFormatError(path, line.number, expected, found, column="code")


def _check_continuation(held: list[HcpcsLine], line: HcpcsLine, path: Path | str) -> None:
    if not held or held[0].code != line.code or held[0].kind != _CONTINUES[line.kind]:
        found = f"a line that continues {line.code}"
        expected = f"the first line of {line.code}" if not held else f"{held[0].code} or a new code"
        raise ReleaseFormatError(path, line.number, expected, found)
    if line.sequence != held[-1].sequence + 1:
        raise ReleaseFormatError(
            path,
            line.number,
            f"sequence number {held[-1].sequence + 1} of {line.code}",
            str(line.sequence),
            column="sequence number",
        )
    if line.short or line.details:
        raise ReleaseFormatError(path, line.number, "a description alone on a continuation line", "details")


def _record(lines: list[HcpcsLine], path: Path | str, tell: Tell) -> HcpcsRecord:
    first = lines[0]
    long = " ".join(" ".join(line.long for line in lines).split())
    if not long:
        raise ReleaseFormatError(
            path, first.number, f"a description of {first.code}", "blanks", column="long description"
        )
    dates = dict(_dates(first, path, tell))
    doubted = {detail for name, detail in _OPTIONAL_DATES.items() if name in first.details.keys() - dates}
    kept = first.details.keys() - DATE_FIELDS - doubted
    return HcpcsRecord(
        line=first.number,
        code=first.code,
        is_modifier=first.kind == MODIFIER,
        long_description=long,
        short_description=" ".join(first.short.split()) or None,
        dates=dates,
        details={name: values for name, values in first.details.items() if name in kept},
    )


def _dates(line: HcpcsLine, path: Path | str, tell: Tell) -> Iterator[tuple[str, date]]:
    for name in line.details:
        if name in DATE_FIELDS:
            try:
                yield name, _date(line, name, path)
            except ReleaseFormatError as error:
                if name not in _OPTIONAL_DATES:
                    raise
                tell(error)


def _date(line: HcpcsLine, name: str, path: Path | str) -> date:
    (text,) = line.details[name]
    if _DATE.fullmatch(text):
        try:
            return date(int(text[:4]), int(text[4:6]), int(text[6:]))
        except ValueError:
            pass
    raise ReleaseFormatError(path, line.number, "a date YYYYMMDD", repr(text), column=f"{name} date")
