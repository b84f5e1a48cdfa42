"""The impact of the transition on uploaded volumes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import Any, BinaryIO, cast

from apiflask import APIBlueprint
from flask import Response, request

from terminology.claims.studies.episodes import EpisodeDefinition
from terminology.errors import InvalidRequestError
from terminology.exchange.claims.episode_files import read_definitions
from terminology.exchange.reports.write import FORMATS, known_rate, known_setting, measured, rendered
from terminology.exchange.tables.days import Span
from terminology.exchange.volume_dates import asked_span
from terminology.exchange.volumes import merged, named_columns, read_upload
from web.api.contract.problems import PROBLEM_RESPONSES
from web.api.schemas.impact import ImpactQuery, ReportOut
from web.heavy.marking import heavy
from web.opened import opened
from web.settings import settings_in_use

impact = APIBlueprint("impact", __name__, tag="Impact")
_FILES = ("file", "episodes")
_SUFFIXES = {mimetype.split(";")[0]: suffix for suffix, mimetype in FORMATS.items()}


@impact.post("/impact")
@heavy()
@impact.input(ImpactQuery, location="query", arg_name="asked")
@impact.output(ReportOut)
@impact.doc(summary="What the move to ICD-11 does to these volumes", responses=PROBLEM_RESPONSES)
def measure(asked: dict[str, str]) -> Response:
    """Return the report; ``Accept`` chooses JSON (default), HTML or XLSX.

    Send the file as the body, or as one or more ``file`` parts of a form. ``setting`` (query or form) is the
    setting of rows without one; ``code_column``, ``count_column``, ``setting_column``, ``payer_column``,
    ``department_column``, ``charge_column``, ``date_column`` and ``claim_column`` name columns that are
    not recognised.
    ``date`` or ``year`` say when the codes were reported; without them the file's own dates or name may, and
    a row with a date is judged by its own. ``base_rate`` makes dollars of the levels of stays, where the file
    has claims or several diagnoses a row; a form's part ``episodes`` (TOML) has your episode definitions. The
    file goes to a temporary file that is gone with the answer, also when the answer is a problem.
    """
    said = {**asked, **_form()}
    where = known_setting(said.get("setting"))
    limits = settings_in_use().table_limits
    with uploaded_files() as files:
        read = merged(
            read_upload(file, name, columns=named_columns(said), setting=where, limits=limits)
            for file, name in files
        )
    wanted = request.accept_mimetypes.best_match(list(_SUFFIXES), "application/json") or "application/json"
    suffix = _SUFFIXES[wanted]
    rate = known_rate(said.get("base_rate"))
    report = measured(opened().store, read, span_of(said), rate, sent_definitions())
    response = Response(rendered(report, suffix), mimetype=wanted)
    response.headers["Cache-Control"] = "no-store"
    if suffix == ".xlsx":
        response.headers["Content-Disposition"] = 'attachment; filename="icd-11-impact.xlsx"'
    return response


def sent_definitions() -> list[EpisodeDefinition]:
    """Return the episode definitions of a form's part ``episodes``, none where it is not sent."""
    part = request.files.get("episodes")
    if part is None or not part.filename:
        return []
    try:
        return read_definitions(cast(BinaryIO, part.stream), part.filename)
    finally:
        part.close()


def span_of(said: Mapping[str, Any]) -> Span | None:
    """Return the days that ``date`` or ``year`` of a request name; raises :class:`InvalidRequestError`."""
    day, year = str(said.get("date") or "").strip(), str(said.get("year") or "").strip()
    try:
        on = date.fromisoformat(day) if day else None
    except ValueError:
        raise InvalidRequestError("date", "write the day like 2023-12-31") from None
    if year and not year.isdecimal():
        raise InvalidRequestError("year", "write the year like 2023")
    return asked_span(on, int(year) if year else None)


@contextmanager
def uploaded_files() -> Iterator[list[tuple[BinaryIO, str]]]:
    """Yield the request's files with their names, on disk rather than in memory; they are gone afterwards.

    Raises :class:`InvalidRequestError` when there is none; a body over the server's limit is a 413.
    """
    parts = request.files.getlist("file") if _is_form() else []
    try:
        if parts:
            yield [(cast(BinaryIO, part.stream), part.filename or "upload") for part in parts]
            return
        with TemporaryFile() as body:
            copyfileobj(request.stream, body)
            if not body.tell():
                raise InvalidRequestError("file", "send the volumes as the body or as a form's 'file' part")
            body.seek(0)
            yield [(cast(BinaryIO, body), "upload")]
    finally:
        for part in parts:
            part.close()


def _form() -> dict[str, str]:
    """The fields of a form beside its files, empty for another body; they have the names of the query's."""
    fields = request.form.to_dict() if _is_form() else {}
    known = ImpactQuery().fields
    for name in (*fields, *(request.files if _is_form() else ())):
        if name not in known and (name in fields or name not in _FILES):
            named = ", ".join(sorted({*known, *_FILES}))
            raise InvalidRequestError(name[:60], f"is no part of this form; known: {named}")
    return fields


def _is_form() -> bool:
    """Only a multipart body is a form; a file sent with a client's default content type is read as it is."""
    return request.mimetype == "multipart/form-data"
