"""Whether a bundle is still that of the files it was built from."""

from __future__ import annotations

from pathlib import Path

from loaders.acquire.sources import Sources, gather
from loaders.files.archive import SourceFile
from loaders.progress import Silent
from terminology.bundle.manifest import Manifest
from terminology.errors import BundleError
from terminology.version import VERSION


def reason_to_build(sources: Sources, bundle: Path) -> str | None:
    """Return why a bundle has to be built anew, ``None`` where it need not.

    The files of ``sources.data`` are compared with the manifest by name and SHA-256. Without it a bundle
    that this version can read is kept: what publishers and packages offer is not asked again. Errors of the
    folder pass through.
    """
    try:
        manifest = Manifest.read(bundle)
    except BundleError as error:
        return str(error)
    if manifest.tool_version != VERSION:
        return f"{bundle} was built by version {manifest.tool_version}, this is {VERSION}"
    if sources.data is None:
        return None
    known = {source.name: source.sha256 for source in manifest.sources}
    files, _ = gather(sources, Silent())
    for file in files:
        stated = known.pop(file.label, None)
        if stated is None and not any(file.label in notice for notice in manifest.notices):
            return f"{file.label} is new"
        if stated is not None and SourceFile(file.source.path).sha256() != stated:
            return f"{file.label} has changed"
    gone = next(iter(known), None)
    return None if gone is None else f"{gone} is gone"
