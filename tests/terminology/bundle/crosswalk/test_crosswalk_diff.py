"""The crosswalks of two bundles, compared."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from terminology.bundle.crosswalk.crosswalk_diff import diff_crosswalks
from terminology.bundle.crosswalk.crosswalks import crosswalks
from terminology.bundle.store import Store


def test_a_bundle_does_not_differ_from_itself(store: Store) -> None:
    found = diff_crosswalks(store, store)
    assert found["same"] > 0
    assert not any(found["changes"].values())


def test_a_source_that_only_one_bundle_maps_is_told(small_bundle: Path, store: Store, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(small_bundle, other)
    with sqlite3.connect(other / "terminology.db") as database:
        database.execute("DELETE FROM crosswalk WHERE key = 'E119'")
    old = Store(other)
    found = diff_crosswalks(old, store)["changes"]
    assert [(c["code"], c["before"], c["after"]) for c in found["added"]] == [("E11.9", None, "5A11")]
    assert [c["code"] for c in diff_crosswalks(store, old)["changes"]["removed"]] == ["E11.9"]
    assert len(list(crosswalks(old))) < len(list(crosswalks(store)))
    old.close()
