"""Reads release files one after the other, reports each and keeps account of all.

A fault costs as little as can be answered for: an optional detail of a row costs that detail
(:meth:`Reading.read_but_details`), a file that the rest can stand without costs that file
(:meth:`Reading.read_or_tell`), and what makes a code list incomplete ends the build (:meth:`Reading.read`).
Each is told at once, in the summary and in the manifest; ``strict`` makes every one end the build.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import BinaryIO, TypeVar

from loaders.files.archive import SourceFile
from loaders.files.catalog import Format, ReleaseFile
from loaders.files.faults import Tell, refuse
from loaders.progress import Progress
from terminology.bundle.manifest import SourceRecord
from terminology.errors import DataNotAvailableError, ReleaseFormatError, UnsafeArchiveError

T = TypeVar("T")
_SHOWN = 3
_COSTS_ITSELF = (ReleaseFormatError, UnsafeArchiveError, DataNotAvailableError)


@dataclass(slots=True)
class Reading:
    """The files of one build, the account of what was read from them, and the notices about them.

    ``faults`` are those of the notices that say what a fault in a file cost.
    """

    files: Sequence[ReleaseFile]
    progress: Progress
    strict: bool = False
    sources: list[SourceRecord] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

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

    def read_but_details(
        self, file: ReleaseFile, parse: Callable[[BinaryIO, str, Tell], Iterable[T]]
    ) -> list[T]:
        """Read all records of a file whose loader can leave out details; they are counted and listed."""
        with self.sparing(file) as tell:
            return self.read(file, lambda stream, path: parse(stream, path, tell))

    def read_or_tell(
        self, file: ReleaseFile, parse: Callable[[BinaryIO, str], Iterable[T]]
    ) -> list[T] | None:
        """Read all records of a file that the rest can do without; a fault costs the file and is told."""
        with self.optional():
            return self.read(file, parse)
        return None

    def read_rows_or_tell(
        self, file: ReleaseFile, parse: Callable[[BinaryIO, str, Tell], Iterable[T]]
    ) -> list[T] | None:
        """Read a table that the rest can do without, and that can do without a cell or row; each is told."""
        with self.optional():
            return self.read_but_details(file, parse)
        return None

    @contextmanager
    def optional(self, lost: str = "this table") -> Iterator[None]:
        """Run a block that reads what the rest can do without; a fault of a file ends it and is told.

        ``lost`` names what is then not loaded.
        """
        try:
            yield
        except _COSTS_ITSELF as error:
            if self.strict:
                raise
            self.fault(f"{error}; {lost} is not loaded")

    @contextmanager
    def sparing(self, file: ReleaseFile) -> Iterator[Tell]:
        """Yield what a loader tells of the details and repeated rows it leaves out; say so afterwards."""
        left_out: list[ReleaseFormatError] = []
        yield refuse if self.strict else left_out.append
        if left_out:
            first = "; ".join(str(error) for error in left_out[:_SHOWN])
            more = f"; and {len(left_out) - _SHOWN:,} more" if len(left_out) > _SHOWN else ""
            details = "1 detail is" if len(left_out) == 1 else f"{len(left_out):,} details are"
            self.fault(f"{file.label}: {details} doubtful, repeated or left out: {first}{more}")

    def account(self, file: ReleaseFile, records: int) -> None:
        """Note that a file has been read to its end."""
        self.sources.append(
            SourceRecord(file.label, _sha256(file.source.path), file.format, file.origin, records)
        )
        self.progress.file_read(file.label, records)

    def fault(self, text: str) -> None:
        """Tell what a fault in a file cost."""
        self.faults.append(text)
        self.notice(text)

    def notice(self, text: str) -> None:
        """Tell the user, now and in the bundle's manifest."""
        self.notices.append(text)
        self.progress.notice(text)


@cache
def _sha256(path: Path) -> str:
    return SourceFile(path).sha256()
