"""The table of the publishers' addresses."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from loaders.acquire.publishers import publications
from terminology.errors import DataNotAvailableError, InvalidRequestError, UnknownSystemError


def test_every_publication_has_a_place_of_its_own() -> None:
    places = [row.place for row in publications(older=True)]
    assert len(places) == len(set(places))


def test_every_address_is_https_and_names_a_plain_file() -> None:
    for row in publications(older=True):
        assert row.url.startswith("https://"), row
        assert "/" not in row.filename, row
        assert row.listed_on.startswith("https://"), row
        assert row.sha256 is None or len(row.sha256) == 64, row


def test_publications_are_chosen_by_system() -> None:
    assert {row.system for row in publications(["icd-11", "hcpcs"])} == {"icd-11", "hcpcs"}
    assert {row.system for row in publications()} == {"icd-10-cm", "icd-11", "icd-10", "hcpcs"}


def test_each_fiscal_year_from_2024_has_its_code_descriptions() -> None:
    offered = {row.release for row in publications(["icd-10-cm"]) if "code descriptions" in row.content}
    assert {"2024", "2025", "2026", "2027"} <= offered


def test_older_editions_are_offered_on_request() -> None:
    assert set(publications(["hcpcs"])) < set(publications(["hcpcs"], older=True))


def test_an_unknown_system_is_refused() -> None:
    with pytest.raises(UnknownSystemError):
        publications(["icd-9"])


def test_cpt_is_never_fetched() -> None:
    with pytest.raises(DataNotAvailableError, match="licence"):
        publications(["cpt"])


def test_tables_of_claim_checks_are_offered_when_asked_for_and_say_what_needs_a_licence() -> None:
    edits = publications(["edits"])
    licensed = {row.content.split(",")[0] for row in edits if "licence" in row.by_hand}
    assert {"NCCI pairs", "NCCI medically unlikely edits", "OPPS Addendum B"} <= licensed
    assert not {row.system for row in publications()} & {"edits"}


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("place", "file"),
    [
        ("icd-10-cm/2025/2025-code-descriptions-tabular-order.zip", "icd10cm/cms_2025_dx.zip"),
        ("icd-10-cm/2026/2026-code-descriptions-tabular-order.zip", "icd10cm/cms_2026_dx.zip"),
        (
            "icd-11/2024-01/SimpleTabulation-ICD-11-MMS-en.zip",
            "icd11/2024-01/SimpleTabulation-ICD-11-MMS-en.zip",
        ),
    ],
)
def test_expected_checksums_are_those_of_the_real_files(data_dir: Path, place: str, file: str) -> None:
    expected = {row.place.as_posix(): row.sha256 for row in publications(older=True)}
    assert expected[place] == hashlib.sha256((data_dir / file).read_bytes()).hexdigest()


def test_translations_stand_beside_the_english_tabulation_and_are_not_verified() -> None:
    plain, more = publications(["icd-11"]), publications(["icd-11"], languages=["es"])
    spanish = set(more) - set(plain)
    assert spanish
    for row in spanish:
        assert row.url.endswith("/SimpleTabulation-ICD-11-MMS-es.zip")
        assert (row.filename, row.verified, row.sha256) == (row.url.rsplit("/", 1)[-1], False, None)


def test_a_language_that_is_no_tag_is_refused() -> None:
    with pytest.raises(InvalidRequestError, match="is no language"):
        publications(["icd-11"], languages=["../es"])
