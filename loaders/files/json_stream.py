"""JSON files of many objects, read one object at a time: a single object, an array of them, or one per line.

A saved classification is far larger than any of its entities, so a file is decoded piece by piece and only
one object is held. Objects may follow each other without a separator (NDJSON, or pretty-printed ones).
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from terminology.errors import ReleaseFormatError

MAX_OBJECT_CHARACTERS = 2**26
"""One object. The largest entity of ICD-11, with all its index terms, has less than a tenth of this."""

_CHUNK = 2**20
_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()


def read_objects(file: BinaryIO, path: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield every object of a file with the 1-based line it starts at.

    Raises :class:`ReleaseFormatError` for text that is not UTF-8, for malformed JSON and for values that
    are no objects.
    """
    source = _Source(file, path)
    in_array = source.peek() == "["
    if in_array:
        source.skip(1)
    first = True
    while (character := source.peek()) not in ("", "]"):
        if in_array and not first:
            if character != ",":
                raise source.error("a comma or the end of the array", repr(character))
            source.skip(1)
            character = source.peek()
        if character != "{":
            raise source.error("a JSON object", repr(character) if character else "the end of the file")
        line = source.line
        yield line, source.take_object()
        first = False
    if in_array:
        if source.peek() != "]":
            raise source.error("the end of the array (cut off?)", "the end of the file")
        source.skip(1)
    if source.peek():
        raise source.error("the end of the file", repr(source.peek()))


class _Source:
    """The text of a file behind one position that only moves forward."""

    def __init__(self, file: BinaryIO, path: str) -> None:
        file.seek(0)
        self._file = file
        self._path = path
        self._decode = codecs.getincrementaldecoder("utf-8-sig")()
        self._text = ""
        self._at = 0
        self._ended = False
        self.line = 1

    def peek(self) -> str:
        """Return the next character that is not blank, ``""`` at the end; leave the position at it."""
        while True:
            found = _SPACE.match(self._text, self._at)
            self._move(found.end() if found else self._at)
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._read(_CHUNK):
                return ""

    def skip(self, characters: int) -> None:
        """Move past characters that :meth:`peek` has shown."""
        self._move(self._at + characters)

    def take_object(self) -> dict[str, Any]:
        """Decode the object at the position and move past it."""
        while True:
            try:
                taken: dict[str, Any]
                taken, end = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                held = len(self._text) - self._at
                if held > MAX_OBJECT_CHARACTERS or not self._read(max(_CHUNK, held)):
                    self._move(min(error.pos, len(self._text)))
                    raise self.error("well-formed JSON", error.msg) from None
            except RecursionError:
                raise self.error("an entity", "JSON nested too deeply") from None
            else:
                self._move(end)
                return taken

    def error(self, expected: str, found: str) -> ReleaseFormatError:
        """Return an error about the position."""
        return ReleaseFormatError(self._path, self.line, expected, found)

    def _read(self, size: int) -> bool:
        """Read on; return whether there was anything."""
        if self._ended:
            return False
        raw = self._file.read(size)
        self._ended = not raw
        try:
            more = self._decode.decode(raw, final=self._ended)
        except UnicodeDecodeError as error:
            raise self.error("UTF-8 text", f"byte 0x{error.object[error.start]:02x}") from None
        self._text = self._text[self._at :] + more
        self._at = 0
        return bool(raw)

    def _move(self, to: int) -> None:
        self.line += self._text.count("\n", self._at, to)
        self._at = to
