"""The risk adjustment tables among the files of a build, by the payment year in their names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, BinaryIO

from loaders.cms.risk import (
    read_categories,
    read_chronic_categories,
    read_coefficients,
    read_eligible_services,
    read_hierarchies,
    read_labels,
)
from loaders.cms.twins import one_of_each
from loaders.files.catalog import Format
from loaders.files.reading import Reading
from terminology.claims.tables.risk import (
    CHRONIC_CATEGORIES,
    ELIGIBLE_SERVICES,
    RISK_CATEGORIES,
    RISK_COEFFICIENTS,
    RISK_HIERARCHIES,
    RISK_LABELS,
)
from terminology.edit_table import EditTable, LoadedTable, loaded_table
from terminology.facility import PaymentScheme, PaymentStatus

V28 = "CMS-HCC V28"
_YEAR = re.compile(r"20\d\d")
_ROWS: tuple[tuple[Format, EditTable[Any], Callable[[BinaryIO, str], Iterable[Any]]], ...] = (
    (Format.HCC_MAPPINGS, RISK_CATEGORIES, read_categories),
    (Format.HCC_HIERARCHIES, RISK_HIERARCHIES, read_hierarchies),
    (Format.HCC_LABELS, RISK_LABELS, read_labels),
    (Format.HCC_COEFFICIENTS, RISK_COEFFICIENTS, read_coefficients),
    (Format.HCC_ELIGIBLE, ELIGIBLE_SERVICES, read_eligible_services),
)


def risk_tables(reading: Reading) -> Iterator[LoadedTable[Any]]:
    """Yield the tables; a broken file costs its table and is told.

    Risk is scored on the dates of service of the year before the payment year.
    """
    for form, table, read in _ROWS:
        for release, file in one_of_each(reading, reading.of(form), _release):
            rows = reading.read_or_tell(file, read)
            if rows is not None:
                service_year = int(release[:4]) - 1
                in_force = (date(service_year, 1, 1), date(service_year, 12, 31))
                yield loaded_table(table, rows, release, file.label, in_force)
    for file in reading.of(Format.HCC_CHRONIC)[:1]:
        rows = reading.read_or_tell(file, read_chronic_categories)
        if rows is not None:
            yield loaded_table(CHRONIC_CATEGORIES, rows, "all", file.label)


def payment_categories(tables: Iterable[LoadedTable[Any]]) -> Iterator[PaymentStatus]:
    """Yield the V28 payment category of each diagnosis, as the newest of the tables that hold V28 has it."""
    held = [each for each in tables if each.table is RISK_CATEGORIES]
    for loaded in sorted(held, key=lambda each: each.release.release, reverse=True):
        rows = [row for row in loaded.rows if row.model == V28]
        if rows:
            for row in rows:
                yield PaymentStatus(PaymentScheme.HCC_V28, row.key, row.category, "CMS-HCC Model V28")
            return


def _release(name: str) -> str | None:
    year = _YEAR.search(name)
    return None if year is None else year[0] + (" proposed" if "proposed" in name.lower() else "")
