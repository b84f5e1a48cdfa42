"""Lists that claim checks use, hand-written in their publishers' forms and as published."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import openpyxl
import pytest

from loaders.cms.noc_list import noc_release, read_noc_list
from loaders.cms.place_of_service import place_of_service_release, read_places_of_service
from loaders.files.archive import SourceFile
from loaders.files.catalog import Format, recognise
from loaders.icd10cm.poa_exempt import poa_exempt_release, read_poa_exempt
from terminology.claims.tables.place_of_service import PlaceOfService
from terminology.claims.tables.poa_exempt import PoaExempt
from terminology.claims.tables.unlisted import UnlistedCode
from terminology.errors import ReleaseFormatError

POA = b"OrdFY25\tPOAexemptCode\tDescription\r\n01236\tB90.0\tm\xe9\r\n97576\tZ99.3\tx\r\n"
POS_HEAD = b"pos_code,pos_type,pos_name,pos_description\n"
POS = POS_HEAD + b'11,Non-Facility,Office,"a, b"\n21,Facility,Hospital,x\n28,Unassigned,Unassigned,\n'
NOC_HEAD = b"hcpcs,long_description,add_date,term_date\n"
NOC = NOC_HEAD + b'J0000,"Drug, other",2001-01-01,\nJ0001,Old,,2010-12-31\n'

Reader = Callable[[BinaryIO, str], Iterable[Any]]


def test_exempt_codes_are_read_with_their_order_number() -> None:
    assert list(read_poa_exempt(BytesIO(POA), "p")) == [
        PoaExempt(2, "B900", 1236),
        PoaExempt(3, "Z993", 97576),
    ]


def test_the_exempt_list_is_in_force_for_the_fiscal_year_of_its_name() -> None:
    release = poa_exempt_release((), "POAexemptCodesFY25.txt", "x").release
    assert release.release == "FY2025"
    assert (release.in_force_from, release.in_force_to) == (date(2024, 10, 1), date(2025, 9, 30))


def test_unassigned_places_are_no_codes() -> None:
    assert list(read_places_of_service(BytesIO(POS), "p")) == [
        PlaceOfService(2, "11", "Office", facility=False),
        PlaceOfService(3, "21", "Hospital", facility=True),
    ]
    assert place_of_service_release((), "pos_codes_2024.csv", "x").release.in_force_from == date(2024, 1, 1)


def test_unlisted_codes_carry_their_days() -> None:
    assert list(read_noc_list(BytesIO(NOC), "n")) == [
        UnlistedCode(2, "J0000", date(2001, 1, 1), None),
        UnlistedCode(3, "J0001", None, date(2010, 12, 31)),
    ]
    assert noc_release((), "hcpcs_noc_2024JUL_level2.csv", "x").release.release == "2024-07"


def noc_book(*rows: tuple[object, ...]) -> BytesIO:
    """The list as CMS's workbook has it: a heading line, blanks, capitals, days as numbers."""
    book = openpyxl.Workbook()
    for row in ((None, "NOC CODES"), (), ("HCPCS", "LONG DESCRIPTION", "ADD DATE", "TERM DATE"), (), *rows):
        book.active.append(list(row))  # type: ignore[union-attr]
    file = BytesIO()
    book.save(file)
    file.seek(0)
    return file


def test_the_workbook_of_unlisted_codes_is_read() -> None:
    book = noc_book(("J0000", "Drug, other", 20010101, None), ("J0001", "Old", None, 20101231))
    assert list(read_noc_list(book, "NOC_Codes_2019.xlsx")) == [
        UnlistedCode(5, "J0000", date(2001, 1, 1), None),
        UnlistedCode(6, "J0001", None, date(2010, 12, 31)),
    ]
    assert recognise("NOC_Codes_2019.xlsx") is Format.NOC_LIST
    with pytest.raises(ReleaseFormatError, match=r"line 5, hcpcs"):
        list(read_noc_list(noc_book(("99999", "x", None, None)), "NOC_Codes_2019.xlsx"))


@pytest.mark.parametrize(
    ("read", "data", "match"),
    [
        (read_poa_exempt, b"", "line 1: expected a heading"),
        (read_poa_exempt, b"OrdFY25\tCode\tDescription\r\n", "line 1: expected the heading"),
        (read_poa_exempt, POA + b"1\tB900\tx\r\n", "line 4, POAexemptCode"),
        (read_poa_exempt, POA + b"x\tB90.1\tx\r\n", "line 4, OrdFY25"),
        (read_places_of_service, POS_HEAD + b"1,Facility,x,x\n", "line 2, pos_code: expected two digits"),
        (read_places_of_service, POS_HEAD + b"11,Office,x,x\n", "line 2, pos_type"),
        (read_noc_list, NOC_HEAD + b"99999,x,,\n", "line 2, hcpcs"),
        (read_noc_list, NOC_HEAD + b"J0000,x,2001,\n", "line 2, add_date"),
    ],
)
def test_a_list_of_another_form_is_refused_with_its_place(read: Reader, data: bytes, match: str) -> None:
    with pytest.raises(ReleaseFormatError, match=match):
        list(read(BytesIO(data), "x"))


@pytest.mark.parametrize(
    ("release", "name"),
    [
        (poa_exempt_release, "codes.txt"),
        (place_of_service_release, "pos.csv"),
        (noc_release, "noc.csv"),
    ],
)
def test_a_name_without_its_year_is_refused(release: Callable[..., object], name: str) -> None:
    with pytest.raises(ReleaseFormatError, match="a file name with"):
        release((), name, name)


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("read", "path", "member", "count"),
    [
        (read_poa_exempt, "poa/2025-poa-exempt-codes.zip", "POAexemptCodesFY25.txt", 38_154),
        (read_places_of_service, "pos/pos_codes_2024.csv.gz", None, 52),
        (read_noc_list, "noc/hcpcs_noc_2024JUL_level2.csv.gz", None, 161),
        (read_noc_list, "../hcpcs/2019-HCPCS-NOC-Codes.zip", "NOC_Codes_2019.xlsx", 141),
    ],
)
def test_the_published_lists_have_their_rows(
    read: Reader, path: str, member: str | None, count: int, data_dir: Path
) -> None:
    with SourceFile(data_dir / "claims" / path, member).open() as file:
        assert len(list(read(file, member or path))) == count
