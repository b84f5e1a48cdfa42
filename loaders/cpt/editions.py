"""CPT: an edition of a licensee's own files, for the licensee's own bundle."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

from loaders.cpt.files import CptFile, file_role, read_consolidated, read_cpt, release_of
from loaders.files.catalog import Format, ReleaseFile
from loaders.files.reading import Reading
from terminology.concept import Concept
from terminology.edition import Edition
from terminology.errors import DataNotAvailableError


def cpt_editions(reading: Reading) -> Iterator[Edition]:
    """Yield an edition for each year of which files are there; of both layouts the consolidated list counts.

    Raises :class:`DataNotAvailableError` when the long descriptors of a year are missing, or a path does
    not name its year.
    """
    years: dict[str, dict[str, ReleaseFile]] = {}
    for file in reading.of(Format.CPT):
        release = release_of(file.label)
        if release is None:
            raise DataNotAvailableError(
                f"{file.label}: CPT files do not state their edition; put them into a folder named for the "
                "year, for example 'CPT 2026'"
            )
        years.setdefault(release.id, {})[file_role(file.source.name) or ""] = file
    for year, found in sorted(years.items()):
        parts = found
        if "consolidated" in parts:
            consolidated = parts.pop("consolidated")
            for passed in parts.values():
                reading.notice(f"{passed.label} is not read: {consolidated.label} holds its descriptors too")
            parts = {"consolidated": consolidated}
            concepts = reading.read(consolidated, read_consolidated)
        elif "long" in parts:
            concepts = _separate(reading, parts)
        else:
            raise DataNotAvailableError(f"CPT {year}: LONGULT.txt, the file of long descriptors, is missing")
        named = release_of(next(iter(parts.values())).label)
        if named is not None:
            yield Edition(replace(named, sources=tuple(f.label for f in parts.values())), tuple(concepts))


def _separate(reading: Reading, parts: dict[str, ReleaseFile]) -> list[Concept]:
    """Join the files of long, medium and short descriptors."""
    with ExitStack() as opened:
        files = {
            role: CptFile(opened.enter_context(file.source.open()), file.label)
            for role, file in parts.items()
        }
        for file in parts.values():
            reading.progress.file_begun(file.label, file.format)
        concepts = list(read_cpt(files["long"], files.get("medium"), files.get("short")))
    for file in parts.values():
        reading.account(file, len(concepts))
    return concepts
