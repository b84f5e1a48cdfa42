"""Search and typeahead."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import Response

from web.api.schemas import PROBLEM_RESPONSES, SearchOut, SearchQuery, SuggestOut, SuggestQuery
from web.opened import opened
from web.responses import answer

search = APIBlueprint("search", __name__, tag="Search")


@search.get("/search")
@search.input(SearchQuery, location="query")
@search.output(SearchOut)
@search.doc(summary="Find codes", responses=PROBLEM_RESPONSES)
def find(query_data: dict[str, Any]) -> Response:
    """Return the codes that fit what was typed, best first: words, a code, or an ICD-11 expression.

    Encounter variants of one code are one result with ``variants``. ``facets`` count all results.
    """
    query = query_data.pop("q")
    return answer(opened().searchable.search(query, **query_data))


@search.get("/suggest")
@search.input(SuggestQuery, location="query")
@search.output(SuggestOut)
@search.doc(summary="Typeahead", responses=PROBLEM_RESPONSES)
def suggest(query_data: dict[str, Any]) -> Response:
    """Return at most ten codes for what has been typed so far."""
    found = opened().searchable.suggest(query_data["q"], query_data.get("system"))
    return answer({"query": query_data["q"], "results": found})
