"""Fetching release files from their publishers, or from a mirror of them, into a folder.

A file appears under its final name only when it is whole, of the kind its name says and, where its
checksum is known beforehand, the very bytes expected. Every download is recorded with its checksum
(:mod:`loaders.acquire.download_log`), so that a later run asks only for what changed and says what did.
"""

from __future__ import annotations

import hashlib
import queue
import socket
import threading
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import httpx

from loaders.acquire.download_log import Download, read_log, write_log
from loaders.acquire.publishers import Publication
from loaders.acquire.transfer import (
    ClientSettings,
    Job,
    Validators,
    discard,
    download,
    open_client,
    split_credentials,
)
from loaders.acquire.transfer_failure import TransferError, describe_connection, host_of, is_proxied
from terminology.errors import DownloadError, InvalidRequestError

try:
    import fcntl
except ImportError:  # Windows has no advisory locks
    fcntl = None  # type: ignore[assignment]

_ZIPPED = (".zip", ".xlsx", ".whl")
_HTML = (b"<!doctype html", b"<html")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one file is. ``received`` and ``total`` count bytes; ``total`` is ``None`` while unknown.

    ``received`` starts above 0 where an earlier partial download is continued.
    """

    name: str
    received: int
    total: int | None


class Outcome(StrEnum):
    """What became of one publication.

    ``CHANGED``: it was had, and the address now holds other bytes. ``BY_HAND``: it is not fetched, because a
    person has to accept a licence first.
    """

    DOWNLOADED = "downloaded"
    UNCHANGED = "unchanged"
    CHANGED = "changed"
    FAILED = "failed"
    BY_HAND = "by hand"


@dataclass(frozen=True, slots=True)
class Fetched:
    """One publication after a fetch.

    ``path`` is where it belongs; after a failure an earlier copy may still be there, untouched, and
    ``sha256`` and ``size`` (bytes) are its, or ``None``. ``previous_sha256`` is set when it changed,
    ``error`` when it failed.
    """

    publication: Publication
    path: Path
    outcome: Outcome
    sha256: str | None
    size: int | None
    previous_sha256: str | None = None
    error: DownloadError | None = None


def fetch(
    publications: Iterable[Publication],
    to: Path,
    *,
    mirror: str | None = None,
    on_progress: Callable[[Progress], None] = lambda progress: None,
    settings: ClientSettings | None = None,
) -> list[Fetched]:
    """Download ``publications`` into the folder ``to``, each under its ``place``; one result for each.

    ``mirror`` is an http(s) address that takes the place of every publisher's scheme and host; the rest of
    the path is kept. A file that fails does not keep the others from being fetched: its result carries the
    error. A host that cannot be reached is not asked again. Raises ``InvalidRequestError`` for an unusable
    ``mirror`` or ``to``, and ``ReleaseFormatError`` for a damaged record of earlier downloads.
    """
    settings = settings or ClientSettings()
    wanted = [(publication, _address(publication.url, mirror)) for publication in publications]
    results: list[Fetched] = []
    with _claimed(to), open_client(settings) as client:
        session = _Session(client, settings, to, read_log(to), on_progress)
        for publication, url in wanted:
            if publication.by_hand:
                results.append(_left_to_a_person(publication, to))
                continue
            try:
                result = _fetch_one(session, publication, url)
            except TransferError as failure:
                if failure.unreachable:
                    session.hosts[failure.unreachable] = failure
                result = _failed(publication, url, to, failure)
            results.append(result)
    return results


@dataclass(frozen=True, slots=True)
class _Session:
    """What the downloads of one fetch share. ``hosts`` holds the hosts met, with why one is unreachable."""

    client: httpx.Client
    settings: ClientSettings
    to: Path
    log: dict[str, Download]
    on_progress: Callable[[Progress], None]
    hosts: dict[str, TransferError | None] = field(default_factory=dict)

    def reach(self, url: httpx.URL) -> None:
        """Raise :class:`TransferError` unless the host can be reached, or a proxy is there to do it."""
        host = host_of(url)
        if host not in self.hosts:
            self.hosts[host] = None if is_proxied(url) else _unreachable(url, self.settings.connect_timeout)
        if failure := self.hosts[host]:
            raise failure


def _fetch_one(session: _Session, publication: Publication, url: str) -> Fetched:
    place = publication.place.as_posix()
    path = session.to / publication.place
    shown = split_credentials(url)[0]
    had = _sha256(path) if path.is_file() else None
    entry = session.log.get(place)
    if had and had == publication.sha256:
        if entry is None or entry.sha256 != had:
            _record(session, place, Download(shown, had, path.stat().st_size, None, None, _now()))
        return Fetched(publication, path, Outcome.UNCHANGED, had, path.stat().st_size)
    session.reach(httpx.URL(url))
    known = None
    if entry and entry.sha256 == had and entry.url == shown and not publication.sha256:
        known = Validators(entry.etag, entry.last_modified)

    def tick(received: int, total: int | None) -> None:
        session.on_progress(Progress(place, received, total))

    part = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        validators = download(session.client, Job(url, part, known, tick), session.settings)
        if validators is None:
            return Fetched(publication, path, Outcome.UNCHANGED, had, path.stat().st_size)
        sha256 = _verified(part, publication)
        size = part.stat().st_size
        part.replace(path)
        discard(part)
        etag, last_modified = validators.etag, validators.last_modified
        _record(session, place, Download(shown, sha256, size, etag, last_modified, _now()))
    except OSError as error:
        raise TransferError(f"{error.filename or path}: cannot be written: {error.strerror}") from error
    before = entry.sha256 if entry else had
    if had == sha256:
        return Fetched(publication, path, Outcome.UNCHANGED, sha256, size)
    if before in (None, sha256):
        return Fetched(publication, path, Outcome.DOWNLOADED, sha256, size)
    return Fetched(publication, path, Outcome.CHANGED, sha256, size, before)


def _record(session: _Session, place: str, entry: Download) -> None:
    session.log[place] = entry
    write_log(session.to, session.log)


def _failed(publication: Publication, url: str, to: Path, failure: TransferError) -> Fetched:
    path = to / publication.place
    error = DownloadError(
        split_credentials(url)[0],
        f"{failure.reason}; use --mirror URL, or download it by hand from {publication.listed_on} "
        "and give its folder with --data",
    )
    had = path.is_file()
    return Fetched(
        publication,
        path,
        Outcome.FAILED,
        _sha256(path) if had else None,
        path.stat().st_size if had else None,
        error=error,
    )


def _left_to_a_person(publication: Publication, to: Path) -> Fetched:
    path = to / publication.place
    had = path.is_file()
    size = path.stat().st_size if had else None
    return Fetched(publication, path, Outcome.BY_HAND, _sha256(path) if had else None, size)


def _verified(part: Path, publication: Publication) -> str:
    """Return the SHA-256 of a complete download after refusing, and removing, what it should not be."""
    sha256 = _sha256(part)
    fault = _fault(part, publication.filename)
    if fault is None and publication.sha256 not in (None, sha256):
        fault = (
            f"its sha256 is {sha256}, not {publication.sha256} as expected: the publisher replaced the file "
            "or the mirror holds another"
        )
    if fault:
        discard(part)
        raise TransferError(fault)
    return sha256


def _fault(part: Path, name: str) -> str | None:
    with part.open("rb") as file:
        starts = file.read(512)
    if starts.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_HTML):
        return "the answer is a web page (of a login, a licence, an error or a proxy), not the file"
    if not name.lower().endswith(_ZIPPED):
        return None if starts else "the file is empty"
    if not starts.startswith(b"PK"):
        return f"the answer is not a zip: it starts with {starts[:8]!r}"
    try:
        zipfile.ZipFile(part).close()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
        return "the zip is truncated or damaged"
    return None


def _address(url: str, mirror: str | None) -> str:
    """Return where to fetch ``url`` from. Raises ``InvalidRequestError`` for what cannot be fetched."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InvalidRequestError("url", f"'{parts.scheme}:' is not fetched, only http and https are")
    if mirror is None:
        return url
    base = urlsplit(mirror)
    if base.scheme not in ("http", "https") or not base.hostname or base.query or base.fragment:
        raise InvalidRequestError("mirror", "must be an address like https://mirror.example/codes")
    return urlunsplit((base.scheme, base.netloc, base.path.rstrip("/") + parts.path, "", ""))


