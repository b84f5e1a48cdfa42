"""A bundle is data: opening one that somebody else made runs nothing of theirs."""

from __future__ import annotations

import os
import pickle
import shutil
from io import BytesIO
from pathlib import Path

import pytest
from whoosh.codec import whoosh3
from whoosh.filedb import structfile

from indexes.disk.broad import BroadIndex
from indexes.disk.pickles import read_bytes, read_data
from terminology.errors import BundleError


class Hostile:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, ("ran",)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickle_that_runs_code_is_refused(
    protocol: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    data = pickle.dumps({"segments": [Hostile()]}, protocol)
    for read in (read_bytes, lambda d: read_data(BytesIO(d))):
        with pytest.raises(BundleError, match="no data"):
            read(data)
    assert not (tmp_path / "ran").exists()


def test_plain_data_is_read() -> None:
    data = {"a": [1, 2.5, "x", b"y", (None, True)], "b": {3}}
    assert read_bytes(pickle.dumps(data)) == data


def test_whoosh_reads_by_no_other_way() -> None:
    assert vars(structfile)["load"] is read_data
    assert vars(whoosh3)["loads"] is read_bytes


def test_a_foreign_index_is_opened_without_running_what_it_names(
    small_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = Path(shutil.copytree(small_bundle / "search" / "whoosh", tmp_path / "whoosh"))
    contents = next(folder.glob("*.toc"))
    whole = contents.read_bytes()
    at = whole.rindex(b"\x80\x05") if b"\x80\x05" in whole else whole.rindex(b"\x80\x04")
    contents.write_bytes(whole[:at] + pickle.dumps(Hostile()))
    with pytest.raises(BundleError, match="no data"):
        BroadIndex(folder)
    assert not (tmp_path / "ran").exists()
