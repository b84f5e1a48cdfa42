"""What estimates need beside claims, from a user's files: patients' years, visit levels, reference rates."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from terminology.claims.encoding.json_field import JsonField
from terminology.claims.payment.gaps import PatientYears
from terminology.claims.studies.patterns import VisitLevel
from terminology.codes import code_key
from terminology.errors import DataNotAvailableError, InvalidRequestError, ReleaseFormatError

_LEVEL_COLUMNS = ("code", "family", "level")
_MOST_PATIENTS = 1_000_000
_MOST_CODES = 2_000


def read_json(path: Path) -> Any:
    """Return the document of a JSON file. Raises :class:`ReleaseFormatError` with the line."""
    try:
        return orjson.loads(path.read_bytes())
    except OSError as fault:
        raise DataNotAvailableError(f"{path}: cannot be read: {fault.strerror or fault}") from None
    except orjson.JSONDecodeError as fault:
        raise ReleaseFormatError(path.name, fault.lineno, "JSON", fault.msg) from None


def read_patient_years(path: Path) -> list[PatientYears]:
    """Return patients from ``[{"id": ..., "last_year": [codes], "this_year": [codes]}]``."""
    patients = []
    for one in JsonField(path.name, read_json(path)).items(_MOST_PATIENTS):
        given = one.members(("id", "last_year", "this_year"))
        years = {name: _codes(given, one, name) for name in ("last_year", "this_year")}
        identity = given.get("id", one.member("id")).required_text()
        patients.append(PatientYears(identity, years["last_year"], years["this_year"]))
    return patients


def _codes(given: Mapping[str, JsonField], one: JsonField, name: str) -> tuple[str, ...]:
    field = given.get(name, one.member(name))
    return tuple(code.required_text() for code in field.items(_MOST_CODES))


def read_visit_levels(path: Path) -> dict[str, VisitLevel]:
    """Return the user's list of evaluation and management codes: a CSV of ``code,family,level``."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if any(name not in (rows.fieldnames or ()) for name in _LEVEL_COLUMNS):
                raise ReleaseFormatError(path.name, 1, f"the columns {', '.join(_LEVEL_COLUMNS)}", "others")
            return {code_key(row["code"]): _level(row, path.name, rows.line_num) for row in rows}
    except OSError as fault:
        raise DataNotAvailableError(f"{path}: cannot be read: {fault.strerror or fault}") from None


def _level(row: Mapping[str, str], name: str, line: int) -> VisitLevel:
    if not (row["level"] or "").isdecimal():
        raise ReleaseFormatError(name, line, "a whole level", repr(row["level"]), column="level")
    return VisitLevel(row["family"], int(row["level"]))


def read_reference(path: Path) -> dict[str, float]:
    """Return rates by pattern from ``{"modifier 25": 0.12}``."""
    document = read_json(path)
    if not isinstance(document, dict):
        raise InvalidRequestError(
            "reference", f'{path.name} is no object of rates such as {{"modifier 25": 0.12}}'
        )
    rates = {name: JsonField(name, value).number() for name, value in document.items()}
    for name, rate in rates.items():
        if rate is None or not 0 <= rate <= 1:
            raise InvalidRequestError(name, "a rate stands from 0 to 1")
    return {name: rate for name, rate in rates.items() if rate is not None}
