"""Reads all release files of a build into one library."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import BinaryIO

from loaders.cms.msdrg import read_cc_list, read_drg_weights
from loaders.cms.msdrg_data import master_release, msdrg_data
from loaders.cms.risk_tables import payment_categories
from loaders.completeness import check_complete
from loaders.cpt.editions import cpt_editions
from loaders.edits import edit_tables
from loaders.files.catalog import Format, ReleaseFile
from loaders.files.reading import Reading
from loaders.hcpcs.editions import hcpcs_editions
from loaders.icd10.editions import icd10_editions
from loaders.icd10cm.conversion import expand_ranges, read_conversion_table
from loaders.icd10cm.drug_table_csv import read_drug_table_csv
from loaders.icd10cm.editions import icd10cm_editions
from loaders.icd10cm.index import read_index
from loaders.icd11.editions import icd11_editions, icf_editions
from loaders.icd11.who_maps import read_map, table_of
from loaders.volumes.hcai import read_hcai_volumes
from terminology.claims.tables.mce import MCE_DIAGNOSIS
from terminology.codes import code_key
from terminology.concept import IndexTerm, Kind
from terminology.edition import Library
from terminology.errors import ReleaseFormatError
from terminology.facility import PaymentScheme
from terminology.mapping import Mapping, MapTable, Predecessor
from terminology.systems import ICD10CM


def read_library(reading: Reading) -> Library:
    """Read every file of ``reading``; faults of the loaders pass through."""
    library = Library()
    readers = (
        icd10cm_editions, icd11_editions, icd10_editions, hcpcs_editions, icf_editions, cpt_editions,
    )  # fmt: skip
    for editions in readers:
        library.editions += editions(reading)
    for notice in check_complete(library.editions):
        reading.notice(notice)
    library.mappings = _mappings(reading)
    library.predecessors = _predecessors(reading, library)
    library.index_terms = _index_terms(reading)
    _read_facility(reading, library)
    library.edit_tables = edit_tables(reading)
    library.payment_statuses += payment_categories(library.edit_tables)
    _read_grouper(reading, library)
    library.notices = reading.notices
    return library


def _mappings(reading: Reading) -> list[Mapping]:
    """Read each of WHO's tables once per release; a second copy of one is passed over, a broken one told."""
    rows: list[Mapping] = []
    seen: dict[tuple[str, MapTable], str] = {}
    for file in reading.of(Format.WHO_MAP):
        with reading.optional():
            found = _map_rows(reading, file)
            if not found:
                reading.notice(f"{file.label} holds no rows: the table is as good as missing")
                continue
            first = seen.setdefault((found[0].release, found[0].table), file.label)
            if first != file.label:
                reading.notice(f"{file.label} is passed over: the same table was read from {first}")
                continue
            rows += found
    for release in sorted({release for release, _ in seen}):
        absent = [table.value for table in MapTable if (release, table) not in seen]
        if absent:
            reading.notice(f"of WHO's transition tables of {release} these are not here: {', '.join(absent)}")
    return rows


def _map_rows(reading: Reading, file: ReleaseFile) -> list[Mapping]:
    table = table_of(file.source.name)
    if table is None:
        raise ReleaseFormatError(file.label, None, "the name of a WHO table", file.source.name)
    return reading.read_but_details(file, lambda stream, path, tell: read_map(stream, path, table, tell))


def _predecessors(reading: Reading, library: Library) -> list[Predecessor]:
    """Read the newest conversion table, which repeats the lines of those before it.

    Its ranges of previous codes are replaced by the codes of the newest ICD-10-CM release they span.
    """
    files = sorted(reading.of(Format.ICD10CM_CONVERSION), key=lambda file: file.source.name)
    for older in files[:-1]:
        reading.notice(f"{older.label} is not read: {files[-1].label} holds its lines too")
    rows = (reading.read_or_tell(files[-1], read_conversion_table) if files else None) or []
    releases = [e for e in library.in_order() if e.release.system == ICD10CM.id]
    codes = [c for c in releases[-1].concepts if c.kind in (Kind.CATEGORY, Kind.CODE)] if releases else []
    return list(expand_ranges(rows, [code_key(c.code) for c in codes]))


def _index_terms(reading: Reading) -> list[IndexTerm]:
    """Read all indexes and tables and keep the newest edition of each book."""
    editions: dict[str, dict[str, list[IndexTerm]]] = {}
    for file in reading.of(Format.ICD10CM_INDEX, Format.ICD10CM_DRUG_CSV):
        parse = read_index if file.format is Format.ICD10CM_INDEX else _drug_csv(file)
        for term in reading.read_or_tell(file, parse) or ():
            editions.setdefault(term.book, {}).setdefault(term.edition, []).append(term)
    kept: list[IndexTerm] = []
    for book, by_edition in editions.items():
        newest = max(by_edition)
        kept += by_edition[newest]
        older = ", ".join(sorted(set(by_edition) - {newest}))
        if older:
            reading.notice(f"{book}: edition {newest} is kept, {older} is superseded")
    return kept


def _read_facility(reading: Reading, library: Library) -> None:
    """Read volumes and payment tables, which most users' folders do not have."""
    for file in reading.of(Format.HCAI_VOLUMES):
        source = f"California HCAI {_year(file)}"
        counted = reading.read_or_tell(file, read_hcai_volumes) or ()
        library.volumes += ((source, volume) for volume in counted)
    for file in reading.of(Format.CC_LIST):
        library.payment_statuses += reading.read_or_tell(file, read_cc_list) or ()
    for file in reading.of(Format.DRG_WEIGHTS):
        library.drg_weights += reading.read_or_tell(file, read_drg_weights) or ()


def _read_grouper(reading: Reading, library: Library) -> None:
    """Read what the grouper's data file says where CMS's own tables are not here."""
    levels = any(status.scheme is PaymentScheme.MS_DRG for status in library.payment_statuses)
    master = any(loaded.table is MCE_DIAGNOSIS for loaded in library.edit_tables)
    for file in reading.of(Format.MSDRG_DATA)[:1]:
        with reading.optional():
            data = msdrg_data(reading, file)
            library.edit_tables += [] if master else [master_release(data, file)]
            library.payment_statuses += () if levels else data.statuses
            library.predecessors = library.predecessors or list(data.predecessors)


def _drug_csv(file: ReleaseFile) -> Callable[[BinaryIO, str], Iterator[IndexTerm]]:
    """The reader of a csv Table of Drugs, whose edition only the file's name states."""
    return partial(read_drug_table_csv, edition=_year(file))


def _year(file: ReleaseFile) -> str:
    """The year in a file's name, where only the name states it."""
    year = re.search(r"20\d\d", file.source.name)
    if year is None:
        raise ReleaseFormatError(file.label, None, "a file name with the year", file.source.name)
    return year[0]
