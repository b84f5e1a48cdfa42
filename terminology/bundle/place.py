"""What may stand where a bundle goes: nothing, an empty folder, or a bundle; all else is somebody's work.

A build replaces its destination whole, so whatever else lay in it would be gone. A bundle is known by its
manifest: files that it does not name are not the bundle's.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

from terminology.bundle.manifest import CROSSWALK, DATABASE, EDITS, MANIFEST, SEARCH
from terminology.errors import BundleError

#: What a bundle holds at its top, of this version or an earlier one.
_OWN = frozenset((MANIFEST, DATABASE, CROSSWALK, SEARCH, EDITS))
_MOUNTS = Path("/proc/self/mountinfo")


def check_place(destination: Path) -> None:
    """Raise :class:`BundleError` when a bundle cannot be put at ``destination`` without loss."""
    if not destination.exists():
        return
    if not destination.is_dir():
        raise BundleError(f"{destination} is a file, not a bundle folder; name another with --bundle")
    if _is_mounted(destination):
        raise BundleError(
            f"{destination} is a mount point, which cannot be replaced in one step; name a folder in it: "
            f"--bundle {destination / 'bundle'}"
        )
    foreign = next(foreign_files(destination), None)
    if foreign is not None:
        raise BundleError(
            f"{destination} holds '{foreign}', which is no part of a bundle and would be lost; name an empty "
            "or a new folder with --bundle, or move the file away"
        )


def foreign_files(folder: Path) -> Iterator[str]:
    """Yield the paths in a folder, relative to it, that are no part of a bundle.

    A bundle with a list of its files owns those; one that is older or damaged what stands under the names of
    a bundle's parts, if its manifest or database is still to be known as such.
    """
    listed = _listed(folder)
    names = sorted(path.name for path in folder.iterdir())
    if listed is None and names and not _was_bundle(folder):
        yield names[0]
        return
    for name in names:
        if name not in _OWN:
            yield name
        elif listed is not None:
            yield from (path for path in _below(folder, name) if path not in listed)


def _below(folder: Path, name: str) -> Iterator[str]:
    """Yield the files at or below a name; links are not followed."""
    path = folder / name
    if path.is_symlink() or not path.is_dir():
        yield name
        return
    for root, folders, files in os.walk(path):
        linked = [each for each in folders if (Path(root) / each).is_symlink()]
        for each in (*files, *linked):
            yield (Path(root) / each).relative_to(folder).as_posix()


def _listed(folder: Path) -> frozenset[str] | None:
    """Return the files a manifest lists, itself among them; ``None`` when there is no such list."""
    files = _manifest(folder).get("files")
    return frozenset((MANIFEST, *files)) if isinstance(files, dict) and files else None


def _manifest(folder: Path) -> dict[str, object]:
    try:
        raw = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return raw if isinstance(raw, dict) and "schema_version" in raw else {}


def _was_bundle(folder: Path) -> bool:
    if _manifest(folder):
        return True
    database = folder / DATABASE
    if not database.is_file():
        return False
    with database.open("rb") as file:
        return file.read(16) == b"SQLite format 3\0"


def _is_mounted(path: Path) -> bool:
    """Whether a file system or a folder is mounted here; Linux lists both, elsewhere the devices differ."""
    if os.path.ismount(path):
        return True
    try:
        lines = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return False
    escaped = str(path).replace("\\", "\\134").replace(" ", "\\040").replace("\t", "\\011")
    return any(line.split(" ")[4] == escaped for line in lines)
