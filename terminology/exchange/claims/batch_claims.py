"""A batch of the one shape of :mod:`terminology.exchange.claims.table_claims`, as claims."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice, pairwise, repeat
from typing import Any

import pyarrow as pa

from terminology.claims.claim import Claim, ClaimLine, ClaimSetting, Diagnosis, Patient, Sex
from terminology.errors import InvalidRequestError
from terminology.exchange.claims.claim_columns import ClaimLayout
from terminology.exchange.claims.table_claims import PLACE, rows_of

_OWN = (
    "date_of_service",
    "admission_date",
    "discharge_date",
    "statement_from",
    "statement_through",
    "type_of_bill",
    "discharge_status",
    "condition_codes",
    "payer",
    "locality",
    "admitting_diagnosis",
    "reason_for_visit",
    "external_causes",
    "procedures_icd10pcs",
)
"""Columns of a claim, in the order of the fields of :class:`Claim` that follow its id."""
_LISTS = ("condition_codes", "reason_for_visit", "procedures_icd10pcs")
_CAUSES = "external_causes"
_LINE = (
    "code",
    "modifiers",
    "units",
    "charge",
    "day",
    "pointers",
    "place_of_service",
    "revenue_code",
    "description",
    "ndc",
)
"""Parts of a line, in the order of the fields of :class:`ClaimLine`."""
_INPATIENT_BILLS = ("11", "18", "21", "41")


def batch_claims(
    batch: pa.RecordBatch, layout: ClaimLayout, setting: ClaimSetting | None
) -> Iterator[tuple[int, Claim]]:
    """Yield the claims of a batch with the 1-based place of their first row.

    ``setting`` is that of claims that name none. Raises :class:`InvalidRequestError` when it is needed and
    not given, at the claim that needs it.
    """
    places = rows_of(batch, PLACE)
    bills = rows_of(batch, "type_of_bill")
    heads = zip(
        places,
        map(_setting, rows_of(batch, "setting"), bills, repeat(setting), places),
        map(_patient, rows_of(batch, "age"), rows_of(batch, "sex")),
        rows_of(batch, "id"),
        strict=True,
    )
    own = zip(*(_column(batch, name) for name in _OWN), strict=True)
    diagnoses = _diagnoses(batch, once=layout.long and bool(layout.lines))
    lines = _lines(batch, any("units" in line for line in layout.lines))
    for (place, of, patient, name), held, billed, rest in zip(heads, diagnoses, lines, own, strict=True):
        yield place, Claim(of, patient, held, billed, name, *rest)


def _column(batch: pa.RecordBatch, name: str) -> Iterable[Any]:
    values = rows_of(batch, name)
    if name == _CAUSES:
        return (tuple(Diagnosis(code) for code in codes or () if code) for codes in values)
    return (tuple(texts or ()) for texts in values) if name in _LISTS else values


def _nested(
    batch: pa.RecordBatch, name: str, fields: Sequence[str | int]
) -> tuple[list[int], list[list[Any]]]:
    """Return how many members each claim has, and the members' fields as flat lists."""
    column = batch.column(name)
    values, offsets = column.values, column.offsets.to_pylist()
    counts = [end - start for start, end in pairwise(offsets)]
    if not pa.types.is_struct(values.type):
        return counts, [[] for _ in fields]
    members = values.slice(offsets[0], offsets[-1] - offsets[0])
    return counts, [members.field(field).to_pylist() for field in fields]


def _diagnoses(batch: pa.RecordBatch, *, once: bool) -> Iterator[tuple[Diagnosis, ...]]:
    """Yield the diagnoses of each claim; ``once`` where rows of a claim may repeat them."""
    counts, (codes, flags) = _nested(batch, "dx", (0, 1))
    members = zip(codes, flags, strict=True)
    for count in counts:
        found = [_diagnosis(code, flag) for code, flag in islice(members, count) if code]
        yield tuple(dict.fromkeys(found)) if once else tuple(found)


def _lines(batch: pa.RecordBatch, has_units: bool) -> Iterator[tuple[ClaimLine, ...]]:
    """Yield the lines of each claim; without a column of units each has one."""
    counts, (codes, modifiers, units, charges, days, pointers, *rest) = _nested(batch, "lines", _LINE)
    if not codes:
        yield from repeat((), batch.num_rows)
        return
    billed = units if has_units else repeat(1)
    members = map(
        ClaimLine, codes, map(_words, modifiers), billed, charges, days, map(_pointers, pointers), *rest
    )
    for count in counts:
        yield tuple([line for line in islice(members, count) if line.code or line.revenue_code])


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


def _setting(named: str | None, bill: str | None, given: ClaimSetting | None, place: int) -> ClaimSetting:
    setting = _told_setting(named, bill, given)
    if setting is None:
        raise InvalidRequestError("setting", f"row {place} says none; name one with --setting")
    return setting


@lru_cache(maxsize=4096)
def _told_setting(named: str | None, bill: str | None, given: ClaimSetting | None) -> ClaimSetting | None:
    if named:
        return ClaimSetting(named)
    if given is not None or not bill:
        return given
    digits = bill.removeprefix("0").zfill(2) if len(bill) > 3 else bill
    return ClaimSetting.INPATIENT if digits.startswith(_INPATIENT_BILLS) else ClaimSetting.OUTPATIENT
