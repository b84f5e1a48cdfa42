"""Where a bundle is built: a temporary folder beside its destination that takes its place at the end.

A build that fails or is killed leaves the old bundle untouched; what it left behind is cleared away by the
next build. A file lock, which the system releases when the process ends, keeps two builds apart: the
second waits for the first. What is not a bundle is never replaced (:mod:`terminology.bundle.place`).
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from terminology.bundle.place import check_place
from terminology.errors import BundleError

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_ASIDE = ".old"


@contextmanager
def workspace(destination: Path, on_wait: Callable[[], None] = lambda: None) -> Iterator[Path]:
    """Yield an empty folder; when the block ends without error it becomes ``destination``.

    A symbolic link stays one: what it points to is replaced. ``on_wait`` is called once if another build of
    the same bundle is running and must be waited for. Raises :class:`BundleError` when the destination
    cannot be written, or holds what is not a bundle.
    """
    destination = destination.resolve()
    check_place(destination)
    with _parent(destination), _locked(destination, on_wait):
        prefix = f".{destination.name}.building-"
        _clear_away(destination, prefix)
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=destination.parent))
        folder.chmod(0o755)
        try:
            yield folder
            sync(folder)
            check_place(destination)
            take_place(folder, destination)
        except OSError as fault:
            if fault.errno in (errno.ENOSPC, errno.EDQUOT):
                raise BundleError(_no_space(destination)) from fault
            raise
        except sqlite3.Error as fault:
            if getattr(fault, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
                raise BundleError(_no_space(destination)) from fault
            raise BundleError(f"the database of {destination} could not be written: {fault}") from fault
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _parent(destination: Path) -> Iterator[None]:
    """Make the folders above the destination; those made are gone again when nothing was put in them."""
    above = destination.parent
    made = [folder for folder in (above, *above.parents) if not folder.exists()]
    try:
        above.mkdir(parents=True, exist_ok=True)
        if not os.access(above, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as fault:
        raise BundleError(f"cannot write beside {destination}: {fault.strerror}") from fault
    try:
        yield
    finally:
        with suppress(OSError):
            for folder in made:
                folder.rmdir()


@contextmanager
def _locked(destination: Path, on_wait: Callable[[], None]) -> Iterator[None]:
    """Hold the lock of a destination; its file is gone afterwards."""
    path = destination.parent / f".{destination.name}.lock"
    lock = _lock(path, on_wait)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        lock.close()


def _lock(path: Path, on_wait: Callable[[], None]) -> IO[str]:
    """Return the file of a lock once it is held: a file that its holder has removed locks nothing."""
    waited = False
    while True:
        try:
            lock = path.open("w")
        except OSError as fault:
            raise BundleError(f"cannot write {path}: {fault.strerror}") from fault
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if not waited:
                on_wait()
            waited = True
            fcntl.flock(lock, fcntl.LOCK_EX)
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(lock.fileno()), path.stat()):
                return lock
        lock.close()


def _clear_away(destination: Path, prefix: str) -> None:
    """Remove what killed builds left; a bundle that one of them had put aside goes back to its place."""
    abandoned = [path for path in destination.parent.iterdir() if path.name.startswith(prefix)]
    for path in abandoned:
        if path.name.endswith(_ASIDE) and not destination.exists():
            path.rename(destination)
        else:
            shutil.rmtree(path, ignore_errors=True)


def _no_space(destination: Path) -> str:
    return (
        f"no space left on the disk of {destination}; the bundle there is unchanged. "
        "Free some space and build again"
    )


def take_place(folder: Path, destination: Path) -> None:
    """Put ``folder`` in the place of ``destination`` in one step; the old one is left as ``folder``.

    Where the system cannot exchange two folders at once, two renames are used: a process killed between
    them leaves the old bundle under the temporary name, from which the next build takes it back. Raises
    :class:`BundleError` when the system allows neither.
    """
    try:
        if not destination.exists():
            folder.rename(destination)
        elif not _exchange(folder, destination):
            _rename_twice(folder, destination)
    except OSError as fault:
        raise BundleError(
            f"the new bundle cannot be put at {destination}: {fault.strerror}; the old one is unchanged. "
            "Name another folder with --bundle"
        ) from fault


def _rename_twice(folder: Path, destination: Path) -> None:
    aside = folder.with_name(folder.name + _ASIDE)
    destination.rename(aside)
    try:
        folder.rename(destination)
    except OSError:
        aside.rename(destination)
        raise
    aside.rename(folder)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two paths atomically (Linux ``renameat2``); return whether the system could."""
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if renameat2 is None:
        return False
    done: int = renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE)
    return done == 0


def sync(folder: Path) -> None:
    """Have the system write every file of the folder to disk, so that a power cut finds it whole."""
    for path in [*folder.rglob("*"), folder]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
