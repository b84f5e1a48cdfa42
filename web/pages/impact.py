"""What the move to ICD-11 does to a facility's own volumes: a file in, a report with charts out."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, cast

from flask import Blueprint, Response, request

from terminology.bundle.kept import kept_with_bundle
from terminology.bundle.store import Store
from terminology.errors import InvalidRequestError
from terminology.exchange.reports.sections import OF_SERVER, script, sections
from terminology.exchange.reports.write import FORMATS, known_rate, known_setting, measured, rendered
from terminology.exchange.volumes import merged, read_upload
from terminology.facility import Setting
from terminology.impact.report import Report
from web.api.impact.report import sent_definitions, span_of
from web.heavy.marking import heavy
from web.opened import opened
from web.pages.parts.frame import page
from web.settings import settings_in_use

EXAMPLE = Path(__file__).parent.parent / "static" / "example-volumes.csv"
EXAMPLE_NOTICE = "These are invented volumes of 30 codes, an example of the file to send."

impact = Blueprint("impact", __name__)


@impact.get("/impact")
def begin() -> Response:
    """Answer with the form, or with the report on the example."""
    if "example" in request.args:
        return _answer(_example(opened().store), example=True)
    return page("impact.html", settings=list(Setting), report=None)


@impact.post("/impact")
@heavy()
def measure() -> Response:
    """Answer with the report on the files of a form, as a page or as the file ``format`` names."""
    files = [part for part in request.files.getlist("file") if part.filename]
    if request.form.get("example"):
        return _answer(_example(opened().store), example=True)
    if not files:
        raise InvalidRequestError("file", "choose a file of codes and counts")
    where = known_setting(request.form.get("setting"))
    names = {"code": "code", "count": "count"}
    columns = {part: request.form[name] for part, name in names.items() if request.form.get(name)}
    limits = settings_in_use().table_limits
    read = merged(
        read_upload(
            cast(BinaryIO, part.stream),
            part.filename or "upload",
            columns=columns,
            setting=where,
            limits=limits,
        )
        for part in files
    )
    rate = known_rate(request.form.get("base_rate"))
    return _answer(measured(opened().store, read, span_of(request.form), rate, sent_definitions()))


@impact.get("/impact/report.js")
def sorting() -> Response:
    """Answer with the script that sorts a report's tables, the same as in the file."""
    return Response(script(), mimetype="text/javascript")


@kept_with_bundle(maxsize=1)
def _example(store: Store) -> Report:
    """The report on the example."""
    with EXAMPLE.open("rb") as file:
        read = read_upload(file, EXAMPLE.name)
    read.notices.append(EXAMPLE_NOTICE)
    return measured(store, read)


def _answer(report: Report, *, example: bool = False) -> Response:
    suffix = f".{request.values.get('format', '')}"
    if suffix in FORMATS:
        response = Response(rendered(report, suffix), mimetype=FORMATS[suffix])
        response.headers["Content-Disposition"] = f'attachment; filename="icd-11-impact{suffix}"'
    else:
        response = page(
            "impact.html",
            "partials/report.html",
            settings=list(Setting),
            example=example,
            report=report,
            sections=sections(report, OF_SERVER, form="example" if example else "impact"),
        )
    response.headers["Cache-Control"] = "no-store"
    return response
