"""The shapes of requests and answers, checked on the way in and published as OpenAPI."""

from __future__ import annotations

from typing import Any

from apiflask import Schema
from apiflask.fields import Boolean, Dict, Float, Integer, List, Nested, Raw, String
from apiflask.validators import Length, Range

LIMIT_DEFAULT = 20
LIMIT_MAX = 500
BATCH_MAX = 10_000
QUERY_MAX = 10_000


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


class CrosswalkQuery(ReleaseQuery):
    """Which direction is asked."""

    target = String(
        metadata={"description": "code system to map to; icd-11, or for icd-11 icd-10 or icd-10-cm"}
    )


class CrosswalkBatchIn(Schema):
    """Many codes of one system."""

    system = String(required=True)
    target = String()
    release = String()
    codes = List(String(validate=Length(1, 200)), required=True, validate=Length(1, BATCH_MAX))


class StepOut(Schema):
    """One reason for a target, with where it can be checked."""

    step = String()
    detail = String()
    source = String()


class TargetOut(Schema):
    """One proposed target."""

    rank = Integer()
    expression = String()
    stem = String()
    extensions = List(String())
    titles = List(String(allow_none=True))
    relationship = String()
    confidence = Float(allow_none=True)
    facets_kept = List(String())
    facets_lost = List(String())
    facets_added = List(String())
    provenance = List(Nested(StepOut))


class EndOut(Schema):
    """One end of a crosswalk."""

    system = String()
    release = String(allow_none=True)
    code = String()
    title = String()


class CrosswalkErrorOut(Schema):
    """Why a code of a batch has no crosswalk."""

    detail = String()
    suggestions = List(String())


class CrosswalkOut(Schema):
    """What a code becomes."""

    source = Nested(EndOut)
    target = Nested(EndOut)
    representation = String()
    motif = String()
    targets = List(Nested(TargetOut))


class CrosswalkResultOut(CrosswalkOut):
    """One result of a batch."""

    error = Nested(CrosswalkErrorOut)


class CrosswalkBatchOut(Schema):
    """One result per code, in order."""

    results = List(Nested(CrosswalkResultOut))


class ClusterIn(Schema):
    """An ICD-11 expression of codes or URIs."""

    expression = String(required=True, validate=Length(1, 2000))
    release = String()


class ClusterIssueOut(Schema):
    """One thing wrong with an expression; ``position`` counts characters from 0."""

    severity = String()
    code = String()
    message = String()
    position = Integer()


class MemberOut(Schema):
    """A member of a cluster."""

    code = String()
    title = String(allow_none=True)


class GroupOut(Schema):
    """A stem with its extension codes."""

    stem = Nested(MemberOut)
    extensions = List(Nested(MemberOut))


class ParsedOut(Schema):
    """A parsed expression."""

    groups = List(Nested(GroupOut))


class ClusterOut(Schema):
    """What is wrong with an expression, and what it means."""

    expression = String()
    release = String()
    valid = Boolean()
    complete = Boolean()
    parsed = Nested(ParsedOut, allow_none=True)
    normalised = String(allow_none=True)
    description = String(allow_none=True)
    missing_axes = List(String())
    issues = List(Nested(ClusterIssueOut))


class SuggestQuery(Schema):
    """What has been typed so far."""

    q = String(required=True, validate=Length(max=QUERY_MAX))
    system = String()


class SearchQuery(Schema):
    """What is searched."""

    q = String(required=True, validate=Length(max=QUERY_MAX))
    system = String()
    release = String()
    chapter = String()
    billable = Boolean()
    kind = String()
    setting = String(metadata={"description": "inpatient, outpatient or office: frequent codes there first"})
    explain = Boolean(load_default=False)
    limit = Integer(load_default=LIMIT_DEFAULT, validate=Range(1, LIMIT_MAX))
    offset = Integer(load_default=0, validate=Range(0, 10_000))


class VariantOut(Schema):
    """A 7th-character variant grouped under its code."""

    code = String()
    title = String()
    billable = Boolean(allow_none=True)


class ExplanationOut(Schema):
    """Why a result stands where it does."""

    term = String()
    source = String()
    trust = Float()
    similarity = Float()
    coverage = Float()
    preference = Float()
    reading = String()


class ResultOut(Schema):
    """One search result."""

    system = String()
    release = String()
    code = String()
    title = String()
    kind = String()
    billable = Boolean(allow_none=True)
    score = Float()
    matched_on = String()
    highlight = String()
    base = String(allow_none=True)
    variants = List(Nested(VariantOut))
    explanation = Nested(ExplanationOut, allow_none=True)


class SuccessorOut(Schema):
    """A current code in place of a retired one; ``since`` is null where no conversion table says so."""

    code = String()
    title = String()
    since = String(allow_none=True)


class RetiredOut(Schema):
    """A code of an earlier release that the query is exactly, with what succeeds it."""

    system = String()
    code = String()
    title = String(allow_none=True)
    last_release = String(allow_none=True)
    ended = String(allow_none=True)
    successors = List(Nested(SuccessorOut))
    heading = String(allow_none=True)


class SearchOut(Schema):
    """A page of search results."""

    query = String()
    total = Integer()
    took_ms = Float()
    results = List(Nested(ResultOut))
    facets = Dict(keys=String(), values=Dict(keys=String(), values=Integer()))
    did_you_mean = List(String())
    retired = List(Nested(RetiredOut))


class SuggestionOut(Schema):
    """One line of typeahead."""

    system = String()
    code = String()
    title = String()


class SuggestOut(Schema):
    """Typeahead."""

    query = String()
    results = List(Nested(SuggestionOut))
    retired = List(Nested(RetiredOut))


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
