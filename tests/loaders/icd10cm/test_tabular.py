"""The ICD-10-CM Tabular List: hierarchy, notes in order, 7th-character definitions."""

from __future__ import annotations

import gzip
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from loaders.icd10cm.tabular import Tabular, TabularEntry
from terminology.concept import Note, NoteKind, SeventhCharacter
from terminology.errors import ReleaseFormatError, UnsafeArchiveError
from tests.loaders.icd10cm_files import REAL_TABULARS, TABULAR, fixture, real_tabular, tabular


@pytest.fixture(scope="module")
def book() -> Tabular:
    return tabular()


def changed(old: str, new: str) -> bytes:
    content = fixture(TABULAR).decode()
    assert old in content
    return content.replace(old, new, 1).encode()


def parents(entries: dict[str, TabularEntry]) -> dict[str, str | None]:
    return {entry.code: entry.parent for entry in entries.values()}


def test_the_version_is_read(book: Tabular) -> None:
    assert book.version == "2026"


def test_chapters_are_known_by_their_number_and_keep_their_range_apart(book: Tabular) -> None:
    chapter = book.chapters["1"]
    assert list(book.chapters) == ["1", "2", "7", "13", "19"]
    assert chapter.title == "Certain infectious and parasitic diseases"
    assert chapter.properties == {"range": "A00-B99"}
    assert chapter.parent is None


def test_a_section_of_one_category_is_not_mistaken_for_the_category(book: Tabular) -> None:
    section, category = book.sections["B10-B10"], book.diags["B10"]
    assert (section.title, section.properties) == ("Other human herpesviruses", {"range": "B10"})
    assert (category.code, category.parent) == ("B10", "B10-B10")


def test_sections_stand_in_the_section_that_spans_them(book: Tabular) -> None:
    assert parents(book.sections) == {
        "A00-A09": "1",
        "B10-B10": "1",
        "C00-C96": "2",
        "C00-C14": "C00-C96",
        "H53-H54": "7",
        "M30-M36": "13",
        "T51-T65": "19",
        "T66-T78": "19",
    }


def test_codes_stand_below_the_code_they_are_nested_in(book: Tabular) -> None:
    below_t52 = {code: parent for code, parent in parents(book.diags).items() if code.startswith("T52")}
    assert below_t52 == {"T52": "T51-T65", "T52.8": "T52", "T52.8X": "T52.8", "T52.8X1": "T52.8X"}


def test_notes_keep_their_order_and_lose_their_line_breaks(book: Tabular) -> None:
    assert book.diags["A00"].notes == (
        Note(NoteKind.EXCLUDES1, "invented note one"),
        Note(NoteKind.EXCLUDES1, "invented note two"),
        Note(NoteKind.USE_ADDITIONAL, "invented note: add this"),
        Note(NoteKind.USE_ADDITIONAL, "invented note: and add that"),
        Note(NoteKind.CODING_NOTE, "invented note: read me"),
    )


def test_every_kind_of_note_is_told_apart(book: Tabular) -> None:
    assert [note.kind for note in book.diags["A000"].notes] == [
        NoteKind.INCLUSION_TERM,
        NoteKind.CODE_FIRST,
        NoteKind.CODE_ALSO,
    ]


def test_chapters_and_sections_have_notes_too(book: Tabular) -> None:
    assert book.chapters["1"].notes == (Note(NoteKind.INCLUDES, "invented note: what spreads"),)
    assert book.sections["A00-A09"].notes == (
        Note(NoteKind.EXCLUDES2, "invented note: something else (Z99.-)"),
    )


def test_seventh_characters_stand_at_the_code_that_defines_them(book: Tabular) -> None:
    assert book.diags["T52"].seventh_characters == (
        SeventhCharacter("A", "initial encounter"),
        SeventhCharacter("D", "subsequent encounter"),
        SeventhCharacter("S", "sequela"),
    )
    assert book.diags["T528X1"].seventh_characters == ()


@pytest.mark.parametrize("key", ["T52", "T528X1", "T528X1A"])
def test_seventh_characters_hold_for_everything_below(book: Tabular, key: str) -> None:
    assert [c.character for c in book.seventh_characters(key)] == ["A", "D", "S"]


def test_a_code_below_no_definition_has_no_seventh_characters(book: Tabular) -> None:
    assert book.seventh_characters("A000") == ()


def test_seventh_characters_of_a_whole_section_hold_for_its_codes() -> None:
    content = changed(
        "<desc>Intestinal infectious diseases (A00-A09)</desc>",
        "<desc>Intestinal infectious diseases (A00-A09)</desc>"
        '<sevenChrDef><extension char="A">invented</extension></sevenChrDef>',
    )
    assert tabular(content).seventh_characters("A000") == (SeventhCharacter("A", "invented"),)


def test_what_is_printed_with_seventh_characters_is_a_coding_note(book: Tabular) -> None:
    assert book.diags["T52"].notes == (
        Note(NoteKind.CODING_NOTE, "invented note: a 7th character is needed"),
        Note(NoteKind.CODING_NOTE, "7th character S: invented inclusion term of sequela"),
    )


def test_the_table_of_visual_impairment_is_put_into_words(book: Tabular) -> None:
    assert book.diags["H548"].notes == (
        Note(
            NoteKind.CODING_NOTE,
            "Degree of impairment 1: acuity measured at most 6/18, at least 6/60; at most 20/70",
        ),
        Note(NoteKind.CODING_NOTE, "Degree of impairment 5: acuity measured not measurable"),
    )


