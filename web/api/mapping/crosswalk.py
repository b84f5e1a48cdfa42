"""The crosswalk, one code or many, in every direction."""

from __future__ import annotations

from datetime import date
from typing import Any

import orjson
from apiflask import APIBlueprint
from flask import Response

from terminology.bundle.crosswalk.directions import directed_json, direction
from terminology.bundle.kept import kept_by_size
from terminology.bundle.store import Store
from terminology.errors import (
    ClusterSyntaxError,
    DataNotAvailableError,
    InvalidRequestError,
    UnknownCodeError,
)
from web.api.contract.paging import asked_code
from web.api.contract.problems import PROBLEM_RESPONSES
from web.api.schemas.crosswalk import (
    CrosswalkBatchIn,
    CrosswalkBatchOut,
    CrosswalkCodeQuery,
    CrosswalkOut,
    CrosswalkQuery,
)
from web.heavy.marking import heavy
from web.opened import HOT_CODES, Opened, opened
from web.problems import problem_of
from web.responses import answer, answer_encoded, headers_of

crosswalk = APIBlueprint("crosswalk", __name__, tag="Crosswalk")


@crosswalk.get("/crosswalk/<system>/<code>")
@crosswalk.input(CrosswalkQuery, location="query")
@crosswalk.output(CrosswalkOut)
@crosswalk.doc(summary="What a code becomes", responses=PROBLEM_RESPONSES)
def map_code(system: str, code: str, query_data: dict[str, Any]) -> Response:
    """Return the crosswalk of a code; the first target is the recommended one.

    ICD-10-CM to ICD-11 is TenEleven's own work, as are relationship, confidence and facets. ICD-10 to
    ICD-11 and ICD-11 to ICD-10 are WHO's tables. ICD-11 to ICD-10-CM is the first, read backwards.
    """
    system, target = direction(system, query_data.get("target"))
    store, release, day = opened().store, query_data.get("release"), query_data.get("date")
    since = store.unchanged_since(date.today())
    return answer_encoded(_one(store, system, target, code, release, day, since))


@crosswalk.get("/crosswalk/<system>")
@crosswalk.input(CrosswalkCodeQuery, location="query")
@crosswalk.output(CrosswalkOut)
@crosswalk.doc(summary="What an expression becomes", responses=PROBLEM_RESPONSES)
def map_expression(system: str, query_data: dict[str, Any]) -> Response:
    """Return the crosswalk of ``code``: for what a path cannot hold, such as clusters with ``/`` and URIs."""
    system, target = direction(system, query_data.get("target"))
    store, release, day = opened().store, query_data.get("release"), query_data.get("date")
    return answer_encoded(directed_json(store, system, target, asked_code(query_data), release, day))


def quick_crosswalk(here: Opened, system: str, code: str) -> tuple[list[tuple[str, str]], bytes]:
    """Answer :func:`map_code` for its first target and a default release, without a request context."""
    source, target = direction(system, None)
    since = here.store.unchanged_since(date.today())
    return headers_of(here.etag), _one(here.store, source, target, code, None, None, since)


@crosswalk.post("/crosswalk")
@heavy(above=4096)
@crosswalk.input(CrosswalkBatchIn, location="json")
@crosswalk.output(CrosswalkBatchOut)
@crosswalk.doc(summary="What many codes become", responses=PROBLEM_RESPONSES)
def map_codes(json_data: dict[str, Any]) -> Response:
    """Return one result per code, in order; a code that is unknown carries ``error`` instead of targets."""
    system, target = direction(json_data["system"], json_data.get("target"))
    store, release, day = opened().store, json_data.get("release"), json_data.get("date")
    store.release(system, release, day)
    results = [_result(store, system, target, code, release, day) for code in json_data["codes"]]
    return answer({"results": results})


@kept_by_size(HOT_CODES // 2, len)
def _one(
    store: Store, system: str, target: str, code: str, release: str | None, day: date | None, since: date
) -> bytes:
    """Remember what is asked for one by one; a batch does not push it out.

    What is asked for without a day or a release is of today; ``since`` is when that last changed.
    """
    return directed_json(store, system, target, code, release, day)


def _result(
    store: Store, system: str, target: str, code: str, release: str | None, day: date | None
) -> orjson.Fragment | dict[str, Any]:
    try:
        return orjson.Fragment(directed_json(store, system, target, code, release, day))
    except (UnknownCodeError, DataNotAvailableError, ClusterSyntaxError, InvalidRequestError) as error:
        return {"source": {"system": system, "code": code}, "error": problem_of(error)}
