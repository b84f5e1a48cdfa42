"""Where a bundle is built: a temporary folder beside its destination that takes its place at the end.

A build that fails or is killed leaves the old bundle untouched; what it left behind is cleared away by the
next build. A file lock, which the system releases when the process ends, keeps two builds apart: the
second waits for the first.
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
from contextlib import contextmanager
from pathlib import Path

from terminology.errors import BundleError

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


@contextmanager
def workspace(destination: Path, on_wait: Callable[[], None] = lambda: None) -> Iterator[Path]:
    """Yield an empty folder; when the block ends without error it becomes ``destination``.

    ``on_wait`` is called once if another build of the same bundle is running and must be waited for.
    Raises :class:`BundleError` when the destination cannot be written.
    """
    destination = destination.absolute()
    if destination.exists() and not destination.is_dir():
        raise BundleError(f"{destination} is a file, not a bundle folder; name another with --bundle")
    prefix = f".{destination.name}.building-"
    try:
        destination.parent.mkdir(parents=True, exist_ok=True)
        lock = (destination.parent / f".{destination.name}.lock").open("w")
    except OSError as fault:
        raise BundleError(f"cannot write beside {destination}: {fault.strerror}") from fault
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            on_wait()
            fcntl.flock(lock, fcntl.LOCK_EX)
        for abandoned in destination.parent.glob(f"{prefix}*"):
            shutil.rmtree(abandoned, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=destination.parent))
        folder.chmod(0o755)
        try:
            yield folder
            sync(folder)
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


def _no_space(destination: Path) -> str:
    return (
        f"no space left on the disk of {destination}; the bundle there is unchanged. "
        "Free some space and build again"
    )


def take_place(folder: Path, destination: Path) -> None:
    """Put ``folder`` in the place of ``destination`` in one step; the old one is left as ``folder``.

    Where the system cannot exchange two folders at once, two renames are used: a process killed between
    them leaves the old bundle under the temporary name.
    """
    if not destination.exists():
        folder.rename(destination)
    elif not _exchange(folder, destination):
        aside = folder.with_name(folder.name + ".old")
        destination.rename(aside)
        folder.rename(destination)
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
