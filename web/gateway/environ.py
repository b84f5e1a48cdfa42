"""A request as granian gives it (RSGI), as the WSGI environment that the application reads."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from io import BytesIO
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import IO, Any

from web.gateway.rsgi import RequestScope

Environ = dict[str, Any]
Networks = tuple[IPv4Network | IPv6Network, ...]


_EMPTY = b""
_PROXIED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED")
_NAMES: dict[str, str] = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


def environ_of(scope: RequestScope, proxies: Networks = ()) -> Environ:
    """Return the WSGI environment of a request without its body (:func:`with_body` adds one).

    ``X-Forwarded-*`` headers count if the peer is one of ``proxies``; from anybody else they are dropped.
    """
    path = scope.path
    environ: Environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path if path.isascii() else path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": scope.scheme,
        "wsgi.version": (1, 0),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        key = _NAMES.get(name)
        if key is None:
            if "_" in name:  # would pass for the header with a hyphen
                continue
            key = "HTTP_" + name.upper().replace("-", "_")
            if len(_NAMES) < 500:
                _NAMES[name] = key
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    if scope.authority is not None:
        environ["HTTP_HOST"] = scope.authority
    environ["SERVER_NAME"], _, environ["SERVER_PORT"] = scope.server.rpartition(":")
    peer = scope.client.rpartition(":")[0]
    environ["REMOTE_ADDR"] = peer
    if proxies and _is_trusted(peer, proxies):
        _believe(environ, proxies)
    for name in _PROXIED:
        environ.pop(name, None)
    return environ


def with_body(environ: Environ, body: IO[bytes] | None, length: int | None) -> Environ:
    """Add the body of a request: ``length`` bytes of it, or as many as its header says."""
    environ["wsgi.input"] = body or BytesIO(_EMPTY)
    environ["wsgi.input_terminated"] = True
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    if length is not None:
        environ["CONTENT_LENGTH"] = str(length)
    return environ


def _believe(environ: Environ, proxies: Networks) -> None:
    """Take client, scheme and host as a trusted proxy states them, the client nearest to the proxies."""
    chain = [part.strip() for part in environ.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    environ["REMOTE_ADDR"] = _client(chain, proxies) or environ["REMOTE_ADDR"]
    scheme = environ.get("HTTP_X_FORWARDED_PROTO", "").rpartition(",")[2].strip().lower()
    if scheme in ("http", "https"):
        environ["wsgi.url_scheme"] = scheme
    host = environ.get("HTTP_X_FORWARDED_HOST", "").rpartition(",")[2].strip()
    if host:
        environ["HTTP_HOST"] = host


def _client(chain: Iterable[str], proxies: Networks) -> str | None:
    """Return the last address of a chain that is not a proxy's."""
    found = None
    for address in reversed(list(chain)):
        found = address
        if not _is_trusted(address, proxies):
            break
    return found


def _is_trusted(address: str, proxies: Networks) -> bool:
    try:
        client = ip_address(address.strip("[]"))
    except ValueError:
        return False
    return any(client in network for network in proxies)
