"""A bundle is built anew when its files changed, and only then."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaders.acquire.sources import Sources
from loaders.build import build_bundle
from loaders.changed import reason_to_build
from loaders.progress import Silent


@pytest.fixture
def sources(data: Path) -> Sources:
    return Sources(data=data, offline=True)


@pytest.fixture
def bundle(sources: Sources, tmp_path: Path) -> Path:
    build_bundle(sources, tmp_path / "bundle", Silent())
    return tmp_path / "bundle"


def test_the_same_files_are_no_reason(sources: Sources, bundle: Path) -> None:
    assert reason_to_build(sources, bundle) is None


@pytest.mark.parametrize("beside", ["with", "without"])
def test_a_file_that_is_not_read_is_no_reason_either(
    data: Path, fixtures: Path, tmp_path: Path, beside: str
) -> None:
    (data / "list").mkdir()
    for file in (fixtures / "icd11" / "gnuhealth").iterdir():
        (data / "list" / file.name).write_bytes(file.read_bytes())
    if beside == "without":
        for tabulation in data.rglob("SimpleTabulation*"):
            tabulation.unlink()
    sources = Sources(data=data, offline=True)
    build_bundle(sources, tmp_path / "bundle", Silent())
    assert reason_to_build(sources, tmp_path / "bundle") is None


def test_a_changed_a_new_and_a_lost_file_are_reasons(sources: Sources, bundle: Path, data: Path) -> None:
    order = data / "icd10cm" / "icd10cm_order_2026.txt"
    order.rename(data / "kept.bak")
    assert reason_to_build(sources, bundle) == "icd10cm/icd10cm_order_2026.txt is gone"
    order.write_bytes((data / "kept.bak").read_bytes() + b"\n")
    assert reason_to_build(sources, bundle) == "icd10cm/icd10cm_order_2026.txt has changed"
    order.write_bytes((data / "kept.bak").read_bytes())
    (data / "icd10cm_order_2027.txt").write_bytes(order.read_bytes())
    assert reason_to_build(sources, bundle) == "icd10cm_order_2027.txt is new"


def test_a_folder_without_a_bundle_is_a_reason(sources: Sources, tmp_path: Path) -> None:
    assert "holds no bundle" in (reason_to_build(sources, tmp_path / "none") or "")


def test_without_a_folder_of_files_a_bundle_is_kept(bundle: Path) -> None:
    assert reason_to_build(Sources(), bundle) is None
