"""The checksums of a bundle's files: written when it is complete, compared before anything is answered."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from terminology.bundle.manifest import MANIFEST, Manifest
from terminology.errors import BundleError

#: hashlib leaves other threads run while it works, so files are hashed side by side.
_AT_ONCE = min(4, os.cpu_count() or 1)


@dataclass(frozen=True, slots=True)
class DamagedFile:
    """A file of a bundle, relative to it, and what is wrong with it."""

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path} {self.reason}"


def seal(folder: Path, manifest: Manifest) -> Manifest:
    """Write the sha256 of every file of a finished bundle into its manifest and return that."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path != folder / MANIFEST)
    names = [path.relative_to(folder).as_posix() for path in paths]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        sealed = replace(manifest, files=dict(zip(names, pool.map(sha256_of, paths), strict=True)))
    sealed.write(folder)
    return sealed


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file in hexadecimal; it must not be a link to another place."""
    with open(path, "rb", opener=_no_link) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def damaged_files(folder: Path, files: Mapping[str, str]) -> Iterator[DamagedFile]:
    """Yield the files of a bundle that are missing or not what its manifest says, and files it does not name.

    ``files`` is the manifest's list. All of it is read: about half a second for a bundle of all systems.
    """
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        checked = pool.map(lambda item: _fault(folder, *item), files.items())
        yield from (fault for fault in checked if fault is not None)
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name not in files and name != MANIFEST and (path.is_symlink() or not path.is_dir()):
            yield DamagedFile(name, "is no file of this bundle")


def check_files(folder: Path, manifest: Manifest) -> None:
    """Raise :class:`BundleError` for a bundle whose files are not those its manifest lists."""
    if not manifest.files:
        raise BundleError(f"{folder} lists no checksums in its {MANIFEST}; run 'teneleven build' again")
    faults = list(damaged_files(folder, manifest.files))
    if faults:
        more = f" and {len(faults) - 1} more" if len(faults) > 1 else ""
        raise BundleError(f"{folder} is damaged: {faults[0]}{more}; put a whole copy there or build again")


def _fault(folder: Path, name: str, wanted: str) -> DamagedFile | None:
    if not _within(name):
        return DamagedFile(name, "is no path in a bundle")
    try:
        found = sha256_of(folder / name)
    except FileNotFoundError:
        return DamagedFile(name, "is missing")
    except OSError as fault:
        return DamagedFile(name, f"cannot be read ({fault.strerror})")
    return None if found == wanted else DamagedFile(name, "is not what the manifest says (another sha256)")


def _within(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and bool(path.parts)


def _no_link(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW)
