"""Does a list survive the move: a pasted or uploaded list of ICD-10-CM codes, and what replaces it."""

from __future__ import annotations

import csv
import io
from typing import BinaryIO, cast

from flask import Blueprint, Response, request

from terminology.bundle.life.code_list import list_entries
from terminology.errors import InvalidRequestError
from terminology.exchange.reports.survival_table import COLUMNS, listed_in, survival_rows
from terminology.exchange.reports.write import known_setting
from terminology.exchange.tables.write import unformula
from terminology.facility import Setting
from terminology.impact.survival import Survival, sentences, survival
from web.heavy.marking import heavy
from web.opened import opened
from web.pages.parts.frame import day_in, page

EXAMPLE = "I21 I22 I50.9"
MOST_SHOWN = 500
"""Rows of a level on the page; the download has all."""
_LONGEST = 1_000_000

lists = Blueprint("lists", __name__)


@lists.get("/lists")
def begin() -> Response:
    """Answer with the form."""
    return page(
        "lists.html", found=None, text="", settings=list(Setting), example=EXAMPLE, chosen=None, day=None
    )


@lists.post("/lists")
@heavy()
def measure() -> Response:
    """Answer with what becomes of the list, as a page or as a CSV file."""
    text = request.form.get("codes", "")
    upload = request.files.get("file")
    if len(text) > _LONGEST:
        raise InvalidRequestError("codes", f"the list is longer than {_LONGEST:,} characters")
    codes, titles = list_entries(text)
    words = len(titles)
    if upload is not None and upload.filename:
        more, left_out = listed_in(cast(BinaryIO, upload.stream), upload.filename)
        codes, words = codes + more, words + left_out
    setting = known_setting(request.form.get("setting"))
    day = day_in(request.form.get("date", ""))
    found = survival(opened().store, codes, setting.value if setting else None, on=day)
    if request.form.get("format") == "csv":
        return _download(found)
    response = page(
        "lists.html",
        found=found,
        said=sentences(found, words),
        levels=((found.expression, "By whole expression"), (found.stem, "By stems alone")),
        most=MOST_SHOWN,
        text=text if len(text) < _LONGEST // 10 else "",
        settings=list(Setting),
        example=EXAMPLE,
        chosen=setting,
        day=day,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _download(found: Survival) -> Response:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in survival_rows(found):
        writer.writerow([unformula(cell) if isinstance(cell, str) else cell for cell in row])
    response = Response(out.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="icd-11-list.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response
