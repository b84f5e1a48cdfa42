"""Serves a bundle over HTTP."""

from __future__ import annotations

from pathlib import Path

import click

from teneleven.commands.options import BUNDLE
from web.server import serve as start


@click.command()
@BUNDLE
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8011, show_default=True)
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64))
def serve(bundle: Path, host: str, port: int, workers: int) -> None:
    """Serve a bundle over HTTP. SIGHUP takes up the bundle that is then in place."""
    click.echo(f"http://{host}:{port} serves {bundle}  (documentation: /docs)")
    start(bundle, host, port, workers)