def _unreachable(url: httpx.URL, seconds: float) -> TransferError | None:
    """Return why no connection to a host can be made within ``seconds``, ``None`` if one can.

    The HTTP client bounds the connection to each of a host's addresses and the lookup of its name not at
    all: on a machine behind a silent firewall they add up.
    """
    answers: queue.SimpleQueue[OSError | None] = queue.SimpleQueue()
    port = url.port or (80 if url.scheme == "http" else 443)

    def connect() -> None:
        try:
            socket.create_connection((url.host, port), timeout=seconds).close()
            answers.put(None)
        except OSError as error:
            answers.put(error)

    threading.Thread(target=connect, daemon=True).start()
    try:
        error = answers.get(timeout=seconds)
    except queue.Empty:
        error = TimeoutError()
    return None if error is None else describe_connection(error, url, seconds)


@contextmanager
def _claimed(to: Path) -> Iterator[None]:
    """Make the folder and hold it, so that two fetches never write one partial file."""
    try:
        to.mkdir(parents=True, exist_ok=True)
        lock = (to / ".downloads.lock").open("w")
    except OSError as error:
        raise InvalidRequestError("to", f"{to}: cannot be written: {error.strerror}") from error
    with lock:
        try:
            if fcntl is not None:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InvalidRequestError("to", f"another fetch is downloading into {to}; wait for it") from None
        yield


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
