"""A new bundle is taken up whole or not at all; nothing of the old one stays."""

from __future__ import annotations

import gc
import os
import shutil
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest
from apiflask import APIFlask

from terminology.bundle.assemble import add_crosswalk, write_library
from terminology.bundle.checksums import seal
from terminology.bundle.manifest import DATABASE, MANIFEST
from terminology.bundle.store import Store
from terminology.graph import TerminologyGraph
from tests.client import client_of
from tests.sealed_bundle import sealed_copy
from tests.small_library import small_library
from web.app import create_app
from web.opened import opened
from web.process.reload import check_again, take_up


@pytest.fixture
def folder(small_bundle: Path, tmp_path: Path) -> Path:
    return sealed_copy(small_bundle, tmp_path / "bundle")


@pytest.fixture
def app(folder: Path) -> APIFlask:
    return create_app(folder)


def another(folder: Path) -> None:
    """Put a bundle without a search index and with another content in the place of one."""
    shutil.rmtree(folder)  # files that are open stay readable until they are closed
    folder.mkdir()
    library = small_library()
    library.editions.pop()
    manifest = write_library(library, TerminologyGraph.of(library).report, folder, (), "test")
    seal(folder, add_crosswalk(manifest, (), folder))


def ready(app: APIFlask) -> dict[str, object]:
    answer: dict[str, object] = client_of(app).get("/readyz").get_json()
    return answer


def test_a_new_bundle_is_taken_up_and_told(app: APIFlask, folder: Path) -> None:
    before = ready(app)
    another(folder)
    take_up(app, folder)
    after = ready(app)
    assert after["bundle"] != before["bundle"]
    assert (after["swaps"], after["refused"], after["verified"]) == (1, None, True)


def emptied(folder: Path, name: str) -> None:
    shutil.rmtree(folder / name)
    (folder / name).mkdir()


def folder_instead(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES: dict[str, Callable[[Path], object]] = {
    "no manifest": lambda f: (f / MANIFEST).unlink(),
    "a manifest cut off": lambda f: os.truncate(f / MANIFEST, 200),
    "a manifest nested a million times": lambda f: (f / MANIFEST).write_text("[" * 1_000_000),
    "a manifest that is no text": lambda f: (f / MANIFEST).write_bytes(b"\xff\xfe\x00"),
    "a hash that is a number": lambda f: retell(f, "content_hash", "1"),
    "releases that are null": lambda f: retell(f, "releases", "null"),
    "files that are a list": lambda f: retell(f, "files", "[]"),
    "no database": lambda f: (f / DATABASE).unlink(),
    "an empty database": lambda f: (f / DATABASE).write_bytes(b""),
    "a database that is a folder": lambda f: folder_instead(f / DATABASE),
    "an empty search folder": lambda f: emptied(f, "search"),
    "no search folder": lambda f: shutil.rmtree(f / "search"),
    "an empty column": lambda f: next(f.glob("search/*/*.npy")).write_bytes(b""),
    "no bundle": shutil.rmtree,
}


def retell(folder: Path, name: str, value: str) -> None:
    """Put another value into the manifest."""
    text = (folder / MANIFEST).read_text()
    (folder / MANIFEST).write_text(text.rstrip().removesuffix("}") + f', "{name}": {value}}}')


@pytest.mark.parametrize("damage", DAMAGES)
def test_whatever_is_wrong_with_a_new_bundle_the_old_one_is_served_on(
    app: APIFlask, folder: Path, damage: str, tmp_path: Path
) -> None:
    before = ready(app)
    whole = folder.rename(tmp_path / "whole")  # the open bundle itself is never written to
    shutil.copytree(whole, folder)
    DAMAGES[damage](folder)
    take_up(app, folder)
    after = ready(app)
    assert (after["bundle"], after["swaps"]) == (before["bundle"], 0)
    assert after["refused"]
    client = client_of(app)
    assert client.get("/api/v1/codes/icd-10-cm/E11.9").status_code == 200
    assert client.get("/api/v1/search?q=diabetes").status_code == 200
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(whole, folder)
    take_up(app, folder)
    assert (ready(app)["swaps"], ready(app)["refused"]) == (1, None)


PATHS = (
    "/api/v1/codes/icd-10-cm/E11.9",
    "/api/v1/crosswalk/icd-10-cm/E11.9",
    "/api/v1/search?q=diabetes",
    "/api/v1/releases/icd-10-cm/diff?old=2026&new=2027",
    "/fhir/CodeSystem/$lookup?system=http://hl7.org/fhir/sid/icd-10-cm&code=E11.9",
    "/fhir/ValueSet/$expand?url=http://hl7.org/fhir/sid/icd-10-cm?fhir_vs",
    "/fhir/CodeSystem/$validate-code?url=http://id.who.int/icd/release/11/mms&code=5A11",
    "/fhir/metadata?mode=terminology",
    "/code/icd-10-cm/E11.9",
    "/impact?example=1",
    "/builder?expression=5A11",
)


def open_files() -> int:
    """Count this process's open files; 0 where the system does not list them."""
    listed = Path("/proc/self/fd")
    return sum(1 for _ in listed.iterdir()) if listed.is_dir() else 0


def test_nothing_is_kept_of_the_old_bundle(app: APIFlask, folder: Path) -> None:
    client = client_of(app)
    for path in PATHS:
        client.get(path)
    old: weakref.ref[Store] = weakref.ref(opened(app).store)
    files = open_files()
    another(folder)
    take_up(app, folder)
    gc.collect()
    assert old() is None
    assert open_files() <= files


def test_damage_in_place_is_told_by_the_next_check(app: APIFlask, folder: Path) -> None:
    check_again(app, folder)
    assert ready(app)["verified"] is True
    (folder / "crosswalk.parquet").write_bytes(b"x")
    check_again(app, folder)
    assert client_of(app).get("/readyz").status_code == 503
    assert "crosswalk.parquet" in str(ready(app)["damaged"])


def test_another_bundle_in_place_is_no_damage(app: APIFlask, folder: Path) -> None:
    another(folder)
    check_again(app, folder)
    assert ready(app)["status"] == "ready"
