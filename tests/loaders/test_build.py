"""From a folder of release files to a bundle in its place."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
import time
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from loaders.acquire.sources import Sources
from loaders.build import Outcome, build_bundle
from terminology.bundle.concepts.release_diff import diff_releases
from terminology.bundle.store import Store
from terminology.errors import DataNotAvailableError, ReleaseFormatError, UnsafeArchiveError

TENELEVEN = str(Path(sys.executable).with_name("teneleven"))


@dataclass
class Told:
    """A progress that remembers."""

    stages: list[str] = field(default_factory=list)
    begun: list[str] = field(default_factory=list)
    read: dict[str, int] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)

    def stage(self, title: str) -> None:
        self.stages.append(title)

    def file_begun(self, label: str, format_name: str) -> None:
        self.begun.append(label)

    def file_read(self, label: str, records: int) -> None:
        self.read[label] = records

    def transferred(self, name: str, received: int, total: int | None) -> None:
        raise AssertionError("an offline build transfers nothing")

    def advanced(self, what: str, done: int, total: int) -> None:
        assert 0 < done <= total

    def notice(self, text: str) -> None:
        self.notices.append(text)


def build(data: Path, bundle: Path, told: Told | None = None) -> Outcome:
    return build_bundle(Sources(data=data, offline=True), bundle, told or Told())


def test_every_release_file_is_read_and_accounted_for(data: Path, tmp_path: Path) -> None:
    told = Told()
    outcome = build(data, tmp_path / "bundle", told)
    assert sorted(told.read) == sorted(told.begun)
    read = {Path(label).name for label in told.read}
    passed_over = {p.name for p in data.rglob("*") if p.is_file() and not p.name.startswith(".")} - read
    for name in passed_over:
        assert any(name in notice for notice in told.notices), name
    systems = {record.system for record in outcome.manifest.releases}
    assert systems == {"icd-10-cm", "icd-11", "icd-10", "hcpcs", "cpt"}
    assert all(source.records for source in outcome.manifest.sources)


def test_a_bundle_answers_from_what_was_read(data: Path, tmp_path: Path) -> None:
    build(data, tmp_path / "bundle")
    store = Store(tmp_path / "bundle")
    for system in store.systems():
        code = next(code for code, _, kind, _ in store.codes(system) if kind not in ("chapter", "block"))
        assert store.concept(system, code).path[0].kind == "chapter"
    store.close()


def test_the_same_files_give_the_same_content_hash(data: Path, tmp_path: Path) -> None:
    one, two = (build(data, tmp_path / name).manifest for name in ("one", "two"))
    assert one.content_hash == two.content_hash


def test_zipped_and_gzipped_files_give_the_same_content(data: Path, tmp_path: Path) -> None:
    plain = build(data, tmp_path / "plain").manifest.content_hash
    order = data / "icd10cm" / "icd10cm_order_2026.txt"
    with zipfile.ZipFile(data / "icd10cm" / "dx.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(order, "deep/in/it/icd10cm_order_2026.txt")
    order.unlink()
    tabular = data / "icd10cm" / "icd10cm-tabular-April-2026.xml"
    (tabular.parent / f"{tabular.name}.gz").write_bytes(gzip.compress(tabular.read_bytes()))
    tabular.unlink()
    assert build(data, tmp_path / "packed").manifest.content_hash == plain


def test_a_second_order_file_with_other_content_is_the_april_edition(data: Path, tmp_path: Path) -> None:
    october = data / "icd10cm" / "icd10cm_order_2026.txt"
    lines = october.read_text().splitlines(keepends=True)
    april = data / "icd10cm" / "april" / "icd10cm_order_2026.txt"
    april.parent.mkdir()
    april.write_text("".join(lines[:-1]) + lines[-1].rstrip() + " changed\n")
    os.utime(october, (1, 1))
    build(data, tmp_path / "bundle")
    store = Store(tmp_path / "bundle")
    assert [r.id for r in store.releases("icd-10-cm")] == ["2026", "2026-04"]
    assert len(diff_releases(store, "icd-10-cm", "2026", "2026-04").retitled) == 1


def test_a_second_order_file_with_the_same_content_is_said_and_passed_over(
    data: Path, tmp_path: Path
) -> None:
    copy = data / "icd10cm" / "copy" / "icd10cm_order_2026.txt"
    copy.parent.mkdir()
    shutil.copy(data / "icd10cm" / "icd10cm_order_2026.txt", copy)
    told = Told()
    outcome = build(data, tmp_path / "bundle", told)
    assert [r.release for r in outcome.manifest.releases if r.system == "icd-10-cm"] == ["2026"]
    assert any("same content" in notice for notice in told.notices)


def test_a_folder_without_release_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "readme.txt").write_text("hello")
    with pytest.raises(DataNotAvailableError, match="no release file"):
        build(tmp_path / "data", tmp_path / "bundle")
    with pytest.raises(DataNotAvailableError, match="no such folder"):
        build(tmp_path / "nowhere", tmp_path / "bundle")


def test_links_are_not_followed_and_said(data: Path, tmp_path: Path) -> None:
    linked = tmp_path / "linked"
    linked.mkdir()
    order = data / "icd10cm" / "icd10cm_order_2026.txt"
    (linked / order.name).symlink_to(order)
    with pytest.raises(DataNotAvailableError, match=r"1 symbolic links in .* not followed; copy"):
        build(linked, tmp_path / "bundle")
    (data / "more.txt").symlink_to(order)
    told = Told()
    build(data, tmp_path / "bundle", told)
    assert any("not followed" in notice for notice in told.notices)


def test_codes_without_a_tabular_list_are_refused(data: Path, tmp_path: Path) -> None:
    (data / "icd10cm" / "icd10cm-tabular-April-2026.xml").unlink()
    with pytest.raises(DataNotAvailableError, match="Tabular List"):
        build(data, tmp_path / "bundle")


def test_a_malformed_file_leaves_the_old_bundle(data: Path, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    before = build(data, bundle).manifest.content_hash
    order = data / "icd10cm" / "icd10cm_order_2026.txt"
    order.write_text(order.read_text() + "garbage\n")
    with pytest.raises(ReleaseFormatError) as fault:
        build(data, bundle)
    assert "icd10cm_order_2026.txt" in fault.value.path
    assert fault.value.line == len(order.read_text().splitlines())
    store = Store(bundle)
    assert store.content_hash == before
    assert [p.name for p in tmp_path.iterdir() if "building" in p.name] == []


def test_a_truncated_zip_is_named(data: Path, tmp_path: Path) -> None:
    whole = tmp_path / "whole.zip"
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("icd10cm_order_2027.txt", os.urandom(5000))
    (data / "cms_2027_dx.zip").write_bytes(whole.read_bytes()[:3000])
    with pytest.raises(UnsafeArchiveError, match=r"cms_2027_dx\.zip.*truncated"):
        build(data, tmp_path / "bundle")


def test_dangling_rows_are_listed(data: Path, tmp_path: Path) -> None:
    outcome = build(data, tmp_path / "bundle")
    assert outcome.manifest.counts["dangling"] == len(outcome.dangling) > 0
    assert {row.end for row in outcome.dangling} <= {"source", "target"}


def test_packages_stand_in_where_there_is_no_icd10cm(data: Path, tmp_path: Path) -> None:
    """The real package: 98,186 codes of April 2026 from the Tabular List it carries."""
    shutil.rmtree(data / "icd10cm")
    for name in ("who_maps", "icd_api", "hcpcs", "CPT 2026", "icd11", "icd10"):
        shutil.rmtree(data / name)
    told = Told()
    sources = Sources(data=None, downloads=tmp_path / "downloads", offline=True)
    outcome = build_bundle(sources, tmp_path / "bundle", told)
    record = next(r for r in outcome.manifest.releases if r.system == "icd-10-cm")
    assert record.counts["code"] == record.counts["billable"] == 74_719
    assert any("ICD-11 is not loaded" in notice for notice in told.notices)
    assert any("HCPCS" in notice for notice in told.notices)


def test_a_build_killed_at_any_stage_leaves_a_whole_bundle(data: Path, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    command = [TENELEVEN, "build", "--data", str(data), "--bundle", str(bundle), "--offline"]
    subprocess.run(command, check=True, capture_output=True)
    before = {path.name for path in bundle.iterdir()}
    whole = Store(bundle)
    for seconds in (0.4, 0.9, 1.4):
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(seconds)
        running.kill()
        running.wait()
        # the old bundle, or the new one where its last step was done
        left = Store(bundle)
        assert left.content_hash == whole.content_hash
        assert [*left.codes("icd-10-cm")] == [*whole.codes("icd-10-cm")]
        assert {path.name for path in bundle.iterdir()} == before
        left.close()
    whole.close()
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0


def test_two_builds_at_once_both_succeed(data: Path, tmp_path: Path) -> None:
    command = [TENELEVEN, "build", "--data", str(data), "--bundle", str(tmp_path / "bundle"), "--offline"]
    builds = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    outputs = [build.communicate(timeout=300)[1] for build in builds]
    assert [build.returncode for build in builds] == [0, 0], outputs
    Store(tmp_path / "bundle").close()
