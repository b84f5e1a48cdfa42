"""What a fault in a file costs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from loaders.files.archive import SourceFile
from loaders.files.catalog import Format, Origin, ReleaseFile
from loaders.files.faults import Tell, refuse
from loaders.files.reading import Reading
from loaders.progress import Silent
from terminology.errors import ReleaseFormatError


@pytest.fixture
def file(tmp_path: Path) -> ReleaseFile:
    path = tmp_path / "prices.csv"
    path.write_text("1\n2\nx\n4\n")
    return ReleaseFile(SourceFile(path, None, tmp_path), Format.HCPCS, Origin.DATA)


def numbers(stream: BinaryIO, path: str, tell: Tell = refuse) -> Iterator[int]:
    for line, raw in enumerate(stream, 1):
        if raw.strip().isdigit():
            yield int(raw)
        else:
            tell(ReleaseFormatError(path, line, "a number", raw.decode().strip()))


def test_a_fault_in_a_detail_costs_the_detail_and_is_counted_and_listed(file: ReleaseFile) -> None:
    reading = Reading([file], Silent())
    assert reading.read_but_details(file, numbers) == [1, 2, 4]
    assert reading.faults == reading.notices
    assert reading.faults == [
        "prices.csv: 1 detail is doubtful, repeated or left out: "
        "prices.csv, line 3: expected a number, found x"
    ]


def test_a_fault_in_an_optional_file_costs_the_file(file: ReleaseFile) -> None:
    reading = Reading([file], Silent())
    assert reading.read_or_tell(file, numbers) is None
    assert reading.faults == ["prices.csv, line 3: expected a number, found x; this table is not loaded"]
    assert reading.sources == []


def test_a_fault_in_what_must_be_whole_ends_the_build(file: ReleaseFile) -> None:
    with pytest.raises(ReleaseFormatError, match="line 3"):
        Reading([file], Silent()).read(file, numbers)


def test_strict_makes_every_fault_end_the_build(file: ReleaseFile) -> None:
    reading = Reading([file], Silent(), strict=True)
    with pytest.raises(ReleaseFormatError, match="line 3"):
        reading.read_or_tell(file, numbers)
    with pytest.raises(ReleaseFormatError, match="line 3"):
        reading.read_but_details(file, numbers)
