"""Older and translated release files, beside the folder of the others, are read whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaders.files.archive import find_source_files
from loaders.files.catalog import Format, Origin, release_files
from loaders.files.reading import Reading
from loaders.hcpcs.editions import hcpcs_editions
from loaders.icd11.editions import icd11_editions
from loaders.progress import Silent
from terminology.concept import Kind

pytestmark = pytest.mark.realdata


@pytest.fixture
def more(data_dir: Path) -> Path:
    folder = data_dir.parent / "more_data"
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there")
    return folder


def reading_of(folder: Path) -> Reading:
    return Reading(list(release_files(find_source_files(folder), Origin.DATA)), Silent())


def test_hcpcs_of_2017_and_2018_are_read_whole_and_shifted_dates_are_told(more: Path) -> None:
    reading = reading_of(more / "hcpcs")
    counts = {
        edition.release.id: sum(concept.kind is not Kind.CHAPTER for concept in edition.concepts)
        for edition in hcpcs_editions(reading)
    }
    assert counts == {"2017-01": 6498, "2018-01": 6559}
    assert "5 details are doubtful, repeated or left out" in reading.faults[0]
    assert "line 1884, asc_effective date" in reading.faults[0]


def test_spanish_and_portuguese_are_read_whole(more: Path) -> None:
    reading = reading_of(more / "icd11")
    reading.files = [f for f in reading.of(Format.ICD11_TABULATION) if f.source.name.endswith(".txt")]
    (edition,) = icd11_editions(reading)
    assert len(edition.concepts) == 36_044
    assert reading.notices == [
        "ICD-11 MMS 2024-01 in es: 33,675 of 36,044 titles are translated",
        "ICD-11 MMS 2024-01 in pt: 33,832 of 36,044 titles are translated",
    ]
