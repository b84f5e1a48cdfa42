"""HCPCS Level II: one edition per release, of the newest version of its file, text before workbook."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from loaders.files.catalog import Format, ReleaseFile
from loaders.files.reading import Reading
from loaders.hcpcs.anweb import read_anweb
from loaders.hcpcs.release import HcpcsContent, hcpcs_content, release_of
from loaders.hcpcs.xlsx import read_xlsx
from terminology.edition import Edition
from terminology.errors import ReleaseFormatError
from terminology.release import Release

_VERSION = re.compile(r"_v(\d+)", re.IGNORECASE)


def hcpcs_editions(reading: Reading) -> Iterator[Edition]:
    """Yield an edition for each release of which a file is there, without dental codes.

    Raises :class:`ReleaseFormatError` for a release of which no file can be read.
    """
    releases: dict[str, tuple[Release, list[ReleaseFile]]] = {}
    for file in reading.of(Format.HCPCS):
        release = release_of(file.source.name)
        if release is None:
            raise ReleaseFormatError(file.label, None, "a file name with year and quarter", file.source.name)
        releases.setdefault(release.id, (release, []))[1].append(file)
    for release, files in releases.values():
        file, content = _first_readable(reading, sorted(files, key=_rank))
        if content.dental_skipped:
            reading.notice(f"{file.label}: {content.dental_skipped:,} dental codes (CDT) are not loaded")
        yield Edition(replace(release, sources=(file.label,), notices=content.notices), content.concepts)


def _first_readable(reading: Reading, files: Sequence[ReleaseFile]) -> tuple[ReleaseFile, HcpcsContent]:
    """Read the best file of a release, or the next where it is broken; say what of the others is not read."""
    file, *others = files
    try:
        workbook = _is_workbook(file)
        records = reading.read_but_details(file, read_xlsx if workbook else read_anweb)
        content = hcpcs_content(records, file.label)
    except ReleaseFormatError as error:
        if reading.strict or not others:
            raise
        reading.fault(f"{error}; {others[0].label} is read in its place")
        return _first_readable(reading, others)
    for other in others:
        reading.notice(f"{other.label} is not read: the same release was read from {file.label}")
    return file, content


def _rank(file: ReleaseFile) -> tuple[int, bool, str]:
    """CMS corrects a quarter's file by a new version of it: ``HCPC2025_OCT_ANWEB_v3.txt``."""
    version = _VERSION.search(file.source.name)
    return -int(version[1]) if version else 0, _is_workbook(file), file.label


def _is_workbook(file: ReleaseFile) -> bool:
    return file.source.name.lower().endswith(".xlsx")
