"""A bundle with checksums, as a build leaves it: those of the fixtures have none."""

from __future__ import annotations

import shutil
from pathlib import Path

from terminology.bundle.checksums import seal
from terminology.bundle.manifest import Manifest


def sealed_copy(bundle: Path, place: Path) -> Path:
    """Copy a bundle to a place and write its checksums there; returns the place."""
    shutil.copytree(bundle, place)
    seal(place, Manifest.read(place))
    return place
