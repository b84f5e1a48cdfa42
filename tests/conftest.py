"""Fixtures shared by all tests."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexes.documents.bundle_input import index_bundle
from terminology.bundle.assemble import write_library
from terminology.bundle.store import Store
from terminology.graph import TerminologyGraph
from tests.book_library import book_library
from tests.checked_answers import checking_client
from tests.claim_library import claim_library
from tests.client import Client
from tests.dated_library import dated_library
from tests.mapped import add_mapped
from tests.needs import missing
from tests.small_library import small_library
from web.app import create_app

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of the publishers' real release files, named by TENELEVEN_DATA."""
    named = os.environ.get("TENELEVEN_DATA")
    if not named:
        missing("TENELEVEN_DATA is not set: no real release files to test on")
    path = Path(named).resolve()
    if not path.is_dir():
        pytest.fail(f"TENELEVEN_DATA names {path}, which is not a folder")
    return path


@pytest.fixture(scope="session")
def fixtures() -> Path:
    """The folder of hand-written files in the publishers' formats."""
    return FIXTURES


@pytest.fixture
def data(fixtures: Path, tmp_path: Path) -> Path:
    """A data folder with a file of every format."""
    return release_files(fixtures, tmp_path / "data")


def release_files(fixtures: Path, folder: Path) -> Path:
    """Make a data folder of the hand-written files, one of every format."""
    for name in ("icd10cm", "icd11", "icd10", "who_maps", "hcpcs", "icd_api"):
        shutil.copytree(fixtures / name, folder / name)
    shutil.rmtree(folder / "icd11" / "gnuhealth")
    shutil.copytree(fixtures / "cpt", folder / "CPT 2026")
    return folder


@pytest.fixture(scope="session")
def small_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle made of the small library."""
    folder = tmp_path_factory.mktemp("bundle")
    library = small_library()
    manifest = write_library(library, TerminologyGraph.of(library).report, folder, (), "test")
    add_mapped(manifest, library, folder)
    index_bundle(folder)
    return folder


@pytest.fixture(scope="session")
def dated_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small library with days before its oldest release (:mod:`tests.dated_library`)."""
    folder = tmp_path_factory.mktemp("dated-bundle")
    library = dated_library()
    manifest = write_library(library, TerminologyGraph.of(library).report, folder, (), "test")
    add_mapped(manifest, library, folder)
    index_bundle(folder)
    return folder


@pytest.fixture
def store(small_bundle: Path) -> Iterator[Store]:
    """The small bundle, open."""
    opened = Store(small_bundle)
    yield opened
    opened.close()


@pytest.fixture
def client(small_bundle: Path) -> Client:
    """A client of the application over the small bundle; it holds answers to what is published of them."""
    return checking_client(create_app(small_bundle))


@pytest.fixture(scope="session")
def book_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small library with a few lines of each book of the Alphabetic Index; without a search index."""
    folder = tmp_path_factory.mktemp("book-bundle")
    library = book_library()
    write_library(library, TerminologyGraph.of(library).report, folder, (), "test")
    return folder


@pytest.fixture(scope="session")
def real_bundle(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle of the real release files, built once for all processes of a test run."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    bundle = shared / "real-bundle"
    with (shared / "real-bundle.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not bundle.exists():
            command = ("-m", "teneleven", "build", "--offline", "--data", data_dir, "--bundle", bundle)
            built = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=False)
            assert built.returncode == 0, built.stderr[-2000:]
    return bundle


@pytest.fixture(scope="session")
def claim_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle made of the claim library: with edit tables, without crosswalk and search index."""
    folder = tmp_path_factory.mktemp("claim-bundle")
    library = claim_library()
    write_library(library, TerminologyGraph.of(library).report, folder, (), "test")
    return folder


@pytest.fixture(scope="session")
def claim_store(claim_bundle: Path) -> Iterator[Store]:
    """The claim bundle, open."""
    opened = Store(claim_bundle)
    yield opened
    opened.close()
