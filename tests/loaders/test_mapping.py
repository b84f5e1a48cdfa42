"""Mapping beside a build: several processes answer as one does, and what goes wrong in them is said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from loaders.mapping import mapping_beside
from terminology.bundle.crosswalk.crosswalk_writer import write_crosswalk
from terminology.codes import code_key
from terminology.crosswalk.library_crosswalk import LibraryCorpus
from terminology.errors import BundleError
from tests.terminology.crosswalk.small_corpus import small_corpus


def small_library() -> LibraryCorpus:
    corpus = small_corpus()
    return LibraryCorpus(corpus, {code_key(c.code): corpus.source_release for c in corpus.source})


def written(folder: Path, processes: int) -> tuple[str, bytes, list[tuple[str, int, int]]]:
    folder.mkdir()
    told: list[tuple[str, int, int]] = []
    with mapping_beside(small_library(), (), lambda *how_far: told.append(how_far), processes) as mapped:
        parts, peaks = mapped()
    assert len(peaks) == processes
    return write_crosswalk(folder, parts), (folder / "crosswalk.parquet").read_bytes(), told


def test_two_processes_write_what_one_writes(tmp_path: Path) -> None:
    here, beside = written(tmp_path / "here", 0), written(tmp_path / "beside", 2)
    assert beside[:2] == here[:2]
    (what, done, total), *_ = here[2]
    assert done == total
    assert (what, total, total) == max(beside[2])


def test_a_process_that_fails_says_why() -> None:
    chosen = replace(small_library(), release_of={})
    with (
        mapping_beside(chosen, (), lambda *how_far: None, 1) as mapped,
        pytest.raises(BundleError, match="KeyError"),
    ):
        mapped()
