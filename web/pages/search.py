"""The first page: one box, results as they are typed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, request, url_for

from indexes.on_day import in_language, search_on
from indexes.search import MOST_RESULTS
from terminology.bundle.concepts.who_codes import without_who_uri
from terminology.bundle.life.resolution import not_in_use
from terminology.codes import code_key
from terminology.errors import InvalidRequestError
from terminology.systems import HCPCS, ICD10CM, ICD11, SYSTEMS
from web.http.languages import asked_language, varying
from web.opened import opened
from web.pages.parts.counterpart import in_brief
from web.pages.parts.download import download
from web.pages.parts.frame import asked_day, asks_for_part, page

PAGE_SIZE = 20
FURTHEST = 10_000
_CHAPTERS = 5
_FEW = 3
EXAMPLES = {
    "broken wrist left": ICD10CM.id,
    "t2dm with ckd": ICD10CM.id,
    "E11.9": ICD10CM.id,
    "5A11": ICD11.id,
    "wheelchair": HCPCS.id,
}
"""What to try, and the system that answers it."""

COLUMNS = ("system", "release", "code", "title", "kind", "billable", "group", "matched_on")

search = Blueprint("search", __name__)


@search.get("/")
def show() -> Response:
    """Answer with the page, or for htmx with the results alone."""
    asked = request.args
    query = asked.get("q", "").strip()
    context: dict[str, Any] = {
        "query": query,
        "system": asked.get("system", "") if asked.get("system") in SYSTEMS else "",
        "billable": asked.get("billable") == "true",
        "setting": asked.get("setting", ""),
        "chapter": asked.get("chapter", ""),
        "offset": _offset(),
        "size": PAGE_SIZE,
        "examples": [text for text, system in EXAMPLES.items() if system in opened().store.systems()],
        "found": None,
    }
    if query and asked.get("format"):
        return download(asked["format"], "codes", COLUMNS, _every_row(context))
    if query:
        found = _found(context, PAGE_SIZE, context["offset"])
        language = asked_language(opened().store, context["system"] or None, asked.get("lang"))
        results = in_language(opened().store, found.results, language)
        context["found"] = replace(found, results=results)
        context["retired"] = not_in_use(opened().store, query, context["system"] or None, asked_day())
        context["chapters"] = _chapters(context)
        context["becomes"] = _becomes(context["found"])
    response = varying(page("search.html", "partials/results.html", **context))
    if asks_for_part():
        said: dict[str, Any] = {name: value for name, value in asked.items() if value and name != "offset"}
        response.headers["HX-Replace-Url"] = url_for("pages.search.show", **said)
    return response


def _offset() -> int:
    text = request.args.get("offset", "0")
    if not (text.isascii() and text.isdecimal() and int(text[:9]) <= FURTHEST):
        raise InvalidRequestError("offset", f"must be a number between 0 and {FURTHEST}")
    return int(text)


def _every_row(context: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """All results as rows; the encounters of a result follow it, with it as their ``group``."""
    offset = 0
    while (found := _found(context, MOST_RESULTS, offset)).results:
        for hit in found.results:
            listed = [(hit.code, hit.title, hit.billable)]
            listed += [(v.code, v.title, v.billable) for v in hit.variants if v.code != hit.code]
            for code, title, billable in listed:
                state = "" if billable is None else "yes" if billable else "no"
                yield (
                    hit.system,
                    hit.release,
                    code,
                    title,
                    hit.kind,
                    state,
                    hit.base or hit.code,
                    hit.matched_on,
                )
        offset += MOST_RESULTS


def _found(context: dict[str, Any], limit: int, offset: int) -> Any:
    return search_on(
        opened().store,
        opened().searchable,
        without_who_uri(opened().store, context["query"]),
        asked_day(),
        system=context["system"] or None,
        chapter=(context["chapter"] or None) if context["system"] else None,
        billable=True if context["billable"] else None,
        setting=context["setting"] or None,
        limit=limit,
        offset=offset,
    )


def _becomes(found: Any) -> dict[tuple[str, str], dict[str, Any]]:
    """What the codes become that were typed exactly, or that are the only ones found: at most three."""
    typed = code_key(found.query)
    wanted = [
        hit
        for hit in found.results
        if found.total <= _FEW or (hit.matched_on == "code" and hit.code.replace(".", "") == typed)
    ]
    store, shown = opened().store, {}
    for hit in wanted[:_FEW]:
        brief = in_brief(store, store.concept(hit.system, hit.code, hit.release))
        if brief:
            shown[hit.system, hit.code] = brief
    return shown


def _chapters(context: dict[str, Any]) -> list[dict[str, Any]]:
    """The chapters most results lie in, to narrow by: only useful when there is more than a page of them."""
    found = context["found"]
    if context["chapter"] or found.total <= PAGE_SIZE:
        return []
    counts = sorted(found.facets.get("chapter", {}).items(), key=lambda item: -item[1])[:_CHAPTERS]
    store = opened().store
    shown = []
    for place, count in counts:
        system, _, chapter = place.partition("/")
        if store.has(system, chapter):
            title = store.concept(system, chapter).title
            shown.append({"system": system, "chapter": chapter, "title": title, "count": count})
    return shown
