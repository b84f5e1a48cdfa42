"""Workbooks (.xlsx) as publishers send them: the rows of the first sheet, read one by one."""

from __future__ import annotations

import warnings
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

from lxml.etree import XMLSyntaxError
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from terminology.errors import ReleaseFormatError

Cells = tuple[object, ...]

_DAMAGE = (
    BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, OSError, EOFError, zlib.error,
    ParseError, XMLSyntaxError,
)  # fmt: skip
_LAST_ROW = 1_048_576
"""Rows of a sheet (Excel's specification). A row numbered beyond it would bring as many empty ones."""


def sheet_rows(
    file: BinaryIO, path: Path | str, most_columns: int | None = None
) -> Iterator[tuple[int, Cells]]:
    """Yield the rows of a workbook's first sheet with their numbers, empty ones too.

    ``file`` comes from :meth:`loaders.files.archive.SourceFile.open`, which has checked its members. The size
    that a sheet states is not believed: rows beyond it are read. With ``most_columns`` each row has as many
    cells, so that one far to the right does not lengthen every row. Raises :class:`ReleaseFormatError` for
    a file that is no readable workbook, with the row at which reading ended if any was read.
    """
    file.seek(0)
    number = 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # page headers that openpyxl cannot parse are no concern of ours
        try:
            book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
            sheet: Any = next(iter(book.worksheets), None)
            if sheet is None:
                raise ReleaseFormatError(path, None, "a sheet", "none")
            sheet.reset_dimensions()
            for number, cells in enumerate(sheet.iter_rows(values_only=True, max_col=most_columns), 1):
                if number > _LAST_ROW:
                    raise ReleaseFormatError(path, number, f"at most {_LAST_ROW:,} rows", "more")
                yield number, cells
            book.close()
        except _DAMAGE as error:
            row, found = number + 1 if number else None, str(error) or repr(error)
            raise ReleaseFormatError(path, row, "a readable xlsx workbook", found) from error
