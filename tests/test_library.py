"""The face for Python programs."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

import teneleven as te
from teneleven.library import OpenBundle
from terminology.bundle.life.code_list import ListStatus
from terminology.errors import BundleError, CodeNotValidError, InvalidRequestError, UnknownCodeError

PAGE = Path(__file__).parent.parent / "docs" / "python.md"


@pytest.fixture
def bundle(small_bundle: Path) -> Iterator[OpenBundle]:
    with te.open(small_bundle) as opened:
        yield opened


def test_importing_the_package_loads_none_of_its_rooms() -> None:
    program = "import sys, teneleven; print([m for m in sys.modules if m in ('click', 'pyarrow', 'flask')])"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_a_folder_that_is_no_bundle_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleError):
        te.open(tmp_path)


def test_a_code_is_looked_up_on_a_day(bundle: OpenBundle) -> None:
    assert bundle.lookup("e119").title == "Type 2 diabetes mellitus without complications"
    with pytest.raises(CodeNotValidError) as refused:
        bundle.lookup("E11.8", on=date(2026, 11, 2))
    assert refused.value.successors == ("E11.A",)
    with pytest.raises(UnknownCodeError):
        bundle.lookup("Q99.99Q")


@pytest.mark.parametrize("on", ["2026-11-02", datetime(2026, 11, 2, 8, 30)])
def test_a_day_may_be_text_or_a_point_in_time(on: str | datetime, bundle: OpenBundle) -> None:
    (listed,) = bundle.validate(["E11.8"], on=on)
    assert listed.status is ListStatus.RETIRED
    with pytest.raises(CodeNotValidError):
        bundle.lookup("E11.8", on=on)
    assert bundle.map_column(["E11.9"], on=on).num_rows == 1
    with pytest.raises(InvalidRequestError, match="found 'tomorrow'"):
        bundle.lookup("E11.8", on="tomorrow")


def test_codes_are_validated_in_order_and_any_number(bundle: OpenBundle) -> None:
    listed = bundle.validate(["E11.9", "E11"] * 6000, on=date(2026, 11, 2))
    assert len(listed) == 12_000
    assert [each.status for each in listed[-2:]] == [ListStatus.VALID, ListStatus.NOT_BILLABLE]


def test_words_find_codes_and_nonsense_none(bundle: OpenBundle) -> None:
    found = bundle.search("type 2 diabetes", system="icd-10-cm")
    assert found.results[0].code.startswith("E11")
    assert bundle.autocode("zorbian wobble").result is None


def test_a_code_is_mapped_there_and_back(bundle: OpenBundle) -> None:
    target = bundle.map("S52.501A").recommended
    assert target is not None
    assert (target.stem, target.extensions) == ("NC32.5", ("XK9K",))
    back = bundle.map(target.expression, "icd-11", "icd-10-cm").recommended
    assert back is not None
    assert back.expression == "S52.501A"
    assert bundle.sources(target.expression)[0].code == "S52.501A"


@pytest.mark.parametrize(
    "column",
    [
        ["E11.9", None, "Q99.99Q", "E11.9"],
        pd.Series(["E11.9", None, "Q99.99Q", "E11.9"], dtype="object"),
        pd.Series(["E11.9", None, "Q99.99Q", "E11.9"], dtype="category"),
        pa.chunked_array([["E11.9", None], ["Q99.99Q", "E11.9"]]),
        pa.array(["E11.9", None, "Q99.99Q", "E11.9"]).dictionary_encode(),
        pa.array(["E11.9", None, "Q99.99Q", "E11.9"], pa.large_string()),
    ],
    ids=["list", "pandas", "category", "chunks", "dictionary", "large"],
)
def test_a_column_is_mapped_to_arrow_row_for_row(bundle: OpenBundle, column: object) -> None:
    table = bundle.map_column(column)
    assert table["icd11_status"].to_pylist() == ["mapped", "no-code", "unknown-code", "mapped"]
    assert table["icd11_expression"].to_pylist()[0].startswith("5A11")
    assert b"World Health Organization" in table.schema.metadata[b"attribution"]


def test_a_column_is_mapped_as_of_a_day(bundle: OpenBundle) -> None:
    statuses = [bundle.map_column(["E11.8"], on)["icd11_status"][0].as_py() for on in DAYS]
    assert statuses[0] == "mapped"
    assert statuses[1] in ("retired", "merged", "split")


DAYS = (date(2026, 1, 1), date(2026, 11, 2))


def test_an_empty_column_is_an_empty_table(bundle: OpenBundle) -> None:
    assert bundle.map_column([]).num_rows == 0


def test_an_expression_is_validated_and_said_in_words(bundle: OpenBundle) -> None:
    assert bundle.cluster("NC32.5&XK9K").valid
    assert not bundle.cluster("NC32.5&XX99").valid
    assert bundle.describe("NC32.5&XK9K") == "Fracture of lower end of radius [Right]"


def test_a_claim_is_checked_and_what_was_not_is_told(bundle: OpenBundle) -> None:
    claim = {"setting": "professional", "date_of_service": "2026-11-02", "diagnoses": ["E11"]}
    report = bundle.check(claim)
    assert "dx.not_billable" in {finding.edit for finding in report.findings}
    assert report.not_checked


def test_the_whole_crosswalk_is_a_table_with_attribution(bundle: OpenBundle) -> None:
    table = bundle.crosswalk_table()
    assert "source_code" in table.column_names
    assert b"no official map" in table.schema.metadata[b"attribution"]


def test_threads_share_an_open_bundle(bundle: OpenBundle) -> None:
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(bundle.search, "type 2 diabetes", "icd-10-cm") for _ in range(40)]
        mapped = [pool.submit(bundle.map, "E11.9") for _ in range(40)]
        assert len({each.result().results for each in asked}) == 1
        assert len({each.result() for each in mapped}) == 1


def test_the_examples_of_the_page_run(small_bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert len(blocks) >= 5
    monkeypatch.chdir(small_bundle.parent)
    names: dict[str, object] = {}
    for block in blocks:
        exec(block.replace('te.open("bundle")', f"te.open({str(small_bundle)!r})"), names)


class Series:
    """A series as polars has it: read by ``to_arrow``, of large texts."""

    def to_arrow(self) -> pa.Array:
        return pa.array(["E11.9", None], pa.large_string())


def test_a_series_that_arrow_can_be_made_of_is_a_column(bundle: OpenBundle) -> None:
    assert bundle.map_column(Series())["icd11_status"].to_pylist() == ["mapped", "no-code"]


@pytest.mark.parametrize("column", ["E11.9", [["E11.9"]], 5])
def test_what_is_no_column_is_refused(bundle: OpenBundle, column: object) -> None:
    with pytest.raises(InvalidRequestError, match="column"):
        bundle.map_column(column)


def test_a_list_of_codes_may_have_empty_cells_and_is_no_text(bundle: OpenBundle) -> None:
    found = bundle.validate(["E11.9", None, float("nan")])  # type: ignore[list-item]
    assert [each.status for each in found] == ["valid", "not-found", "not-found"]
    series = pd.Series(["E11.9", pd.NA], dtype="string")
    assert [each.status for each in bundle.validate(series)] == ["valid", "not-found"]
    with pytest.raises(InvalidRequestError, match="codes"):
        bundle.validate("E11.9")


@pytest.mark.parametrize("ask", ["lookup", "map", "search", "autocode"])
def test_what_is_asked_for_is_a_text(bundle: OpenBundle, ask: str) -> None:
    with pytest.raises(InvalidRequestError, match="NoneType"):
        getattr(bundle, ask)(None)
