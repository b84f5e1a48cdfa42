"""The ICD-10-CM order file: fixed columns, one code a line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.icd10cm.order import OrderEntry, read_order_file, same_content
from terminology.errors import ReleaseFormatError
from tests.loaders.icd10cm_files import entries, real_entries

LINE = f"00001 A00     0 {'Cholera':<60} Cholera, long"


def read(text: str | bytes) -> list[OrderEntry]:
    content = text.encode() if isinstance(text, str) else text
    return list(read_order_file(BytesIO(content), "order.txt"))


def test_a_byte_order_mark_is_no_part_of_the_first_line() -> None:
    assert read("\ufeff" + LINE + "\n") == read(LINE + "\n")


def test_a_line_is_read_by_its_columns() -> None:
    assert entries()[15] == OrderEntry(
        order=16,
        key="T528X1A",
        billable=True,
        short_title="Toxic effects of oth organic solvents, acc, init",
        long_title="Toxic effects of other organic solvents, accidental (unintentional), initial encounter",
    )


def test_header_codes_are_not_billable() -> None:
    assert [e.key for e in entries() if not e.billable][:3] == ["A00", "B10", "C00"]


def test_every_line_is_an_entry_in_the_order_of_the_file() -> None:
    read_entries = entries()
    assert len(read_entries) == 20
    assert [e.order for e in read_entries] == list(range(1, 21))


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r\n\r\n  \n"])
def test_any_line_ending_will_do(ending: str) -> None:
    assert read(LINE + ending)[0].long_title == "Cholera, long"


def test_a_last_line_without_line_end_is_told_as_it_may_be_cut() -> None:
    told: list[ReleaseFormatError] = []
    entries = list(read_order_file(BytesIO(LINE.encode()), "order.txt", told.append))
    assert [e.key for e in entries] == ["A00"]
    assert [str(error) for error in told] == [
        "order.txt, line 1: expected a line end, found the end of the file: it may be cut off"
    ]


def test_a_missing_line_shows_in_the_numbers() -> None:
    third = LINE.replace("00001", "00003").replace("A00", "A01")
    with pytest.raises(ReleaseFormatError, match="expected 00002: no line is missing, found 00003"):
        read(f"{LINE}\n{third}\n")


def test_white_space_within_titles_is_folded() -> None:
    assert read(LINE + "  of   old \n")[0].long_title == "Cholera, long of old"


def test_entries_come_before_the_file_has_been_read_to_its_end() -> None:
    stream = read_order_file(BytesIO((LINE + "\nnot an entry").encode()), "order.txt")
    assert next(stream).key == "A00"


@pytest.mark.parametrize(
    ("change", "column", "found"),
    [
        (lambda line: "0000A" + line[5:], "order number", "'0000A'"),
        (lambda line: line[:6] + "A0     " + line[13:], "code", "'A0'"),
        (lambda line: line[:6] + "a00    " + line[13:], "code", "'a00'"),
        (lambda line: line[:6] + "A0 0   " + line[13:], "code", "'A0 0'"),
        (lambda line: line[:6] + "A00.0  " + line[13:], "code", "'A00.0'"),
        (lambda line: line[:14] + "2" + line[15:], "billable flag", "'2'"),
        (lambda line: line[:13], "billable flag", "nothing"),
        (lambda line: line[:16] + " " * 60 + line[76:], "short title", "nothing"),
        (lambda line: line[:77], "long title", "nothing"),
        (lambda line: line[:15] + "x" + line[16:], "column 16", "'x'"),
        (lambda line: line[:76] + "x" + line[77:], "column 77", "'x'"),
    ],
)
def test_a_line_that_breaks_the_layout_is_reported(
    change: Callable[[str], str], column: str, found: str
) -> None:
    broken = change(LINE.replace("00001", "00002").replace("A00", "A01"))
    with pytest.raises(ReleaseFormatError) as caught:
        read(f"{LINE}\n{broken}\n")
    error = caught.value
    assert (error.path, error.line, error.found) == ("order.txt", 2, found)
    assert error.column is not None
    assert error.column.startswith(column)


def test_a_file_in_latin_1_is_reported_with_line_and_column() -> None:
    with pytest.raises(
        ReleaseFormatError, match=r"line 2: expected UTF-8 text, found byte 0xE8 in column 82"
    ):
        read(f"{LINE}\n00002 H810    1 {'x':<60} Menière".encode("latin-1"))


def test_a_code_listed_twice_is_reported() -> None:
    with pytest.raises(ReleaseFormatError, match="line 2, code: expected every code once, found A00 again"):
        read(f"{LINE}\n{LINE}\n")


def test_an_order_number_that_does_not_rise_is_reported() -> None:
    with pytest.raises(ReleaseFormatError, match="expected 00002: no line is missing, found 00001"):
        read(f"{LINE}\n{LINE.replace('A00', 'A01')}\n")


def test_a_blank_line_between_entries_is_reported() -> None:
    second = LINE.replace("00001", "00002").replace("A00", "A01")
    with pytest.raises(ReleaseFormatError, match="line 2: expected an entry, found a blank line"):
        read(f"{LINE}\n\n{second}\n")


@pytest.mark.parametrize("content", ["", "\n\n"])
def test_a_file_without_entries_is_reported(content: str) -> None:
    with pytest.raises(ReleaseFormatError, match="an empty file"):
        read(content)


def titles(width: int) -> st.SearchStrategy[str]:
    return st.text(
        st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=width
    ).filter(lambda text: text == " ".join(text.split()))


@given(
    st.from_regex(r"[A-Z][0-9A-Z]{2,6}", fullmatch=True),
    st.booleans(),
    titles(60),
    titles(300),
)
def test_what_is_laid_out_in_columns_is_read_back(key: str, billable: bool, short: str, long: str) -> None:
    line = f"00001 {key:<7} {billable:d} {short:<60} {long}\r\n"
    assert read(line) == [OrderEntry(1, key, billable, short, long)]


def test_an_edition_with_other_numbers_and_accents_has_the_same_content() -> None:
    april = [replace(e, order=e.order + 7, short_title=None) for e in entries()]
    april[10] = replace(april[10], long_title="Behçet's disease")
    assert same_content(entries(), april)


@pytest.mark.parametrize("change", [{"billable": True}, {"long_title": "Cholera, renamed"}, {"key": "A02"}])
def test_an_edition_with_another_code_title_or_flag_has_other_content(change: dict[str, object]) -> None:
    april = [replace(entries()[0], **change), *entries()[1:]]  # type: ignore[arg-type]
    assert not same_content(entries(), april)


def test_an_edition_with_a_code_more_has_other_content() -> None:
    assert not same_content(entries(), entries()[:-1])


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("year", "total", "billable"),
    [(2024, 97_296, 74_044), (2025, 97_584, 74_260), (2026, 98_186, 74_719), (2027, 98_403, 74_879)],
)
def test_the_publishers_order_files_have_the_known_counts(
    data_dir: Path, year: int, total: int, billable: int
) -> None:
    found = real_entries(data_dir, year)
    assert (len(found), sum(e.billable for e in found)) == (total, billable)


@pytest.mark.realdata
def test_fiscal_year_2027_differs_from_2026_as_its_change_lists_say(data_dir: Path) -> None:
    old = {e.key: e for e in real_entries(data_dir, 2026)}
    new = {e.key: e for e in real_entries(data_dir, 2027)}
    both = old.keys() & new.keys()
    assert len(new.keys() - old.keys()) == 238
    assert len(old.keys() - new.keys()) == 21
    assert (
        sum((old[k].long_title, old[k].short_title) != (new[k].long_title, new[k].short_title) for k in both)
        == 4
    )
    assert sum(old[k].billable and not new[k].billable for k in both) == 15
