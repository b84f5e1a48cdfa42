"""CMS risk adjustment mappings: ``diagnosis_code,cc,model_name``; only the V28 payment model is taken."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO

from terminology.codes import code_key
from terminology.errors import ReleaseFormatError
from terminology.facility import PaymentScheme, PaymentStatus

HEADING = ["diagnosis_code", "cc", "model_name"]
V28 = "CMS-HCC Model V28"


def read_hcc_mappings(file: BinaryIO, path: Path | str) -> Iterator[PaymentStatus]:
    """Yield the payment category of each code in CMS-HCC V28; other models' rows are passed over.

    Raises :class:`ReleaseFormatError`; the line is the text line.
    """
    text = TextIOWrapper(file, "utf-8-sig", newline="")
    rows = csv.reader(text)
    heading = next(rows, [])
    if heading != HEADING:
        raise ReleaseFormatError(path, 1, f"the heading {','.join(HEADING)}", ",".join(heading)[:80])
    for row in rows:
        if len(row) != len(HEADING):
            raise ReleaseFormatError(path, rows.line_num, "3 columns", f"{len(row)}")
        code, category, model = row
        if model == V28:
            if not category.isdecimal():
                raise ReleaseFormatError(path, rows.line_num, "a number", repr(category[:40]), column="cc")
            yield PaymentStatus(PaymentScheme.HCC_V28, code_key(code), category, V28)
    text.detach()
