"""Checks every file of a bundle against its manifest."""

from __future__ import annotations

from pathlib import Path

import click

from teneleven.commands.options import BUNDLE
from terminology.bundle.checksums import damaged_files
from terminology.bundle.manifest import MANIFEST, SEARCH, Manifest
from terminology.bundle.store import Store
from terminology.errors import BundleError


@click.command()
@BUNDLE
def verify(bundle: Path) -> None:
    """Check every file of a bundle against its manifest, and that it opens; exit code 1 if damaged."""
    manifest = Manifest.read(bundle)
    if not manifest.files:
        raise BundleError(f"{bundle} lists no checksums in its {MANIFEST}; run 'teneleven build' again")
    faults = list(damaged_files(bundle, manifest.files))
    for fault in faults:
        click.echo(f"  {fault}", err=True)
    if faults:
        raise BundleError(f"{bundle} is damaged: {len(faults)} files; put a whole copy there or build again")
    _open(bundle)
    click.echo(f"{bundle} is whole: {len(manifest.files)} files, content {manifest.content_hash[:16]}")


def _open(bundle: Path) -> None:
    from indexes.search import open_search_index  # noqa: PLC0415  numpy and whoosh, after the quick faults

    Store(bundle).close()
    if (bundle / SEARCH).is_dir():
        open_search_index(bundle / SEARCH)
