"""Finds codes for what the chart says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from indexes.on_day import search_on
from indexes.search import open_search_index
from teneleven.commands.opened import open_store
from teneleven.commands.options import AS_JSON, BUNDLE, DATE, SYSTEM
from teneleven.commands.output import print_json
from terminology.bundle.concepts.who_codes import without_who_uri
from terminology.bundle.life.resolution import not_in_use
from terminology.bundle.manifest import SEARCH


@click.command()
@click.argument("text", nargs=-1, required=True)
@SYSTEM
@DATE
@click.option("--limit", default=10, show_default=True)
@BUNDLE
@AS_JSON
def search(
    text: tuple[str, ...], system: str | None, on: date | None, limit: int, bundle: Path, as_json: bool
) -> None:
    """Find codes for what the chart says."""
    index, typed = open_search_index(bundle / SEARCH), " ".join(text)
    with open_store(bundle) as store:
        found = search_on(store, index, without_who_uri(store, typed), on, system=system, limit=limit)
        found = replace(found, retired=not_in_use(store, typed, system, on))
    if as_json:
        print_json(found)
        return
    for result in found.results:
        code = click.style(f"{result.code:<10}", bold=True)
        click.echo(f"{code} {result.title}  [{result.system}, {result.matched_on}]")
    for gone in found.retired:
        click.echo(gone.message)
    for remark in (*found.notices, found.not_loaded):
        if remark:
            click.echo(remark)
    if found.denied:
        click.echo(f"read as denied: {', '.join(found.denied)}")
    if found.unused_words:
        click.echo(f"not used by the first result: {', '.join(found.unused_words)}")
    click.echo(
        f"{found.total} found"
        + (f"; did you mean {', '.join(found.did_you_mean)}?" if found.did_you_mean else "")
    )
