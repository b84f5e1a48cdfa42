"""What the payers' tables say of single codes: NCCI pairs and units, coverage documents, denials."""

from __future__ import annotations

from datetime import date
from typing import Any

from apiflask import APIBlueprint
from flask import Response

from terminology.claims.context import CheckContext, check_context
from terminology.claims.encoding.report_json import answer_payload
from terminology.claims.lookups.payer_answers import (
    coverage_answer,
    denial_answer,
    limit_answer,
    named_setting,
    pair_answer,
)
from web.api.contract.problems import PROBLEM_RESPONSES
from web.api.schemas.payers import (
    CoverageOut,
    CoverageQuery,
    DenialOut,
    DenialQuery,
    LimitOut,
    LimitQuery,
    PairOut,
    PairQuery,
)
from web.opened import opened
from web.responses import answer

payers = APIBlueprint("payers", __name__, tag="Claims")


@payers.get("/ptp")
@payers.input(PairQuery, location="query")
@payers.output(PairOut)
@payers.doc(summary="An NCCI pair of codes", responses=PROBLEM_RESPONSES)
def pair(query_data: dict[str, Any]) -> Response:
    """Return whether one of two codes is not paid beside the other on a day, and the pair's rows."""
    setting = named_setting(query_data["setting"])
    asked = (query_data["a"], query_data["b"], query_data.get("date") or date.today())
    return answer(answer_payload(pair_answer(_context(), *asked, setting)))


@payers.get("/mue/<code>")
@payers.input(LimitQuery, location="query")
@payers.output(LimitOut)
@payers.doc(summary="The medically unlikely edits of a code", responses=PROBLEM_RESPONSES)
def limit(code: str, query_data: dict[str, Any]) -> Response:
    """Return how many units CMS accepts, by service and date; ``latest`` tells the newest table's values."""
    setting = named_setting(query_data["setting"]) if query_data.get("setting") else None
    day = query_data.get("date") or date.today()
    return answer(answer_payload(limit_answer(_context(), code, day, setting)))


@payers.get("/coverage/<hcpcs>")
@payers.input(CoverageQuery, location="query")
@payers.output(CoverageOut)
@payers.doc(summary="Coverage documents about a service", responses=PROBLEM_RESPONSES)
def coverage(hcpcs: str, query_data: dict[str, Any]) -> Response:
    """Return the documents in force on a day, and whether they list the diagnoses of ``dx``."""
    diagnoses = [part.strip() for part in (query_data.get("dx") or "").split(",") if part.strip()]
    day = query_data.get("date") or date.today()
    found = coverage_answer(_context(), hcpcs, day, diagnoses, query_data.get("contractor"))
    return answer(answer_payload(found))


@payers.get("/denials/<carc>")
@payers.input(DenialQuery, location="query")
@payers.output(DenialOut)
@payers.doc(summary="Which edits to run for a denial", responses=PROBLEM_RESPONSES)
def denial(carc: str, query_data: dict[str, str]) -> Response:
    """Return the edits that are likely to have caught a denial before submission; a heuristic."""
    return answer(answer_payload(denial_answer(_context(), carc, query_data.get("rarc"))))


def _context() -> CheckContext:
    return check_context(opened().store)
