"""Search and typeahead."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from apiflask import APIBlueprint
from flask import Response

from indexes.autocode import autocode
from indexes.on_day import in_language, search_on, suggest_on
from indexes.ranking.presentation import unmarked
from indexes.response import SearchResponse, SearchResult
from terminology.bundle.concepts.who_codes import without_who_uri
from terminology.bundle.life.resolution import not_in_use
from terminology.bundle.store import Store
from web.api.contract.problems import PROBLEM_RESPONSES
from web.api.schemas.search import (
    HTML,
    AutocodeOut,
    AutocodeQuery,
    SearchOut,
    SearchQuery,
    SuggestOut,
    SuggestQuery,
)
from web.http.languages import asked_language, varying
from web.opened import opened
from web.responses import answer

search = APIBlueprint("search", __name__, tag="Search")


@search.get("/search")
@search.input(SearchQuery, location="query")
@search.output(SearchOut)
@search.doc(summary="Find codes", responses=PROBLEM_RESPONSES)
def find(query_data: dict[str, Any]) -> Response:
    """Return the codes that fit what was typed, best first: words, a code, or an ICD-11 expression.

    Encounter variants of one code are one result with ``variants``. ``facets`` count all results. A query
    that is exactly a code not in use has what it is, and what succeeds it, in ``retired``. A query may be in
    any language that titles are loaded in; with ``lang`` or ``Accept-Language`` titles are shown in it.
    """
    query, marked = query_data.pop("q"), query_data.pop("highlight") == HTML
    store, day = opened().store, query_data.pop("date", None)
    language = asked_language(store, query_data.get("system"), query_data.pop("lang", None))
    found = search_on(store, opened().searchable, without_who_uri(store, query), day, **query_data)
    gone = not_in_use(store, query, query_data.get("system"), _day_judged(store, day, query_data))
    shown = in_language(store, found.results, language)
    shown = shown if marked else tuple(_unmarked(result) for result in shown)
    return varying(answer(replace(found, results=shown, retired=gone)))


@search.get("/autocode")
@search.input(AutocodeQuery, location="query")
@search.output(AutocodeOut)
@search.doc(summary="The best single code, or none", responses=PROBLEM_RESPONSES)
def code_for(query_data: dict[str, Any]) -> Response:
    """Return the one code a phrase means, with a grade, or none.

    ``match`` is ``exact``, ``close``, ``partial`` or ``none``; ``reason`` says why. A grade says how well the
    words match, not that the documentation supports the code.
    """
    store, day, release = opened().store, query_data.get("date"), query_data.get("release")

    def search_that_day(text: str, **options: Any) -> SearchResponse:
        return search_on(store, opened().searchable, text, day, release=release, **options)

    return answer(autocode(search_that_day, query_data["q"], query_data["system"]))


@search.get("/suggest")
@search.input(SuggestQuery, location="query")
@search.output(SuggestOut)
@search.doc(summary="Typeahead", responses=PROBLEM_RESPONSES)
def suggest(query_data: dict[str, Any]) -> Response:
    """Return codes for what has been typed so far, ten unless ``limit`` says otherwise, of at most 100."""
    query, system = query_data.pop("q"), query_data.get("system")
    store, day = opened().store, query_data.pop("date", None)
    found = suggest_on(store, opened().searchable, without_who_uri(store, query), day, **query_data)
    gone = not_in_use(store, query, system, _day_judged(store, day, query_data))
    return answer({"query": query, "total": found.total, "results": found.results, "retired": gone})


def _day_judged(store: Store, day: date | None, query_data: dict[str, Any]) -> date | None:
    """The day by which a code typed exactly is in use: that asked for, of a named release its first."""
    if query_data.get("release") is None:
        return day
    return store.release(query_data["system"], query_data["release"]).release.effective_from


def _unmarked(result: SearchResult) -> SearchResult:
    return replace(result, highlight=unmarked(result.highlight))
