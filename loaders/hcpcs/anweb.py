"""HCPCS ANWEB text: the fixed-width file of CMS's quarterly Alpha-Numeric HCPCS release (``*_ANWEB*.txt``).

Columns after CMS's "HCPCS Contractor Record" layout: 1-5 code (modifiers in 4-5), 6-10 sequence number by
hundreds, 11 record identification code, 12-91 long description, 92-119 short description, 120-293 the
details of :data:`loaders.hcpcs.record.FIELDS`, 294-320 filler. Lines may be trimmed on the right.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from loaders.files.faults import Tell, refuse
from loaders.files.text_lines import text_lines
from loaders.hcpcs.record import FIELDS, HcpcsLine, HcpcsRecord, join_lines
from terminology.errors import ReleaseFormatError

_WIDTH = 320
_DETAILS_FROM = FIELDS[0].first
_SLICES = tuple(
    (
        field.name,
        slice(field.first - 1, field.last),
        tuple(slice(at, at + field.width) for at in range(field.first - 1, field.last, field.width)),
    )
    for field in FIELDS
)


def read_anweb(file: BinaryIO, path: Path | str, tell: Tell = refuse) -> Iterator[HcpcsRecord]:
    """Yield the codes and modifiers of an ANWEB text in file order.

    Some years open with disclaimer lines, which are skipped; from the first record on every line must be
    one. ``tell`` is told of details that are left out. Raises :class:`ReleaseFormatError`.
    """
    return join_lines(_lines(file, path), path, tell)


def _lines(file: BinaryIO, path: Path | str) -> Iterator[HcpcsLine]:
    started = False
    for number, text, ended in text_lines(file, path):
        if not ended:  # trimmed lines make a line cut off in transit look whole
            raise ReleaseFormatError(path, number, "a line end", "the end of the file: it may be truncated")
        if started or _is_numbered(text):
            started = True
            yield _line(number, text, path)
    if not started:
        raise ReleaseFormatError(
            path, None, "HCPCS records (sequence number in columns 6-10)", "no line of this form"
        )


def _is_numbered(text: str) -> bool:
    return text[5:10].isdecimal() and text[5:10].isascii() and len(text) > 10


def _line(number: int, text: str, path: Path | str) -> HcpcsLine:
    if not _is_numbered(text):
        found = "a blank line" if not text.strip() else repr(text[:20])
        raise ReleaseFormatError(path, number, "a HCPCS record", found, column="columns 1-11")
    sequence = int(text[5:10])
    if sequence % 100:
        raise ReleaseFormatError(
            path, number, "a sequence number by hundreds", text[5:10], column="columns 6-10"
        )
    if len(text) > _WIDTH and text[_WIDTH:].strip():
        raise ReleaseFormatError(path, number, f"at most {_WIDTH} columns", f"{len(text.rstrip())} columns")
    is_modifier = text[10] in "78"
    return HcpcsLine(
        number=number,
        code=text[3:5] if is_modifier and not text[:3].strip() else text[:5],
        sequence=sequence // 100,
        kind=text[10],
        long=text[11:91],
        short=text[91:119].strip(),
        details=_details(text),
    )


def _details(text: str) -> dict[str, tuple[str, ...]]:
    details = {}
    if len(text) >= _DETAILS_FROM and not text[_DETAILS_FROM - 1 :].isspace():
        for name, whole, parts in _SLICES:
            if text[whole].strip():
                details[name] = tuple(v for part in parts if (v := text[part].strip()))
    return details
