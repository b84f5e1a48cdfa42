"""What the HCPCS files of a bundle say of a code."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from terminology.bundle.assemble import write_library
from terminology.bundle.store import Store
from terminology.claims.claim import Claim, ClaimLine, ClaimSetting
from terminology.claims.lookups.hcpcs_file import HcpcsFile, dose
from terminology.concept import Concept, Kind
from terminology.edition import Edition, Library
from terminology.graph import TerminologyGraph
from terminology.release import Release
from tests.small_library import small_library
from tests.terminology.claims.checking import checked, found, reasons


def hcpcs(year: int, *codes: tuple[str, str, str]) -> Edition:
    """A release of codes with title and coverage letter."""
    chapter = Concept("hcpcs", "J", "Drugs", Kind.CHAPTER, None)
    concepts = [
        Concept("hcpcs", code, title, Kind.CODE, "J", properties={"coverage": letter})
        for code, title, letter in codes
    ]
    release = Release("hcpcs", f"{year}-01", date(year, 1, 1), date(year, 12, 31))
    return Edition(release, [chapter, *concepts])


@pytest.fixture(scope="module")
def drugs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A bundle with two releases, in which one drug's unit and one code's coverage changed."""
    library: Library = small_library()
    library.editions = [e for e in library.editions if e.release.system != "hcpcs"]
    library.editions += [
        hcpcs(2024, ("J9901", "Injection, a drug, per 10 mg", "D"), ("J9902", "Another, 1 mg", "D")),
        hcpcs(2025, ("J9901", "Injection, a drug, 1 mg", "D"), ("J9902", "Another, 1 mg", "I")),
    ]
    folder = tmp_path_factory.mktemp("drugs")
    write_library(library, TerminologyGraph.of(library).report, folder, (), "test")
    store = Store(folder)
    yield store
    store.close()


def billed(code: str, day: date) -> Claim:
    """A claim of one line."""
    return Claim(ClaimSetting.DME, lines=(ClaimLine(code, date_of_service=day),))


def test_a_changed_unit_is_told_in_the_release_that_changed_it(drugs: Store) -> None:
    (finding,) = found("hcpcs.units_changed", billed("J9901", date(2025, 6, 1)), drugs)
    assert "was 10 mg in 2024-01 and is 1 mg now" in finding.message
    assert not found("hcpcs.units_changed", billed("J9901", date(2024, 6, 1)), drugs)
    assert not found("hcpcs.units_changed", billed("J9902", date(2025, 6, 1)), drugs)


def test_the_coverage_letter_is_that_of_the_day(drugs: Store) -> None:
    (finding,) = found("hcpcs.status", billed("J9902", date(2025, 6, 1)), drugs)
    assert "coverage code I in the HCPCS file: not payable by Medicare" in finding.message
    assert not found("hcpcs.status", billed("J9902", date(2024, 6, 1)), drugs)


def test_whether_there_are_coverage_letters_at_all_is_told(drugs: Store, claim_store: Store) -> None:
    assert checked("hcpcs.status", billed("J9902", date(2025, 6, 1)), drugs) == ["2025-01"]
    assert (
        "no HCPCS release of 2023-06-01"
        in reasons("hcpcs.status", billed("J9902", date(2023, 6, 1)), drugs)[0]
    )
    without = reasons("hcpcs.status", billed("J9901", date(2026, 8, 15)), claim_store)
    assert without == ["the HCPCS file of 2026-07 carries no coverage letters"]


def test_a_day_without_a_release_has_none(drugs: Store) -> None:
    assert HcpcsFile(drugs).on(date(2023, 12, 31)) is None
    assert HcpcsFile(drugs).on(date(2026, 1, 1)) is None


@pytest.mark.parametrize(
    ("title", "said"),
    [("Injection, per 1,000 units", "1000 unit"), ("Gel, .5 ml", "0.5 ml"), ("Office visit", None)],
)
def test_a_dose_is_a_number_and_a_unit(title: str, said: str | None) -> None:
    assert dose(title) == said
