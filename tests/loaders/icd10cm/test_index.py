"""The alphabetic indexes and tables of ICD-10-CM: nested terms with their full path."""

from __future__ import annotations

import csv
from collections import Counter
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from lxml import etree

from loaders.icd10cm.drug_table_csv import read_drug_table_csv
from loaders.icd10cm.index import read_index
from loaders.icd10cm.index_book import DISEASES, DRUGS, EXTERNAL_CAUSES, NEOPLASMS
from terminology.concept import IndexTerm
from terminology.errors import ReleaseFormatError, UnsafeArchiveError
from tests.loaders.icd10cm_files import fixture

INDEX = "icd10cm_index_2026.xml"
NEOPLASM = "icd10cm_neoplasm_2026.xml"
DRUG_CSV = "2025-Update_icd10cm-drug-April-2025.csv"


def read(content: bytes) -> list[IndexTerm]:
    return list(read_index(BytesIO(content), "index.xml"))


def read_csv(content: bytes) -> list[IndexTerm]:
    return list(read_drug_table_csv(BytesIO(content), "drug.csv", edition="April 2025"))


def fever(last: str) -> IndexTerm:
    return next(t for t in read(fixture(INDEX)) if t.path == ("Fever", last))


def changed(name: str, old: str, new: str) -> bytes:
    content = fixture(name).decode()
    assert old in content
    return content.replace(old, new, 1).encode()


def test_a_term_has_the_path_from_its_main_term_down() -> None:
    assert [t.path for t in read(fixture(INDEX))[:5]] == [
        ("Cholera",),
        ("Cholera", "due to vibrio"),
        ("Cholera", "due to vibrio", "classical"),
        ("Cholera", "nail, invented"),
        ("Cough",),
    ]


def test_modifiers_of_the_whole_path_are_kept_apart_from_it() -> None:
    assert read(fixture(INDEX))[2] == IndexTerm(
        book=DISEASES,
        edition="2026",
        path=("Cholera", "due to vibrio", "classical"),
        modifiers="(Asiatic) (epidemic) (invented)",
        code="A00.0",
        manifestation="J99",
    )


def test_a_reference_has_no_code() -> None:
    term = read(fixture(INDEX))[3]
    assert (term.see, term.code) == ("Nail", None)


def test_a_term_may_have_a_code_and_a_see_also() -> None:
    term = read(fixture(INDEX))[4]
    assert (term.see_also, term.code) == ("Sneeze", "R05.-")


def test_a_heading_is_yielded_without_code_or_reference() -> None:
    heading = read(fixture(INDEX))[5]
    assert heading == IndexTerm(book=DISEASES, edition="2026", path=("Fever",))


@pytest.mark.parametrize(
    ("term", "see", "code"),
    [
        ("of category", "category I01", "I01"),
        ("of seecat", "category N20", "N20"),
        ("of subcat", "subcategory H93.3", "H93.3"),
        ("of two categories", "categories T17 and T18", "T18"),
        ("of sequela", "Y35 with 7th character S", "Y35"),
        ("of term and code", "Chill, spotted", "R50.9"),
    ],
)
def test_a_reference_to_a_code_is_put_into_words(term: str, see: str, code: str) -> None:
    assert (fever(term).see, fever(term).code) == (see, code)


def test_a_reference_among_the_modifiers_is_a_reference() -> None:
    term = fever("of modifier")
    assert (term.see, term.modifiers, term.code) == ("Chill, in (due to)", None, None)


def test_a_see_also_among_the_modifiers_is_one() -> None:
    term = fever("of modifier and code")
    assert (term.see, term.see_also, term.code) == (None, "Chill", "R50.9")


@pytest.mark.parametrize(("term", "code"), [("of slip", "R50.82"), ("of glued slip", "R50.83")])
def test_a_code_that_slipped_into_a_title_is_the_code(term: str, code: str) -> None:
    assert fever(term).code == code


def test_terms_below_a_note_are_those_of_the_term_before_it() -> None:
    terms = (
        '<term level="1"><title>Note: of all stages</title>'
        '<term level="2"><title>late</title><code>A00.1</code></term></term>'
    )
    nail = '      <term level="1">\n        <title>nail'
    found = [(t.path, t.code, t.modifiers) for t in read(changed(INDEX, nail, terms + nail))]
    whole = "(Asiatic) (epidemic) (invented)"
    assert found[3:5] == [
        (("Cholera", "due to vibrio", "Note: of all stages"), None, whole),
        (("Cholera", "due to vibrio", "late"), "A00.1", whole),
    ]
    assert found[5][0] == ("Cholera", "nail, invented")


def test_a_note_with_nothing_below_it_is_a_heading_where_it_stands() -> None:
    nail = '      <term level="1">\n        <title>nail'
    note = '<term level="1"><title>Note: see elsewhere</title></term>'
    found = read(changed(INDEX, nail, note + nail))
    assert (found[3].path, found[3].code) == (("Cholera", "Note: see elsewhere"), None)


