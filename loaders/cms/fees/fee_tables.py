"""The fee schedules among the files of a build: relative values, localities, Addendum B, drugs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, BinaryIO, TypeVar

from loaders.cms.fees.addendum_b import rates_quarter, read_outpatient_rates
from loaders.cms.fees.drugs import limits_quarter, products_quarter, read_drug_limits, read_drug_products
from loaders.cms.fees.fee_schedule import locality_year, read_localities, read_relative_values, values_release
from loaders.cms.twins import one_of_each
from loaders.files.catalog import Format
from loaders.files.faults import Tell
from loaders.files.reading import Reading
from terminology.claims.tables.fee_schedule import (
    DRUG_LIMITS,
    DRUG_PRODUCTS,
    LOCALITIES,
    OUTPATIENT_RATES,
    RELATIVE_VALUES,
)
from terminology.edit_table import EditTable, LoadedTable, TableRow, loaded_table

R = TypeVar("R", bound=TableRow)
Quarter = tuple[date, date]


def fee_tables(reading: Reading) -> Iterator[LoadedTable[Any]]:
    """Yield every fee schedule; a broken file costs its table, a price its cell, and is told."""
    yield from _relative_values(reading)
    for year, file in one_of_each(reading, reading.of(Format.GPCI), locality_year):
        rows = reading.read_rows_or_tell(file, read_localities)
        if rows is not None:
            yield loaded_table(
                LOCALITIES, rows, str(year), file.label, (date(year, 1, 1), date(year, 12, 31))
            )
    yield from _quarterly(reading, Format.ADDENDUM_B, rates_quarter, read_outpatient_rates, OUTPATIENT_RATES)
    yield from _quarterly(reading, Format.DRUG_LIMITS, limits_quarter, read_drug_limits, DRUG_LIMITS)
    yield from _quarterly(reading, Format.DRUG_PRODUCTS, products_quarter, read_drug_products, DRUG_PRODUCTS)


def _quarterly(
    reading: Reading,
    form: Format,
    quarter: Callable[[str], Quarter | None],
    read: Callable[[BinaryIO, str, Tell], Iterable[R]],
    table: EditTable[R],
) -> Iterator[LoadedTable[R]]:
    for in_force, file in one_of_each(reading, reading.of(form), quarter):
        rows = reading.read_rows_or_tell(file, read)
        if rows is not None:
            yield loaded_table(table, rows, f"{in_force[0]:%Y-%m}", file.label, in_force)


def _relative_values(reading: Reading) -> Iterator[LoadedTable[Any]]:
    """A release replaces that of the quarter before; the first one loaded of a year answers for all of it."""
    years: set[int] = set()
    for release, file in one_of_each(reading, reading.of(Format.RELATIVE_VALUES), values_release):
        rows = reading.read_rows_or_tell(file, read_relative_values)
        if rows is None:
            continue
        starts = release.starts if release.starts.year in years else date(release.starts.year, 1, 1)
        years.add(release.starts.year)
        in_force = (starts, date(starts.year, 12, 31))
        yield loaded_table(RELATIVE_VALUES, rows, release.name, file.label, in_force)
