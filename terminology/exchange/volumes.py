"""Reads volumes a user gives: CSV, XLSX, Parquet, JSON of code and count, or claim lines in the RIF layout.

Rows are streamed; kept are sums by code and setting and, where a file has claims or stays, which codes stand
together: nothing that could name a patient.
Uploads are hostile until read: limits on size, expansion, columns and distinct codes. A cell that cannot be
read never refuses the file: its row is left out, counted and said.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import BinaryIO

from terminology.errors import InvalidRequestError, ReleaseFormatError
from terminology.exchange.care_settings import care_setting
from terminology.exchange.claim_lines import ClaimLines
from terminology.exchange.tables.columns import (
    CodeColumns,
    code_columns,
    listed,
    named_column,
    role_column,
)
from terminology.exchange.tables.limits import UNBOUNDED, TableLimits
from terminology.exchange.tables.read import read_table
from terminology.exchange.tables.table import Table
from terminology.exchange.volume_codes import CodeReading, Uploaded
from terminology.exchange.volume_dates import date_column, guessed_span
from terminology.facility import Setting

PARTS = ("code", "count", "setting", "payer", "department", "charge", "date", "claim")
"""What a column of an upload may be; a user names them as ``code_column``, ``count_column``, ..."""
MAX_TOTAL = 10**15
"""Diagnoses in one upload; a sum beyond it is not a facility's."""
_CLAIM_TYPES = {"60": Setting.INPATIENT, "61": Setting.INPATIENT, "40": Setting.OUTPATIENT}
_RIF_DIAGNOSIS = re.compile(r"ICD_DGNS_(E_)?CD(\d+)")
_WHOLE = re.compile(r"\d{1,12}(\.0+)?")
_CHARGE = re.compile(r"\d{1,12}(\.\d{1,8})?")
_GROUPED = re.compile(r"\d{1,3}(,\d{3})+")
_MOST_NAMES = 1000

Row = Sequence[object]


def read_upload(
    file: BinaryIO,
    name: str,
    *,
    columns: Mapping[str, str] | None = None,
    setting: Setting | None = None,
    encoding: str | None = None,
    limits: TableLimits = UNBOUNDED,
) -> Uploaded:
    """Read one file of volumes; its first bytes tell the format (:mod:`terminology.exchange.tables.read`).

    ``columns`` names the file's column for a part (:data:`PARTS`) where it is not recognised; ``setting`` is
    used for rows without one. All columns of diagnoses are read; each code counts once a row. Without a count
    column every row counts once; where a column has the claim's number, each code counts once a claim. Raises
    :class:`ReleaseFormatError`, :class:`InvalidRequestError` for columns that are not there,
    :class:`UnsafeArchiveError`, and :class:`TooLargeError` for what is beyond ``limits``; nothing is kept of
    the file.
    """
    found, reading = Uploaded(), CodeReading(name)
    table = read_table(file, name, encoding, limits)
    found.notices += table.notices
    if "CLM_ID" in table.columns and any(_RIF_DIAGNOSIS.fullmatch(title) for title in table.columns):
        _add_claims(found, reading, table, setting)
    else:
        _add_counts(found, reading, table, columns or {}, setting)
    reading.finish(found)
    seen = guessed_span(reading.dates, name)
    if seen is not None:
        found.span, how = seen
        first, last = (day.year for day in found.span)
        when = f"{first}" if first == last else f"{first} to {last}"
        found.notices.append(
            f"{name}: read as data of {when}, which {how} says{reading.dates.said()}; name another date or "
            "year if it is not."
        )
    if not found.volumes:
        why = "; ".join(found.notices) or "none"
        raise ReleaseFormatError(name, None, "at least one ICD-10-CM code with a count", why)
    if sum(sum(weights.values()) for weights in found.volumes.values()) > MAX_TOTAL:
        raise ReleaseFormatError(
            name, None, f"at most {MAX_TOTAL:,} diagnoses", "more; is the count column the right one?"
        )
    return found


