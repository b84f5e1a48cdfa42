"""California HCAI diagnosis counts: code and one column of counts per setting (all positions of a record).

Source: California Department of Health Care Access and Information, diagnosis code frequencies 2023.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO

from terminology.codes import code_key
from terminology.errors import ReleaseFormatError
from terminology.facility import CodeVolume, Setting

HEADING = ["code", "inpatient", "emergency_department", "ambulatory_surgery"]
_SETTINGS = (Setting.INPATIENT, Setting.EMERGENCY, Setting.SURGERY)


def read_hcai_volumes(file: BinaryIO, path: Path | str) -> Iterator[CodeVolume]:
    """Yield one volume per code and setting, zeros left out. Raises :class:`ReleaseFormatError`."""
    text = TextIOWrapper(file, "utf-8-sig", newline="")
    try:
        rows = csv.reader(text)
        heading = next(rows, [])
        if heading != HEADING:
            raise ReleaseFormatError(path, 1, f"the heading {','.join(HEADING)}", ",".join(heading)[:80])
        for row in rows:
            yield from _volumes(row, path, rows.line_num)
    except UnicodeDecodeError as error:
        raise ReleaseFormatError(path, None, "UTF-8 text", f"byte {error.start} is not") from None
    finally:
        text.detach()


def _volumes(row: list[str], path: Path | str, line: int) -> Iterator[CodeVolume]:
    if len(row) != len(HEADING):
        raise ReleaseFormatError(path, line, f"{len(HEADING)} columns", f"{len(row)}")
    key = code_key(row[0])
    for setting, count in zip(_SETTINGS, row[1:], strict=True):
        if not count.isdecimal():
            raise ReleaseFormatError(path, line, "a whole count", repr(count[:40]), column=setting.value)
        if int(count):
            yield CodeVolume(key, setting, int(count))
