"""Shows what a bundle holds."""

from __future__ import annotations

from pathlib import Path

import click

from teneleven.commands.opened import open_store
from teneleven.commands.options import AS_JSON, BUNDLE
from teneleven.commands.output import print_json
from terminology.bundle.life.not_loaded import missing


@click.command()
@BUNDLE
@AS_JSON
def info(bundle: Path, as_json: bool) -> None:
    """Show what a bundle holds and does without: releases, counts, sources, notices."""
    with open_store(bundle) as store:
        manifest = store.manifest
        if as_json:
            print_json(manifest)
            return
        click.echo(f"{bundle}  content {manifest.content_hash[:16]}  built {manifest.built_at}")
        for system in store.systems():
            default = store.release(system).release
            for release in store.releases(system):
                record = store.release_record(release)
                counts = ", ".join(f"{n:,} {kind}" for kind, n in record.counts.items() if n)
                click.echo(f"  {system:<10} {release.id:<8}{'*' if release == default else ' '} {counts}")
        click.echo("  * default release")
        for name, count in manifest.counts.items():
            click.echo(f"  {name.replace('_', ' '):<16} {count:,}")
        for sentence in missing(store):
            click.echo(f"  missing: {sentence}")
        for notice in manifest.notices:
            click.echo(f"  note: {notice}")
        for attribution in dict.fromkeys(record.attribution for record in manifest.releases):
            click.echo(f"  {attribution}")
