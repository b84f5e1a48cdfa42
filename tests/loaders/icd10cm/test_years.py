"""Fiscal years since 2016 side by side, with the names and editions their files had."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from loaders.acquire.sources import Sources, gather
from loaders.files.reading import Reading
from loaders.icd10cm.editions import icd10cm_editions
from loaders.library import read_library
from loaders.progress import Silent
from terminology.bundle.life.lives import Life, lives
from terminology.edition import Edition
from tests.loaders.icd10cm_files import ORDER, TABULAR, fixture

LEGAL_BLINDNESS = b"H548 "
BEHCET = b"M352 "


def order(*, without: bytes = b"nothing", retitled: bytes = b"") -> bytes:
    """The order file by hand without a code, or with another title of one, numbered anew."""
    kept = [line for line in fixture(ORDER).splitlines() if not line[6:].startswith(without)]
    if retitled:
        kept = [line + b", of old" if line[6:].startswith(retitled) else line for line in kept]
    return b"".join(b"%05d%s\r\n" % (number, line[5:]) for number, line in enumerate(kept, 1))


def tabular(version: str) -> bytes:
    return fixture(TABULAR).replace(b"<version>2026<", b"<version>%s<" % version.encode())


def reading(tmp_path: Path, **files: bytes) -> Reading:
    for name, content in files.items():
        (tmp_path / f"{name}.{'xml' if b'<?xml' in content[:10] else 'txt'}").write_bytes(content)
    found, _ = gather(Sources(data=tmp_path, offline=True), Silent())
    return Reading(found, Silent())


def editions(tmp_path: Path, **files: bytes) -> dict[str, Edition]:
    return {edition.release.id: edition for edition in icd10cm_editions(reading(tmp_path, **files))}


def test_a_tabular_list_of_2016_has_no_year_in_its_name(tmp_path: Path) -> None:
    found = editions(tmp_path, icd10cm_order_2016=order(), Tabular=tabular("2016"))
    assert found["2016"].release.effective_from == date(2015, 10, 1)
    assert found["2016"].release.notices == ()


def test_a_year_without_its_tabular_list_takes_the_nearest_one(tmp_path: Path) -> None:
    files = {"icd10cm_order_2018": order(retitled=BEHCET), "icd10cm_tabular_2017": tabular("2017")}
    found = editions(tmp_path, **files, icd10cm_tabular_2026=tabular("2026"))
    assert "carried from the Tabular List of 2017" in found["2018"].release.notices[0]
    assert next(c for c in found["2018"].concepts if c.code == "M35.2").title.endswith(", of old")


def test_the_edition_of_january_2021_begins_in_january(tmp_path: Path) -> None:
    files = {"icd10cm_order_2021": order(without=LEGAL_BLINDNESS), "icd10cm-order-Jan-2021": order()}
    found = editions(tmp_path, **files, icd10cm_tabular_2021=tabular("2021"))
    assert list(found) == ["2021", "2021-01"]
    assert found["2021-01"].release.effective_from == date(2021, 1, 1)
    assert found["2021-01"].release.effective_to == date(2021, 9, 30)


@pytest.mark.parametrize("name", ["icd10cm-order-April-2022", "icd10cm_order_april_2022"])
def test_an_april_edition_is_known_by_its_name(tmp_path: Path, name: str) -> None:
    files = {"icd10cm_order_2022": order(without=LEGAL_BLINDNESS), name: order()}
    assert list(editions(tmp_path, **files, icd10cm_tabular_2022=tabular("2022"))) == ["2022", "2022-04"]


def test_a_code_lived_in_the_years_whose_files_hold_it(tmp_path: Path) -> None:
    files = {
        "icd10cm_order_2016": order(without=BEHCET),
        "icd10cm_order_2017": order(),
        "icd10cm_order_2018": order(without=LEGAL_BLINDNESS),
    }
    library = read_library(reading(tmp_path, **files, Tabular=tabular("2016")))
    found: dict[str, Life] = {life.key: life for life in lives(library)}
    (behcet,) = found["M352"].periods
    assert (behcet.start, behcet.end) == (date(2016, 10, 1), None)
    (blindness,) = found["H548"].periods
    assert (blindness.start, blindness.end) == (date(2015, 10, 1), date(2017, 9, 30))
