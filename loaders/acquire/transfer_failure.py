"""Why a download failed, in words that say what the user can do."""

from __future__ import annotations

import socket
import ssl
from urllib.request import getproxies, proxy_bypass

import httpx

_STATUS = {
    401: "the server asks for a login (401)",
    403: "the server refuses this program (403)",
    404: "the server has no such file (404): it was moved or withdrawn",
    407: "the proxy asks for a login (407); put it into HTTPS_PROXY as http://user:password@host:port",
    410: "the server no longer has the file (410)",
    429: "the server asks to come back later (429)",
}


class TransferError(Exception):
    """One file could not be downloaded.

    ``unreachable`` names the host (and port) when it cannot be reached at all, so that asking it for other
    files is pointless; ``passing`` says that another attempt may succeed.
    """

    def __init__(self, reason: str, *, unreachable: str | None = None, passing: bool = False) -> None:
        self.reason = reason
        self.unreachable = unreachable
        self.passing = passing
        super().__init__(reason)


def describe_status(status: int) -> str:
    """Return what an HTTP status other than success means for a download."""
    if status >= 500:
        return f"the server failed (status {status})"
    return _STATUS.get(status, f"the server answered with status {status}")


def describe_connection(error: OSError, url: httpx.URL, connect_timeout: float) -> TransferError:
    """Return what kept a connection to the host of ``url`` from being made. Times are in seconds."""
    host = host_of(url)
    through = " through the proxy that the environment names" if is_proxied(url) else ""
    if isinstance(error, socket.gaierror):
        reason = f"the host name {url.host} cannot be resolved{through}; is this machine online?"
    elif isinstance(error, ssl.SSLError):
        fault = getattr(error, "verify_message", None) or error.reason or "failed"
        reason = (
            f"no secure connection to {host}{through} (TLS: {fault}); if your network inspects TLS, name the "
            "file of its certificate authority in SSL_CERT_FILE"
        )
    elif isinstance(error, TimeoutError):
        reason = f"no connection to {host}{through} within {connect_timeout:g} s; is this machine online?"
    elif isinstance(error, ConnectionRefusedError):
        reason = f"the connection to {host}{through} was refused"
    else:
        reason = f"no connection to {host}{through} ({error.strerror}); is this machine online?"
    return TransferError(reason, unreachable=host)


def describe_failure(error: httpx.TransportError, url: httpx.URL, connect_timeout: float) -> TransferError:
    """Return what kept a request from being answered. Never repeats the error's text: it may hold secrets."""
    if isinstance(error, httpx.ProxyError):
        reason = f"the proxy does not connect to {url.host}; check HTTPS_PROXY and NO_PROXY"
        return TransferError(reason, unreachable=host_of(url))
    if isinstance(error, httpx.ConnectTimeout):
        return describe_connection(TimeoutError(), url, connect_timeout)
    if isinstance(error, httpx.ConnectError):
        return describe_connection(_os_error(error), url, connect_timeout)
    if isinstance(error, httpx.TimeoutException):
        return TransferError("the server did not answer in time", passing=True)
    return TransferError("the connection broke off before an answer that is HTTP", passing=True)


def host_of(url: httpx.URL) -> str:
    """Return the host of ``url``, with its port where that is not the scheme's own."""
    return url.netloc.decode("ascii")


def is_proxied(url: httpx.URL) -> bool:
    """Say whether the environment names a proxy for this address."""
    proxies = getproxies()
    named = proxies.get(url.scheme) or proxies.get("all")
    return bool(named) and not proxy_bypass(url.host)


def _os_error(error: BaseException) -> OSError:
    """Return the innermost operating-system error that led to ``error``."""
    found = OSError(None, "the connection failed")
    following: BaseException | None = error
    for _ in range(10):
        if following is None:
            break
        if isinstance(following, OSError):
            found = following
        following = following.__cause__ or following.__context__
    return found
