"""The walks around a code that a path cannot hold (a WHO URI, a cluster with ``/``), asked by ``code=``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from apiflask import APIBlueprint
from flask import Response

from web.api.codes.lookup import ancestors_of, children_of, descendants_of, references_of, siblings_of
from web.api.contract.paging import CodePageQuery, TitledCodePageQuery, asked_code
from web.api.contract.problems import PROBLEM_RESPONSES
from web.api.schemas.codes import PageOut, ReferencesOut

Walk = Callable[[str, str, dict[str, Any]], Response]

codes_by_query = APIBlueprint("codes_by_query", __name__, tag="Codes")


def _add(name: str, walk: Walk, summary: str, *, titled: bool = True) -> None:
    """Add a walk at ``/codes/<system>/<name>``."""

    @codes_by_query.get(f"/codes/<system>/{name}", endpoint=name)
    @codes_by_query.input(TitledCodePageQuery if titled else CodePageQuery, location="query")
    @codes_by_query.output(PageOut if titled else ReferencesOut)
    @codes_by_query.doc(summary=summary, responses=PROBLEM_RESPONSES)
    def asked(system: str, query_data: dict[str, Any]) -> Response:
        """Answer for ``code`` what the route with the code in its path does; for WHO's URIs and clusters."""
        return walk(system, asked_code(query_data), query_data)


_add("children", children_of, "Children of a code that a path cannot hold")
_add("descendants", descendants_of, "Everything below a code that a path cannot hold")
_add("siblings", siblings_of, "Siblings of a code that a path cannot hold")
_add("ancestors", ancestors_of, "Path from the chapter to a code that a path cannot hold")
_add("references", references_of, "Notes that name a code that a path cannot hold", titled=False)
