"""Search and typeahead."""

from __future__ import annotations

from apiflask import Schema
from apiflask.fields import Boolean, Dict, Float, Integer, List, Nested, String
from apiflask.validators import Length, OneOf, Range

from indexes.search import MOST_SUGGESTED
from terminology.systems import ICD10CM
from web.api.contract.paging import LIMIT_DEFAULT, LIMIT_MAX, ReleaseQuery

QUERY_MAX = 10_000
SUGGEST_LIMIT = 10
HTML, TEXT = "html", "text"


class SuggestQuery(ReleaseQuery):
    """What has been typed so far."""

    q = String(required=True, validate=Length(max=QUERY_MAX))
    system = String()
    limit = Integer(load_default=SUGGEST_LIMIT, validate=Range(1, MOST_SUGGESTED))
    offset = Integer(load_default=0, validate=Range(0, MOST_SUGGESTED))


class SearchQuery(ReleaseQuery):
    """What is searched."""

    q = String(required=True, validate=Length(max=QUERY_MAX))
    system = String()
    chapter = String()
    billable = Boolean()
    kind = String()
    setting = String(metadata={"description": "inpatient, outpatient or office: frequent codes there first"})
    explain = Boolean(load_default=False)
    lang = String(metadata={"description": "language of the titles, where there are any in it (es, pt ...)"})
    highlight = String(
        load_default=HTML,
        validate=OneOf((HTML, TEXT)),
        metadata={"description": "how highlight is written: html, escaped and marked, or text, as it is"},
    )
    limit = Integer(load_default=LIMIT_DEFAULT, validate=Range(1, LIMIT_MAX))
    offset = Integer(load_default=0, validate=Range(0, 10_000))


class VariantOut(Schema):
    """A 7th-character variant grouped under its code."""

    code = String()
    title = String()
    billable = Boolean(allow_none=True)


class ChoiceOut(Schema):
    """One value of an axis and the code that has it."""

    label = String()
    code = String()


class RefinementOut(Schema):
    """An axis (side, encounter, trimester, stage ...) by which a result may be narrowed."""

    axis = String()
    values = List(Nested(ChoiceOut))


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
    refine = List(Nested(RefinementOut))
    explanation = Nested(ExplanationOut, allow_none=True)
    language = String(metadata={"description": "that of the title"})
    title_en = String(
        allow_none=True,
        metadata={"description": "the English title, where the one shown is in another language"},
    )


class SuccessorOut(Schema):
    """A current code in place of a retired one; ``since`` is null where no conversion table says so."""

    code = String()
    title = String()
    since = String(allow_none=True)


class ResolutionOut(Schema):
    """What a code is on a day, and what to use in its place."""

    system = String()
    code = String()
    on = String()
    status = String(
        metadata={"description": "existing, retired, split, merged, not-yet-valid, undetermined or unknown"}
    )
    title = String(allow_none=True)
    billable = Boolean(allow_none=True)
    begins = String(allow_none=True)
    ended = String(allow_none=True)
    last_release = String(allow_none=True)
    successors = List(Nested(SuccessorOut))
    heading = String(allow_none=True)
    message = String()
    source = String(allow_none=True)


class SearchOut(Schema):
    """A page of search results."""

    query = String()
    total = Integer()
    took_ms = Float()
    results = List(Nested(ResultOut))
    facets = Dict(keys=String(), values=Dict(keys=String(), values=Integer()))
    did_you_mean = List(String())
    unused_words = List(
        String(), metadata={"description": "words of the query that the first result does not use"}
    )
    denied = List(String(), metadata={"description": "words the query was read to deny"})
    left_out = List(
        String(), metadata={"description": "unused words that say nothing of what is coded: pt, on metformin"}
    )
    retired = List(Nested(ResolutionOut))
    not_loaded = String(
        allow_none=True,
        metadata={"description": "that the query looks like a code of a system that is not loaded here"},
    )
    notices = List(String(), metadata={"description": "what of the answer is not of the day asked for"})


class AutocodeQuery(ReleaseQuery):
    """A phrase to be given one code."""

    q = String(required=True, validate=Length(max=QUERY_MAX))
    system = String(load_default=ICD10CM.id)


class AutocodeOut(Schema):
    """One code with the grade of its match, or none."""

    query = String()
    system = String()
    match = String(metadata={"description": "exact, close, partial or none"})
    reason = String()
    result = Nested(ResultOut, allow_none=True)
    alternatives = List(Nested(ResultOut))
    unused_words = List(String())
    denied = List(String())
    did_you_mean = List(String())
    took_ms = Float()


class SuggestionOut(Schema):
    """One line of typeahead."""

    system = String()
    code = String()
    title = String()


class SuggestOut(Schema):
    """Typeahead."""

    query = String()
    total = Integer(metadata={"description": "how many there are to page through, at most 100"})
    results = List(Nested(SuggestionOut))
    retired = List(Nested(ResolutionOut))
