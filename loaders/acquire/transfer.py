"""One file over HTTP: resumed, retried and bounded, into a ``.part`` file beside its destination.

Follows RFC 9110: ranges (section 14), conditional requests (section 13), redirects (section 15.4). A
partial file is continued only under a validator that proves the server still has the same bytes, which
``<name>.part.json`` keeps beside it; otherwise the file is fetched anew.
"""

from __future__ import annotations

import json
import os
import re
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

import httpx

from loaders.acquire.transfer_failure import TransferError, describe_failure, describe_status

_RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504})
_RANGE = re.compile(r"bytes (?:(\d+)-\d+|\*)/(\d+|\*)")


@dataclass(frozen=True, slots=True)
class ClientSettings:
    """How patient a download is. Times are in seconds.

    ``connect_timeout`` is short, so that a machine without internet falls through quickly;
    ``read_timeout`` is how long a server may stay silent; ``file_timeout`` bounds one file with all its
    attempts. The wait after the first failed attempt is ``backoff`` and doubles up to ``longest_wait``.
    ``max_bytes`` bounds one file.
    """

    connect_timeout: float = 5.0
    read_timeout: float = 30.0
    file_timeout: float = 3600.0
    attempts: int = 4
    backoff: float = 1.0
    longest_wait: float = 30.0
    max_redirects: int = 5
    max_bytes: int = 512 * 2**20
    user_agent: str = "TenEleven (code-terminology server; fetches release files)"


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server says identifies the bytes it sent: the headers ``ETag`` and ``Last-Modified``."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """One download: from ``url`` into ``part``.

    ``known`` are the validators of the copy already had, if any. ``tick`` gets the bytes held so far and
    the size of the whole, ``None`` while unknown.
    """

    url: str
    part: Path
    known: Validators | None
    tick: Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class _Partial:
    """A ``.part`` file that can be continued."""

    size: int
    validator: str
    validators: Validators


class _Transient(Exception):
    """An attempt failed in a way that another may not."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        self.reason = reason
        self.wait = wait


def open_client(settings: ClientSettings) -> httpx.Client:
    """Return an HTTP client that honours the proxy and certificate variables of the environment."""
    return httpx.Client(
        verify=_trust(),
        timeout=httpx.Timeout(settings.read_timeout, connect=settings.connect_timeout),
        follow_redirects=False,
        headers={"User-Agent": settings.user_agent, "Accept-Encoding": "identity"},
    )


@cache
def _trust() -> ssl.SSLContext:
    """The certificate authorities to trust, read once: nothing else in a client takes as long."""
    return httpx.create_ssl_context()


def download(client: httpx.Client, job: Job, settings: ClientSettings) -> Validators | None:
    """Download one file, continuing what its ``part`` holds, and return the server's validators.

    ``None`` is returned, and nothing written, when the copy already had still is the server's current one.
    ``part`` is complete on return and keeps what arrived on failure. Raises :class:`TransferError`.
    """
    deadline = time.monotonic() + settings.file_timeout
    wait = settings.backoff
    for attempt in range(1, settings.attempts + 1):
        try:
            return _attempt(client, job, settings, deadline)
        except _Transient as failure:
            if attempt == settings.attempts:
                raise TransferError(f"{failure.reason} ({attempt} attempts)") from failure
            pause = min(wait if failure.wait is None else failure.wait, settings.longest_wait)
            if time.monotonic() + pause > deadline:
                raise TransferError(f"{failure.reason}; gave up: the time for one file is over") from failure
            time.sleep(pause)
            wait *= 2
    raise TransferError("no attempt is allowed by the settings")


def discard(part: Path) -> None:
    """Remove a partial file and what is kept about it."""
    part.unlink(missing_ok=True)
    _sidecar(part).unlink(missing_ok=True)


