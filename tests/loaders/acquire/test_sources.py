"""What is taken from a folder, what is left out and what is said of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaders.acquire.sources import Sources, gather
from loaders.progress import Silent
from terminology.errors import DataNotAvailableError


def told(data: Path, *skip: str) -> tuple[set[str], str]:
    files, notices = gather(Sources(data=data, offline=True, skip=skip), Silent())
    return {file.source.name for file in files}, "\n".join(notices)


def test_files_that_nobody_reads_are_listed(data: Path) -> None:
    (data / "minutes.docx").write_bytes(b"x")
    assert "not recognised and not read: " in told(data)[1]
    assert "minutes.docx" in told(data)[1]


@pytest.mark.parametrize("copy", ["HCPC2026_JUL_ANWEB (1).txt", "Copy of HCPC2026_JUL_ANWEB.txt"])
def test_a_copy_is_read_in_place_of_its_file_and_not_beside_it(data: Path, copy: str) -> None:
    (own,) = data.rglob("HCPC2026_JUL_ANWEB.txt")
    beside = own.with_name(copy)
    beside.write_bytes(own.read_bytes())
    label = beside.relative_to(data).as_posix()
    assert f"not read, for a file of that name without the marks of a copy is: {label}" in told(data)[1]
    own.unlink()
    names, notices = told(data)
    assert "HCPC2026_JUL_ANWEB.txt" in names
    assert label not in notices


def test_a_pattern_leaves_files_out_and_says_so(data: Path) -> None:
    names, notices = told(data, "11to10*.TXT")
    assert "11To10MapToOneCategory.txt" not in names
    assert "10To11MapToOneCategory.txt" in names
    assert "left out as asked (--skip 11to10*.TXT): who_maps/11To10MapToOneCategory.txt" in notices


def test_a_broken_archive_can_be_left_out(data: Path) -> None:
    (data / "broken.zip").write_bytes(b"PK no zip")
    assert "left out as asked (--skip broken.zip): broken.zip" in told(data, "broken.zip")[1]


def test_a_pattern_that_fits_nothing_is_said(data: Path) -> None:
    assert "--skip nothing.txt fits no file" in told(data, "nothing.txt")[1]


def test_a_folder_of_which_all_is_left_out_is_told_from_one_without_release_files(data: Path) -> None:
    with pytest.raises(DataNotAvailableError, match=r"left out as asked \(--skip \*\): "):
        told(data, "*")
    for path in sorted(data.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    with pytest.raises(DataNotAvailableError, match="no release file to read; docs/data-sources says"):
        told(data)


def test_systems_that_are_absent_are_said(data: Path) -> None:
    notices = told(data, "icd102019*", "simpletabulation*", "hcpc*", "*mapto*")[1]
    for absent in ("WHO's ICD-10 is not loaded", "ICD-11 is not loaded", "HCPCS Level II is not loaded"):
        assert absent in notices
    assert "WHO's ICD-10 to ICD-11 tables are not loaded" in notices
