"""Checking claims and lists of codes."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from io import BytesIO
from itertools import islice
from typing import Any

import orjson
from apiflask import APIBlueprint
from flask import Response, request
from werkzeug.exceptions import UnsupportedMediaType

from terminology.bundle.life.code_list import listed_on
from terminology.bundle.store import Store
from terminology.claims.catalog import edit_catalog
from terminology.claims.check import check, unanswered_in
from terminology.claims.claim import ClaimSetting
from terminology.claims.encoding.claim_json import MOST_CLAIMS, claims_of, is_single
from terminology.claims.encoding.report_json import report_payload
from terminology.claims.finding import CheckReport
from terminology.claims.requested import requested_edits
from terminology.errors import InvalidRequestError, TenElevenError
from terminology.exchange.claims.checking import with_unread, without_icd9
from terminology.exchange.claims.read_claims import FileClaim
from terminology.exchange.fhir.claims import FhirClaim, fhir_claims, is_fhir, is_single_resource
from terminology.exchange.x12.claims import read_x12_claims
from web.api.contract.problems import PROBLEM_RESPONSES
from web.api.schemas.claims import CheckOut, CheckQuery, CodeListIn, CodeListOut, EditsOut
from web.fhir.claim_outcome import outcome_bundle, report_outcome
from web.fhir.http.answering import answer as fhir_answer
from web.fhir.http.answering import from_domain_error
from web.heavy.marking import heavy
from web.opened import opened
from web.responses import answer

X12 = "application/edi-x12"
FHIR = "application/fhir+json"
_NAME = "request"

claims = APIBlueprint("claims", __name__, tag="Claims")


@claims.post("/claims/check")
@heavy(above=16_384)
@claims.input(CheckQuery, location="query")
@claims.output(CheckOut)
@claims.doc(summary="Check claims", responses=PROBLEM_RESPONSES)
def check_claims(query_data: dict[str, Any]) -> Response:
    """Say what of a claim is wrong on its date, alone or together, who says so, and what was not checked.

    The body is one claim, ``{"claims": [...]}`` with up to 500, or an 837 file as ``application/edi-x12``.
    A FHIR Claim, ExplanationOfBenefit or Bundle of such is read too, and ``Accept: application/fhir+json`` is
    answered by an OperationOutcome. One claim is answered by its report, several by ``results`` (in FHIR by
    a Bundle). Nothing of a claim is kept or logged.
    """
    in_fhir = FHIR in request.headers.get("Accept", "")
    try:
        response = _checked(query_data, in_fhir=in_fhir)
    except TenElevenError as fault:
        if not in_fhir:
            raise
        response = from_domain_error(fault)
    response.headers["Cache-Control"] = "no-store"
    return response


@claims.get("/edits")
@claims.output(EditsOut)
@claims.doc(summary="The edits of a claim check", responses=PROBLEM_RESPONSES)
def list_edits() -> Response:
    """Return every edit with its tables, releases and rows, and what becomes of it in ICD-11."""
    entries = edit_catalog(opened().store, date.today())
    never = {
        setting.value: [{"edit": each.edit, "reason": each.reason} for each in unanswered_in(setting)]
        for setting in ClaimSetting
    }
    return answer({"edits": [asdict(entry) for entry in entries], "never_checked": never})


@claims.post("/codes/validate")
@heavy(above=16_384)
@claims.input(CodeListIn, location="json")
@claims.output(CodeListOut)
@claims.doc(summary="Validate a list of codes", tags=["Codes"], responses=PROBLEM_RESPONSES)
def validate_codes(json_data: dict[str, Any]) -> Response:
    """Return status, title and what to use instead of each code on a day, in order (up to 10,000).

    ``dates`` gives each code a day of its own; ``on`` of a result says by which it was read.
    """
    codes, given = json_data["codes"], json_data.get("date") or date.today()
    dates = json_data.get("dates") or [None] * len(codes)
    if len(dates) != len(codes):
        raise InvalidRequestError("dates", f"{len(dates):,} dates of {len(codes):,} codes; give one for each")
    asked = [(code, day or given) for code, day in zip(codes, dates, strict=True)]
    return answer({"results": listed_on(opened().store, json_data["system"], asked)})


def _checked(query_data: dict[str, Any], *, in_fhir: bool) -> Response:
    requested = requested_edits(query_data.get("request"))
    store = opened().store
    single, read = _body()
    reports = [_report(each, store, requested) for each in read]
    if in_fhir:
        sources = [each if isinstance(each, FhirClaim) else None for each in read]
        outcomes = [report_outcome(report, source) for report, source in zip(reports, sources, strict=True)]
        return fhir_answer(outcomes[0] if single else outcome_bundle(outcomes))
    payloads = [report_payload(report) for report in reports]
    return answer(payloads[0] if single else {"results": payloads})


def _report(read: FileClaim | FhirClaim, store: Store, requested: tuple[str, ...]) -> CheckReport:
    report = check(read.claim, store, requested)
    report = without_icd9(report) if read.icd9 else report
    return with_unread(report, read.unread) if isinstance(read, FhirClaim) else report


def _body() -> tuple[bool, tuple[FileClaim, ...] | tuple[FhirClaim, ...]]:
    """Return whether the request has one claim, and its claims."""
    data = request.get_data()
    if request.mimetype == X12:
        edi = (
            FileClaim(each.claim, _NAME, each.line, each.icd9)
            for each in read_x12_claims(BytesIO(data), _NAME)
        )
        claims_read = tuple(islice(edi, MOST_CLAIMS + 1))
        if len(claims_read) > MOST_CLAIMS:
            raise InvalidRequestError(
                "body", f"more than {MOST_CLAIMS} claims; 'teneleven check' reads any number"
            )
        return False, claims_read
    if request.mimetype not in ("application/json", FHIR, ""):
        raise UnsupportedMediaType(f"the body is {request.mimetype}; send application/json, {FHIR} or {X12}")
    try:
        document = orjson.loads(data)
    except orjson.JSONDecodeError as fault:
        raise InvalidRequestError("body", f"line {fault.lineno}, column {fault.colno}: {fault.msg}") from None
    if request.mimetype == FHIR or is_fhir(document):
        return is_single_resource(document), fhir_claims(document)
    read = (FileClaim(claim, _NAME, number) for number, claim in enumerate(claims_of(document), 1))
    return is_single(document), tuple(read)
