"""Files in, report out: what the command line and the API share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from terminology.bundle.store import Store
from terminology.claims.studies.episodes import EpisodeDefinition
from terminology.errors import DataNotAvailableError, InvalidRequestError
from terminology.exchange.reports.json_report import json_report
from terminology.exchange.reports.page import page
from terminology.exchange.reports.tables_zip import tables_zip
from terminology.exchange.reports.workbook import workbook
from terminology.exchange.tables.days import Span
from terminology.exchange.volume_codes import Uploaded
from terminology.exchange.volumes import merged, read_upload
from terminology.facility import Setting
from terminology.impact.report import Report, impact_report

_MOST_RATE = 1e7
FORMATS = {
    ".json": "application/json",
    ".html": "text/html; charset=utf-8",
    ".zip": "application/zip",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def rendered(report: Report, suffix: str) -> bytes:
    """Return the report in the format of a file name's suffix; raises :class:`InvalidRequestError`."""
    if suffix == ".json":
        return json_report(report)
    if suffix == ".html":
        return page(report).encode()
    if suffix == ".zip":
        return tables_zip(report)
    if suffix == ".xlsx":
        return workbook(report)
    raise InvalidRequestError("output", f"'{suffix}' is not one of {', '.join(FORMATS)}")


def write_impact(
    store: Store,
    paths: Sequence[Path],
    setting: str | None,
    output: Path,
    columns: Mapping[str, str] | None = None,
    span: Span | None = None,
    base_rate: float | None = None,
    definitions: Sequence[EpisodeDefinition] = (),
) -> Report:
    """Read volumes from files and write their report; the suffix of ``output`` is its format.

    ``span`` are the first and last day of the data; without it the files may say it. ``base_rate`` are the
    dollars an inpatient stay of weight 1 is paid.

    Raises :class:`InvalidRequestError` for a suffix or setting that is not known, and as
    :func:`terminology.exchange.volumes.read_upload`.
    """
    if output.suffix.lower() not in FORMATS:
        raise InvalidRequestError("output", f"'{output.suffix}' is not one of {', '.join(FORMATS)}")
    where = known_setting(setting)
    read = merged(_read(path, where, columns or {}) for path in paths)
    report = measured(store, read, span, base_rate, definitions)
    output.write_bytes(rendered(report, output.suffix.lower()))
    return report


def measured(
    store: Store,
    read: Uploaded,
    span: Span | None = None,
    base_rate: float | None = None,
    definitions: Sequence[EpisodeDefinition] = (),
) -> Report:
    """Return the report of what was read, as of the days a user names, else of those the file says.

    A file's rows are judged each by its own day, unless the user names one.
    """
    ruled = ["The days of the file's rows are not read: a date or year was named."] if span else []
    return impact_report(
        store,
        read.volumes,
        [*read.notices, *(ruled if read.dated else ())],
        by=read.groups,
        given=read.given,
        span=span or read.span,
        records=read.records if len(read.records) else None,
        base_rate=base_rate,
        definitions=definitions,
        dated=None if span else read.dated,
    )


def known_rate(text: str | None) -> float | None:
    """Return a base rate in dollars, ``None`` for none; raises :class:`InvalidRequestError`."""
    if not text or not text.strip():
        return None
    try:
        rate = float(text.replace(",", "").replace("$", ""))
    except ValueError:
        rate = -1.0
    if not 0 < rate < _MOST_RATE:
        raise InvalidRequestError("base_rate", f"'{text[:40]}' is no amount in dollars like 7000")
    return rate


def known_setting(name: str | None) -> Setting | None:
    """Return a setting by name, ``None`` for none; raises :class:`InvalidRequestError`."""
    if not name:
        return None
    if name not in list(Setting):
        raise InvalidRequestError("setting", f"'{name}' is not one of {', '.join(Setting)}")
    return Setting(name)


def _read(path: Path, where: Setting | None, columns: Mapping[str, str]) -> Uploaded:
    try:
        with path.open("rb") as file:
            return read_upload(file, path.name, columns=columns, setting=where)
    except FileNotFoundError:
        raise DataNotAvailableError(f"{path}: there is no such file") from None
