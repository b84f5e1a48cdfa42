"""Lookup of one code and walks through its hierarchy."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from apiflask import APIBlueprint
from flask import Response

from terminology.bundle.concepts.designations import list_in, summaries_in, titles_in
from terminology.bundle.concepts.on_day import release_notices
from terminology.bundle.concepts.references import NoteReference, references
from terminology.bundle.concepts.walks import Page
from terminology.bundle.kept import kept_by_size
from terminology.bundle.records import ConceptRecord
from terminology.bundle.store import Store
from terminology.claims.lookups.code_edits import described
from terminology.concept import Synonym
from web.api.contract.paging import PageQuery, TitledCodeQuery, TitlePageQuery, TitleQuery, asked_code
from web.api.contract.problems import PROBLEM_RESPONSES
from web.api.schemas.codes import ConceptOut, PageOut, ReferencesOut
from web.http.languages import VARY, asked_language, varying
from web.opened import HOT_CODES, Opened, opened
from web.responses import answer, answer_encoded, encoded, headers_of

codes = APIBlueprint("codes", __name__, tag="Codes")


@codes.get("/codes/<system>/<code>")
@codes.input(TitleQuery, location="query")
@codes.output(ConceptOut)
@codes.doc(summary="Look up a code", responses=PROBLEM_RESPONSES)
def lookup(system: str, code: str, query_data: dict[str, Any]) -> Response:
    """Return a code, block or chapter with its notes, path, 7th characters and synonyms.

    The code is accepted in any case, with or without its dot; ICD-11 entities also by their number. An ICD-11
    expression is answered as a concept of kind ``cluster`` below its first stem, as a notice says. It is the
    code as it is on ``date``, today without one; ``release`` asks what that release says instead. With
    ``lang`` or ``Accept-Language`` titles are those of that language where there are any; the answer then has
    the English title as ``title_en``, and ``language`` and ``title_source`` of the one it shows.
    """
    return lookup_of(system, code, query_data)


def lookup_of(system: str, code: str, query_data: dict[str, Any]) -> Response:
    """Answer with a concept as of the day or release of a query."""
    store, day, release = opened().store, query_data.get("date"), query_data.get("release")
    language = asked_language(store, system, query_data.get("lang"))
    if language is not None:
        return varying(answer(_translated(store, store.concept(system, code, release, day), language)))
    return varying(
        answer_encoded(_encoded(store, system, code, release, day, store.unchanged_since(date.today())))
    )


@codes.get("/codes/<system:system>")
@codes.input(TitledCodeQuery, location="query")
@codes.output(ConceptOut)
@codes.doc(summary="Look up a code that a path cannot hold", responses=PROBLEM_RESPONSES)
def lookup_asked(system: str, query_data: dict[str, Any]) -> Response:
    """Return the concept of ``code``: a WHO URI, or an ICD-11 expression with ``/``."""
    return lookup_of(system, asked_code(query_data), query_data)


def quick_lookup(here: Opened, system: str, code: str) -> tuple[list[tuple[str, str]], bytes]:
    """Answer :func:`lookup` for a default release, without a request context."""
    since = here.store.unchanged_since(date.today())
    body = _encoded(here.store, system, code, None, None, since)
    return [*headers_of(here.etag), ("Vary", VARY)], body


@codes.get("/codes/<system>/<code>/children")
@codes.input(TitlePageQuery, location="query")
@codes.output(PageOut)
@codes.doc(summary="Children of a code", responses=PROBLEM_RESPONSES)
def children(system: str, code: str, query_data: dict[str, Any]) -> Response:
    """Return the concepts directly below a code, in publisher's order."""
    return children_of(system, code, query_data)


@codes.get("/codes/<system>/<code>/descendants")
@codes.input(TitlePageQuery, location="query")
@codes.output(PageOut)
@codes.doc(summary="Everything below a code", responses=PROBLEM_RESPONSES)
def descendants(system: str, code: str, query_data: dict[str, Any]) -> Response:
    """Return all concepts below a code, depth-first."""
    return descendants_of(system, code, query_data)


@codes.get("/codes/<system>/<code>/siblings")
@codes.input(TitlePageQuery, location="query")
@codes.output(PageOut)
@codes.doc(summary="Siblings of a code", responses=PROBLEM_RESPONSES)
def siblings(system: str, code: str, query_data: dict[str, Any]) -> Response:
    """Return the other children of the code's parent."""
    return siblings_of(system, code, query_data)


