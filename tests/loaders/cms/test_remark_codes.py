"""Codes of remittance advices, hand-written and as published."""

from __future__ import annotations

from collections import Counter
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest

from loaders.cms.remark_codes import read_remark_codes
from loaders.files.archive import find_source_files
from terminology.claims.tables.remark_codes import RemarkCode
from terminology.errors import ReleaseFormatError

HEAD = (
    b"adj_code,adj_type,adj_description,adj_usage,adj_notes,adj_start_date,adj_last_modified,adj_end_date\n"
)


def test_texts_of_adjustment_reasons_are_never_kept() -> None:
    rows = b"50,CARC,A text of X12,,,1995-01-01,,\nN122,RARC,A text of CMS,,,2002-09-12,,2030-01-01\n"
    assert list(read_remark_codes(BytesIO(HEAD + rows), "carc_rarc_2024.csv")) == [
        RemarkCode(2, "50", "CARC", "", date(1995, 1, 1), None),
        RemarkCode(3, "N122", "RARC", "A text of CMS", date(2002, 9, 12), date(2030, 1, 1)),
    ]


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ReleaseFormatError, match="line 2, adj_type: expected CARC or RARC or Group"):
        list(read_remark_codes(BytesIO(HEAD + b"1,PLB,,,,,,\n"), "carc_rarc_2024.csv"))


@pytest.mark.realdata
def test_the_published_list_has_its_codes(data_dir: Path) -> None:
    (source,) = find_source_files(data_dir / "claims" / "carc_rarc")
    with source.open() as file:
        kinds = Counter(row.kind for row in read_remark_codes(file, source.label))
    assert (kinds["RARC"], kinds["Group"]) == (1171, 5)
    assert kinds["CARC"] > 250
