"""Finds codes for what the chart says."""

from __future__ import annotations

from pathlib import Path

import click

from indexes.search import open_search_index
from teneleven.commands.opened import open_store
from teneleven.commands.options import AS_JSON, BUNDLE, SYSTEM
from teneleven.commands.output import print_json
from terminology.bundle.manifest import SEARCH
from terminology.bundle.who_codes import without_who_uri


@click.command()
@click.argument("text", nargs=-1, required=True)
@SYSTEM
@click.option("--limit", default=10, show_default=True)
@BUNDLE
@AS_JSON
def search(text: tuple[str, ...], system: str | None, limit: int, bundle: Path, as_json: bool) -> None:
    """Find codes for what the chart says."""
    index = open_search_index(bundle / SEARCH)
    with open_store(bundle) as store:
        query = without_who_uri(store, " ".join(text))
    found = index.search(query, system=system, limit=limit)
    if as_json:
        print_json(found)
        return
    for result in found.results:
        code = click.style(f"{result.code:<10}", bold=True)
        click.echo(f"{code} {result.title}  [{result.system}, {result.matched_on}]")
    click.echo(
        f"{found.total} found"
        + (f"; did you mean {', '.join(found.did_you_mean)}?" if found.did_you_mean else "")
    )
