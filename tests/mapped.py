"""The crosswalk of a small library, mapped as a build maps it."""

from __future__ import annotations

from pathlib import Path

from loaders.mapping import mapping_beside
from terminology.bundle.assemble import add_crosswalk
from terminology.bundle.manifest import Manifest
from terminology.crosswalk.library_crosswalk import library_corpus
from terminology.edition import Library


def add_mapped(manifest: Manifest, library: Library, folder: Path) -> Manifest:
    """Map a library and add its crosswalk to the bundle that ``manifest`` describes."""
    with mapping_beside(library_corpus(library), (), lambda what, done, total: None) as mapped:
        parts, _ = mapped()
    return add_crosswalk(manifest, parts, folder)
