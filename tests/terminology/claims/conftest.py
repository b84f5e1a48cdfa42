"""A bundle with edit tables, and claims to check against it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from terminology.bundle.assemble import write_library
from terminology.bundle.store import Store
from terminology.graph import TerminologyGraph
from tests.claim_library import claim_library


@pytest.fixture(scope="session")
def claim_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle made of the claim library, without crosswalk and search index."""
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
