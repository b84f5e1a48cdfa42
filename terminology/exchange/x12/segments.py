"""Segments of an X12 interchange, read as they are needed and whatever their delimiters.

The ISA segment names the delimiters (X12.5, Interchange Control Structures): the character after ``ISA``
parts elements, its 16th element parts components, the character behind that ends segments. The standard
fixes the width of each ISA field; real files leave fields empty, so they are counted, not measured.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from terminology.errors import ReleaseFormatError

MAX_SEGMENT = 65_536
"""Characters of a segment. The longest of a claim, a note of 80 or a form's answers, has some hundred."""

_CHUNK = 1 << 18
_ISA_ELEMENTS = 16
_MAX_ISA = 512


@dataclass(frozen=True, slots=True)
class Delimiters:
    """What parts elements and components and what ends a segment."""

    element: str
    component: str
    terminator: str


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment: its tag, its elements, and where it stands.

    ``number`` counts the segments of the file and ``line`` its lines, both from 1. Elements and components
    are counted as the guides do, from 1: ``CLM05-2`` is ``segment.component(5, 2)``.
    """

    tag: str
    elements: tuple[str, ...]
    number: int
    line: int
    file: str
    separator: str = ":"

    def element(self, position: int) -> str:
        """Return an element without blanks around it, ``""`` where the segment has none."""
        return self.elements[position - 1].strip() if position <= len(self.elements) else ""

    def components(self, position: int) -> list[str]:
        """Return the components of an element without blanks around them; none of an empty element."""
        whole = self.element(position)
        return [part.strip() for part in whole.split(self.separator)] if whole else []

    def component(self, position: int, part: int) -> str:
        """Return one component of an element, ``""`` where it has none."""
        parts = self.components(position)
        return parts[part - 1] if part <= len(parts) else ""

    def fault(self, position: int | None, expected: str, found: str) -> ReleaseFormatError:
        """Return the error of this segment, or of one of its elements, with its place.

        ``found`` must not hold what tells who a patient is.
        """
        place = f"segment {self.number} ({self.tag})"
        if position is not None:
            place += f", element {self.tag}{position:02d}"
        return ReleaseFormatError(self.file, self.line, expected, found, column=place)


def read_segments(file: BinaryIO, name: str) -> Iterator[Segment]:
    """Yield the segments of all interchanges in an open file; ``name`` stands in the errors.

    Line ends, blanks and a byte order mark between segments do not count. Memory holds a chunk of the file.
    Raises :class:`ReleaseFormatError` where the file is no X12 text.
    """
    decode = codecs.getincrementaldecoder("utf-8-sig")("replace").decode
    buffer, start, number, line = "", 0, 0, 1
    marks: Delimiters | None = None
    ended = False
    while not ended:
        chunk = file.read(_CHUNK)
        ended = not chunk
        buffer, start = buffer[start:] + decode(chunk, ended), 0
        while True:
            begin = _next_text(buffer, start, marks)
            line += buffer.count("\n", start, begin)
            start = begin
            if begin == len(buffer):
                break
            if marks is None or _begins_interchange(buffer, begin):
                if not ended and len(buffer) - begin < _MAX_ISA:
                    break
                marks = _delimiters(buffer, begin, name, line)
            end = buffer.find(marks.terminator, begin)
            if end < 0 and not ended and len(buffer) - begin <= MAX_SEGMENT:
                break
            stop = len(buffer) if end < 0 else end
            number += 1
            if stop - begin > MAX_SEGMENT:
                raise ReleaseFormatError(
                    name, line, f"at most {MAX_SEGMENT:,} characters to a segment", "more: is it cut?",
                    column=f"segment {number}",
                )  # fmt: skip
            yield _segment(buffer[begin:stop], marks, number, line, name)
            start = stop + 1 if end >= 0 else stop
            line += buffer.count("\n", begin, start)


def looks_like_x12(start: bytes) -> bool:
    """Whether a file that begins with these bytes is an X12 interchange.

    >>> looks_like_x12(b"\\xef\\xbb\\xbf\\r\\nISA*00*"), looks_like_x12(b"isa,code"), looks_like_x12(b"ISAAC")
    (True, False, False)
    """
    text = start.removeprefix(codecs.BOM_UTF8).lstrip()[:4].decode("latin-1")
    return len(text) == 4 and _begins_interchange(text, 0)


def _begins_interchange(text: str, at: int) -> bool:
    after = text[at + 3 : at + 4]
    return text.startswith("ISA", at) and bool(after) and not after.isalnum() and not after.isspace()


def _next_text(buffer: str, at: int, marks: Delimiters | None) -> int:
    """Return the place of the first character that is neither blank nor a terminator that ends nothing."""
    ignored = marks.terminator if marks else ""
    while at < len(buffer) and (buffer[at].isspace() or buffer[at] == ignored):
        at += 1
    return at


def _delimiters(buffer: str, begin: int, name: str, line: int) -> Delimiters:
    expected = "an X12 interchange: an ISA segment of 16 elements"
    if not _begins_interchange(buffer, begin):
        raise ReleaseFormatError(name, line, expected, "another beginning")
    element = buffer[begin + 3]
    at = begin + 3
    for _ in range(_ISA_ELEMENTS - 1):
        at = buffer.find(element, at + 1, begin + _MAX_ISA)
        if at < 0:
            raise ReleaseFormatError(name, line, expected, "fewer", column="segment ISA")
    component, terminator = buffer[at + 1 : at + 2], buffer[at + 2 : at + 3]
    marks = (element, component, terminator)
    if any(len(mark) != 1 or mark.isalnum() or mark == " " for mark in marks) or len(set(marks)) < 3:
        raise ReleaseFormatError(
            name, line, "three different delimiters", "letters, digits or the same twice",
            column="segment ISA, element ISA16",
        )  # fmt: skip
    return Delimiters(element, component, terminator)


def _segment(text: str, marks: Delimiters, number: int, line: int, name: str) -> Segment:
    tag, *elements = text.split(marks.element)
    tag = tag.strip()
    if not 2 <= len(tag) <= 3 or not (tag.isascii() and tag.isalnum()):
        raise ReleaseFormatError(
            name, line, "a segment's tag of two or three letters", "something else",
            column=f"segment {number}",
        )  # fmt: skip
    return Segment(tag.upper(), tuple(elements), number, line, name, marks.component)
