"""What the switch may cost in coders' time, on a user's own assumptions."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import Response

from terminology.exchange.reports.json_report import table_payload
from terminology.impact.scenario import Assumptions, published_values, values_table
from terminology.impact.scenario import scenario as reckoned
from web.api.contract.problems import PROBLEM_RESPONSES
from web.api.schemas.impact import ScenarioIn, ScenarioOut
from web.responses import answer

scenario = APIBlueprint("scenario", __name__, tag="Impact")


@scenario.post("/scenario")
@scenario.input(ScenarioIn)
@scenario.output(ScenarioOut)
@scenario.doc(summary="What the switch may cost in coders' time", responses=PROBLEM_RESPONSES)
def reckon(json_data: dict[str, Any]) -> Response:
    """Return hours and dollars of training, slower coding and dual coding on the assumptions that are sent.

    It is arithmetic, no finding: nothing of a facility's volumes enters. ``published`` are values that others
    found, each with its source and caveat; none of them is used unless it is sent.
    """
    assumed = Assumptions(**{**json_data, "curve": tuple(json_data["curve"])})
    values = values_table(published_values())
    return answer({"scenario": table_payload(reckoned(assumed)), "published": table_payload(values)})
