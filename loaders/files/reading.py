"""Reads release files one after the other, reports each and keeps account of all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import BinaryIO, TypeVar

from loaders.files.archive import SourceFile
from loaders.files.catalog import Format, ReleaseFile
from loaders.progress import Progress
from terminology.bundle.manifest import SourceRecord
from terminology.errors import ReleaseFormatError

T = TypeVar("T")


@dataclass(slots=True)
class Reading:
    """The files of one build, the account of what was read from them, and the notices about them."""

    files: Sequence[ReleaseFile]
    progress: Progress
    sources: list[SourceRecord] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def of(self, *formats: Format) -> list[ReleaseFile]:
        """Return the files of these formats."""
        return [file for file in self.files if file.format in formats]

    def read(self, file: ReleaseFile, parse: Callable[[BinaryIO, str], Iterable[T]]) -> list[T]:
        """Read all records of a file; errors of the loader pass through."""
        self.progress.file_begun(file.label, file.format)
        with file.source.open() as stream:
            records = list(parse(stream, file.label))
        self.account(file, len(records))
        return records

    def read_or_tell(
        self, file: ReleaseFile, parse: Callable[[BinaryIO, str], Iterable[T]]
    ) -> list[T] | None:
        """Read all records of a file that the rest can do without; a fault costs the file and is told."""
        try:
            return self.read(file, parse)
        except ReleaseFormatError as error:
            self.notice(f"{error}; this table is not loaded")
            return None

    def account(self, file: ReleaseFile, records: int) -> None:
        """Note that a file has been read to its end."""
        self.sources.append(
            SourceRecord(file.label, _sha256(file.source.path), file.format, file.origin, records)
        )
        self.progress.file_read(file.label, records)

    def notice(self, text: str) -> None:
        """Tell the user, now and in the bundle's manifest."""
        self.notices.append(text)
        self.progress.notice(text)


@cache
def _sha256(path: Path) -> str:
    return SourceFile(path).sha256()