def named_columns(said: Mapping[str, str | None]) -> dict[str, str]:
    """Return the columns a user named: ``{"code": "Dx 1"}`` of ``{"code_column": "Dx 1"}``."""
    return {part: title for part in PARTS if (title := said.get(f"{part}_column"))}


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the parts of an upload stand in its rows."""

    codes: tuple[tuple[int, int | None], ...]
    count: int | None
    setting: int | None
    charge: int | None
    groups: tuple[tuple[str, int], ...]
    wide: Mapping[int, Setting]
    claim: int | None


def _code_columns(name: str, titles: list[str], wanted: str | None) -> CodeColumns:
    """Return the columns of codes; the error names the file, of which a user may give several."""
    try:
        return code_columns(titles, wanted)
    except InvalidRequestError as error:
        raise InvalidRequestError(error.parameter, f"{name}: {error.reason}") from None


def _places(titles: list[str], codes: CodeColumns, named: Mapping[str, str]) -> _Places:
    def place(part: str) -> int | None:
        column = named_column(titles, named[part]) if part in named else role_column(titles, part)
        return None if column is None else titles.index(column)

    pairs = tuple(
        (titles.index(c), titles.index(codes.versions[c]) if c in codes.versions else None) for c in codes.all
    )
    taken = {at for pair in pairs for at in pair} | {place("setting")}
    wide = {n: s for n, t in enumerate(titles) if n not in taken and (s := care_setting(t))}
    groups = tuple((p, at) for p in ("payer", "department") if (at := place(p)) is not None)
    lines = None if wide or place("count") is not None else place("claim")
    return _Places(pairs, place("count"), place("setting"), place("charge"), groups, wide, lines)


def _add_counts(
    found: Uploaded, reading: CodeReading, table: Table, named: Mapping[str, str], default: Setting | None
) -> None:
    titles, name = list(table.columns), table.name
    codes = _code_columns(name, titles, named.get("code"))
    at = _places(titles, codes, named)
    found.notices += _about_columns(name, titles, codes, at)
    unknown: Counter[str] = Counter()
    claims = None if at.claim is None else ClaimLines()
    dated = titles.index(named_column(titles, named["date"])) if "date" in named else date_column(titles)
    reading.dates.column = None if dated is None else titles[dated]
    for line, row in table.numbered:
        counts = _counts_of(row, at, reading, line)
        if counts is None:
            continue
        total = sum(n for _, n in counts) if at.wide and at.count is None else counts[0][1]
        cells = [(row[code], None if version is None else row[version]) for code, version in at.codes]
        every = [key for cell, said in cells for key in reading.code_keys(cell, said, found, line, total)]
        if all(cell is None or not str(cell).strip() for cell, _ in cells):
            if any(cell not in (None, "") for cell in row):
                reading.fault("no code and are left out", line, "")
            continue
        found.rows += 1
        month = None if dated is None else reading.dates.add(row[dated])
        cents = 0 if at.charge is None else _cents(row[at.charge], reading, line)  # of all codes together
        if at.count is None and at.wide:
            for key in dict.fromkeys(every):
                found.add_settings(key, counts, month)
            continue
        where, new = _setting_of(row, at, default, unknown), list(dict.fromkeys(every))
        if claims is not None and at.claim is not None:
            where, new = claims.add(str(row[at.claim] or "").strip(), where, every)
        elif at.count is None and len(at.codes) > 1:
            found.records.add(where, every)
        for key in new:
            found.add(where, key, total, month)
        for key in dict.fromkeys(every):
            _add_groups(found, row, at, key, total if key in new else 0, cents if key == every[0] else 0)
    if claims is not None:
        claims.into(found.records)
    if unknown:
        shown = ", ".join(repr(word) for word, _ in unknown.most_common(5))
        found.notices.append(
            f"{name}: {unknown.total():,} rows have a setting that is not known ({shown}): 'other'."
        )


def _about_columns(name: str, titles: list[str], codes: CodeColumns, at: _Places) -> Iterator[str]:
    """Say which columns are counted, and which speak of diagnoses and are not."""
    if at.claim is not None:
        yield f"{name}: rows of one '{titles[at.claim]}' are one claim; each diagnosis of it counts once."
    elif at.count is None and not at.wide:
        yield f"{name} has no count column: every row counts as one diagnosis."
    if codes.others:
        yield f"{name}: the codes of {len(codes.all)} columns are counted: {listed(codes.all)}."
    if codes.apart:
        yield f"{name}: not counted, no diagnosis of the stay: {listed(codes.apart)}."
    if codes.unread:
        yield (
            f"{name}: not counted, named otherwise than '{codes.main}': {listed(codes.unread)}; columns of "
            "codes with names of one kind (dx 1, dx 2) are all counted."
        )


def _counts_of(row: Row, at: _Places, reading: CodeReading, line: int) -> list[tuple[Setting, int]] | None:
    """Return the counts of a row, ``None`` where one cannot be read: the row is left out then."""
    if at.count is None and at.wide:
        each = [(where, _count(row[n], reading, line, blank=0)) for n, where in at.wide.items()]
        known = [(where, n) for where, n in each if n is not None]
        return known if len(known) == len(each) else None
    number = 1 if at.count is None else _count(row[at.count], reading, line)
    return None if number is None else [(Setting.UNSPECIFIED, number)]


def _setting_of(row: Row, at: _Places, default: Setting | None, unknown: Counter[str]) -> Setting:
    said = "" if at.setting is None else str(row[at.setting] or "").strip()
    if not said:
        return default or Setting.UNSPECIFIED
    where = care_setting(said) or Setting.OTHER
    if where is Setting.OTHER and (said[:40] in unknown or len(unknown) < _MOST_NAMES):
        unknown[said[:40]] += 1
    return where


def _add_groups(found: Uploaded, row: Row, at: _Places, key: str, number: int, cents: int) -> None:
    for part, place in at.groups:
        found.add_group(part, str(row[place] or "").strip() or "not given", key, number, cents)
    if at.charge is not None:
        found.add_group("all", "all", key, number, cents)


def _add_claims(found: Uploaded, reading: CodeReading, table: Table, default: Setting | None) -> None:
    """Count each diagnosis of a claim once; a RIF file repeats them on every line of the claim."""
    at = {title: i for i, title in enumerate(table.columns)}
    pairs = [
        (i, at.get(f"ICD_DGNS_{match[1] or ''}VRSN_CD{match[2]}"))
        for title, i in at.items()
        if (match := _RIF_DIAGNOSIS.fullmatch(title))
    ]
    seen: set[str] = set()
    dated = at.get("CLM_THRU_DT", at.get("CLM_FROM_DT"))
    reading.dates.column = None if dated is None else list(table.columns)[dated]
    for line, row in table.numbered:
        claim = str(row[at["CLM_ID"]])
        if claim in seen:
            continue
        seen.add(claim)
        found.rows += 1
        month = None if dated is None else reading.dates.add(row[dated])
        place = str(row[at["LINE_PLACE_OF_SRVC_CD"]]).strip() if "LINE_PLACE_OF_SRVC_CD" in at else ""
        kind = str(row[at["NCH_CLM_TYPE_CD"]]).strip() if "NCH_CLM_TYPE_CD" in at else ""
        where = _CLAIM_TYPES.get(kind) or care_setting(place) or default or Setting.OTHER
        keys = [
            key
            for code, version in pairs
            for key in reading.code_keys(row[code], None if version is None else row[version], found, line, 1)
        ]
        found.records.add(where, keys)
        for key in sorted(set(keys)):
            found.add(where, key, 1, month)
    found.notices.append(
        f"{table.name}: {found.rows:,} claims in RIF layout; each diagnosis of a claim counts once."
    )


def _count(value: object, reading: CodeReading, line: int, blank: int | None = None) -> int | None:
    text = str(value).strip() if value is not None else ""
    if not text and blank is not None:
        return blank
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    if not _WHOLE.fullmatch(text):
        reading.fault(
            "a count that is no whole number from 0 to 999,999,999,999, and are left out", line, text
        )
        return None
    return int(text.split(".")[0])


def _cents(value: object, reading: CodeReading, line: int) -> int:
    text = str(value).strip() if value is not None else ""
    text = text.removeprefix("$").replace(",", "")
    if not text:
        return 0
    if not _CHARGE.fullmatch(text):
        reading.fault("a charge that is no amount in dollars of 0 or more, counted without it", line, text)
        return 0
    return round(Decimal(text) * 100)


def merged(parts: Iterator[Uploaded]) -> Uploaded:
    """Return several uploads as one."""
    whole = Uploaded()
    for part in parts:
        whole.rows += part.rows
        whole.older += part.older
        whole.notices += part.notices
        whole.given = part.given | whole.given
        whole.records.extend(part.records)
        spans = [span for span in (whole.span, part.span) if span is not None]
        if spans:
            whole.span = min(first for first, _ in spans), max(last for _, last in spans)
        for setting, weights in part.volumes.items():
            for key, count in weights.items():
                whole.add(setting, key, count)
        for at, months in part.dated.items():
            into = whole.dated.setdefault(at, {})
            for month, count in months.items():
                into[month] = into.get(month, 0) + count
        for (by, named), codes in part.groups.items():
            for key, (count, cents) in codes.items():
                whole.add_group(by, named, key, count, cents)
    return whole
