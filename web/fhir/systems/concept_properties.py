"""What a release of the bundle says of a concept: its properties and other names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from terminology.bundle.concepts.concept_rows import ConceptRow
from terminology.bundle.life.periods import life
from terminology.bundle.life.resolution import resolve
from terminology.bundle.records import ConceptRecord
from terminology.bundle.store import Store
from web.fhir.systems.property_table import DECLARED, NOTE_PROPERTIES
from web.fhir.systems.system import Concept, Designation, Property

_SYNONYM = {
    "system": "http://snomed.info/sct",
    "code": "900000000000013009",
    "display": "Synonym",
}
_DAY = timedelta(days=1)
_TYPES = {"code": "Code", "dateTime": "DateTime", "string": "String", "boolean": "Boolean"}


def row_properties(row: ConceptRow, concept: Concept) -> Iterator[Property]:
    """Yield the properties that a concept's row alone holds."""
    yield Property("kind", "Code", row[3])
    if row[4] is not None:
        yield Property("billable", "Boolean", bool(row[4]))
    yield Property("chapter", "Code", row[8])
    yield Property("notSelectable", "Boolean", concept.abstract)
    yield Property("inactive", "Boolean", concept.inactive)


def record_properties(store: Store, record: ConceptRecord) -> Iterator[Property]:
    """Yield the properties that the whole concept has beside: addresses, dates, history, notes."""
    for code, value in (
        ("uri", record.uri),
        ("foundation-uri", record.foundation_uri),
        ("valid-from", record.valid_from),
        ("valid-to", record.valid_to),
    ):
        if value is not None:
            yield Property(code, _TYPES[DECLARED[code][1]], value)
    yield from _history(store, record)
    for release in record.releases:
        yield Property("release", "String", release)
    for character in record.seventh_characters:
        yield Property("seventh-character", "String", f"{character.character}: {character.meaning}")
    for kind, texts in record.notes.items():
        for text in texts:
            yield Property(NOTE_PROPERTIES[kind], "String", text)
    for code, value in record.properties.items():
        if code in DECLARED:
            yield Property(code, "String", value)


def designations(record: ConceptRecord) -> tuple[Designation, ...]:
    """Return the other names of a concept: its short title where it has one, and its synonyms."""
    terms = [(s.text, s.language) for s in record.synonyms]
    if record.short_title and record.short_title != record.title:
        terms.insert(0, (record.short_title, "en"))
    return tuple(Designation(text, language, _SYNONYM) for text, language in dict.fromkeys(terms))


def _history(store: Store, record: ConceptRecord) -> Iterator[Property]:
    """Say when the code began and ended, where a loaded file says it, and what replaced it."""
    periods = life(store, record.system, record.code)
    if periods and periods[0].start_known:
        yield Property("effectiveDate", "DateTime", periods[0].start.isoformat())
    if periods and periods[-1].end is not None and periods[-1].end_known:
        yield Property("deprecationDate", "DateTime", (periods[-1].end + _DAY).isoformat())
    if periods and periods[-1].end is not None:
        for successor in resolve(store, record.system, record.code, date.today()).successors:
            yield Property("replacedBy", "Code", successor.code, successor.title)
