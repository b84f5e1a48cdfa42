"""The shapes of requests and answers, checked on the way in and published as OpenAPI."""

from __future__ import annotations

from typing import Any

from apiflask import Schema
from apiflask.fields import Boolean, Dict, Integer, List, Nested, Raw, String
from apiflask.validators import Range

LIMIT_DEFAULT = 20
LIMIT_MAX = 500


class ReleaseQuery(Schema):
    """Which release is asked."""

    release = String(metadata={"description": "release id; the system's default release without it"})


class PageQuery(ReleaseQuery):
    """Which page of a list is asked."""

    limit = Integer(load_default=LIMIT_DEFAULT, validate=Range(1, LIMIT_MAX))
    offset = Integer(load_default=0, validate=Range(0, 10_000_000))


class DiffQuery(Schema):
    """Which two releases are compared."""

    old = String(data_key="from", required=True, metadata={"description": "the older release"})
    new = String(data_key="to", required=True, metadata={"description": "the newer release"})
    limit = Integer(load_default=LIMIT_DEFAULT, validate=Range(1, LIMIT_MAX))
    offset = Integer(load_default=0, validate=Range(0, 10_000_000))


class ReleaseOut(Schema):
    """One release of a code system."""

    id = String()
    default = Boolean()
    effective_from = String(allow_none=True)
    effective_to = String(allow_none=True)
    counts = Dict(keys=String(), values=Integer())
    sources = List(String())
    notices = List(String())
    licence = String()
    attribution = String()


class SystemOut(Schema):
    """One code system."""

    id = String()
    uri = String()
    title = String()
    publisher = String()
    releases = List(Nested(ReleaseOut))


class SystemsOut(Schema):
    """All code systems."""

    systems = List(Nested(SystemOut))


class SummaryOut(Schema):
    """A concept in a list."""

    code = String()
    title = String()
    kind = String()
    billable = Boolean(allow_none=True)
    children_count = Integer()


class PageOut(Schema):
    """A page of concepts."""

    total = Integer()
    items = List(Nested(SummaryOut))


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


class SeventhCharacterOut(Schema):
    """One 7th character."""

    character = String()
    meaning = String()


class SynonymOut(Schema):
    """Another term for a concept, with where it stands."""

    text = String()
    source = String()
    language = String()


class ConceptOut(Schema):
    """A concept with all that its release says of it."""

    system = String()
    release = String()
    releases = List(String())
    code = String()
    title = String()
    short_title = String(allow_none=True)
    kind = String()
    billable = Boolean(allow_none=True)
    parent = String(allow_none=True)
    chapter = String()
    path = List(Nested(SummaryOut))
    children_count = Integer()
    descendants_count = Integer()
    notes = Nested(NotesOut)
    seventh_characters = List(Nested(SeventhCharacterOut))
    synonyms = List(Nested(SynonymOut))
    valid_from = String(allow_none=True)
    valid_to = String(allow_none=True)
    uri = String(allow_none=True)
    foundation_uri = String(allow_none=True)
    properties = Dict(keys=String(), values=Raw())


class RelatedOut(Schema):
    """A line of the conversion table."""

    code = String()
    previous = String()
    previous_note = String(allow_none=True)
    effective_year = Integer()
    effective_note = String(allow_none=True)


class ChangeOut(Schema):
    """A concept that changed between two releases."""

    code = String()
    title = String()
    kind = String()
    billable = Boolean(allow_none=True)
    before = String(allow_none=True)
    related = List(Nested(RelatedOut))


class ChangesOut(Schema):
    """One list of changes."""

    total = Integer()
    billable = Integer()
    items = List(Nested(ChangeOut))


class DiffOut(Schema):
    """What changed between two releases."""

    system = String()
    old = String(data_key="from")
    new = String(data_key="to")
    added = Nested(ChangesOut)
    deleted = Nested(ChangesOut)
    retitled = Nested(ChangesOut)
    billable_changes = Nested(ChangesOut)


class ProblemOut(Schema):
    """An error (RFC 9457)."""

    type = String()
    title = String()
    status = Integer()
    detail = String()
    parameter = String()


def _problem(description: str) -> dict[str, Any]:
    return {"description": description, "content": {"application/problem+json": {"schema": ProblemOut}}}


PROBLEM_RESPONSES: dict[int | str, dict[str, Any]] = {
    400: _problem("Request not understood"),
    404: _problem("Not found"),
}
