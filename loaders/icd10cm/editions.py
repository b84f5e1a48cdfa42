"""ICD-10-CM: order files joined with the Tabular List nearest to each, several fiscal years side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from loaders.files.catalog import Format, ReleaseFile
from loaders.files.reading import Reading
from loaders.icd10cm.codelist import entries_from_code_list
from loaders.icd10cm.cut_off import check_after, check_end
from loaders.icd10cm.order import OrderEntry, read_order_file, same_content
from loaders.icd10cm.release import join_release, same_edition
from loaders.icd10cm.tabular import Tabular, read_tabular
from terminology.edition import Edition
from terminology.errors import DataNotAvailableError, ReleaseFormatError
from terminology.release import Release, fiscal_year_dates
from terminology.systems import ICD10CM


def icd10cm_editions(reading: Reading) -> Iterator[Edition]:
    """Yield an edition for each order file, or for the package's code list where there is no order file.

    Raises :class:`DataNotAvailableError` when there are codes but no Tabular List to place them in.
    """
    orders = reading.of(Format.ICD10CM_ORDER)
    lists = reading.of(Format.ICD10CM_CODE_LIST)
    if not orders and not lists:
        return
    tabulars = _tabulars(reading)
    if not tabulars:
        raise DataNotAvailableError(
            "there is an ICD-10-CM code list but no Tabular List XML to take chapters and blocks from; "
            "put NCHS's icd10cm-tabular-*.xml into the data folder"
        )
    if not orders:
        yield _from_code_list(reading, lists[0], tabulars)
        return
    for file in lists:
        reading.notice(f"{file.label} is not read: an order file, which has titles too, is there")
    used: set[int] = set()
    before: tuple[int, list[OrderEntry]] | None = None
    for name, file, entries in _ordered(reading, orders):
        year = int(name[:4])
        nearest = min(tabulars, key=lambda edition: (abs(edition - year), edition))
        used.add(nearest)
        check_end(file.label, year, entries, tabulars[nearest], nearest)
        if before is not None and year <= before[0] + 1:
            check_after(file.label, entries, before[1])
        before = year, entries
        yield _joined(reading, name, file, entries, tabulars[nearest], nearest)
    for year in sorted(set(tabulars) - used):
        reading.notice(
            f"the ICD-10-CM Tabular List of {year} is not loaded as a release: there is no order file of "
            f"FY{year}, and the Tabular List alone lacks the codes with 7th characters"
        )


def _tabulars(reading: Reading) -> dict[int, Tabular]:
    """Read every Tabular List; of two for one year the one whose name sorts last counts."""
    found: dict[int, Tabular] = {}
    for file in reading.of(Format.ICD10CM_TABULAR):
        reading.progress.file_begun(file.label, file.format)
        with file.source.open() as stream:
            tabular = read_tabular(stream, file.label)
        reading.account(file, len(tabular.diags))
        found[int(tabular.version[:4])] = tabular
    return found


def _ordered(
    reading: Reading, files: list[ReleaseFile]
) -> Iterator[tuple[str, ReleaseFile, list[OrderEntry]]]:
    """Yield release id, file and entries of each order file, oldest first.

    A second file of one fiscal year is a release of its own where its content differs: of the month in its
    name (January 2021), else of April.
    """
    seen: dict[int, list[OrderEntry]] = {}
    for file in sorted(files, key=lambda f: (_fiscal_year(f), _month(f) or 0, f.source.modified)):
        year = _fiscal_year(file)
        entries = reading.read_but_details(file, read_order_file)
        if year not in seen:
            seen[year] = entries
            yield str(year), file, entries
        elif same_content(seen[year], entries):
            reading.notice(f"{file.label} has the same content as the other order file of FY{year}")
        else:
            yield f"{year}-{_month(file) or 4:02}", file, entries


def _month(file: ReleaseFile) -> int | None:
    """The month in a file's name: editions within a fiscal year carry it (``icd10cm-order-Jan-2021.txt``)."""
    found = re.search(r"[-_](jan|apr)[a-z]*[-_]", file.source.name, re.IGNORECASE)
    return None if found is None else {"jan": 1, "apr": 4}[found[1].lower()]


def _fiscal_year(file: ReleaseFile) -> int:
    found = re.search(r"20\d\d", file.source.name)
    if found is None:
        raise ReleaseFormatError(file.label, None, "a file name with the fiscal year", file.source.name)
    return int(found[0])


def _joined(
    reading: Reading, name: str, file: ReleaseFile, entries: list[OrderEntry], tabular: Tabular, edition: int
) -> Edition:
    year = int(name[:4])
    starts, ends = fiscal_year_dates(year)
    if "-" in name:
        starts = date(year, int(name[5:]), 1)
    notices: tuple[str, ...] = ()
    carried = edition != year or not same_edition(entries, tabular)
    if carried:
        notices = (
            f"its own Tabular List is not here: chapters and blocks, and the notes of codes whose title is "
            f"the same, are carried from the Tabular List of {edition}",
        )
        reading.notice(f"ICD-10-CM {name}: {notices[0]}")
    concepts = tuple(join_release(entries, tabular, carried_from=str(edition) if carried else None))
    return Edition(Release(ICD10CM.id, name, starts, ends, (file.label,), notices), concepts)


def _from_code_list(reading: Reading, file: ReleaseFile, tabulars: dict[int, Tabular]) -> Edition:
    year = max(tabulars)
    tabular = tabulars[year]
    entries = reading.read(file, lambda stream, path: entries_from_code_list(stream, path, tabular))
    notice = (
        "read from the code list of the Python package simple-icd-10-cm (MIT); titles of codes with 7th "
        "characters are put together from the Tabular List (CMS's order file has the official ones)"
    )
    reading.notice(f"ICD-10-CM {year}: {notice}")
    release = Release(ICD10CM.id, str(year), *fiscal_year_dates(year), (file.label,), (notice,))
    return Edition(release, tuple(join_release(entries, tabular, carried_from=None)))
