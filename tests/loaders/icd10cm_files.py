"""ICD-10-CM files for the tests: the hand-written ones and, where there are any, the publisher's own."""

from __future__ import annotations

import gzip
from contextlib import closing
from functools import cache
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from loaders.icd10cm.order import OrderEntry, read_order_file
from loaders.icd10cm.tabular import Tabular, read_tabular

FIXTURES = Path(__file__).parent.parent / "fixtures" / "icd10cm"
ORDER = "icd10cm_order_2026.txt"
TABULAR = "icd10cm-tabular-April-2026.xml"

REAL_TABULARS = {
    "April 2026": "icd10c-tabular-April-1-2026.xml.gz",
    "April 2025": "icd10cm-tabular-April-2025.xml.gz",
}


def fixture(name: str) -> bytes:
    return (FIXTURES / name).read_bytes()


def entries(content: bytes | None = None) -> list[OrderEntry]:
    return list(read_order_file(BytesIO(content or fixture(ORDER)), ORDER))


def tabular(content: bytes | None = None) -> Tabular:
    return read_tabular(BytesIO(content or fixture(TABULAR)), TABULAR)


@cache
def real_entries(data_dir: Path, year: int) -> tuple[OrderEntry, ...]:
    """The order file of a fiscal year; that of 2027 is rebuilt from the change lists."""
    folder = data_dir / "icd10cm"
    if year == 2027:
        with gzip.open(folder / "icd10cm_order_2027_rebuilt.txt.gz") as packed:
            return tuple(read_order_file(BytesIO(packed.read()), "icd10cm_order_2027_rebuilt.txt"))
    with closing(ZipFile(folder / f"cms_{year}_dx.zip")) as archive:
        name = next(n for n in archive.namelist() if n.endswith(f"order_{year}.txt"))
        with archive.open(name) as file:
            return tuple(read_order_file(BytesIO(file.read()), name))


@cache
def real_tabular(data_dir: Path, edition: str) -> Tabular:
    name = REAL_TABULARS[edition]
    with gzip.open(data_dir / "icd10cm" / name) as file:
        return read_tabular(BytesIO(file.read()), name)
