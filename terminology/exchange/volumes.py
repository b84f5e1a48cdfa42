"""Reads volumes a user gives: CSV, XLSX, Parquet, JSON of code and count, or claim lines in the RIF layout.

Rows are streamed and only sums are kept: counts by code and setting, nothing that could name a patient.
Uploads are hostile until read: limits on size, expansion, columns and distinct codes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import BinaryIO

from terminology.codes import code_key
from terminology.errors import ReleaseFormatError
from terminology.exchange.tables import upload_formats
from terminology.exchange.tables.upload_columns import listed, plain, position
from terminology.facility import Setting

MAX_CODES = 250_000
"""Distinct codes (all ICD-10-CM releases together have under 110,000); more means another column was read."""
MAX_CODE_LENGTH = 40
MAX_GROUPS = 500
"""Payers and departments told apart."""
MAX_TOTAL = 10**15
"""Diagnoses in one upload; a sum beyond it is not a facility's."""
_SETTINGS: dict[str, Setting] = {
    "inpatient": Setting.INPATIENT,
    "ip": Setting.INPATIENT,
    "acute": Setting.INPATIENT,
    "21": Setting.INPATIENT,
    "emergencydepartment": Setting.EMERGENCY,
    "emergency": Setting.EMERGENCY,
    "ed": Setting.EMERGENCY,
    "er": Setting.EMERGENCY,
    "23": Setting.EMERGENCY,
    "ambulatorysurgery": Setting.SURGERY,
    "asc": Setting.SURGERY,
    "as": Setting.SURGERY,
    "24": Setting.SURGERY,
    "outpatient": Setting.OUTPATIENT,
    "op": Setting.OUTPATIENT,
    "19": Setting.OUTPATIENT,
    "22": Setting.OUTPATIENT,
    "office": Setting.OFFICE,
    "physicianoffice": Setting.OFFICE,
    "11": Setting.OFFICE,
}
"""Words and CMS place-of-service numbers."""
_CLAIM_TYPES = {"60": Setting.INPATIENT, "61": Setting.INPATIENT, "40": Setting.OUTPATIENT}
_RIF_DIAGNOSIS = re.compile(r"ICD_DGNS_(E_)?CD(\d+)")
_WHOLE = re.compile(r"\d{1,15}(\.0+)?")
_CHARGE = re.compile(r"\d{1,12}(\.\d{1,8})?")
_GROUPED = re.compile(r"\d{1,3}(,\d{3})+")

Row = Sequence[object]


@dataclass(slots=True)
class Uploaded:
    """Sums of what was read: volume by setting and code key, rows read, and what the reader should know."""

    volumes: dict[Setting, dict[str, int]] = field(default_factory=dict)
    rows: int = 0
    notices: list[str] = field(default_factory=list)
    groups: dict[tuple[str, str], dict[str, tuple[int, int]]] = field(default_factory=dict)
    """Volume and charges in cents by code key, for each payer, department, and ``all`` with charges."""

    def add(self, setting: Setting, key: str, count: int) -> None:
        """Add a count."""
        weights = self.volumes.setdefault(setting, {})
        weights[key] = weights.get(key, 0) + count

    def add_settings(self, key: str, counts: Iterable[tuple[Setting, int]]) -> None:
        """Add a row with a column per setting; a nought says the code is not used there."""
        for setting, count in counts:
            if count:
                self.add(setting, key, count)

    def add_group(self, part: str, name: str, key: str, count: int, cents: int) -> None:
        """Add a count and charges to a payer or department; past :data:`MAX_GROUPS` names, to ``other``."""
        at = (part, name[:80])
        if at not in self.groups and len(self.groups) >= MAX_GROUPS:
            at = (part, "other")
        codes = self.groups.setdefault(at, {})
        volume, charges = codes.get(key, (0, 0))
        codes[key] = (volume + count, charges + cents)


def read_upload(
    file: BinaryIO,
    name: str,
    *,
    columns: Mapping[str, str] | None = None,
    setting: Setting | None = None,
) -> Uploaded:
    """Read one file of volumes; the format is told by its first bytes and its name.

    ``columns`` names the file's column for ``code``, ``count`` or ``setting`` where it is not recognised;
    ``setting`` is used for rows without one. Without a count column every row counts once. Raises
    :class:`ReleaseFormatError` and :class:`UnsafeArchiveError`; nothing is kept of the file.
    """
    found = Uploaded()
    rows = upload_formats.rows_of(file, name, found.notices)
    _, heading = next(rows, (1, ()))
    titles = [str(cell or "").strip() for cell in heading]
    if "CLM_ID" in titles and any(_RIF_DIAGNOSIS.fullmatch(title) for title in titles):
        _add_claims(found, titles, rows, name, setting)
    else:
        _add_counts(found, titles, rows, name, columns or {}, setting)
    if not found.volumes:
        raise ReleaseFormatError(name, None, "at least one code with a count", "none")
    if sum(sum(weights.values()) for weights in found.volumes.values()) > MAX_TOTAL:
        raise ReleaseFormatError(
            name, None, f"at most {MAX_TOTAL:,} diagnoses", "more; is the count column the right one?"
        )
    return found


