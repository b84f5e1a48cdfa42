"""Builds the search index of a bundle from what its database holds."""

from __future__ import annotations

from pathlib import Path

from indexes.build import IndexStats, Progress, build_search_index
from indexes.documents.assemble import SearchInput, documents_of
from terminology.bundle.manifest import SEARCH
from terminology.bundle.stored_editions import read_stored_editions


def index_bundle(bundle: Path, on_progress: Progress | None = None) -> IndexStats:
    """Build ``bundle/search`` from ``bundle/terminology.db``.

    The default release of each system, as of today, is indexed. Raises :class:`BundleError` when the database
    cannot be read or the search folder is not empty.
    """
    return build_search_index(documents_of(read_search_input(bundle)), bundle / SEARCH, on_progress)


def read_search_input(bundle: Path) -> SearchInput:
    """Return what a bundle's search index is made of; raise :class:`BundleError` if it cannot be read."""
    stored = read_stored_editions(bundle)
    return SearchInput(
        editions=stored.editions,
        mappings=stored.mappings,
        index_terms=stored.index_terms,
        predecessors=stored.predecessors,
        volumes=stored.volumes,
        releases=stored.releases,
        drug_names=stored.drug_names,
    )
