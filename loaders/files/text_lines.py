"""Text lines: reading the line-by-line files of US publishers, one line at a time.

CMS and the AMA write Windows-1252, and UTF-8 in some years, without saying which. The two cannot be
confused in practice: a byte sequence that is valid UTF-8 is no plausible Windows-1252 text. Each line is
read as UTF-8 and, where it is not UTF-8, as Windows-1252.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from terminology.errors import ReleaseFormatError

LONGEST_LINE = 65_536
"""Bytes of one line: far beyond any descriptor, so that a file without line ends is refused early."""


class TextLine(NamedTuple):
    """One line: its 1-based number, its text without line end, and whether it had one.

    Only the last line of a file can lack its end, which may mean that the file was cut off in transit.
    """

    number: int
    text: str
    ended: bool


def text_lines(file: BinaryIO, path: Path | str) -> Iterator[TextLine]:
    """Yield the lines of ``file``, whose ends are LF or CRLF, without byte order mark.

    Raises :class:`ReleaseFormatError` for bytes in neither encoding and for a line without end.
    """
    number = 0
    while raw := file.readline(LONGEST_LINE):
        number += 1
        if len(raw) == LONGEST_LINE and not raw.endswith(b"\n"):
            raise ReleaseFormatError(path, number, f"lines under {LONGEST_LINE:,} bytes", "a longer one")
        if number == 1:
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        yield TextLine(number, _decoded(raw.rstrip(b"\r\n"), path, number), raw.endswith(b"\n"))


def _decoded(raw: bytes, path: Path | str, number: int) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError as error:
        found = f"byte 0x{raw[error.start]:02X} at column {error.start + 1}"
        raise ReleaseFormatError(path, number, "UTF-8 or Windows-1252 text", found) from None
