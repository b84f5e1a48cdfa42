"""The impact of the transition on uploaded volumes."""

from __future__ import annotations

from io import BytesIO
from typing import BinaryIO, cast

from apiflask import APIBlueprint
from flask import Response, request

from terminology.errors import InvalidRequestError
from terminology.impact.report import impact_report
from web.api.schemas import PROBLEM_RESPONSES
from web.opened import opened
from web.reports.write import FORMATS, known_setting, rendered
from web.uploads import merged, read_upload

impact = APIBlueprint("impact", __name__, tag="Impact")
_SUFFIXES = {mimetype.split(";")[0]: suffix for suffix, mimetype in FORMATS.items()}


@impact.post("/impact")
@impact.doc(summary="What the move to ICD-11 does to these volumes", responses=PROBLEM_RESPONSES)
def measure() -> Response:
    """Return the report; ``Accept`` chooses JSON (default), HTML or XLSX.

    Send the file as the body, or as one or more ``file`` parts of a form. ``setting`` (query or form) is the
    setting of rows without one; ``code``, ``count``, ``setting_column`` name columns. Nothing is kept.
    """
    said = {**request.args.to_dict(), **request.form.to_dict()}
    where = known_setting(said.get("setting"))
    names = {"code": "code", "count": "count", "setting": "setting_column"}
    columns = {part: said[name] for part, name in names.items() if said.get(name)}
    files: list[tuple[BinaryIO, str]] = [
        (cast(BinaryIO, part.stream), part.filename or "upload") for part in request.files.getlist("file")
    ]
    if not files:
        body = request.get_data(cache=False)
        if not body:
            raise InvalidRequestError("file", "send the volumes as the body or as a form's 'file' part")
        files = [(BytesIO(body), "upload")]
    read = merged(read_upload(file, name, columns=columns, setting=where) for file, name in files)
    wanted = request.accept_mimetypes.best_match(list(_SUFFIXES), "application/json") or "application/json"
    suffix = _SUFFIXES[wanted]
    response = Response(
        rendered(impact_report(opened().store, read.volumes, read.notices), suffix), mimetype=wanted
    )
    response.headers["Cache-Control"] = "no-store"
    if suffix == ".xlsx":
        response.headers["Content-Disposition"] = 'attachment; filename="icd-11-impact.xlsx"'
    return response
