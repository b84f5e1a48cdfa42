"""The two ways to reach the server: standard input and output, and streamable HTTP."""

from __future__ import annotations

import logging
from pathlib import Path

from mcp.server.transport_security import TransportSecuritySettings

from web.mcp.current import CurrentBundle
from web.mcp.server import mcp_server

_OWN = ("127.0.0.1", "localhost", "[::1]")


def serve_stdio(bundle: Path) -> None:
    """Answer on standard output until standard input ends. Raises :class:`BundleError`."""
    logging.getLogger("mcp").setLevel(logging.WARNING)  # a client shows our standard error to its user
    mcp_server(CurrentBundle(bundle).now).run("stdio")


def serve_http(bundle: Path, host: str, port: int, host_names: tuple[str, ...] = ()) -> None:
    """Answer at ``/mcp`` until stopped. Raises :class:`BundleError`.

    Only requests for this machine's own names, or one of ``host_names``, are answered: a page in a browser
    cannot reach the server by a name of its own (DNS rebinding).
    """
    names = [*(f"{name}:*" for name in _OWN), f"{host}:*", *host_names]
    mcp_server(CurrentBundle(bundle).now).run(
        "streamable-http",
        host=host,
        port=port,
        stateless_http=True,
        json_response=True,
        transport_security=TransportSecuritySettings(
            allowed_hosts=names, allowed_origins=[f"http://{name}" for name in names]
        ),
    )
