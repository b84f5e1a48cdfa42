"""The address that a client asked at, and whether links in answers that may be kept can be made of it.

Anybody can send any ``Host``. One that is no name is refused; one that the settings do not know is used in
this one answer only, which no cache may keep.
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Flask, g, request
from werkzeug.exceptions import BadRequest
from werkzeug.sansio.utils import host_is_trusted

from web.settings import EXTENSION, Settings, settings_in_use

_NAME = re.compile(r"(?:[A-Za-z0-9_.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?", re.ASCII)
#: Asked by what watches the server, by whatever address it has; nothing in their answers is made of it.
_WITHOUT_ADDRESS = ("/healthz", "/readyz", "/metrics")
#: Sent in place of the usual headers with an answer that holds an address nobody vouches for.
NOT_KEPT = "private, no-store"


def register(app: Flask, settings: Settings) -> None:
    """Refuse requests for hosts that are no names, or not the server's where its names are set."""
    app.extensions[EXTENSION] = settings
    app.before_request(_check_host)


def base_address() -> str:
    """Return scheme and host that links begin with, without a slash at the end."""
    settings = settings_in_use()
    if settings.public_url:
        return settings.public_url.rstrip("/")
    if not is_known_host(settings, request.host):
        g.unvouched = True
    return request.host_url.rstrip("/")


def may_be_kept() -> bool:
    """Return whether the answer being made may be kept by caches: it holds no address but known ones."""
    return not g.get("unvouched", False)


def is_known_host(settings: Settings, host: str) -> bool:
    """Return whether the settings name a host, or it is this machine asked by itself."""
    if settings.host_names:
        return True  # others are refused before
    name = host.rpartition(":")[0] if re.search(r":\d+$", host) else host
    return _is_loopback(settings.host) and _is_loopback(name)


def own_names(settings: Settings) -> tuple[str, ...]:
    """Return the names the server is asked by; none if by any."""
    return (*settings.host_names, *_public_name(settings)) if settings.host_names else ()


@lru_cache(maxsize=256)
def refusal_of(host: str, names: tuple[str, ...]) -> str | None:
    """Return why a request with a header ``Host`` is refused by a server of names, ``None`` if it is not."""
    if host and not _NAME.fullmatch(host):
        return "the Host header is no name or address"
    if names and not host_is_trusted(host, names):
        return "this server is not asked by the name in the Host header (--hosts)"
    return None


def _check_host() -> None:
    names = () if request.path in _WITHOUT_ADDRESS else own_names(settings_in_use())
    refusal = refusal_of(request.environ.get("HTTP_HOST", ""), names)
    if refusal:
        raise BadRequest(refusal)


def _is_loopback(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        return ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False


def _public_name(settings: Settings) -> list[str]:
    name = urlsplit(settings.public_url).hostname
    return [name] if name else []
