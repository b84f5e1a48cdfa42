"""The reviewers' sheet: the uncertain codes of a bundle by volume, as CSV or XLSX."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, TextIO

from terminology.bundle.crosswalk.crosswalks import crosswalks
from terminology.bundle.life.reported_codes import volumes_by_key
from terminology.bundle.store import Store
from terminology.crosswalk.review.overrides import Override, read_overrides
from terminology.crosswalk.review.worklist import uncertain, write_review
from terminology.errors import DataNotAvailableError, InvalidRequestError
from terminology.exchange.exports.placing import put_in_place
from terminology.exchange.tables.read import read_table
from terminology.exchange.tables.table import suffix_of
from terminology.exchange.tables.write import writer_for
from terminology.exchange.tables.writing import AS_IT_IS
from terminology.exchange.volumes import read_upload


def write_review_sheet(
    store: Store, destination: Path, volumes: Path | None, setting: str | None, limit: int | None
) -> int:
    """Write the uncertain codes, those with most expected errors first, and return how many.

    ``volumes`` is the user's file of counts; without it the bundle's volumes count, of one setting or all.
    Raises :class:`InvalidRequestError` and errors of the file.
    """
    if suffix_of(destination.name) not in (".csv", ".xlsx"):
        raise InvalidRequestError("review", f"{destination.name}: end it in .csv or .xlsx")
    found = uncertain(crosswalks(store), _volumes(store, volumes, setting))[:limit]
    text = io.StringIO()
    write_review(found, text)
    rows = list(csv.reader(io.StringIO(text.getvalue())))
    with put_in_place(destination) as path:
        writer_for(destination.name)(path, rows[0], rows[1:], None, AS_IT_IS)
    return len(found)


def read_decisions(path: Path) -> list[Override]:
    """Return the signed decisions of a sheet.

    Raises :class:`DataNotAvailableError`, :class:`InvalidRequestError` and :class:`ReleaseFormatError`.
    """
    try:
        with path.open("rb") as file:
            text = sheet_as_csv(file, path.name)
    except OSError as error:
        raise DataNotAvailableError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InvalidRequestError("overrides", f"{path} is not UTF-8; save it as CSV UTF-8") from None
    return list(read_overrides(text, str(path)))


def sheet_as_csv(file: BinaryIO, name: str) -> TextIO:
    """Return a filled sheet as CSV text, line for line; a date of a workbook as ISO 8601.

    Raises :class:`ReleaseFormatError` and :class:`UnicodeDecodeError`.
    """
    if suffix_of(name) != ".xlsx":
        return io.StringIO(file.read().decode("utf-8-sig"), newline="")

    text = io.StringIO(newline="")
    table = read_table(file, name)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.columns)
    for row in table.rows:
        writer.writerow([cell.date().isoformat() if isinstance(cell, datetime) else cell for cell in row])
    text.seek(0)
    return text


def _volumes(store: Store, volumes: Path | None, setting: str | None) -> Counter[str]:
    counted: Counter[str] = Counter()
    if volumes is not None:
        try:
            with volumes.open("rb") as file:
                read = read_upload(file, volumes.name)
        except OSError as fault:
            raise DataNotAvailableError(f"{volumes}: cannot be read: {fault.strerror}") from None
        for where, weights in read.volumes.items():
            if setting in (None, where.value, where.care_setting):
                counted.update(weights)
    else:
        counted = volumes_by_key(store, setting)
    if setting is not None and not counted:
        raise InvalidRequestError("setting", f"there are no volumes of '{setting}'")
    return counted
