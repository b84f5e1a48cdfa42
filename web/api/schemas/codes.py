"""Concepts, in lists and whole."""

from __future__ import annotations

from apiflask import Schema
from apiflask.fields import Boolean, Dict, Integer, List, Nested, Raw, String


class SummaryOut(Schema):
    """A concept in a list."""

    code = String()
    title = String()
    kind = String()
    billable = Boolean(allow_none=True)
    children_count = Integer()


class PageOut(Schema):
    """A page of concepts of one release."""

    release = String()
    total = Integer()
    items = List(Nested(SummaryOut))
    notices = List(String(), metadata={"description": "what of the answer is not of the day asked for"})


class NotesOut(Schema):
    """A concept's notes by kind, as the publisher prints them."""

    includes = List(String())
    inclusion_terms = List(String())
    excludes1 = List(String())
    excludes2 = List(String())
    excludes = List(String())
    code_first = List(String())
    use_additional = List(String())
    code_also = List(String())
    coding_notes = List(String())


class InheritedNoteOut(Schema):
    """A note that holds because a concept above carries it."""

    origin = String(data_key="from")
    kind = String()
    text = String()


class PeriodOut(Schema):
    """A period in which a code existed with one title and one flag; both days included."""

    start = String(data_key="from", allow_none=True)
    end = String(data_key="to", allow_none=True)
    title = String(allow_none=True)
    billable = Boolean(allow_none=True)
    source = String()


class ReferenceOut(Schema):
    """A note that names a code; ``code`` and ``title`` are of the concept that carries the note."""

    code = String()
    title = String()
    kind = String()
    text = String()
    lead = String(allow_none=True, metadata={"description": "the line that leads a list of items"})
    names = String(metadata={"description": "the codes it names, e.g. C01-C18, D37"})


class ReferencesOut(Schema):
    """A page of notes that name a code."""

    total = Integer()
    items = List(Nested(ReferenceOut))


class SeventhCharacterOut(Schema):
    """One 7th character."""

    character = String()
    meaning = String()


class SynonymOut(Schema):
    """Another term for a concept, with where it stands."""

    text = String()
    source = String()
    language = String()


class EditorPeriodOut(Schema):
    """What CMS's Medicare Code Editor flags of a code in a period."""

    from_ = String(data_key="from", required=True, metadata={"description": "first day, YYYY-MM-DD"})
    to = String(allow_none=True, metadata={"description": "last day; null while it is open"})
    flags = List(String(), metadata={"description": "the editor's own words, such as female or unspecified"})
    source = String(metadata={"description": "table and version"})


class DrgStatusOut(Schema):
    """A complication or comorbidity in MS-DRG, unless the principal diagnosis excludes it."""

    status = String(metadata={"description": "MCC or CC"})
    source = String()


class RiskPlaceOut(Schema):
    """The payment category of a code in one of CMS's risk adjustment models."""

    model = String()
    category = String()
    label = String(allow_none=True)
    source = String()


class CodeEditsOut(Schema):
    """What the tables of claim checks and payment say of a code; a part is empty where none is loaded."""

    mce = List(Nested(EditorPeriodOut))
    poa_exempt = List(String(), metadata={"description": "the exempt lists the code stands on"})
    ms_drg = Nested(DrgStatusOut, allow_none=True)
    risk = List(Nested(RiskPlaceOut))


class ConceptOut(Schema):
    """A concept with all that its release says of it."""

    system = String()
    release = String()
    releases = List(String())
    code = String()
    title = String()
    title_en = String(metadata={"description": "with another language: the English title"})
    title_source = String(metadata={"description": "with another language: where the title stands"})
    language = String(metadata={"description": "with another language: that of the title shown"})
    short_title = String(allow_none=True)
    kind = String()
    billable = Boolean(allow_none=True)
    parent = String(allow_none=True)
    chapter = String()
    path = List(Nested(SummaryOut))
    children_count = Integer()
    descendants_count = Integer()
    notes = Nested(NotesOut)
    inherited_notes = List(Nested(InheritedNoteOut))
    seventh_characters = List(Nested(SeventhCharacterOut))
    synonyms = List(Nested(SynonymOut))
    valid_from = String(allow_none=True)
    valid_from_known = Boolean()
    valid_to = String(allow_none=True)
    life = List(Nested(PeriodOut))
    notices = List(String())
    uri = String(allow_none=True)
    foundation_uri = String(allow_none=True)
    properties = Dict(keys=String(), values=Raw())
    edits = Nested(CodeEditsOut)
