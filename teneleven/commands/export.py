"""Writes the whole crosswalk to a file."""

from __future__ import annotations

from pathlib import Path

import click

from teneleven.commands.opened import open_store
from teneleven.commands.options import BUNDLE
from terminology.exchange.exports.export import export_crosswalk
from terminology.exchange.tables.writing import Writing
from web.fhir.maps.concept_map import export_concept_map


@click.command()
@click.argument("form", type=click.Choice(["sssom", "conceptmap", "csv", "parquet"]))
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="File to write.")
@click.option("--fhir", type=click.Choice(["r4", "r5"]), default="r4", show_default=True)
@click.option("--spreadsheet", is_flag=True, help='CSV for spreadsheets: codes like 1E30 as ="1E30".')
@BUNDLE
def export(form: str, output: Path, fhir: str, spreadsheet: bool, bundle: Path) -> None:
    """Write the whole crosswalk as SSSOM, FHIR ConceptMap, CSV or Parquet."""
    with open_store(bundle) as store:
        if form == "conceptmap":
            count = export_concept_map(store, output, fhir)
        else:
            count = export_crosswalk(store, form, output, Writing(spreadsheet))
    click.echo(f"{count:,} rows in {output}")
