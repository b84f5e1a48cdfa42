"""Episode definitions and claims for episodes, from a user's files.

Definitions are TOML: ``[[episode]]`` with ``name``, ``days``, ``trigger_drgs``, ``trigger_codes``,
``excluded_drgs``, ``excluded_diagnoses``, ``included_codes``. Claims are a CSV with the columns ``claim``,
``patient``, ``from``, ``through``, ``paid`` and, where known, ``drg``, ``codes`` (apart by blanks),
``diagnosis``.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from terminology.claims.studies.episodes import EpisodeClaim, EpisodeDefinition
from terminology.codes import code_key
from terminology.errors import DataNotAvailableError, InvalidRequestError, ReleaseFormatError

_LISTS = ("trigger_drgs", "trigger_codes", "excluded_drgs", "excluded_diagnoses", "included_codes")
_FIELDS = ("name", "days", *_LISTS)
_COLUMNS = ("claim", "patient", "from", "through", "paid")
_MOST_DAYS = 365


def read_definitions(file: BinaryIO, name: str) -> list[EpisodeDefinition]:
    """Read a file of definitions. Raises :class:`ReleaseFormatError` or :class:`InvalidRequestError`."""
    try:
        document = tomllib.load(file)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise ReleaseFormatError(name, None, "TOML", str(fault)) from None
    rows = document.get("episode")
    if not isinstance(rows, list) or not rows:
        raise ReleaseFormatError(name, None, "at least one [[episode]]", "none")
    return [_definition(row, f"{name}, episode {number}") for number, row in enumerate(rows, 1)]


def definitions_in(path: Path) -> list[EpisodeDefinition]:
    """Read the definitions of a file by its path; raises :class:`DataNotAvailableError` without one there."""
    try:
        with path.open("rb") as file:
            return read_definitions(file, path.name)
    except OSError as fault:
        raise DataNotAvailableError(f"{path}: cannot be read: {fault.strerror or fault}") from None


def _definition(row: dict[str, Any], place: str) -> EpisodeDefinition:
    for field in row:
        if field not in _FIELDS:
            raise InvalidRequestError(f"{place}, {field}", f"no such field; there are {', '.join(_FIELDS)}")
    days = row.get("days")
    if not isinstance(row.get("name"), str) or not isinstance(days, int) or not 0 <= days <= _MOST_DAYS:
        raise InvalidRequestError(place, f"needs a name and days from 0 to {_MOST_DAYS}")
    lists = {name: _texts(row.get(name, []), f"{place}, {name}") for name in _LISTS}
    if not lists["trigger_drgs"] and not lists["trigger_codes"]:
        raise InvalidRequestError(place, "needs trigger_drgs or trigger_codes")
    return EpisodeDefinition(
        row["name"],
        days,
        frozenset(drg.zfill(3) for drg in lists["trigger_drgs"]),
        frozenset(map(code_key, lists["trigger_codes"])),
        frozenset(drg.zfill(3) for drg in lists["excluded_drgs"]),
        tuple(map(code_key, lists["excluded_diagnoses"])),
        frozenset(map(code_key, lists["included_codes"])),
    )


def _texts(value: Any, place: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, str | int) for each in value):
        raise InvalidRequestError(place, "must be a list of codes")
    return [str(each) for each in value]


def read_episode_claims(path: Path) -> Iterator[EpisodeClaim]:
    """Yield the claims of a CSV. Raises :class:`ReleaseFormatError` with line and column."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            missing = [name for name in _COLUMNS if name not in (rows.fieldnames or ())]
            if missing:
                raise ReleaseFormatError(
                    path.name, 1, f"the columns {', '.join(_COLUMNS)}", f"no {missing[0]}"
                )
            for row in rows:
                yield _claim(row, path.name, rows.line_num)
    except OSError as fault:
        raise DataNotAvailableError(f"{path}: cannot be read: {fault.strerror or fault}") from None
    except UnicodeDecodeError as fault:
        raise ReleaseFormatError(path.name, None, "UTF-8 text", f"byte {fault.start} is not") from None


def _claim(row: dict[str, str], name: str, line: int) -> EpisodeClaim:
    drg = (row.get("drg") or "").strip()
    return EpisodeClaim(
        id=row["claim"] or f"line {line}",
        patient=row["patient"],
        starts=_day(row, "from", name, line),
        ends=_day(row, "through", name, line),
        paid=_dollars(row["paid"], name, line),
        drg=drg.zfill(3) if drg else None,
        codes=tuple(map(code_key, (row.get("codes") or "").split())),
        diagnosis=code_key(row["diagnosis"]) if row.get("diagnosis") else None,
    )


def _day(row: dict[str, str], column: str, name: str, line: int) -> date:
    try:
        return date.fromisoformat((row[column] or "").strip())
    except ValueError:
        raise ReleaseFormatError(name, line, "a day YYYY-MM-DD", repr(row[column]), column=column) from None


def _dollars(text: str, name: str, line: int) -> float:
    try:
        return float((text or "").replace("$", "").replace(",", ""))
    except ValueError:
        raise ReleaseFormatError(name, line, "dollars", repr(text), column="paid") from None
