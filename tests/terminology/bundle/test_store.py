"""What the store refuses, and what it answers beyond the HTTP tests."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from terminology.bundle.assemble import write_library
from terminology.bundle.manifest import DATABASE, MANIFEST
from terminology.bundle.store import Store
from terminology.errors import BundleError, UnknownCodeError, UnknownReleaseError
from terminology.graph import TerminologyGraph
from tests.small_library import small_library


@pytest.fixture
def copied(small_bundle: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(small_bundle, tmp_path / "bundle"))


def test_a_folder_without_a_manifest_is_no_bundle(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="teneleven build"):
        Store(tmp_path)


def test_a_bundle_of_another_schema_version_is_refused(copied: Path) -> None:
    manifest = json.loads((copied / MANIFEST).read_text())
    (copied / MANIFEST).write_text(json.dumps({**manifest, "schema_version": 999}))
    with pytest.raises(BundleError, match="schema version 999"):
        Store(copied)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema_version": 1}'])
def test_a_damaged_manifest_is_refused(copied: Path, text: str) -> None:
    (copied / MANIFEST).write_text(text)
    with pytest.raises(BundleError, match="build"):
        Store(copied)


def test_a_damaged_database_is_refused(copied: Path) -> None:
    (copied / DATABASE).write_bytes(b"not a database" * 1000)
    with pytest.raises(BundleError, match="damaged"):
        Store(copied)


def test_the_same_library_gives_the_same_content_hash(tmp_path: Path) -> None:
    hashes = set()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        library = small_library()
        library.editions.reverse()
        report = TerminologyGraph.of(library).report
        hashes.add(write_library(library, report, tmp_path / name, (), "test").content_hash)
    assert len(hashes) == 1


def test_another_title_gives_another_content_hash(tmp_path: Path, small_bundle: Path) -> None:
    library = small_library()
    library.editions = library.editions[1:]
    manifest = write_library(library, TerminologyGraph.of(library).report, tmp_path, (), "test")
    assert manifest.content_hash != Store(small_bundle).content_hash


def test_a_year_names_its_april_edition_when_only_that_is_loaded(store: Store) -> None:
    assert store.release("icd-11", "2025").release.id == "2025-01"
    with pytest.raises(UnknownReleaseError, match="loaded: 2025-01"):
        store.release("icd-11", "2024")


def test_mappings_are_found_from_both_ends(store: Store) -> None:
    assert [m.target for m in store.mappings_from("icd-10", "E11.9")] == ["5A11"]
    assert [m.source_code for m in store.mappings_to("icd-11", "5a11")] == ["E11.9"]
    assert [m.source_code for m in store.mappings_to("icd-11", "5A11&XK9K")] == ["E11"]


def test_every_concept_is_within_the_span_of_its_chapter(store: Store) -> None:
    for system in store.systems():
        chapters = [store.concept(system, root.code) for root in store.roots(system)]
        spanned = sum(1 + chapter.descendants_count for chapter in chapters)
        assert spanned == sum(1 for _ in store.codes(system))


@pytest.mark.parametrize(
    "written", ["E11.9,", "[e11.9]", "ICD-10-CM: E11.9", "ICD10:E11.9", "\ufeffE11.9\xa0"]
)
def test_a_concept_is_found_by_its_code_as_people_write_it(small_bundle: Path, written: str) -> None:
    store = Store(small_bundle)
    assert store.concept("icd-10-cm", written).code == "E11.9"
    assert store.has("icd-10-cm", written)


def test_a_concept_is_not_found_by_the_code_of_another_system(small_bundle: Path) -> None:
    store = Store(small_bundle)
    with pytest.raises(UnknownCodeError):
        store.concept("icd-10-cm", "icd9:E11.9")
    assert not store.has("icd-10-cm", "icd11.code:E11.9")


def test_who_uris_may_be_quoted(small_bundle: Path) -> None:
    store = Store(small_bundle)
    stem = next(c for c, _, kind, _ in store.codes("icd-11") if kind == "stem")
    uri = store.concept("icd-11", stem).uri
    assert store.concept("icd-11", f' "{uri}", ').code == stem


def test_a_category_with_codes_below_it_is_not_filled_up(small_bundle: Path) -> None:
    with pytest.raises(UnknownCodeError):
        Store(small_bundle).concept("icd-10-cm", "E11X")


def test_a_code_of_icd_9_is_named_as_one_where_it_is_not_found(small_bundle: Path) -> None:
    with pytest.raises(UnknownCodeError, match="looks like a code of ICD-9-CM"):
        Store(small_bundle).concept("icd-10-cm", "250.00")


def test_a_code_with_the_prefix_of_another_system_says_which(small_bundle: Path) -> None:
    with pytest.raises(UnknownCodeError, match="its prefix names icd-11"):
        Store(small_bundle).concept("icd-10-cm", "icd11.code:1A00")


def test_a_system_that_is_not_loaded_is_said_to_be_that(store: Store) -> None:
    with pytest.raises(UnknownReleaseError, match="hcpcs is not loaded: no release of it is in this bundle"):
        store.release("hcpcs")