def split_credentials(url: str) -> tuple[str, httpx.BasicAuth | None]:
    """Return ``url`` without user name and password, and these apart: so no message or log shows them."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    auth = None
    if parts.username is not None:
        auth = httpx.BasicAuth(unquote(parts.username), unquote(parts.password or ""))
    return urlunsplit((parts.scheme, host, parts.path, parts.query, "")), auth


def _attempt(client: httpx.Client, job: Job, settings: ClientSettings, deadline: float) -> Validators | None:
    partial = _partial(job)
    with _answer(client, job.url, _request_headers(partial, job.known), settings) as response:
        status, offset = response.status_code, 0
        if status == httpx.codes.NOT_MODIFIED and job.known is not None:
            return None
        if partial and status == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            if _range(response) == (None, partial.size):
                return partial.validators  # nothing was missing
            discard(job.part)
            raise _Transient("the server does not continue the partial file", 0)
        if partial and status == httpx.codes.PARTIAL_CONTENT:
            start, total = _range(response)
            if start != partial.size:
                discard(job.part)
                raise _Transient("the server continued at another byte than asked for", 0)
            offset = partial.size
        elif status == httpx.codes.OK:
            length = response.headers.get("Content-Length", "")
            total = int(length) if length.isdecimal() else None
        elif status in _RETRIED:
            raise _Transient(describe_status(status), _retry_after(response))
        else:
            raise TransferError(describe_status(status))
        encoding = response.headers.get("Content-Encoding", "identity")
        if encoding != "identity":
            raise TransferError(f"the server sent the file in the encoding '{encoding}', unasked")
        if total is not None and total > settings.max_bytes:
            raise TransferError(f"the file has {total:,} bytes, more than the {settings.max_bytes:,} allowed")
        validators = Validators(response.headers.get("ETag"), response.headers.get("Last-Modified"))
        if offset == 0:
            discard(job.part)
            _write_sidecar(job, validators)
        received = _receive(response, job, settings, offset=offset, total=total, deadline=deadline)
    if total is not None and received != total:
        raise _Transient(f"the server ended after {received:,} of {total:,} bytes")
    return validators


def _receive(
    response: httpx.Response,
    job: Job,
    settings: ClientSettings,
    *,
    offset: int,
    total: int | None,
    deadline: float,
) -> int:
    """Append the body to the partial file and return the bytes it then holds."""
    received = offset
    job.tick(received, total)
    with job.part.open("ab") as file:
        try:
            for chunk in response.iter_raw():
                received += len(chunk)
                if received > settings.max_bytes:
                    raise TransferError(f"the file is larger than the {settings.max_bytes:,} bytes allowed")
                if time.monotonic() > deadline:
                    raise TransferError(f"not complete after {settings.file_timeout:,.0f} s")
                file.write(chunk)
                job.tick(received, total)
        except httpx.TimeoutException as error:
            raise _Transient(
                f"the server sent nothing for {settings.read_timeout:g} s, after {received:,} bytes"
            ) from error
        except httpx.TransportError as error:
            raise _Transient(f"the connection broke off after {received:,} bytes") from error
        file.flush()
        os.fsync(file.fileno())
    return received


@contextmanager
def _answer(
    client: httpx.Client, url: str, headers: dict[str, str], settings: ClientSettings
) -> Iterator[httpx.Response]:
    """Yield the answer to a GET, its body unread, after following redirects."""
    url, auth = split_credentials(url)
    origin = target = httpx.URL(url)
    for _ in range(settings.max_redirects + 1):
        request = client.build_request("GET", target, headers=headers)
        own = auth if (target.scheme, target.netloc) == (origin.scheme, origin.netloc) else None
        try:
            response = client.send(request, stream=True, auth=own)
        except httpx.TransportError as error:
            failure = describe_failure(error, target, settings.connect_timeout)
            if failure.passing:
                raise _Transient(failure.reason) from error
            raise failure from error
        try:
            if not response.has_redirect_location:
                yield response
                return
            target = _redirect(target, response.headers["Location"])
        finally:
            response.close()
    raise TransferError(f"more than {settings.max_redirects} redirects, the last to {target}")


def _redirect(source: httpx.URL, location: str) -> httpx.URL:
    try:
        target = httpx.URL(split_credentials(str(source.join(location)))[0])
    except (httpx.InvalidURL, ValueError):
        raise TransferError("the server redirects to an address that cannot be read") from None
    if target.scheme not in ("http", "https") or not target.host:
        raise TransferError(f"the server redirects to '{target.scheme}:', only http and https are followed")
    if source.scheme == "https" and target.scheme == "http":
        raise TransferError(f"the server redirects from https to plain http ({target}), which is refused")
    return target


def _request_headers(partial: _Partial | None, known: Validators | None) -> dict[str, str]:
    if partial:
        return {"Range": f"bytes={partial.size}-", "If-Range": partial.validator}
    headers = {}
    if known and known.etag:
        headers["If-None-Match"] = known.etag
    if known and known.last_modified:
        headers["If-Modified-Since"] = known.last_modified
    return headers


def _range(response: httpx.Response) -> tuple[int | None, int | None]:
    """Return the first byte and the size that ``Content-Range`` states, ``None`` where it states none."""
    match = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
    if match is None:
        return None, None
    start, size = match.groups()
    return (int(start) if start else None), (int(size) if size != "*" else None)


def _retry_after(response: httpx.Response) -> float | None:
    seconds = response.headers.get("Retry-After", "")
    return float(seconds) if seconds.isdecimal() else None


def _sidecar(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")


def _write_sidecar(job: Job, validators: Validators) -> None:
    url = split_credentials(job.url)[0]
    record = {"url": url, "etag": validators.etag, "last_modified": validators.last_modified}
    _sidecar(job.part).write_text(json.dumps(record), encoding="utf-8")


def _partial(job: Job) -> _Partial | None:
    """Return the partial file if it is of this address and its validator may stand in ``If-Range``."""
    try:
        size = job.part.stat().st_size
        record = json.loads(_sidecar(job.part).read_text(encoding="utf-8"))
        same = record["url"] == split_credentials(job.url)[0]
        validators = Validators(record["etag"], record["last_modified"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
    weak = not validators.etag or validators.etag.startswith("W/")
    validator = validators.last_modified if weak else validators.etag
    return _Partial(size, validator, validators) if same and size and validator else None
