"""A pasted list of codes: status, title, what to use instead, what each becomes in ICD-11; as CSV too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, Response, request, url_for
from werkzeug.datastructures import MultiDict

from terminology.bundle.crosswalk.crosswalks import crosswalk as crosswalk_of
from terminology.bundle.life.code_list import MOST_CODES, ListedCode, ListStatus
from terminology.bundle.store import Store
from terminology.crosswalk import Crosswalk
from terminology.errors import InvalidRequestError, TenElevenError
from terminology.exchange.code_lists import listed_by_day, pasted_list
from terminology.systems import CPT, HCPCS, ICD10CM, code_system
from web.heavy.marking import heavy
from web.opened import opened
from web.pages.parts.download import download
from web.pages.parts.frame import day_in, page

EXAMPLE = "E11.9, I10; S72.001 zz99"
STATUS_NAMES = {
    ListStatus.VALID: "valid",
    ListStatus.NOT_BILLABLE: "a heading, not billable",
    ListStatus.RETIRED: "ended",
    ListStatus.NOT_YET_VALID: "not yet valid",
    ListStatus.UNDETERMINED: "not known for that day",
    ListStatus.NOT_FOUND: "not found",
}
MOST_SHOWN = 1_000
"""Rows on the page; the download has all."""

_LONGEST_ADDRESS = 1_500
_LONGEST = 400_000
_COLUMNS = ("input", "code", "status", "title", "suggestion", "icd11", "icd11_titles", "message", "on")

validate = Blueprint("validate", __name__)


@dataclass(frozen=True, slots=True)
class ListRow:
    """A code of the list and what it becomes in ICD-11, where it becomes anything."""

    listed: ListedCode
    becomes: Crosswalk | None


@validate.get("/validate")
def show() -> Response:
    """Answer with the form, and with the list in the address if there is one."""
    return _answer(request.args)


@validate.post("/validate")
@heavy(above=16_384)
def measure() -> Response:
    """Answer with the list of a form, as a page or as the file that ``format`` names."""
    return _answer(request.form)


def _answer(said: MultiDict[str, str]) -> Response:
    store, text = opened().store, said.get("codes", "")
    if len(text) > _LONGEST:
        raise InvalidRequestError("codes", f"{len(text):,} characters; at most {_LONGEST:,}")
    system = code_system(said.get("system") or ICD10CM.id).id
    day = day_in(said.get("date", "")) or date.today()
    pasted = pasted_list(text)
    rows = [_row(store, system, one) for one in listed_by_day(store, system, pasted.codes, day)]
    if said.get("format") and rows:
        return download(said["format"], "codes", _COLUMNS, map(_cells, rows))
    kept: dict[str, Any] = {"codes": pasted.text() or "", "date": day.isoformat(), "system": system}
    counts = {status: sum(row.listed.status is status for row in rows) for status in ListStatus}
    return page(
        "validate.html",
        text=text,
        day=day,
        system=system,
        systems=[one for one in (ICD10CM.id, HCPCS.id, CPT.id) if one in store.systems()],
        rows=rows[:MOST_SHOWN],
        more=len(rows) - MOST_SHOWN,
        total=len(rows),
        dated=pasted.dated,
        notice=pasted.notice,
        counts=[(STATUS_NAMES[status], count) for status, count in counts.items() if count],
        names=STATUS_NAMES,
        example=EXAMPLE,
        most=MOST_CODES,
        permanent=url_for("pages.validate.show", **kept)
        if 0 < len(kept["codes"]) <= _LONGEST_ADDRESS
        else None,
    )


def _row(store: Store, system: str, listed: ListedCode) -> ListRow:
    if system != ICD10CM.id or listed.status is ListStatus.NOT_FOUND:
        return ListRow(listed, None)
    try:
        held = store.releases_with(system, listed.code)
        return ListRow(listed, crosswalk_of(store, listed.code, held[-1] if held else None))
    except TenElevenError:
        return ListRow(listed, None)


def _cells(row: ListRow) -> tuple[str, ...]:
    one, target = row.listed, row.becomes.recommended if row.becomes else None
    return (
        one.input,
        one.code,
        one.status.value,
        one.title or "",
        " ".join(one.suggestion),
        target.expression if target else "",
        "; ".join(title for title in target.titles if title) if target else "",
        one.message,
        one.on,
    )
