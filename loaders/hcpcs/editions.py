"""HCPCS Level II: one edition per release; of its text and its workbook the text counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from loaders.files.catalog import Format
from loaders.files.reading import Reading
from loaders.hcpcs.anweb import read_anweb
from loaders.hcpcs.release import hcpcs_content, release_of
from loaders.hcpcs.xlsx import read_xlsx
from terminology.edition import Edition
from terminology.errors import ReleaseFormatError


def hcpcs_editions(reading: Reading) -> Iterator[Edition]:
    """Yield an edition for each release of which a file is there, without dental codes."""
    seen: set[str] = set()
    for file in sorted(reading.of(Format.HCPCS), key=lambda f: f.source.name.lower().endswith(".xlsx")):
        release = release_of(file.source.name)
        if release is None:
            raise ReleaseFormatError(file.label, None, "a file name with year and quarter", file.source.name)
        if release.id in seen:
            reading.notice(f"{file.label} is not read: the same release was read from its text file")
            continue
        seen.add(release.id)
        workbook = file.source.name.lower().endswith(".xlsx")
        records = reading.read_but_details(file, read_xlsx if workbook else read_anweb)
        content = hcpcs_content(records, file.label)
        if content.dental_skipped:
            reading.notice(f"{file.label}: {content.dental_skipped:,} dental codes (CDT) are not loaded")
        release = replace(release, sources=(file.label,), notices=content.notices)
        yield Edition(release, content.concepts)
