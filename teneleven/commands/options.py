"""Options that several commands share."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click


class Day(click.ParamType[date]):
    """A day as YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day; a text that is none is a usage error."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"'{value}' is no day; write it like 2026-10-01", param, ctx)


BUNDLE = click.option(
    "--bundle",
    type=click.Path(path_type=Path),
    default=Path("bundle"),
    envvar="TENELEVEN_BUNDLE",
    show_default=True,
    help="Folder of the bundle.",
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
SYSTEM = click.option("--system", help="Code system, e.g. icd-10-cm; without it the first that has the code.")
RELEASE = click.option("--release", help="Release; that of the day without it.")
DATE = click.option(
    "--date",
    "on",
    type=Day(),
    help="The date of service (for inpatient stays of discharge), YYYY-MM-DD; today without it.",
)
DOWNLOADS = Path("downloads")
