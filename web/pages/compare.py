"""Two codes side by side, or one code across care settings."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from terminology.compare import compare_code
from terminology.crosswalk.model import says_nothing
from web.opened import opened
from web.pages.parts.frame import asked_day, page

SETTING_NAMES = {
    "inpatient": "Acute care (inpatient)",
    "outpatient": "Hospital outpatient",
    "office": "Physician office",
}

compare = Blueprint("compare", __name__)


@compare.get("/compare")
def begin() -> AnyResponse:
    """Answer with the form, or lead to the comparison it asks for."""
    code, other = request.args.get("code", "").strip(), request.args.get("other", "").strip()
    if code:
        return redirect(url_for("pages.compare.show", code=code, other=other or None))
    return page("compare.html", codes=[], rows=[], names=SETTING_NAMES)


@compare.get("/compare/<code>")
def show(code: str) -> Response:
    """Answer with a code in each care setting, or beside the code named by ``other``."""
    store = opened().store
    other = request.args.get("other", "").strip()
    wanted = [code, other] if other else [code]
    codes = [compare_code(store, one, (), request.args.get("release"), asked_day()) for one in wanted]
    return page("compare.html", codes=codes, rows=facet_table(codes), names=SETTING_NAMES)


def facet_table(codes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return a row per facet dimension: what each side says of each code as lists, and if it is lost."""
    dimensions = dict.fromkeys(row["facet"] for code in codes for row in code["facets"])
    return [
        {
            "facet": dimension,
            "cells": [
                {
                    side: [r["value"] for r in code["facets"] if r["facet"] == dimension and r[side]]
                    for side in ("icd_10_cm", "icd_11")
                }
                | {"lost": _lost(code, dimension)}
                for code in codes
            ],
        }
        for dimension in dimensions
    ]


def _lost(code: dict[str, Any], dimension: str) -> bool:
    """Whether nothing that a code says of a dimension is in ICD-11, and something is said."""
    said = [row for row in code["facets"] if row["facet"] == dimension and row["icd_10_cm"]]
    gone = [f"{dimension}={row['value']}" for row in said if not row["icd_11"]]
    return bool(said) and len(gone) == len(said) and not all(map(says_nothing, gone))
