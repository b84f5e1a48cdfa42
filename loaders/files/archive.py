"""Source files: finding release files in a data folder and opening them, whoever packed them.

Publishers ship zips, users gzip things, packages (wheels) are zips too. All of it is treated as hostile:
nothing is ever extracted under a name an archive chose, what expands is counted while it expands, and
whatever breaks a rule is refused with :class:`UnsafeArchiveError` naming archive and member.
"""

from __future__ import annotations

import hashlib
import os
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BufferedReader
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from terminology.errors import DataNotAvailableError, UnsafeArchiveError
from terminology.untrusted import check_workbook, expand_gzip, expand_member, printable, read_zip

_IN_MEMORY = 32 * 2**20
_ZIPS = (".zip", ".whl")
_ARCHIVES = (*_ZIPS, ".gz")
#: What browsers and file managers add to the name of a second copy.
_COPY = re.compile(r"^copy of |(?: ?\(\d+\)| - copy)+(?=\.\w+$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file a loader can read: a file on disk, plain or gzipped, or one member of a zip.

    ``path`` is the file on disk, ``member`` the member's name inside it, ``None`` for a file that is
    itself the content. ``folder`` is the data folder it was found in, used only to shorten ``label``.
    """

    path: Path
    member: str | None = None
    folder: Path | None = None

    @property
    def name(self) -> str:
        """The base name of the content: of the member, or of the file without ``.gz``.

        The marks of a copy are left out: ``gpci2025 (1).csv`` and ``Copy of gpci2025.csv`` are both
        ``gpci2025.csv``.
        """
        return _COPY.sub("", self._own_name)

    @property
    def is_copy(self) -> bool:
        """Whether the name has the marks of a copy."""
        return _COPY.search(self._own_name) is not None

    @property
    def unmarked(self) -> tuple[Path, str]:
        """Where the content lies, the marks of a copy left out: the same for the copies beside a file."""
        if self.member is None:
            return self.path.parent, self.name.lower()
        return self.path, (self.member.removesuffix(self._own_name) + self.name).lower()

    @property
    def _own_name(self) -> str:
        if self.member is not None:
            return _base_name(self.member)
        return self.path.name[:-3] if _is_gzip(self.path.name) else self.path.name

    @property
    def label(self) -> str:
        """The name used in messages: ``icd10cm/cms_2026_dx.zip!icd10cm_order_2026.txt``."""
        shown = self.path.relative_to(self.folder).as_posix() if self.folder else self.path.name
        return printable(shown if self.member is None else f"{shown}!{self.member}")

    @property
    def modified(self) -> datetime:
        """When the content was last changed: as the zip says of its member (taken as UTC), else the file."""
        if self.member is not None:
            with _open_zip(self.path, self.label) as archive:
                stamp = _member(archive, self).date_time
            try:
                return datetime(*stamp, tzinfo=UTC)
            except ValueError:  # zips of unknown date carry month 0
                pass
        return datetime.fromtimestamp(self.path.stat().st_mtime, UTC)

    def sha256(self) -> str:
        """The SHA-256 of the file on disk, in hexadecimal."""
        with _opened(self.path, self.label) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Yield the content as a seekable binary file at its start.

        Members and gzipped files are expanded to a temporary file that vanishes afterwards. A
        spreadsheet's own members are checked first (:func:`check_workbook`). Raises
        :class:`UnsafeArchiveError`, or :class:`DataNotAvailableError` for a file that cannot be read.
        """
        with SpooledTemporaryFile(max_size=_IN_MEMORY) as spool:
            expanded = cast(BinaryIO, spool)
            if self.member is not None:
                with _open_zip(self.path, self.label) as archive:
                    expand_member(archive, _member(archive, self), self.label, expanded)
            elif _is_gzip(self.path.name):
                self._expand_gzip(expanded)
            else:
                with _opened(self.path, self.label) as file:
                    yield self._checked(file)
                return
            expanded.seek(0)
            yield self._checked(expanded)

    def _checked(self, file: BinaryIO) -> BinaryIO:
        if self.name.lower().endswith(".xlsx"):
            check_workbook(file, self.label)
        return file

    def _expand_gzip(self, into: BinaryIO) -> None:
        with _opened(self.path, self.label) as file:
            expand_gzip(file, into, os.fstat(file.fileno()).st_size, self.label)


def _all(label: str) -> bool:
    return True


def find_source_files(folder: Path, wanted: Callable[[str], bool] = _all) -> Iterator[SourceFile]:
    """Yield every file under ``folder``, at any depth, in the order of their names.

    A file or member whose label is not ``wanted`` is left out; an archive that is not is not even opened.

    Zips and wheels yield their members instead of themselves. Symbolic links are not followed. Archives
    inside archives are left out (:func:`find_nested_archives` lists them), as are the hidden twins that
    Finder and Excel leave behind (``__MACOSX/``, ``._x``, ``~$x``). Raises :class:`UnsafeArchiveError`
    for a zip that is hostile or broken as a whole, :class:`DataNotAvailableError` for a folder that
    cannot be read.
    """
    return (source for source in _every_file(folder, wanted) if not _is_nested_archive(source))


def find_nested_archives(folder: Path, wanted: Callable[[str], bool] = _all) -> Iterator[SourceFile]:
    """Yield the archives inside archives under ``folder``: never opened, listed so they can be reported."""
    return filter(_is_nested_archive, _every_file(folder, wanted))


def count_links(folder: Path) -> int:
    """Count the symbolic links under ``folder``: never followed, so that they can be reported."""
    return sum(path.is_symlink() for path in folder.resolve().rglob("*"))


def _every_file(folder: Path, wanted: Callable[[str], bool]) -> Iterator[SourceFile]:
    if not folder.is_dir():
        raise DataNotAvailableError(f"{folder}: there is no such folder of release files")
    folder = folder.resolve()

    def refuse(error: OSError) -> None:
        raise DataNotAvailableError(f"{error.filename}: cannot be read: {error.strerror}")

    found: list[Path] = []
    for place, _, names in os.walk(folder, onerror=refuse):
        found += (Path(place, name) for name in names if not _is_hidden_twin(name))
    for path in sorted(found, key=lambda p: p.relative_to(folder).parts):
        if path.is_symlink() or not path.is_file():
            continue
        whole = SourceFile(path, None, folder)
        if not wanted(whole.label):
            continue
        if path.suffix.lower() not in _ZIPS:
            yield whole
            continue
        label = whole.label
        with _open_zip(path, label) as archive:
            members = sorted(m.filename for m in archive.infolist() if not m.is_dir())
        for member in members:
            if not member.startswith("__MACOSX/") and not _is_hidden_twin(_base_name(member)):
                inside = SourceFile(path, member, folder)
                if wanted(inside.label):
                    yield inside


def _base_name(member: str) -> str:
    """The name of a member without its folders, which some Windows programs end with a backslash."""
    return re.split(r"[/\\]", member)[-1]


def _is_gzip(name: str) -> bool:
    return name.lower().endswith(".gz")


def _is_hidden_twin(name: str) -> bool:
    return name.startswith(("._", "~$")) or name == ".DS_Store"


def _is_nested_archive(source: SourceFile) -> bool:
    inside = source.member is not None or _is_gzip(source.path.name)
    return inside and source.name.lower().endswith(_ARCHIVES)


def _opened(path: Path, label: str) -> BufferedReader:
    try:
        return path.open("rb")
    except OSError as error:
        raise DataNotAvailableError(f"{label}: cannot be read: {error.strerror}") from None


@contextmanager
def _open_zip(path: Path, label: str) -> Iterator[zipfile.ZipFile]:
    with _opened(path, label) as file, read_zip(file, label) as archive:
        yield archive


def _member(archive: zipfile.ZipFile, source: SourceFile) -> zipfile.ZipInfo:
    try:
        return archive.getinfo(source.member or "")
    except KeyError:
        raise UnsafeArchiveError(source.label, "the archive has no such member") from None