def test_a_title_of_modifiers_alone_is_a_term() -> None:
    assert (fever("(tropical)").code, fever("(tropical)").modifiers) == ("R50.9", None)


def test_every_cell_of_a_table_is_an_entry_under_its_column() -> None:
    assert [(t.path, t.column, t.code) for t in read(fixture(NEOPLASM))[:5]] == [
        (("Neoplasm, neoplastic",), "Malignant Primary", "C80.1"),
        (("Neoplasm, neoplastic",), "Malignant Secondary", "C79.9"),
        (("Neoplasm, neoplastic",), "Ca in situ", "D09.9"),
        (("Neoplasm, neoplastic", "abdominal"), "Malignant Primary", "C76.2"),
        (("Neoplasm, neoplastic", "abdominal"), "Malignant Secondary", "C79.8-"),
    ]


def test_a_row_of_dashes_alone_is_an_entry_without_code() -> None:
    organ = [t for t in read(fixture(NEOPLASM)) if t.path[-1] == "organ"]
    assert [(t.column, t.code) for t in organ] == [(None, None)]


def test_a_text_in_place_of_a_manifestation_code_is_a_modifier() -> None:
    term = read(fixture(NEOPLASM))[-1]
    assert (term.modifiers, term.manifestation) == ("(mouth) [invented text in brackets]", None)


@pytest.mark.parametrize(
    ("name", "old", "new", "book"),
    [
        (INDEX, "x", "x", DISEASES),
        (
            INDEX,
            "ICD-10-CM INDEX TO DISEASES and INJURIES",
            "External Cause of Injuries Index",
            EXTERNAL_CAUSES,
        ),
        (NEOPLASM, "x", "x", NEOPLASMS),
        (NEOPLASM, ">Neoplasm<", ">Substance<", DRUGS),
    ],
)
def test_the_four_books_are_told_apart(name: str, old: str, new: str, book: str) -> None:
    assert {t.book for t in read(changed(name, old, new))} == {book}


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        (INDEX, 'level="2"', 'level="3"', "level 2, found level 3"),
        (INDEX, 'level="2"', "", "level 2, found level 0"),
        (INDEX, "<title>classical</title>", "", "a title, found nothing"),
        (INDEX, "<manif>J99</manif>", "<surprise/>", "a part of a term, found <surprise>"),
        (INDEX, "A00.9", "see A00", "a code, found 'see A00'"),
        (INDEX, "INDEX TO DISEASES and INJURIES", "Invented book", "the title of an index"),
        (INDEX, "<ICD10CM.index>", '<ICD10CM.index isAddenda="true">', "a full index, found an addenda file"),
        (NEOPLASM, 'cell col="4"', 'cell col="9"', "a column with a heading, found column 9"),
        (NEOPLASM, ">C76.2<", ">none<", "Malignant Primary: expected a code, found 'none'"),
    ],
)
def test_an_index_that_breaks_its_format_is_reported(name: str, old: str, new: str, expected: str) -> None:
    with pytest.raises(ReleaseFormatError) as caught:
        read(changed(name, old, new))
    assert expected in str(caught.value)
    assert caught.value.line is not None


def test_an_index_without_terms_is_reported() -> None:
    with pytest.raises(ReleaseFormatError, match="expected main terms, found none"):
        read(b"<ICD10CM.index><version>2026</version></ICD10CM.index>")


def test_a_document_type_is_refused() -> None:
    with pytest.raises(UnsafeArchiveError):
        read(changed(INDEX, "<ICD10CM.index>", "<!DOCTYPE x><ICD10CM.index>"))


def test_the_csv_gives_the_same_records_as_the_xml() -> None:
    assert read_csv(fixture(DRUG_CSV))[0] == IndexTerm(
        book=DRUGS, edition="April 2025", path=("Absinthe",), column="Poisoning Assault", code="T51.0X3"
    )


def test_dashes_in_the_csv_are_levels_and_brackets_are_modifiers() -> None:
    found = {t.path: t.modifiers for t in read_csv(fixture(DRUG_CSV))}
    assert found == {
        ("Absinthe",): None,
        ("Absinthe", "beverage"): "(strong)",
        ("Absinthe", "beverage", "Dinitro(-ortho-)cresol"): "(strong) (s)",
        ("Acid, sour",): "(car)",
        ("Adrenalin",): None,
        ("Adrenalin", "salt"): None,
        ("Sulph-",): None,
    }


def test_references_in_the_csv_follow_the_term() -> None:
    found = {t.path: (t.see, t.see_also) for t in read_csv(fixture(DRUG_CSV)) if t.code is None}
    assert found == {("Adrenalin",): ("Adrenaline", None), ("Adrenalin", "salt"): (None, "Salt(s)")}


def test_cells_of_two_dashes_are_no_codes() -> None:
    codes = [t.code for t in read_csv(fixture(DRUG_CSV)) if t.path == ("Absinthe",)]
    assert codes == ["T51.0X3"]


