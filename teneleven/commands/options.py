"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

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
RELEASE = click.option("--release", help="Release; the system's default without it.")
DOWNLOADS = Path("downloads")
