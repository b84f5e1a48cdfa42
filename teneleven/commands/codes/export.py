"""Writes the whole crosswalk to a file."""

from __future__ import annotations

from pathlib import Path

import click

from teneleven.commands.opened import open_store
from teneleven.commands.options import BUNDLE
from terminology.exchange.exports.export import export_crosswalk
from terminology.exchange.exports.omop import write_omop
from terminology.exchange.tables.writing import Writing
from web.fhir.maps.concept_map import export_concept_map


@click.command()
@click.argument("form", type=click.Choice(["sssom", "conceptmap", "omop", "csv", "parquet"]))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, help="File to write; a folder for omop."
)
@click.option("--fhir", type=click.Choice(["r4", "r5"]), default="r4", show_default=True)
@click.option("--spreadsheet", is_flag=True, help='CSV for spreadsheets: codes like 1E30 as ="1E30".')
@click.option(
    "--athena",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="With omop: Athena's CONCEPT.csv, whose ids the ICD-10-CM codes then have.",
)
@BUNDLE
def export(form: str, output: Path, fhir: str, spreadsheet: bool, athena: Path | None, bundle: Path) -> None:
    """Write the whole crosswalk as SSSOM, FHIR ConceptMap, OMOP tables, CSV or Parquet."""
    with open_store(bundle) as store:
        if form == "conceptmap":
            count = export_concept_map(store, output, fhir)
        elif form == "omop":
            count = write_omop(store, output, athena)
        else:
            count = export_crosswalk(store, form, output, Writing(spreadsheet))
    click.echo(f"{count:,} rows in {output}")