def test_the_csv_may_be_utf_8() -> None:
    content = fixture(DRUG_CSV).decode("cp1252").encode("utf-8-sig")
    assert read_csv(content) == read_csv(fixture(DRUG_CSV))


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("Absinthe,T51.0X3", "expected 4 cells, found 2"),
        ("Absinthe,T51.0X3,maybe,", "Adverse effect: expected a code, found 'maybe'"),
        ("Absinthe,T51.0X3,--,T51.0X4", "expected a column with a heading, found column 4"),
        ("– – beverage,T51.0X3,--,", "expected at most 0 dashes, found 2"),
        (" ,T51.0X3,--,", "expected a substance, found ' '"),
        ("(only this),T51.0X3,--,", "expected a substance, found '(only this)'"),
        ('"' + "x" * 200_000 + '",,,', "expected comma-separated values"),
    ],
)
def test_a_row_of_the_csv_that_cannot_be_understood_is_reported(row: str, expected: str) -> None:
    heading = "Substance,Poisoning Assault,Adverse effect,\r\n"
    with pytest.raises(ReleaseFormatError) as caught:
        read_csv(f"{heading}{row}\r\n".encode("cp1252"))
    assert expected in str(caught.value)
    assert caught.value.line == 2


def test_a_csv_without_headings_is_reported() -> None:
    with pytest.raises(ReleaseFormatError, match="expected column headings"):
        read_csv(b"Absinthe,T51.0X3,--,\r\n")


def real_index(data_dir: Path, name: str) -> bytes:
    folder = data_dir / "icd10cm_index"
    if (folder / name).exists():
        return (folder / name).read_bytes()
    with ZipFile(folder / "2017_ICD10CM_FY2017_Full_XML.zip") as archive:
        return archive.read(next(n for n in archive.namelist() if n.endswith(name)))


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("name", "book", "main_terms", "terms"),
    [
        ("icd10cm_index_2017.xml", DISEASES, 7_973, 69_226),
        ("icd10cm_eindex_2017.xml", EXTERNAL_CAUSES, 314, 7_258),
        ("icd10cm-eindex-April-1-2026.xml", EXTERNAL_CAUSES, 314, 7_776),
    ],
)
def test_every_term_of_the_publishers_indexes_is_an_entry(
    data_dir: Path, name: str, book: str, main_terms: int, terms: int
) -> None:
    """A term is a ``term`` element, at any depth; the main terms are counted apart."""
    found = read(real_index(data_dir, name))
    assert {t.book for t in found} == {book}
    assert sum(len(t.path) == 1 for t in found) == main_terms
    assert sum(len(t.path) > 1 for t in found) == terms


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("name", "book", "records"),
    [
        ("icd10cm_neoplasm_2017.xml", NEOPLASMS, 9_127),
        ("icd10cm_drug_2017.xml", DRUGS, 40_190),
        ("icd10cm-neoplasm-April-1-2026.xml", NEOPLASMS, 9_138),
        ("icd10cm-drug-April-1-2026.xml", DRUGS, 40_262),
    ],
)
def test_every_cell_of_the_publishers_tables_is_an_entry(
    data_dir: Path, name: str, book: str, records: int
) -> None:
    content = real_index(data_dir, name)
    found = read(content)
    cells = Counter((cell.text or "").strip() for cell in etree.fromstring(content).iter("cell"))
    printed = cells - Counter({dash: cells[dash] for dash in ("-", "--")})
    assert Counter(t.code for t in found if t.code is not None) == printed
    assert all((t.column is None) == (t.code is None) for t in found)
    assert ({t.book for t in found}, len(found)) == ({book}, records)


@pytest.mark.realdata
def test_the_publishers_csv_agrees_with_its_xml_of_a_year_later(data_dir: Path) -> None:
    """40,114 entries of the csv; the rest differ by additions, hyphenation and rows the csv has lost."""
    csv_terms = read_csv(real_index(data_dir, DRUG_CSV))
    xml_terms = read(real_index(data_dir, "icd10cm-drug-April-1-2026.xml"))

    def counted(terms: list[IndexTerm]) -> Counter[object]:
        return Counter((t.path, t.modifiers, t.column, t.code, t.see, t.see_also) for t in terms)

    assert len(csv_terms) == 40_114
    assert sum((counted(csv_terms) & counted(xml_terms)).values()) == 39_953


@pytest.mark.realdata
def test_every_line_of_the_publishers_csv_is_an_entry(data_dir: Path) -> None:
    """7,406 lines: a title, three rows of headings, and the substances."""
    content = real_index(data_dir, DRUG_CSV)
    lines = list(csv.reader(content.decode("cp1252").splitlines()))
    substances = [line for line in lines[2:] if line != lines[1]]
    codes: list[list[str | None]] = [[c for c in line[1:] if c not in ("", "--")] for line in substances]
    found = read_csv(content)
    assert (len(lines), len(substances)) == (7_406, 7_402)
    assert [t.code for t in found] == [code for row in codes for code in row or [None]]
