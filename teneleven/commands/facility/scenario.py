"""Reckons what the switch may cost in coders' time, on what a user assumes."""

from __future__ import annotations

import click

from teneleven.commands.options import AS_JSON
from teneleven.commands.output import print_json
from terminology.exchange.reports.json_report import table_payload
from terminology.exchange.reports.words import shown
from terminology.impact.scenario import (
    Assumptions,
    published_values,
    read_curve,
    values_table,
)
from terminology.impact.scenario import scenario as reckoned
from terminology.impact.table import Table


@click.command()
@click.option("--stays", type=int, help="Records coded in a year.")
@click.option("--minutes", type=float, help="Minutes to code a record today.")
@click.option("--wage", type=float, help="Dollars an hour of a coder.")
@click.option("--coders", type=int, default=0, help="Coders to be trained.")
@click.option("--training-hours", type=float, default=0.0, help="Hours of training for each coder.")
@click.option("--curve", default="", help="Loss of productivity in percent by month, like 40,30,20.")
@click.option("--dual-coded", type=int, default=0, help="Records that are coded a second time.")
@AS_JSON
def scenario(
    stays: int | None,
    minutes: float | None,
    wage: float | None,
    coders: int,
    training_hours: float,
    curve: str,
    dual_coded: int,
    as_json: bool,
) -> None:
    """Reckon what the switch may cost in coders' time: your own assumptions, no finding.

    Without --stays, --minutes and --wage it shows the values that others published, with their caveats.
    """
    tables = [values_table(published_values())]
    if stays is not None and minutes is not None and wage is not None:
        assumed = Assumptions(stays, minutes, wage, coders, training_hours, read_curve(curve), dual_coded)
        tables = [reckoned(assumed)]
    elif not stays == minutes == wage:  # some were given: say which are missing
        missing = [n for n, v in (("--stays", stays), ("--minutes", minutes), ("--wage", wage)) if v is None]
        raise click.UsageError(f"a scenario needs {', '.join(missing)} too")
    if as_json:
        print_json(table_payload(tables[0]))
        return
    _print(tables[0])


def _print(table: Table) -> None:
    click.echo(f"{table.question}\n{table.note}\n")
    for row in table.rows:
        cells = (
            f"{column.name}: {shown(value, column.kind)}"
            for value, column in zip(row[1:], table.columns[1:], strict=True)
        )
        click.echo(f"{row[0]}\n    " + "; ".join(cells))
