"""Payment estimates of claims: DRG, risk score, fee schedule amounts. Nothing of a claim is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from apiflask import APIBlueprint
from flask import Response, request

from terminology.claims.claim import Claim
from terminology.claims.context import check_context
from terminology.claims.encoding.claim_json import claims_of, is_single
from terminology.claims.encoding.report_json import answer_payload
from terminology.claims.payment.amounts import amounts_of
from terminology.claims.payment.drg import drg_of
from terminology.claims.payment.eligible import risk_by_services
from terminology.claims.payment.patient_json import risk_request
from terminology.errors import InvalidRequestError
from web.api.contract.problems import PROBLEM_RESPONSES
from web.api.schemas.payers import AmountsOut, AmountsQuery, DrgOut, RiskOut
from web.heavy.marking import heavy
from web.opened import opened
from web.responses import answer

payment = APIBlueprint("payment", __name__, tag="Claims")


@payment.post("/claims/drg")
@heavy(above=16_384)
@payment.output(DrgOut)
@payment.doc(summary="The MS-DRG of a stay, an estimate", responses=PROBLEM_RESPONSES)
def drg() -> Response:
    """Return DRG, weight, and the DRG without each CC and MCC.

    One claim (docs/claims.md) gets one answer; ``{"claims": [...]}`` gets ``{"results": [...]}``.
    """
    store = opened().store
    return _each(lambda claim: drg_of(claim, store))


@payment.post("/claims/amounts")
@heavy(above=16_384)
@payment.input(AmountsQuery, location="query", arg_name="asked")
@payment.output(AmountsOut)
@payment.doc(summary="What fee schedules state for a claim's lines, an estimate", responses=PROBLEM_RESPONSES)
def amounts(asked: dict[str, float]) -> Response:
    """Return fee schedule, OPPS and ASP amounts of each line, or why there is none."""
    context = check_context(opened().store)
    factor = asked.get("conversion_factor")
    return _each(lambda claim: {"id": claim.id, "amounts": amounts_of(claim, context, factor)})


@payment.post("/claims/risk")
@heavy(above=16_384)
@payment.output(RiskOut)
@payment.doc(summary="The CMS-HCC risk score of a patient, an estimate", responses=PROBLEM_RESPONSES)
def risk() -> Response:
    """Return raw scores with categories and coefficients, blended as the payment year has it.

    A diagnosis may be ``{"code": ..., "services": [...]}``: it is left out where no service by which it was
    reported is on the loaded list of risk-eligible services.

    One patient gets one answer; ``{"patients": [...], "payment_year": 2026}`` gets ``{"results": [...]}``.
    """
    document = _document()
    asked = risk_request(document)
    store = opened().store
    scores = [
        risk_by_services(store, patient, asked.payment_year, asked.adjustment) for patient in asked.patients
    ]
    return _answered(scores, single="patients" not in document)


def _document() -> Any:
    """The request's JSON."""
    try:
        return request.get_json()
    except RecursionError:
        raise InvalidRequestError("body", "JSON nested too deeply") from None


def _each(estimate: Callable[[Claim], object]) -> Response:
    document = _document()
    return _answered([estimate(claim) for claim in claims_of(document)], single=is_single(document))


def _answered(results: Sequence[Any], *, single: bool) -> Response:
    payload = answer_payload(results)
    response = answer(payload[0] if single else {"results": payload})
    response.headers["Cache-Control"] = "no-store"
    return response
