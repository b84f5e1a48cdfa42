"""A batch of the one shape of :mod:`terminology.exchange.claims.table_claims`, as claims."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import pyarrow as pa

from terminology.claims.claim import Claim, ClaimLine, ClaimSetting, Diagnosis, Patient, Sex
from terminology.errors import InvalidRequestError
from terminology.exchange.claims.claim_columns import ClaimLayout
from terminology.exchange.claims.table_claims import PLACE, rows_of

_TEXTS = ("type_of_bill", "discharge_status", "payer", "locality", "admitting_diagnosis")
_DAYS = ("date_of_service", "admission_date", "discharge_date", "statement_from", "statement_through")
_LISTS = ("condition_codes", "reason_for_visit", "procedures_icd10pcs")
_LINE = (
    "code",
    "modifiers",
    "units",
    "charge",
    "pointers",
    "place_of_service",
    "revenue_code",
    "description",
    "ndc",
    "day",
)
_INPATIENT_BILLS = ("11", "18", "21", "41")


def batch_claims(
    batch: pa.RecordBatch, layout: ClaimLayout, setting: ClaimSetting | None
) -> Iterator[tuple[int, Claim]]:
    """Yield the claims of a batch with the 1-based place of their first row.

    ``setting`` is that of claims that name none. Raises :class:`InvalidRequestError` when it is needed and
    not given.
    """
    own = {name: rows_of(batch, name) for name in ("id", "setting", "age", "sex", *_TEXTS, *_DAYS, *_LISTS)}
    causes = rows_of(batch, "external_causes")
    places = rows_of(batch, PLACE)
    dx, dx_values = _nested(batch, "dx", (0, 1))
    lines, line_values = _nested(batch, "lines", _LINE)
    repeats = layout.long and bool(layout.lines)
    has_units = any("units" in line for line in layout.lines)
    for n in range(batch.num_rows):
        values: dict[str, Any] = {name: own[name][n] for name in (*_TEXTS, *_DAYS)}
        values |= {name: tuple(own[name][n]) for name in _LISTS if own[name][n]}
        if causes[n]:
            values["external_causes"] = tuple(Diagnosis(code) for code in causes[n] if code)
        claim = Claim(
            setting=_setting(own["setting"][n], values["type_of_bill"], setting, places[n]),
            patient=_patient(own["age"][n], own["sex"][n]),
            diagnoses=_diagnoses(dx_values, dx[n], dx[n + 1], once=repeats),
            lines=tuple(_lines(line_values, lines[n], lines[n + 1], has_units)) if line_values[0] else (),
            id=own["id"][n],
            **values,
        )
        yield places[n], claim


def _nested(
    batch: pa.RecordBatch, name: str, fields: Sequence[str | int]
) -> tuple[list[int], list[list[Any]]]:
    """Return where each claim's members begin, and the members' fields as flat lists."""
    column = batch.column(name)
    values = column.values
    if not pa.types.is_struct(values.type):
        return column.offsets.to_pylist(), [[] for _ in fields]
    return column.offsets.to_pylist(), [values.field(field).to_pylist() for field in fields]


def _diagnoses(values: list[list[Any]], start: int, end: int, *, once: bool) -> tuple[Diagnosis, ...]:
    codes, flags = values
    found = [_diagnosis(codes[n], flags[n]) for n in range(start, end) if codes[n]]
    return tuple(dict.fromkeys(found)) if once else tuple(found)


def _lines(values: list[list[Any]], start: int, end: int, has_units: bool) -> Iterator[ClaimLine]:
    code, modifiers, units, charge, pointers, place, revenue, description, ndc, day = values
    for n in range(start, end):
        if code[n] or revenue[n]:
            yield ClaimLine(
                code[n] or None,
                _words(modifiers[n]),
                units[n] if has_units else 1,
                charge[n],
                day[n],
                _pointers(pointers[n]),
                place[n],
                revenue[n],
                description[n],
                ndc[n],
            )


@lru_cache(maxsize=1 << 17)
def _diagnosis(code: str, poa: str | None) -> Diagnosis:
    return Diagnosis(code, poa.upper() if poa else None)


@lru_cache(maxsize=4096)
def _patient(age: int | None, sex: str | None) -> Patient:
    return Patient(age, Sex(sex) if sex else None)


@lru_cache(maxsize=4096)
def _words(text: str | None) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").replace(";", " ").replace(":", " ").upper().split()) if text else ()


@lru_cache(maxsize=4096)
def _pointers(text: str | None) -> tuple[int, ...]:
    """Return the diagnoses a line points to: numbers, or the letters of a CMS-1500 form (box 24E), ``AB``."""
    if not text:
        return ()
    parts = _words(text)
    if all(part.isdecimal() for part in parts):
        return tuple(int(part) for part in parts)
    letters = "".join(parts)
    if letters.isascii() and letters.isalpha():
        return tuple(ord(letter) - ord("A") + 1 for letter in letters)
    raise InvalidRequestError("pointers", f"expected numbers or letters of diagnoses, found {text[:20]!r}")


@lru_cache(maxsize=4096)
def _setting(named: str | None, bill: str | None, given: ClaimSetting | None, place: int) -> ClaimSetting:
    if named:
        return ClaimSetting(named)
    if given is not None:
        return given
    if bill:
        digits = bill.removeprefix("0").zfill(2) if len(bill) > 3 else bill
        return ClaimSetting.INPATIENT if digits.startswith(_INPATIENT_BILLS) else ClaimSetting.OUTPATIENT
    raise InvalidRequestError("setting", f"row {place} says none; name one with --setting")
