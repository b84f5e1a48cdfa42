"""Which columns of a table of claims hold what: one row a claim (wide), or one row a line or code (long)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from terminology.errors import InvalidRequestError
from terminology.rule_tables import read_rules

CODES, LINE = "codes", "line"
DAY = "date_of_service"
_FIRST_DIAGNOSIS = frozenset({"principaldiagnosis", "principaldx", "primarydiagnosis", "primarydx", "pdx"})
_FIRST_DIAGNOSIS |= {"prncpaldgnscd", "principaldiagnosiscode", "primarydiagnosiscode"}
_LINE_PREFIXED = re.compile(r"(?:line|svc|service)_?(\d{1,3})_?(.+)", re.IGNORECASE)
_NUMBERED = re.compile(r"(.*?[a-z])[\W_]*(\d{1,3})(?:[\W_]+(\d))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ClaimLayout:
    """Columns by what they hold.

    ``single`` are those of the claim; ``diagnoses`` pairs of a code's column and that of its
    present-on-admission indicator, if any; ``principal_apart``: the first of them may be repeated as the
    second; ``codes`` the other lists, in the order of their numbers; ``lines`` the columns of each line by
    field, several for modifiers. A ``long`` table has one line or code a row, and rows of one ``id`` are one
    claim. ``unused`` columns mean nothing to a check.
    """

    single: dict[str, str]
    diagnoses: tuple[tuple[str, str | None], ...]
    principal_apart: bool
    codes: dict[str, tuple[str, ...]]
    lines: tuple[dict[str, tuple[str, ...]], ...]
    long: bool
    unused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Names:
    field: str
    kind: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    field: str
    line: int
    number: int


@cache
def claim_fields() -> dict[str, str]:
    """Return the kind of each field that a column may hold: text, setting, age, sex, day, codes, line."""
    return {row.field: row.kind for row in _rows()}


def claim_layout(columns: Sequence[str]) -> ClaimLayout:
    """Return what the columns of a table hold.

    Raises :class:`InvalidRequestError` when none holds codes.
    """
    places = {name: place for name in columns if (place := _place(name)) is not None}
    by_place: dict[_Place, str] = {}
    for name, place in places.items():
        by_place.setdefault(place, name)
    kinds = claim_fields()
    wide_lines = sorted({place.line for place in by_place if place.line})
    single = {
        place.field: name
        for place, name in by_place.items()
        if kinds[place.field] not in (CODES, LINE) and not place.line
    }
    codes = {field: _in_order(by_place, field, 0) for field, kind in kinds.items() if kind == CODES}
    numbers = sorted(place.number for place in by_place if place.field == "diagnoses")
    diagnoses = tuple(
        (by_place[_Place("diagnoses", 0, number)], by_place.get(_Place("poa", 0, number)))
        for number in numbers
    )
    lines = tuple(_line(by_place, number) for number in wide_lines or [0])
    lines = tuple(line for line in lines if "code" in line or "revenue_code" in line)
    if not diagnoses and not lines:
        shown = ", ".join(name[:30] for name in columns[:20])
        raise InvalidRequestError("columns", f"none holds codes (dx1, dx2, ..., hcpcs); there are {shown}")
    used = {*single.values(), *(n for names in codes.values() for n in names)}
    used |= {name for line in lines for names in line.values() for name in names}
    return ClaimLayout(
        single,
        diagnoses,
        numbers[:2] == [0, 1],
        {field: names for field, names in codes.items() if names and field not in ("diagnoses", "poa")},
        lines,
        "id" in single and not wide_lines and (bool(lines) or numbers == [0]),
        tuple(name for name in columns if name not in used),
    )


def _line(by_place: dict[_Place, str], number: int) -> dict[str, tuple[str, ...]]:
    fields = [field for field, kind in claim_fields().items() if kind == LINE]
    if number:
        fields.append(DAY)
    named = {field: _in_order(by_place, field, number) for field in fields}
    return {field: names for field, names in named.items() if names}


def _in_order(by_place: dict[_Place, str], field: str, line: int) -> tuple[str, ...]:
    found = [
        (place.number, name) for place, name in by_place.items() if (place.field, place.line) == (field, line)
    ]
    return tuple(name for _, name in sorted(found))


def _place(name: str) -> _Place | None:
    """Return what a column name says: ``dx3``, ``line2_mod1``, ``hcpcs``, ``units4``."""
    fields = _fields_by_name()
    whole = fields.get(_plain(name))
    if whole is not None:
        return _Place(whole, 0, 0)
    if _plain(name) in _FIRST_DIAGNOSIS:
        return _Place("diagnoses", 0, 0)
    of_line = _LINE_PREFIXED.fullmatch(name)
    if of_line is not None:
        rest, number = of_line[2], int(of_line[1])
        inner = _NUMBERED.fullmatch(rest)
        field = fields.get(_plain(rest)) or (fields.get(_plain(inner[1])) if inner else None)
        if field is None or not _may_stand_on_line(field):
            return None
        return _Place(field, number, int(inner[2]) if inner else 0)
    numbered = _NUMBERED.fullmatch(name)
    field = fields.get(_plain(numbered[1])) if numbered else None
    if numbered is None or field is None:
        return None
    first, second = int(numbered[2]), numbered[3]
    if claim_fields()[field] == CODES:
        return _Place(field, 0, first)
    if field == "modifiers" and second is None:
        return _Place(field, 0, first)
    return _Place(field, first, int(second or 0)) if _may_stand_on_line(field) else None


def _may_stand_on_line(field: str) -> bool:
    return field == DAY or claim_fields()[field] == LINE


@cache
def _fields_by_name() -> dict[str, str]:
    return {_plain(name): row.field for row in reversed(_rows()) for name in row.names}


def _rows() -> tuple[_Names, ...]:
    return read_rules(__package__, "claim_columns.tsv", _Names)


def _plain(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum())