@codes.get("/codes/<system>/<code>/ancestors")
@codes.input(TitlePageQuery, location="query")
@codes.output(PageOut)
@codes.doc(summary="Path from the chapter to a code", responses=PROBLEM_RESPONSES)
def ancestors(system: str, code: str, query_data: dict[str, Any]) -> Response:
    """Return the concepts above a code, the chapter first."""
    return ancestors_of(system, code, query_data)


@codes.get("/codes/<system>/<code>/references")
@codes.input(PageQuery, location="query")
@codes.output(ReferencesOut)
@codes.doc(summary="Notes that name a code", responses=PROBLEM_RESPONSES)
def naming(system: str, code: str, query_data: dict[str, Any]) -> Response:
    """Return the notes of other concepts that name a code or a heading above it, narrowest first."""
    return references_of(system, code, query_data)


@codes.get("/tree/<system>")
@codes.input(TitlePageQuery, location="query")
@codes.output(PageOut)
@codes.doc(summary="Chapters of a code system", responses=PROBLEM_RESPONSES)
def tree(system: str, query_data: dict[str, Any]) -> Response:
    """Return the roots of a release's hierarchy."""
    store = opened().store
    asked = system, query_data.get("release"), query_data.get("date")
    roots = store.roots(*asked)
    page = roots[query_data["offset"] :][: query_data["limit"]]
    language, loaded = asked_language(store, system, query_data.get("lang")), store.release(*asked)
    release = loaded.release
    if language is not None:
        page = list_in(store, release.system, release.id, language, page)
    notices = () if asked[1] else release_notices(store, loaded, asked[2], asked[2] or date.today())
    return varying(answer({"release": release.id, "total": len(roots), "items": page, "notices": notices}))


def children_of(system: str, code: str, query: dict[str, Any]) -> Response:
    """Answer with a page of what is directly below a code."""
    return _page(opened().store.children, system, code, query)


def descendants_of(system: str, code: str, query: dict[str, Any]) -> Response:
    """Answer with a page of all that is below a code."""
    return _page(opened().store.descendants, system, code, query)


def siblings_of(system: str, code: str, query: dict[str, Any]) -> Response:
    """Answer with a page of what has the same parent."""
    return _page(opened().store.siblings, system, code, query)


def ancestors_of(system: str, code: str, query: dict[str, Any]) -> Response:
    """Answer with a page of what is above a code."""
    return _page(_ancestors, system, code, query)


def references_of(system: str, code: str, query: dict[str, Any]) -> Response:
    """Answer with a page of the notes that name a code."""
    store = opened().store
    concept = store.concept(system, code, query.get("release"), query.get("date"))
    found = references(store).naming(concept)
    page = found[query["offset"] : query["offset"] + query["limit"]]
    return answer({"total": len(found), "items": [_reference(r) for r in page]})


@kept_by_size(HOT_CODES // 2, len)
def _encoded(
    store: Store, system: str, code: str, release: str | None, day: date | None, since: date
) -> bytes:
    """Encode a concept once while it is asked for often: a few thousand codes make most of all volume.

    What is asked for without a day or a release is of today; ``since`` is when that last changed.
    """
    return encoded(described(store, store.concept(system, code, release, day)))


def _page(
    walk: Callable[[ConceptRecord, int, int], Page], system: str, code: str, query: dict[str, Any]
) -> Response:
    concept = opened().store.concept(system, code, query.get("release"), query.get("date"))
    page = walk(concept, query["limit"], query["offset"])
    language = asked_language(opened().store, system, query.get("lang"))
    items = page.items if language is None else summaries_in(opened().store, concept, language, page.items)
    told = {"release": concept.release, "total": page.total, "items": items, "notices": concept.notices}
    return varying(answer(told))


def _translated(store: Store, concept: ConceptRecord, language: str) -> dict[str, Any]:
    """Return a concept with titles in a language; where it has none, the English one says so."""
    own = titles_in(store, concept.system, concept.release, language, [concept.code]).get(concept.code)
    shown = Synonym(concept.title, f"{concept.system} {concept.release}") if own is None else own
    return {
        **described(store, concept),
        "title": shown.text,
        "title_en": concept.title,
        "title_source": shown.source,
        "language": shown.language,
        "path": summaries_in(store, concept, language, concept.path),
    }


def _reference(found: NoteReference) -> dict[str, Any]:
    return {
        "code": found.code,
        "title": found.title,
        "kind": found.kind,
        "text": found.text,
        "lead": found.lead,
        "names": found.said,
    }


def _ancestors(concept: ConceptRecord, limit: int, offset: int) -> Page:
    return Page(len(concept.path), list(concept.path[offset : offset + limit]))
