"""Reads the tables that claim checks and payment estimates use into the library.

A table of one file is a line in :data:`EDIT_FORMATS`; tables that are put together from several files, or
that come in several forms, have a module in the publisher's room, a line in :data:`ROOMS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from loaders.cms.coverage.coverage_set import coverage_tables
from loaders.cms.fees.fee_tables import fee_tables
from loaders.cms.gems import gem_release, read_gem
from loaders.cms.mce_master import mce_release, read_mce_master
from loaders.cms.ncci.ncci_tables import ncci_tables
from loaders.cms.noc_list import noc_release, read_noc_list
from loaders.cms.place_of_service import place_of_service_release, read_places_of_service
from loaders.cms.remark_codes import remark_tables
from loaders.cms.risk_tables import risk_tables
from loaders.files.catalog import Format
from loaders.files.reading import Reading
from loaders.icd10cm.poa_exempt import poa_exempt_release, read_poa_exempt
from terminology.edit_table import LoadedTable


@dataclass(frozen=True, slots=True)
class EditFormat:
    """How one format becomes a release of a table.

    ``read`` yields the rows of an open file, ``release`` makes the release of the rows, the file's name and
    its label.
    """

    format: Format
    read: Callable[[BinaryIO, str], Iterable[Any]]
    release: Callable[[Sequence[Any], str, str], LoadedTable[Any]]


EDIT_FORMATS: tuple[EditFormat, ...] = (
    EditFormat(Format.MCE_MASTER, read_mce_master, mce_release),
    EditFormat(Format.POA_EXEMPT, read_poa_exempt, poa_exempt_release),
    EditFormat(Format.PLACE_OF_SERVICE, read_places_of_service, place_of_service_release),
    EditFormat(Format.NOC_LIST, read_noc_list, noc_release),
    EditFormat(Format.GEM, read_gem, gem_release),
)

ROOMS: tuple[Callable[[Reading], Iterable[LoadedTable[Any]]], ...] = (
    ncci_tables,
    coverage_tables,
    fee_tables,
    risk_tables,
    remark_tables,
)


def edit_tables(reading: Reading) -> list[LoadedTable[Any]]:
    """Return every edit table among the files, whatever of them there is."""
    return list(_single_tables(reading)) + [loaded for room in ROOMS for loaded in room(reading)]


def _single_tables(reading: Reading) -> Iterator[LoadedTable[Any]]:
    """Yield the tables of one file each; a broken one costs itself and is told."""
    for each in EDIT_FORMATS:
        for file in reading.of(each.format):
            with reading.optional():
                yield each.release(reading.read(file, each.read), file.source.name, file.label)
