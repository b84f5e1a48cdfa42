"""Lists that are cut off are noticed by their counts."""

from __future__ import annotations

from datetime import date

import pytest

from loaders.completeness import check_complete
from terminology.concept import Concept, Kind
from terminology.edition import Edition
from terminology.errors import ReleaseFormatError
from terminology.release import Release


def edition(system: str, release: str, count: int) -> Edition:
    concepts = [Concept(system, f"C{n}", "a title", Kind.CODE, None) for n in range(count)]
    return Edition(Release(system, release, date(2025, 10, 1), None, ("file.txt",)), concepts)


def test_a_list_of_half_its_entries_is_refused() -> None:
    with pytest.raises(ReleaseFormatError, match=r"file.txt: expected 98,186 entries \(CMS .* found 49,944"):
        list(check_complete([edition("icd-10-cm", "2026", 49_944)]))


def test_a_whole_list_passes() -> None:
    assert list(check_complete([edition("icd-10-cm", "2026", 98_186)])) == []


def test_a_handful_of_codes_is_told_to_be_a_sample() -> None:
    (told,) = check_complete([edition("icd-11", "2025-01", 15)])
    assert told.startswith("icd-11 2025-01: 15 entries, a sample of the 36,782 there are")


def test_a_release_without_published_count_is_compared_with_its_neighbour() -> None:
    with pytest.raises(ReleaseFormatError, match="release 2020-01 has as many"):
        list(check_complete([edition("hcpcs", "2021-01", 5_000)]))
    assert list(check_complete([edition("hcpcs", "2021-01", 7_000)])) == []