def test_codes_that_hold_a_place_for_x_are_marked(book: Tabular) -> None:
    assert [e.code for e in book.diags.values() if e.properties == {"placeholder": "true"}] == ["T52.8X"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("<name>A00.9</name>", "<name>A00.0</name>", "every code once, found A00.0 again"),
        ("<name>A00.9</name>", "<name>A01.9</name>", "a code that belongs under A00, found A01.9"),
        ("<name>A00</name>", "<name>A00.1</name>", "a code that belongs under A00-A09, found A00.1"),
        ("<name>A00.9</name>", "<name>a-9</name>", "a code, found 'a-9'"),
        ("<name>A00.9</name>", "", "<name> with text in <diag>, found nothing"),
        ("<desc>Cholera</desc>", "<desc> </desc>", "<desc> with text in <diag>, found nothing"),
        ('<section id="B10">', "<section>", "a section id such as A00-A09, found ''"),
        ("<name>2</name>", "<name>1</name>", "every chapter once, found 1 again"),
        ("Neoplasms (C00-D49)", "Neoplasms", "a chapter title ending in its range, found 'Neoplasms'"),
        ("<codeAlso>", "<surprise/><codeAlso>", "an element of icd10cm_tabular.xsd, found <surprise>"),
        ('<extension char="D">', "<extension>", "a 7th character and its meaning"),
        ("<ICD10CM.tabular>", '<ICD10CM.tabular isAddenda="true">', "a full Tabular List, found an addenda"),
    ],
)
def test_a_book_that_breaks_its_schema_is_reported(old: str, new: str, expected: str) -> None:
    with pytest.raises(ReleaseFormatError) as caught:
        tabular(changed(old, new))
    assert expected in str(caught.value)
    assert caught.value.line is not None


def test_a_fault_is_reported_with_its_line() -> None:
    line = fixture(TABULAR).decode().splitlines().index("        <name>A00</name>") + 1
    with pytest.raises(ReleaseFormatError) as caught:
        tabular(changed("<name>A00</name>", "<name>A00.1</name>"))
    assert caught.value.line == line - 1  # the line of <diag>


def test_a_book_without_codes_is_reported() -> None:
    with pytest.raises(ReleaseFormatError, match="expected chapters, sections and codes, found none"):
        tabular(b"<ICD10CM.tabular><version>2026</version></ICD10CM.tabular>")


def test_another_document_is_reported() -> None:
    with pytest.raises(ReleaseFormatError, match=r"root element <ICD10CM\.tabular>, found <ICD10CM\.index>"):
        tabular(b"<ICD10CM.index/>")


def test_a_document_type_is_refused() -> None:
    with pytest.raises(UnsafeArchiveError):
        tabular(changed("<ICD10CM.tabular>", "<!DOCTYPE x><ICD10CM.tabular>"))


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("edition", "sections", "diags", "elements"),
    [
        ("April 2026", 297, 46_881, (6_809, 2_644, 1_165, 508)),
        ("April 2025", 296, 46_498, (6_748, 2_641, 1_127, 508)),
    ],
)
def test_every_element_of_the_publishers_book_is_read(
    data_dir: Path, edition: str, sections: int, diags: int, elements: tuple[int, ...]
) -> None:
    """Counted twice: in the XML as it stands, elements and the notes in them, and in what was read."""
    found = real_tabular(data_dir, edition)
    with gzip.open(data_dir / "icd10cm" / REAL_TABULARS[edition]) as file:
        root = etree.fromstring(file.read())
    tags = Counter(element.tag for element in root.iter())
    assert (tags["chapter"], tags["section"], tags["diag"]) == (22, sections, diags)
    assert tuple(tags[t] for t in ("inclusionTerm", "excludes1", "excludes2", "sevenChrDef")) == elements
    assert (len(found.chapters), len(found.sections), len(found.diags)) == (22, sections, diags)
    entries = [*found.chapters.values(), *found.sections.values(), *found.diags.values()]
    notes = Counter(note.kind for entry in entries for note in entry.notes)
    printed = Counter(element.getparent().tag for element in root.iter("note"))  # type: ignore[union-attr]
    for kind, tag in {
        NoteKind.INCLUDES: "includes",
        NoteKind.INCLUSION_TERM: "inclusionTerm",
        NoteKind.EXCLUDES1: "excludes1",
        NoteKind.EXCLUDES2: "excludes2",
        NoteKind.CODE_FIRST: "codeFirst",
        NoteKind.USE_ADDITIONAL: "useAdditionalCode",
        NoteKind.CODE_ALSO: "codeAlso",
    }.items():
        assert notes[kind] == printed[tag], tag
    table_rows = len(root.findall(".//visCategory/value"))
    coding = printed["notes"] + printed["sevenChrNote"] + printed["sevenChrDef"] + table_rows
    assert notes[NoteKind.CODING_NOTE] == coding
    assert sum(bool(e.seventh_characters) for e in entries) == tags["sevenChrDef"]
    assert sum(len(e.seventh_characters) for e in entries) == tags["extension"]
    assert sum(e.placeholder for e in entries) == len(root.findall(".//diag[@placeholder='true']"))
