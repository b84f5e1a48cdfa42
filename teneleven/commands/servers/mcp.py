"""Serves a bundle to AI agents over the Model Context Protocol."""

from __future__ import annotations

from pathlib import Path

import click

from teneleven.command_line import told_missing
from teneleven.commands.options import BUNDLE
from terminology.errors import InvalidRequestError


@click.command()
@BUNDLE
@click.option(
    "--http",
    "address",
    metavar="HOST:PORT",
    help="Serve streamable HTTP at http://HOST:PORT/mcp, not stdio.",
)
@click.option(
    "--host-name",
    "host_names",
    multiple=True,
    metavar="NAME[:PORT]",
    help="A Host header to answer to beside this machine's own; several times for several.",
)
def mcp(bundle: Path, address: str | None, host_names: tuple[str, ...]) -> None:
    """Serve a bundle to AI agents over the Model Context Protocol, read-only.

    Needs the extra 'mcp'.
    """
    try:
        from web.mcp.transports import serve_http, serve_stdio
    except ModuleNotFoundError as missing:
        raise click.ClickException(told_missing("mcp", missing)) from None
    if address is None:
        serve_stdio(bundle)
    else:
        host, port = _place(address)
        click.echo(f"http://{address}/mcp serves {bundle}", err=True)
        serve_http(bundle, host, port, host_names)


def _place(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65_536:
        raise InvalidRequestError("--http", f"'{address}' is no HOST:PORT, such as 127.0.0.1:8012")
    return host.strip("[]"), int(port)
