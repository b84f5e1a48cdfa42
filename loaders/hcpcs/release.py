"""HCPCS release: the records of one HCPCS Level II file as concepts, and the release a file name means.

CMS's file is a flat list. The hierarchy given here is the one coders know: a chapter per code letter
(``sections.tsv``) and one chapter of modifiers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from loaders.hcpcs.record import HcpcsRecord
from terminology.concept import Concept, Kind
from terminology.errors import ReleaseFormatError
from terminology.release import Release
from terminology.rule_tables import read_rules
from terminology.systems import HCPCS

MODIFIERS = "modifiers"
"""The code of the chapter that holds the modifiers."""

_DENTAL = "D"
_NAME = re.compile(
    r"HCPC(?P<year>(?:20)?\d\d)(?:_(?P<month>JAN|APR|JUL|OCT)[A-Z]*)?\w*_ANWEB[\w ().-]*\.(?:txt|xlsx)",
    re.IGNORECASE,
)
_QUARTERS = {"JAN": 1, "APR": 4, "JUL": 7, "OCT": 10}
_NAMED_DATES = ("added", "effective", "terminated", "asc_effective", "opps_effective")


@dataclass(frozen=True, slots=True)
class HcpcsContent:
    """What one file holds: its concepts, chapters first, and what was left out.

    ``dental_skipped`` counts codes of the D series, which are the American Dental Association's CDT and
    are never loaded. ``notices`` belong on the release.
    """

    concepts: tuple[Concept, ...]
    dental_skipped: int
    notices: tuple[str, ...]


def release_of(name: str) -> Release | None:
    """Return the release an ANWEB text or spreadsheet of this name is, ``None`` for any other file.

    Since late 2020 CMS publishes each quarter (``HCPC2026_JUL_ANWEB.txt``), before that each year
    (``HCPC2019_CONTR_ANWEB.txt``, ``HCPC17_CONTR_ANWEB.txt``, in effect from 1 January to 31 December).
    What a browser or CMS adds to a name is no part of it (``HCPC2024_JAN_ANWEB_v2 (1).txt``).

    >>> release_of("HCPC2026_JUL_ANWEB.txt").id, release_of("HCPC2019_CONTR_ANWEB.xlsx").id
    ('2026-07', '2019-01')
    """
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    year, named = 2000 + int(match["year"][-2:]), match["month"]
    month = _QUARTERS[named.upper()] if named else 1
    end = month + 3 if named else 13
    following = date(year + 1, 1, 1) if end == 13 else date(year, end, 1)
    return Release(
        system=HCPCS.id,
        id=f"{year}-{month:02}",
        effective_from=date(year, month, 1),
        effective_to=following - timedelta(days=1),
        sources=(name,),
    )


def hcpcs_content(records: Iterable[HcpcsRecord], path: Path | str) -> HcpcsContent:
    """Turn the records of one file into concepts.

    ``valid_from`` is the add date and ``valid_to`` the termination date; every date is kept as a property
    as well. Details keep CMS's codes under a readable name, with what they mean beside them
    (``coverage``: ``C``, ``coverage_meaning``: ``Carrier judgment``; ``meanings.tsv``). Raises
    :class:`ReleaseFormatError` for a code of a section that does not exist.
    """
    entries: list[Concept] = []
    dental = undated = 0
    detailed = False
    for record in records:
        if record.code[0] == _DENTAL and not record.is_modifier:
            dental += 1
            continue
        chapter = MODIFIERS if record.is_modifier else record.code[0]
        if chapter not in _chapters():
            expected = f"a code of section {', '.join(c for c in _chapters() if c != MODIFIERS)}"
            raise ReleaseFormatError(path, record.line, expected, record.code, column="code")
        undated += "added" not in record.dates
        detailed = detailed or "coverage" in record.details
        entries.append(_concept(record, chapter))
    used = {entry.parent for entry in entries}
    chapters = (chapter for code, chapter in _chapters().items() if code in used)
    return HcpcsContent((*chapters, *entries), dental, _notices(len(entries), undated, detailed))


def _notices(entries: int, undated: int, detailed: bool) -> tuple[str, ...]:
    notices = []
    if entries and not detailed:
        notices.append("This file carries no coverage, pricing or BETOS details.")
    if undated:
        notices.append(f"{undated:,} of {entries:,} entries carry no add date and no start of validity.")
    return tuple(notices)


def _concept(record: HcpcsRecord, chapter: str) -> Concept:
    return Concept(
        system=HCPCS.id,
        code=record.code,
        title=record.long_description,
        kind=Kind.MODIFIER if record.is_modifier else Kind.CODE,
        parent=chapter,
        short_title=record.short_description,
        valid_from=record.dates.get("added"),
        valid_to=record.dates.get("terminated"),
        properties=_properties(record),
    )


def _properties(record: HcpcsRecord) -> Mapping[str, str]:
    properties: dict[str, str] = {}
    for name, codes in record.details.items():
        if name == "anesthesia_base_units" and codes == ("0",):
            continue  # every entry that is no anesthesia says so
        properties[name] = ", ".join(codes)
        meanings = [meaning for code in codes if (meaning := _meanings().get((name, code)))]
        if meanings:
            properties[f"{name}_meaning"] = "; ".join(meanings)
    for name in _NAMED_DATES:
        if name in record.dates:
            properties[name] = record.dates[name].isoformat()
    return properties


@cache
def _chapters() -> Mapping[str, Concept]:
    titles = {row.letter: row.title for row in read_rules("loaders.hcpcs", "sections.tsv", _Section)} | {
        MODIFIERS: "Modifiers"
    }
    return {
        code: Concept(system=HCPCS.id, code=code, title=title, kind=Kind.CHAPTER, parent=None)
        for code, title in titles.items()
    }


@cache
def _meanings() -> Mapping[tuple[str, str], str]:
    return {
        (row.field, row.code): row.meaning for row in read_rules("loaders.hcpcs", "meanings.tsv", _Meaning)
    }


@dataclass(frozen=True, slots=True)
class _Section:
    letter: str
    title: str
    source: str


@dataclass(frozen=True, slots=True)
class _Meaning:
    field: str
    code: str
    meaning: str
    source: str
