"""The same release files give the same search index, file by file and byte by byte."""

from __future__ import annotations

import shutil
from pathlib import Path

from indexes.documents.bundle_input import index_bundle
from terminology.bundle.checksums import sha256_of


def files_of(folder: Path) -> dict[str, str]:
    return {str(p.relative_to(folder)): sha256_of(p) for p in folder.rglob("*") if p.is_file()}


def test_an_index_made_again_is_the_same(small_bundle: Path, tmp_path: Path) -> None:
    bundle = shutil.copytree(small_bundle, tmp_path / "bundle")
    shutil.rmtree(bundle / "search")
    index_bundle(bundle)
    assert files_of(bundle / "search") == files_of(small_bundle / "search")
