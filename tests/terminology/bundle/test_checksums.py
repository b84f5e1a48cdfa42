"""A bundle is the files its manifest lists, byte for byte."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from terminology.bundle.checksums import check_files, damaged_files, seal
from terminology.bundle.manifest import DATABASE, MANIFEST, Manifest
from terminology.errors import BundleError
from tests.sealed_bundle import sealed_copy


@pytest.fixture
def sealed(small_bundle: Path, tmp_path: Path) -> Path:
    return sealed_copy(small_bundle, tmp_path / "bundle")


def test_a_whole_bundle_passes(sealed: Path) -> None:
    manifest = Manifest.read(sealed)
    check_files(sealed, manifest)
    held = {path.relative_to(sealed).as_posix() for path in sealed.rglob("*") if path.is_file()}
    assert set(manifest.files) == held - {MANIFEST}


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def link(path: Path) -> None:
    path.rename(path.with_suffix(".real"))
    path.symlink_to(path.with_suffix(".real"))


def folder_instead(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES: dict[str, Callable[[Path], object]] = {
    "a flipped bit": flip,
    "a missing file": Path.unlink,
    "a cut file": lambda path: os.truncate(path, 1),
    "an empty file": lambda path: path.write_bytes(b""),
    "a link": link,
    "a folder": folder_instead,
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("part", ["terminology.db", "search/lexicon.tsv", "crosswalk.parquet"])
def test_any_damage_to_any_file_is_found_and_named(sealed: Path, damage: str, part: str) -> None:
    DAMAGES[damage](sealed / part)
    assert part in [fault.path for fault in damaged_files(sealed, Manifest.read(sealed).files)]
    with pytest.raises(BundleError, match="is damaged"):
        check_files(sealed, Manifest.read(sealed))


def test_a_file_that_is_not_the_bundles_is_found(sealed: Path) -> None:
    (sealed / "search" / "more.npy").write_bytes(b"x")
    faults = [str(fault) for fault in damaged_files(sealed, Manifest.read(sealed).files)]
    assert faults == ["search/more.npy is no file of this bundle"]


@pytest.mark.parametrize("path", ["../outside", "/etc/hostname", ""])
def test_a_manifest_that_names_files_elsewhere_is_refused(sealed: Path, path: str) -> None:
    faults = list(damaged_files(sealed, {path: "0" * 64, **Manifest.read(sealed).files}))
    assert [fault.reason for fault in faults] == ["is no path in a bundle"]


def test_the_manifest_of_another_bundle_is_refused(sealed: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(sealed, tmp_path / "other"))
    flip(other / DATABASE)
    seal(other, Manifest.read(other))
    shutil.copy(other / MANIFEST, sealed / MANIFEST)
    with pytest.raises(BundleError, match=DATABASE):
        check_files(sealed, Manifest.read(sealed))


def test_a_bundle_without_checksums_says_what_to_do(small_bundle: Path) -> None:
    with pytest.raises(BundleError, match="teneleven build"):
        check_files(small_bundle, Manifest.read(small_bundle))
