"""One code side by side across care settings."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import Response

from terminology.compare import compare_code
from web.api.contract.paging import asked_code
from web.api.contract.problems import PROBLEM_RESPONSES
from web.api.schemas.compare import CompareCodeQuery, CompareQuery, ComparisonOut
from web.opened import opened
from web.responses import answer

compare = APIBlueprint("compare", __name__, tag="Compare")


@compare.get("/compare/<code>")
@compare.input(CompareQuery, location="query")
@compare.output(ComparisonOut)
@compare.doc(summary="A code in ICD-10-CM and ICD-11, per care setting", responses=PROBLEM_RESPONSES)
def side_by_side(code: str, query_data: dict[str, Any]) -> Response:
    """Return a code's facets on both sides and what differs in acute care, outpatient and physician office.

    ``settings`` (query): a comma-separated choice of ``inpatient``, ``outpatient``, ``office``;
    ``date`` or ``release`` too.
    """
    return _compared(code, query_data)


@compare.get("/compare")
@compare.input(CompareCodeQuery, location="query")
@compare.output(ComparisonOut)
@compare.doc(summary="A code that a path cannot hold, in ICD-10-CM and ICD-11", responses=PROBLEM_RESPONSES)
def side_by_side_asked(query_data: dict[str, Any]) -> Response:
    """Return the comparison of ``code``, such as one with the address of its system before it."""
    return _compared(asked_code(query_data), query_data)


def _compared(code: str, query_data: dict[str, Any]) -> Response:
    settings = [part for part in query_data.get("settings", "").split(",") if part]
    return answer(
        compare_code(opened().store, code, settings, query_data.get("release"), query_data.get("date"))
    )
