"""Fetching against a local server that truncates, stalls, fails, redirects and lies."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import logging
import os
import socket
import ssl
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from loaders.acquire.fetch import Fetched, Outcome, Progress, fetch
from loaders.acquire.publishers import Publication
from loaders.acquire.transfer import ClientSettings
from loaders.acquire.transfer_failure import describe_connection
from terminology.errors import InvalidRequestError, ReleaseFormatError
from tests.loaders import misbehaving_server
from tests.loaders.misbehaving_server import Server, drip, hang_up, serve, stall, status, truncate

FAST = ClientSettings(connect_timeout=2.0, read_timeout=0.15, attempts=3, backoff=0.0)


def zipped(text: str) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        archive.writestr("codes.txt", text)
    return memory.getvalue()


ZIP = zipped("A00 Cholera\n" * 400)
OTHER = zipped("A00 Cholera, retitled\n" * 400)
PATH = "/files/zip/codes.zip"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
def server() -> Iterator[Server]:
    with misbehaving_server.running() as running:
        yield running


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def publication(url: str, sha256: str | None = None, filename: str = "codes.zip") -> Publication:
    return Publication("icd-11", "2025-01", "tables", url, filename, "https://who.example/list", True, sha256)


def fetch_one(
    url: str,
    to: Path,
    settings: ClientSettings = FAST,
    *,
    mirror: str | None = None,
    sha256: str | None = None,
) -> Fetched:
    (result,) = fetch([publication(url, sha256)], to, mirror=mirror, settings=settings)
    return result


def refusal(result: Fetched) -> str:
    """The message of a failed fetch that left nothing under the final name."""
    assert result.outcome is Outcome.FAILED
    assert result.error is not None
    assert not result.path.exists()
    return str(result.error)


# --- what a good server gives -----------------------------------------------------------------------


def test_a_file_is_kept_under_its_system_and_release(server: Server, tmp_path: Path) -> None:
    result = fetch_one(server.at(PATH, serve(ZIP)), tmp_path)
    assert result.outcome is Outcome.DOWNLOADED
    assert result.path == tmp_path / "icd-11" / "2025-01" / "codes.zip"
    assert result.path.read_bytes() == ZIP
    assert (result.sha256, result.size) == (sha256(ZIP), len(ZIP))


def test_a_complete_download_leaves_no_partial_file(server: Server, tmp_path: Path) -> None:
    result = fetch_one(server.at(PATH, serve(ZIP)), tmp_path)
    assert [path.name for path in result.path.parent.iterdir()] == ["codes.zip"]


def test_checksums_are_recorded_beside_the_files(server: Server, tmp_path: Path) -> None:
    url = server.at(PATH, serve(ZIP))
    fetch_one(url, tmp_path)
    entry = json.loads((tmp_path / "downloads.json").read_text())["icd-11/2025-01/codes.zip"]
    assert (entry["url"], entry["sha256"], entry["size"]) == (url, sha256(ZIP), len(ZIP))
    assert (tmp_path / "SHA256SUMS").read_text() == f"{sha256(ZIP)}  icd-11/2025-01/codes.zip\n"


def test_progress_counts_the_bytes_up_to_the_size(server: Server, tmp_path: Path) -> None:
    seen: list[Progress] = []
    fetch([publication(server.at(PATH, serve(ZIP)))], tmp_path, on_progress=seen.append, settings=FAST)
    assert seen[0] == Progress("icd-11/2025-01/codes.zip", 0, len(ZIP))
    assert seen[-1] == Progress("icd-11/2025-01/codes.zip", len(ZIP), len(ZIP))


def test_a_second_run_asks_only_whether_the_file_changed(server: Server, tmp_path: Path) -> None:
    url = server.at(PATH, serve(ZIP))
    fetch_one(url, tmp_path)
    assert fetch_one(url, tmp_path).outcome is Outcome.UNCHANGED
    assert server.sent(PATH) == [len(ZIP), 0]


def test_the_same_bytes_sent_again_are_unchanged(server: Server, tmp_path: Path) -> None:
    url = server.at(PATH, serve(ZIP), serve(ZIP, etag='"v2"'))
    fetch_one(url, tmp_path)
    assert fetch_one(url, tmp_path).outcome is Outcome.UNCHANGED


def test_a_file_that_changed_upstream_is_replaced_and_reported(server: Server, tmp_path: Path) -> None:
    url = server.at(PATH, serve(ZIP), serve(OTHER, etag='"v2"'))
    fetch_one(url, tmp_path)
    result = fetch_one(url, tmp_path)
    assert result.outcome is Outcome.CHANGED
    assert (result.previous_sha256, result.sha256) == (sha256(ZIP), sha256(OTHER))
    assert result.path.read_bytes() == OTHER


def test_a_copy_damaged_on_disk_is_downloaded_again(server: Server, tmp_path: Path) -> None:
    url = server.at(PATH, serve(ZIP))
    fetch_one(url, tmp_path).path.write_bytes(ZIP[:100])
    result = fetch_one(url, tmp_path)
    assert result.outcome is Outcome.DOWNLOADED
    assert result.path.read_bytes() == ZIP


def test_a_file_with_the_expected_checksum_is_not_asked_for_again(server: Server, tmp_path: Path) -> None:
    url = server.at(PATH, serve(ZIP))
    fetch_one(url, tmp_path, sha256=sha256(ZIP))
    assert fetch_one(url, tmp_path, sha256=sha256(ZIP)).outcome is Outcome.UNCHANGED
    assert len(server.requests) == 1


# --- resuming ---------------------------------------------------------------------------------------


def test_a_broken_download_continues_where_it_stopped(server: Server, tmp_path: Path) -> None:
    result = fetch_one(server.at(PATH, truncate(ZIP, 1500), serve(ZIP)), tmp_path)
    assert result.path.read_bytes() == ZIP
    assert server.sent(PATH) == [1500, len(ZIP) - 1500]


def test_a_later_run_continues_what_an_earlier_one_left(server: Server, tmp_path: Path) -> None:
    once = replace(FAST, attempts=1)
    url = server.at(PATH, truncate(ZIP, 1500), serve(ZIP))
    assert fetch_one(url, tmp_path, once).outcome is Outcome.FAILED
    seen: list[Progress] = []
    (result,) = fetch([publication(url)], tmp_path, on_progress=seen.append, settings=once)
    assert seen[0].received == 1500
    assert result.path.read_bytes() == ZIP
    assert server.sent(PATH) == [1500, len(ZIP) - 1500]


def test_a_weak_etag_is_replaced_by_the_date_when_continuing(server: Server, tmp_path: Path) -> None:
    broken = status(
        200,
        {
            "ETag": 'W/"v1"',
            "Last-Modified": misbehaving_server.LAST_MODIFIED,
            "Content-Length": str(len(ZIP)),
        },
        ZIP[:900],
    )
    result = fetch_one(server.at(PATH, broken, serve(ZIP, etag=None)), tmp_path)
    assert server.requests[1].headers["If-Range"] == misbehaving_server.LAST_MODIFIED
    assert result.path.read_bytes() == ZIP


def test_a_file_that_changed_meanwhile_is_not_continued(server: Server, tmp_path: Path) -> None:
    result = fetch_one(server.at(PATH, truncate(ZIP, 1500), serve(OTHER, etag='"v2"')), tmp_path)
    assert result.path.read_bytes() == OTHER


def test_a_download_without_validators_starts_anew(server: Server, tmp_path: Path) -> None:
    result = fetch_one(server.at(PATH, truncate(ZIP, 1500, etag=None), serve(ZIP)), tmp_path)
    assert "Range" not in server.requests[1].headers
    assert result.path.read_bytes() == ZIP


def test_a_server_that_ignores_ranges_is_read_from_the_start(server: Server, tmp_path: Path) -> None:
    result = fetch_one(server.at(PATH, truncate(ZIP, 1500), serve(ZIP, ranges=False)), tmp_path)
    assert result.path.read_bytes() == ZIP
    assert server.sent(PATH) == [1500, len(ZIP)]


def test_a_partial_file_that_was_whole_already_is_accepted(server: Server, tmp_path: Path) -> None:
    url = server.at(PATH, serve(ZIP))
    fetch_one(url, tmp_path)
    folder = tmp_path / "icd-11" / "2025-01"
    (folder / "codes.zip").rename(folder / "codes.zip.part")
    sidecar = {"url": url, "etag": '"v1"', "last_modified": None}
    (folder / "codes.zip.part.json").write_text(json.dumps(sidecar))
    (tmp_path / "downloads.json").unlink()
    assert fetch_one(url, tmp_path).outcome is Outcome.DOWNLOADED
    assert server.sent(PATH) == [len(ZIP), 0]


def test_a_range_the_server_cannot_satisfy_starts_anew(server: Server, tmp_path: Path) -> None:
    result = fetch_one(server.at(PATH, truncate(ZIP, 1500), status(416), serve(ZIP)), tmp_path)
    assert result.path.read_bytes() == ZIP


def test_a_range_other_than_asked_for_starts_anew(server: Server, tmp_path: Path) -> None:
    wrong = status(206, {"Content-Range": f"bytes 0-9/{len(ZIP)}"}, ZIP[:10])
    result = fetch_one(server.at(PATH, truncate(ZIP, 1500), wrong, serve(ZIP)), tmp_path)
    assert result.path.read_bytes() == ZIP


def test_a_partial_file_of_another_address_is_not_continued(server: Server, tmp_path: Path) -> None:
    once = replace(FAST, attempts=1)
    fetch_one(server.at(PATH, truncate(OTHER, 1500)), tmp_path, once)
    result = fetch_one(server.at("/elsewhere/codes.zip", serve(ZIP)), tmp_path, once)
    assert result.path.read_bytes() == ZIP


# --- failing servers --------------------------------------------------------------------------------


def test_a_server_that_recovers_from_a_500_is_asked_again(server: Server, tmp_path: Path) -> None:
    result = fetch_one(server.at(PATH, status(500), status(503), serve(ZIP)), tmp_path)
    assert result.path.read_bytes() == ZIP


def test_a_server_that_keeps_failing_is_given_up(server: Server, tmp_path: Path) -> None:
    message = refusal(fetch_one(server.at(PATH, status(500)), tmp_path))
    assert "status 500" in message
    assert len(server.requests) == FAST.attempts


def test_a_server_that_keeps_truncating_is_given_up(server: Server, tmp_path: Path) -> None:
    message = refusal(fetch_one(server.at(PATH, truncate(ZIP, 1000, etag=None)), tmp_path))
    assert "broke off after 1,000 bytes" in message
    assert (tmp_path / "icd-11" / "2025-01" / "codes.zip.part").stat().st_size == 1000


def test_a_truncated_range_is_noticed(server: Server, tmp_path: Path) -> None:
    short = status(206, {"ETag": '"v1"', "Content-Range": f"bytes 1500-1599/{len(ZIP)}"}, ZIP[1500:1600])
    result = fetch_one(server.at(PATH, truncate(ZIP, 1500), short, serve(ZIP)), tmp_path)
    assert result.path.read_bytes() == ZIP
    assert server.sent(PATH) == [1500, 100, len(ZIP) - 1600]


def test_a_zip_cut_short_without_a_stated_size_is_refused(server: Server, tmp_path: Path) -> None:
    def cut(exchange: misbehaving_server.Exchange) -> None:
        exchange.answer(200, {}, ZIP[:2000])

    assert "truncated or damaged" in refusal(fetch_one(server.at(PATH, cut), tmp_path))


def test_a_server_that_hangs_up_is_asked_again(server: Server, tmp_path: Path) -> None:
    result = fetch_one(server.at(PATH, hang_up(), serve(ZIP)), tmp_path)
    assert result.path.read_bytes() == ZIP


def test_a_stalled_server_times_out_and_the_rest_is_fetched(server: Server, tmp_path: Path) -> None:
    result = fetch_one(server.at(PATH, stall(ZIP, 700), serve(ZIP)), tmp_path)
    assert result.path.read_bytes() == ZIP
    assert server.sent(PATH) == [700, len(ZIP) - 700]


def test_a_server_that_keeps_stalling_is_reported(server: Server, tmp_path: Path) -> None:
    message = refusal(fetch_one(server.at(PATH, stall(ZIP, 700)), tmp_path, replace(FAST, attempts=1)))
    assert "sent nothing for 0.15 s, after 700 bytes" in message


def test_a_server_that_drips_forever_is_given_up(server: Server, tmp_path: Path) -> None:
    impatient = replace(FAST, file_timeout=0.2)
    assert "not complete after" in refusal(fetch_one(server.at(PATH, drip(ZIP, 0.05)), tmp_path, impatient))


def test_waiting_for_a_server_ends_with_the_time_for_the_file(server: Server, tmp_path: Path) -> None:
    patient = replace(FAST, file_timeout=5.0, longest_wait=60.0)
    message = refusal(fetch_one(server.at(PATH, status(503, {"Retry-After": "60"})), tmp_path, patient))
    assert "the time for one file is over" in message
    assert len(server.requests) == 1


def test_a_missing_file_says_how_to_get_it_otherwise(server: Server, tmp_path: Path) -> None:
    message = refusal(fetch_one(server.at(PATH, status(404)), tmp_path))
    assert "404" in message
    assert "--mirror" in message
    assert "by hand from https://who.example/list" in message
    assert "--data" in message
    assert len(server.requests) == 1


def test_a_forbidden_file_is_not_asked_for_again(server: Server, tmp_path: Path) -> None:
    assert "403" in refusal(fetch_one(server.at(PATH, status(403)), tmp_path))
    assert len(server.requests) == 1


def test_one_failure_does_not_keep_the_others_from_being_fetched(server: Server, tmp_path: Path) -> None:
    rows = [publication(server.at(PATH, status(404))), publication(server.at("/b.zip", serve(ZIP)))]
    rows[1] = replace(rows[1], filename="b.zip")
    results = fetch(rows, tmp_path, settings=FAST)
    assert [result.outcome for result in results] == [Outcome.FAILED, Outcome.DOWNLOADED]


def test_a_failed_update_leaves_the_earlier_copy(server: Server, tmp_path: Path) -> None:
    url = server.at(PATH, serve(ZIP), status(500))
    fetch_one(url, tmp_path)
    result = fetch_one(url, tmp_path)
    assert result.outcome is Outcome.FAILED
    assert result.path.read_bytes() == ZIP
    assert result.sha256 == sha256(ZIP)


# --- lying servers ----------------------------------------------------------------------------------


def test_a_web_page_instead_of_a_zip_is_refused(server: Server, tmp_path: Path) -> None:
    page = b"\n<!DOCTYPE html><html><body>Please accept the licence</body></html>"
    message = refusal(fetch_one(server.at(PATH, serve(page)), tmp_path))
    assert "web page" in message
    assert not any((tmp_path / "icd-11" / "2025-01").iterdir())


def test_other_bytes_instead_of_a_zip_are_refused(server: Server, tmp_path: Path) -> None:
    message = refusal(fetch_one(server.at(PATH, serve(b"%PDF-1.7 ...")), tmp_path))
    assert "not a zip" in message


def test_a_wrong_checksum_is_refused(server: Server, tmp_path: Path) -> None:
    message = refusal(fetch_one(server.at(PATH, serve(OTHER)), tmp_path, sha256=sha256(ZIP)))
    assert sha256(ZIP) in message
    assert sha256(OTHER) in message


def test_a_file_announced_too_large_is_refused_unread(server: Server, tmp_path: Path) -> None:
    message = refusal(fetch_one(server.at(PATH, serve(ZIP)), tmp_path, replace(FAST, max_bytes=1000)))
    assert "more than the 1,000 allowed" in message


def test_a_file_that_grows_too_large_is_refused(server: Server, tmp_path: Path) -> None:
    def unannounced(exchange: misbehaving_server.Exchange) -> None:
        exchange.answer(200, {}, ZIP)

    message = refusal(fetch_one(server.at(PATH, unannounced), tmp_path, replace(FAST, max_bytes=1000)))
    assert "larger than the 1,000 bytes allowed" in message


def test_an_encoding_that_was_not_asked_for_is_refused(server: Server, tmp_path: Path) -> None:
    packed = status(200, {"Content-Encoding": "gzip"}, b"\x1f\x8b")
    assert "encoding 'gzip'" in refusal(fetch_one(server.at(PATH, packed), tmp_path))


# --- redirects --------------------------------------------------------------------------------------


def test_a_redirect_is_followed(server: Server, tmp_path: Path) -> None:
    server.at("/new/codes.zip", serve(ZIP))
    result = fetch_one(server.at(PATH, status(302, {"Location": "/new/codes.zip"})), tmp_path)
    assert result.path.read_bytes() == ZIP


def test_a_redirect_loop_is_refused(server: Server, tmp_path: Path) -> None:
    message = refusal(fetch_one(server.at(PATH, status(302, {"Location": PATH})), tmp_path))
    assert "more than 5 redirects" in message
    assert len(server.requests) == 6


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://who.example/codes.zip"])
def test_a_redirect_away_from_http_is_refused(server: Server, tmp_path: Path, location: str) -> None:
    message = refusal(fetch_one(server.at(PATH, status(302, {"Location": location})), tmp_path))
    assert "redirects" in message


def test_a_redirect_to_no_address_is_not_http(server: Server, tmp_path: Path) -> None:
    lost = status(302, {"Location": "http://who.example:port/"})
    assert "HTTP" in refusal(fetch_one(server.at(PATH, lost), tmp_path))


def test_a_redirect_from_https_to_http_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def downgrade(request: httpx.Request) -> httpx.Response:
        return httpx.Response(302, headers={"Location": "http://who.example/codes.zip"})

    client = httpx.Client(transport=httpx.MockTransport(downgrade))
    monkeypatch.setattr("loaders.acquire.fetch.open_client", lambda settings: client)
    monkeypatch.setenv("HTTPS_PROXY", "http://unused.example")  # no connection is tried beforehand
    message = refusal(fetch_one("https://who.example/codes.zip", tmp_path))
    assert "from https to plain http" in message


def test_credentials_are_not_sent_to_another_host(server: Server, tmp_path: Path) -> None:
    with misbehaving_server.running() as other:
        there = other.at("/codes.zip", serve(ZIP))
        url = server.at(PATH, status(302, {"Location": there})).replace("//", "//user:secret@")
        fetch_one(url, tmp_path)
        assert "Authorization" in server.requests[0].headers
        assert "Authorization" not in other.requests[0].headers


# --- addresses and mirrors --------------------------------------------------------------------------


def test_a_mirror_takes_the_place_of_scheme_and_host(server: Server, tmp_path: Path) -> None:
    server.at("/pub/files/zip/codes.zip", serve(ZIP))
    result = fetch_one("https://cms.example/files/zip/codes.zip", tmp_path, mirror=f"{server.address}/pub/")
    assert result.outcome is Outcome.DOWNLOADED


@pytest.mark.parametrize("mirror", ["file:///srv/mirror", "mirror.example", "https://m.example/?a=b", ""])
def test_an_unusable_mirror_is_refused(tmp_path: Path, mirror: str) -> None:
    with pytest.raises(InvalidRequestError, match="mirror"):
        fetch_one("https://cms.example/codes.zip", tmp_path, mirror=mirror)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://cms.example/codes.zip", "codes.zip"])
def test_only_http_addresses_are_fetched(tmp_path: Path, url: str) -> None:
    with pytest.raises(InvalidRequestError, match="only http and https"):
        fetch_one(url, tmp_path)


def test_credentials_of_a_mirror_are_sent_but_never_shown(
    server: Server, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server.at(PATH, serve(ZIP), status(404))
    mirror = server.address.replace("//", "//user:s3cret@")
    with caplog.at_level(logging.DEBUG):
        fetch_one(f"https://cms.example{PATH}", tmp_path, mirror=mirror)
        (tmp_path / "icd-11" / "2025-01" / "codes.zip").unlink()
        message = refusal(fetch_one(f"https://cms.example{PATH}", tmp_path, mirror=mirror))
    assert server.requests[0].headers["Authorization"].startswith("Basic ")
    written = (tmp_path / "downloads.json").read_text()
    assert "s3cret" not in message + written + caplog.text


# --- the network ------------------------------------------------------------------------------------


def closed_port() -> int:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return int(unused.getsockname()[1])


def test_a_refused_connection_is_said_so(tmp_path: Path) -> None:
    message = refusal(fetch_one(f"http://127.0.0.1:{closed_port()}/codes.zip", tmp_path))
    assert "was refused" in message


def test_an_unreachable_host_is_tried_once_for_all_its_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[object] = []

    def unresolved(*args: object, **kwargs: object) -> None:
        tries.append(args)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unresolved)
    rows = [publication(f"https://who.example/{name}.zip", filename=f"{name}.zip") for name in "abc"]
    messages = [refusal(result) for result in fetch(rows, tmp_path, settings=FAST)]
    assert all("who.example cannot be resolved" in message for message in messages)
    assert len(tries) == 1


def test_a_name_lookup_that_hangs_is_a_timeout(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hang(*args: object, **kwargs: object) -> list[object]:
        server.over.wait(10)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    hurried = replace(FAST, connect_timeout=0.1)
    message = refusal(fetch_one("https://who.example/codes.zip", tmp_path, hurried))
    assert "no connection to who.example within 0.1 s" in message


def test_a_proxy_that_cannot_be_reached_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://user:s3cret@127.0.0.1:{closed_port()}")
    message = refusal(fetch_one("http://who.example/codes.zip", tmp_path))
    assert "proxy that the environment names was refused" in message
    assert "s3cret" not in message


def test_a_proxy_that_refuses_the_host_is_said_so(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", server.address)  # knows no CONNECT and answers 501
    message = refusal(fetch_one("https://who.example/codes.zip", tmp_path))
    assert "the proxy does not connect to who.example" in message
    assert "HTTPS_PROXY" in message


def test_a_certificate_nobody_vouches_for_says_what_to_do() -> None:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_message = "self-signed certificate"
    failure = describe_connection(error, httpx.URL("https://who.example/"), 5)
    assert "TLS: self-signed certificate" in failure.reason
    assert "SSL_CERT_FILE" in failure.reason


def test_a_server_without_tls_is_a_tls_failure(server: Server, tmp_path: Path) -> None:
    message = refusal(fetch_one(server.address.replace("http:", "https:") + PATH, tmp_path))
    assert "TLS" in message


# --- the folder -------------------------------------------------------------------------------------


def test_a_full_disk_is_reported_and_nothing_appears(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert "No space left on device" in refusal(fetch_one(server.at(PATH, serve(ZIP)), tmp_path))


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(InvalidRequestError, match="taken"):
        fetch([], tmp_path / "taken")


def test_two_fetches_into_one_folder_exclude_each_other(server: Server, tmp_path: Path) -> None:
    errors: list[str] = []

    def second(progress: Progress) -> None:
        try:
            fetch([], tmp_path)
        except InvalidRequestError as error:
            errors.append(str(error))

    fetch([publication(server.at(PATH, serve(ZIP)))], tmp_path, on_progress=second, settings=FAST)
    assert "another fetch" in errors[0]


def test_a_damaged_record_of_downloads_is_reported(tmp_path: Path) -> None:
    (tmp_path / "downloads.json").write_text('{"icd-11/2025-01/codes.zip": {"url": 1')
    with pytest.raises(ReleaseFormatError, match="delete the file"):
        fetch([], tmp_path)


def test_what_needs_a_licence_accepted_is_left_to_a_person(server: Server, tmp_path: Path) -> None:
    licensed = replace(publication(server.at(PATH)), by_hand="accept the licence")
    (result,) = fetch([licensed], tmp_path, settings=FAST)
    assert (result.outcome, result.sha256, server.requests) == (Outcome.BY_HAND, None, [])
