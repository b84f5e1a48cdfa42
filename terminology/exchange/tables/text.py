"""Text that users bring: which encoding it is in, its lines, its heading and delimiter."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from terminology.errors import InvalidRequestError, ReleaseFormatError

MAX_LINE_BYTES = 8 * 2**20
"""One line of CSV or NDJSON. A claim with every field has some thousand."""
DELIMITERS = ",;\t|"
FALLBACK = "cp1252"
"""What spreadsheets of Western Windows write as "CSV" where it is not UTF-8."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before the one of UTF-16, with which it begins
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SNIFFED = 65_536
_BLOCK = 2**20
_SEP = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"')


@dataclass(frozen=True, slots=True)
class Encoding:
    """The encoding of a text, and what to tell its owner of it."""

    name: str
    notice: str | None = None

    @property
    def notices(self) -> tuple[str, ...]:
        """The notice, where there is one."""
        return () if self.notice is None else (self.notice,)


def encoding_of(file: BinaryIO, name: str, wanted: str | None = None) -> Encoding:
    """Return the encoding of an open, seekable file: the ``wanted`` one, else that of its bytes.

    It is that of a byte order mark, UTF-16 without one where every other byte is nought, UTF-8 where all
    bytes fit, else Windows-1252, which is said. Leaves the file at its start. Raises
    :class:`InvalidRequestError` for an encoding that is unknown, :class:`ReleaseFormatError` for no text.
    """
    if wanted is not None:
        try:
            return Encoding(codecs.lookup(wanted).name)
        except LookupError:
            raise InvalidRequestError("encoding", f"'{wanted}' is not an encoding Python knows") from None
    file.seek(0)
    head = file.read(_SNIFFED)
    file.seek(0)
    marked = next((encoding for mark, encoding in _BOMS if head.startswith(mark)), None)
    if marked is not None:
        return Encoding(marked)
    if b"\0" in head:
        return Encoding(_without_mark(head, name))
    wrong = _first_wrong_line(file, "utf-8")
    if wrong is None:
        return Encoding("utf-8")
    if (worse := _first_wrong_line(file, FALLBACK)) is not None:
        advice = f"byte 0x{worse[1]:02X}; name the encoding with --encoding"
        raise ReleaseFormatError(name, worse[0], "text in UTF-8 or Windows-1252", advice)
    return Encoding(
        FALLBACK, f"{name} is not UTF-8 (line {wrong[0]}, byte 0x{wrong[1]:02X}): read as Windows-1252."
    )


def _without_mark(head: bytes, name: str) -> str:
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > len(head) // 4 > 0 and even < odd // 8:
        return "utf-16-le"
    if even > len(head) // 4 > 0 and odd < even // 8:
        return "utf-16-be"
    raise ReleaseFormatError(name, None, "text, a workbook, Parquet or JSON", "binary data (NUL bytes)")


def _first_wrong_line(file: BinaryIO, encoding: str) -> tuple[int, int] | None:
    """Return line and byte of the first that an encoding cannot be; leaves the file at its start."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 1
    try:
        while block := file.read(_BLOCK):
            try:
                decoder.decode(block)
            except UnicodeDecodeError as fault:
                before = fault.object[: fault.start]
                return lines + before.count(b"\n"), fault.object[fault.start]
            lines += block.count(b"\n")
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as fault:
            return lines, fault.object[fault.start]
    finally:
        file.seek(0)
    return None


def text_lines(file: BinaryIO, name: str, encoding: str) -> Iterator[str]:
    """Yield decoded lines with their ends, so that a fault has the number of its line."""
    file.seek(0)
    try:
        wide = "\n".encode(encoding) != b"\n" and not encoding.startswith("utf-8")
    except UnicodeError:
        wide = True
    if wide or _ends_in_returns(file):
        yield from _wide_lines(file, name, encoding)
        return
    number = 0
    while raw := file.readline(MAX_LINE_BYTES + 1):
        number += 1
        if len(raw) > MAX_LINE_BYTES:
            raise ReleaseFormatError(name, number, f"at most {MAX_LINE_BYTES:,} bytes", "a longer line")
        if number == 1:
            raw = raw.removeprefix(codecs.BOM_UTF8)
        try:
            yield raw.decode(encoding)
        except UnicodeDecodeError as fault:
            raise _not_text(name, number, fault, encoding) from None


def _ends_in_returns(file: BinaryIO) -> bool:
    """Whether lines end in carriage returns alone, as of old spreadsheets; the file stays at its start."""
    head = file.read(_SNIFFED)
    file.seek(0)
    return b"\r" in head and b"\n" not in head


def _wide_lines(file: BinaryIO, name: str, encoding: str) -> Iterator[str]:
    """Lines of an encoding whose line ends are not one byte (UTF-16, UTF-32), or are carriage returns."""
    text = io.TextIOWrapper(file, encoding, newline="")
    number = 0
    try:
        while True:
            try:
                line = text.readline(MAX_LINE_BYTES + 1)
            except UnicodeError as fault:
                raise _not_text(name, number + 1, fault, encoding) from None
            if not line:
                return
            number += 1
            if len(line) > MAX_LINE_BYTES:
                raise ReleaseFormatError(
                    name, number, f"at most {MAX_LINE_BYTES:,} characters", "a longer line"
                )
            yield line.removeprefix("\ufeff") if number == 1 else line
    finally:
        text.detach()


def _not_text(name: str, line: int, fault: UnicodeError, encoding: str) -> ReleaseFormatError:
    found = "other bytes"
    if isinstance(fault, UnicodeDecodeError):
        found = f"byte 0x{fault.object[fault.start]:02X}"
    return ReleaseFormatError(name, line, f"text in {encoding}", found)


def heading_of(lines: Sequence[str]) -> tuple[int, str]:
    """Return which of the first lines is the heading, and the delimiter; -1 where there is none.

    Blank lines above it are passed over, and a line ``sep=;``, by which spreadsheets name the delimiter.

    >>> heading_of(["sep=;\\n", "code;a,b,c\\n"]), heading_of(["\\n", "code\\tn\\n"]), heading_of(["\\n"])
    ((1, ';'), (1, '\\t'), (-1, ','))
    """
    said: str | None = None
    for place, line in enumerate(lines):
        text = line.strip("\r\n\ufeff ")
        named = _SEP.fullmatch(text) if said is None else None
        if named is not None:
            said = named[1]
        elif text.strip():
            return place, said or max(DELIMITERS, key=_QUOTED.sub("", line).count)
    return -1, ","