def _add_counts(
    found: Uploaded,
    titles: list[str],
    rows: Iterable[tuple[int, Row]],
    name: str,
    columns: Mapping[str, str],
    default: Setting | None,
) -> None:
    code = position(titles, "code", columns, name)
    count = position(titles, "count", columns, name)
    place = position(titles, "setting", columns, name)
    charge = position(titles, "charge", columns, name)
    parts = [
        (p, at) for p in ("payer", "department") if (at := position(titles, p, columns, name)) is not None
    ]
    if code is None:
        raise ReleaseFormatError(name, 1, "a column 'code' (or name it)", f"the columns {listed(titles)}")
    wide = {i: s for i, t in enumerate(titles) if i not in (code, place) and (s := _SETTINGS.get(plain(t)))}
    if count is None and not wide:
        found.notices.append(f"{name} has no count column: every row counts as one diagnosis.")
    unknown: Counter[str] = Counter()
    distinct: set[str] = set()
    for line, row in rows:
        key = code_key(str(row[code] or "")) if code < len(row) else ""
        if not key:
            if any(cell not in (None, "") for cell in row):
                raise ReleaseFormatError(name, line, "a code", "an empty cell", column=titles[code])
            continue
        found.rows += 1
        _limit(distinct, key, name, line)
        if count is None and wide:
            counts = ((where, _count(row, at, name, line, titles)) for at, where in wide.items())
            found.add_settings(key, counts)
            continue
        where = default or Setting.UNSPECIFIED
        if place is not None and place < len(row) and str(row[place] or "").strip():
            said = str(row[place]).strip()
            where = _SETTINGS.get(plain(said), Setting.OTHER)
            if where is Setting.OTHER and (said[:40] in unknown or len(unknown) < 1000):
                unknown[said[:40]] += 1
        number = 1 if count is None else _count(row, count, name, line, titles)
        found.add(where, key, number)
        cents = _cents(row, charge, name, line, titles) if charge is not None else 0
        for part, at in parts:
            said = str(row[at] or "").strip() if at < len(row) else ""
            found.add_group(part, said or "not given", key, number, cents)
        if charge is not None:
            found.add_group("all", "all", key, number, cents)
    if unknown:
        shown = ", ".join(repr(word) for word, _ in unknown.most_common(5))
        found.notices.append(
            f"{name}: {unknown.total():,} rows have a setting that is not known ({shown}): 'other'."
        )


def _add_claims(
    found: Uploaded, titles: list[str], rows: Iterable[tuple[int, Row]], name: str, default: Setting | None
) -> None:
    """Count each diagnosis of a claim once; a RIF file repeats them on every line of the claim."""
    at = {title: i for i, title in enumerate(titles)}
    pairs = [
        (i, at.get(f"ICD_DGNS_{match[1] or ''}VRSN_CD{match[2]}"))
        for title, i in at.items()
        if (match := _RIF_DIAGNOSIS.fullmatch(title))
    ]
    seen: set[str] = set()
    distinct: set[str] = set()
    older = 0
    for line, row in rows:
        if len(row) != len(titles):
            raise ReleaseFormatError(name, line, f"{len(titles)} columns", f"{len(row)}")
        claim = str(row[at["CLM_ID"]])
        if claim in seen:
            continue
        seen.add(claim)
        found.rows += 1
        place = str(row[at["LINE_PLACE_OF_SRVC_CD"]]).strip() if "LINE_PLACE_OF_SRVC_CD" in at else ""
        kind = str(row[at["NCH_CLM_TYPE_CD"]]).strip() if "NCH_CLM_TYPE_CD" in at else ""
        where = _CLAIM_TYPES.get(kind) or _SETTINGS.get(place) or default or Setting.OTHER
        keys: set[str] = set()
        for code, version in pairs:
            key = code_key(str(row[code]))
            if key and version is not None and str(row[version]).strip() == "9":
                older += 1
            elif key:
                keys.add(key)
        for key in sorted(keys):
            _limit(distinct, key, name, line)
            found.add(where, key, 1)
    found.notices.append(
        f"{name}: {found.rows:,} claims in RIF layout; each diagnosis of a claim counts once."
    )
    if older:
        found.notices.append(f"{name}: {older:,} ICD-9-CM diagnoses are left out.")


def _count(row: Row, at: int, name: str, line: int, titles: list[str]) -> int:
    value = row[at] if at < len(row) else None
    text = str(value).strip() if value is not None else ""
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    if not _WHOLE.fullmatch(text):
        raise ReleaseFormatError(name, line, "a whole count, 0 or more", repr(text[:40]), column=titles[at])
    return int(text.split(".")[0])


def _cents(row: Row, at: int, name: str, line: int, titles: list[str]) -> int:
    text = str(row[at]).strip() if at < len(row) and row[at] is not None else ""
    text = text.removeprefix("$").replace(",", "")
    if not text:
        return 0
    if not _CHARGE.fullmatch(text):
        raise ReleaseFormatError(
            name, line, "a charge, 0 or more, in dollars", repr(text[:40]), column=titles[at]
        )
    return round(Decimal(text) * 100)


def _limit(distinct: set[str], key: str, name: str, line: int) -> None:
    if len(key) > MAX_CODE_LENGTH:
        raise ReleaseFormatError(
            name, line, f"a code of at most {MAX_CODE_LENGTH} characters", f"{len(key):,} characters"
        )
    distinct.add(key)
    if len(distinct) > MAX_CODES:
        raise ReleaseFormatError(
            name, line, f"at most {MAX_CODES:,} different codes", "more; is the code column the right one?"
        )


def merged(parts: Iterator[Uploaded]) -> Uploaded:
    """Return several uploads as one."""
    whole = Uploaded()
    for part in parts:
        whole.rows += part.rows
        whole.notices += part.notices
        for setting, weights in part.volumes.items():
            for key, count in weights.items():
                whole.add(setting, key, count)
        for (by, named), codes in part.groups.items():
            for key, (count, cents) in codes.items():
                whole.add_group(by, named, key, count, cents)
    return whole
