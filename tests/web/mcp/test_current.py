"""A bundle that is exchanged under the MCP server is taken up, a broken one is not."""

from __future__ import annotations

import logging
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from terminology.bundle.assemble import write_library
from terminology.bundle.manifest import MANIFEST
from terminology.graph import TerminologyGraph
from tests.small_library import small_library
from web.mcp.current import CurrentBundle


def without_older_releases(folder: Path) -> Path:
    """A bundle that differs from the small one."""
    library = small_library()
    library = replace(library, editions=library.editions[1:])
    folder.mkdir()
    write_library(library, TerminologyGraph.of(library).report, folder, (), "test")
    return folder


def exchange(place: Path, other: Path) -> None:
    place.rename(place.with_name("before"))
    other.rename(place)


def test_an_exchanged_bundle_is_taken_up_and_answers_under_way_keep_theirs(
    small_bundle: Path, tmp_path: Path
) -> None:
    place = tmp_path / "bundle"
    shutil.copytree(small_bundle, place)
    current = CurrentBundle(place)
    before = current.now()
    assert current.now() is before
    exchange(place, without_older_releases(tmp_path / "other"))
    after = current.now()
    assert after.store.content_hash != before.store.content_hash
    assert len(before.store.releases("icd-10-cm")) == 2
    assert len(after.store.releases("icd-10-cm")) == 1


def test_a_broken_one_is_told_once_and_the_one_before_answers(
    small_bundle: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    place = tmp_path / "bundle"
    shutil.copytree(small_bundle, place)
    current = CurrentBundle(place)
    before = current.now()
    broken = without_older_releases(tmp_path / "other")
    (broken / MANIFEST).write_text("{")
    exchange(place, broken)
    with caplog.at_level(logging.ERROR):
        assert current.now() is before
        assert current.now() is before
    assert caplog.text.count("not taken up") == 1
