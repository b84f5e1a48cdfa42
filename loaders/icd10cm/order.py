"""The ICD-10-CM order file (``icd10cm_order_YYYY.txt``, CMS "code descriptions" zip).

Every code and category of one release, one a line, in tabular order. The layout is that of CMS's own
``icd10OrderFiles.pdf`` in the same zip: columns 1-5 order number, 7-13 code without its dot, 15 billable
flag (``0`` header, ``1`` valid for submission), 17-76 short title, 78 to the end long title; columns 6,
14, 16 and 77 are blank.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from loaders.files.faults import Tell, refuse
from terminology.accents import unaccented
from terminology.errors import ReleaseFormatError

CODE_SHAPE = re.compile(r"[A-Z][0-9A-Z]{2,6}", re.ASCII)
"""A code without its dot: a category of three characters and up to four more."""

_GAPS = (6, 14, 16, 77)


@dataclass(frozen=True, slots=True)
class OrderEntry:
    """One line of an order file. ``key`` is the code without its dot.

    ``short_title`` is ``None`` where the entry was not read from an order file (short titles are CMS's
    own abbreviations and stand nowhere else).
    """

    order: int
    key: str
    billable: bool
    short_title: str | None
    long_title: str


def read_order_file(file: BinaryIO, path: str, tell: Tell = refuse) -> Iterator[OrderEntry]:
    """Yield the entries of an order file, in the file's order. White space within titles is folded.

    A last line without line end goes to ``tell``: the file may be cut off, and its title with it. Raises
    :class:`ReleaseFormatError` for a line that is not UTF-8, breaks the layout, repeats a code or is out of
    order, for order numbers with a gap (CMS counts its lines from 00001), and for a file without entries.
    """
    seen: set[str] = set()
    previous = 0
    blank: int | None = None
    for number, raw in enumerate(file, 1):
        line = _decoded(raw, path, number)
        if not line.strip():
            blank = blank or number
            continue
        if blank is not None:
            raise ReleaseFormatError(path, blank, "an entry", "a blank line")
        entry = _entry(line, path, number)
        if entry.key in seen:
            raise ReleaseFormatError(path, number, "every code once", f"{entry.key} again", column="code")
        if entry.order != previous + 1:
            raise ReleaseFormatError(
                path,
                number,
                f"{previous + 1:05}: no line is missing",
                f"{entry.order:05}",
                column="order number",
            )
        if not raw.endswith(b"\n"):
            tell(ReleaseFormatError(path, number, "a line end", "the end of the file: it may be cut off"))
        seen.add(entry.key)
        previous = entry.order
        yield entry
    if not seen:
        raise ReleaseFormatError(path, None, "entries of an order file", "an empty file")


def same_content(one: Iterable[OrderEntry], other: Iterable[OrderEntry]) -> bool:
    """Say whether two editions list the same codes, billable flags and titles.

    An April edition that adds nothing to its October edition is no release of its own. Titles are compared
    without regard to accents and case; order numbers and short titles do not count.
    """
    return _content(one) == _content(other)


def _content(entries: Iterable[OrderEntry]) -> dict[str, tuple[bool, str]]:
    return {e.key: (e.billable, unaccented(e.long_title).casefold()) for e in entries}


def _decoded(raw: bytes, path: str, number: int) -> str:
    try:
        return (raw.removeprefix(BOM_UTF8) if number == 1 else raw).decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise ReleaseFormatError(
            path, number, "UTF-8 text", f"byte 0x{raw[error.start]:02X} in column {error.start + 1}"
        ) from None


def _entry(line: str, path: str, number: int) -> OrderEntry:
    order, key, flag = line[:5], line[6:13].rstrip(), line[14:15]
    if "\r" in line:
        raise ReleaseFormatError(path, number, "one entry a line", "a bare CR (converted file?)")
    short, long = " ".join(line[16:76].split()), " ".join(line[77:].split())

    def fault(column: str, expected: str, found: str) -> ReleaseFormatError:
        return ReleaseFormatError(path, number, expected, f"'{found}'" if found else "nothing", column=column)

    if not (order.isascii() and order.isdigit()):
        raise fault("order number, columns 1-5", "five digits", order)
    if not CODE_SHAPE.fullmatch(key):
        raise fault("code, columns 7-13", "a code of 3 to 7 letters and digits", key)
    if flag not in ("0", "1"):
        raise fault("billable flag, column 15", "0 or 1", flag)
    if not short:
        raise fault("short title, columns 17-76", "a title", short)
    if not long:
        raise fault("long title, from column 78", "a title", long)
    for column in _GAPS:
        if line[column - 1] != " ":
            raise fault(f"column {column}", "a blank", line[column - 1])
    return OrderEntry(int(order), key, flag == "1", short, long)
