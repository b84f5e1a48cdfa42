"""Downloads release files from their publishers."""

from __future__ import annotations

from pathlib import Path

import click

from loaders.acquire.fetch import Outcome
from loaders.acquire.fetch import fetch as download
from loaders.acquire.publishers import publications
from loaders.terminal import BuildDisplay
from teneleven.commands.options import DOWNLOADS
from terminology.errors import DataNotAvailableError


@click.command()
@click.argument("systems", nargs=-1)
@click.option("--to", type=click.Path(path_type=Path), default=DOWNLOADS, show_default=True)
@click.option("--mirror", help="Address to use in place of the publishers' own.")
@click.option("--older", is_flag=True, help="Older editions too.")
@click.option("--lang", multiple=True, help="ICD-11 in this language too, e.g. es; repeatable.")
def fetch(systems: tuple[str, ...], to: Path, mirror: str | None, older: bool, lang: tuple[str, ...]) -> None:
    """Download release files from their publishers (all systems, or those named; edits: claim tables)."""
    with BuildDisplay() as display:
        results = download(
            publications(systems, older=older, languages=lang),
            to,
            mirror=mirror,
            on_progress=lambda p: display.transferred(p.name, p.received, p.total),
        )
    for result in results:
        click.echo(f"{result.outcome:<10} {result.path}  {(result.sha256 or '')[:16]}")
        if result.outcome is Outcome.BY_HAND:
            page = result.publication
            click.echo(f"  {page.content}: {page.by_hand} on {page.listed_on}, then keep the file there")
    failed = [result for result in results if result.outcome is Outcome.FAILED]
    for result in failed:
        click.echo(f"  {result.error}", err=True)
    if failed:
        raise DataNotAvailableError(f"{len(failed)} of {len(results)} files could not be fetched")
