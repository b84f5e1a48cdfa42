"""A real server in a process of its own: start, reload, refusal."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from http.client import HTTPConnection
from pathlib import Path

import pytest

from terminology.bundle.assemble import write_library
from terminology.bundle.checksums import seal
from terminology.bundle.manifest import MANIFEST
from terminology.bundle.workspace import workspace
from terminology.graph import TerminologyGraph
from tests.sealed_bundle import sealed_copy
from tests.small_library import small_library

TENELEVEN = str(Path(sys.executable).with_name("teneleven"))


class Serving:
    """A server process and the address it answers at."""

    def __init__(self, bundle: Path, *options: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process = subprocess.Popen(
            [TENELEVEN, "serve", "--bundle", str(bundle), "--port", str(self.port), *options]
        )

    def get(self, path: str) -> tuple[int, dict[str, object]]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def until(self, bundle_hash: str) -> None:
        for _ in range(300):
            try:
                if self.get("/readyz")[1]["bundle"] == bundle_hash:
                    return
            except OSError:
                assert self.process.poll() is None
            time.sleep(0.1)
        pytest.fail(f"the server never answered from bundle {bundle_hash}")


def content_hash(bundle: Path) -> str:
    return str(json.loads((bundle / MANIFEST).read_text())["content_hash"])


@pytest.fixture
def bundle(small_bundle: Path, tmp_path: Path) -> Path:
    return sealed_copy(small_bundle, tmp_path / "bundle")


@pytest.fixture
def serving(bundle: Path) -> Iterator[Serving]:
    server = Serving(bundle)
    try:
        server.until(content_hash(bundle))
        yield server
    finally:
        server.process.terminate()
        server.process.wait(30)


def swap(bundle: Path) -> str:
    """Put another bundle in the place of this one."""
    library = small_library()
    library.editions = [e for e in library.editions if e.release.id != "2026"]
    with workspace(bundle) as folder:
        seal(folder, write_library(library, TerminologyGraph.of(library).report, folder, (), "test"))
    return content_hash(bundle)


def test_sighup_takes_up_the_new_bundle_without_losing_a_request(serving: Serving, bundle: Path) -> None:
    statuses: list[int | str] = []
    done = threading.Event()

    def ask() -> None:
        connection = HTTPConnection("127.0.0.1", serving.port, timeout=10)
        while not done.is_set():
            try:
                connection.request("GET", "/api/v1/codes/icd-10-cm/E11.9")
                answer = connection.getresponse()
                answer.read()
                statuses.append(answer.status)
            except OSError as error:
                statuses.append(repr(error))
                connection.close()

    askers = [threading.Thread(target=ask) for _ in range(3)]
    for asker in askers:
        asker.start()
    new = swap(bundle)
    os.kill(serving.process.pid, signal.SIGHUP)
    serving.until(new)
    done.set()
    for asker in askers:
        asker.join()
    assert statuses
    assert set(statuses) == {200}


def test_a_bundle_that_cannot_be_served_is_not_taken_up(serving: Serving, bundle: Path) -> None:
    before = content_hash(bundle)
    (bundle / MANIFEST).write_text("{}")
    os.kill(serving.process.pid, signal.SIGHUP)
    time.sleep(1)
    assert serving.get("/readyz")[1]["bundle"] == before
    assert serving.get("/api/v1/codes/icd-10-cm/E11.9")[0] == 200


def test_serve_without_a_bundle_says_what_to_do(tmp_path: Path) -> None:
    result = subprocess.run(
        [TENELEVEN, "serve", "--bundle", str(tmp_path / "none")], capture_output=True, text=True, check=False
    )
    assert result.returncode == 1
    assert "teneleven build" in result.stderr


def worker_of(server: Serving) -> int:
    """Return the process id of the first worker, 0 while there is none."""
    listed = subprocess.run(
        ["pgrep", "-P", str(server.process.pid)], capture_output=True, text=True, check=False
    )
    return int((listed.stdout.split() or ["0"])[0])


def is_running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def within(seconds: float, true: Callable[[], bool]) -> bool:
    for _ in range(round(seconds * 10)):
        if true():
            return True
        time.sleep(0.1)
    return False


def test_another_server_on_the_same_port_is_refused_in_a_line(serving: Serving, bundle: Path) -> None:
    command = [TENELEVEN, "serve", "--bundle", str(bundle), "--port", str(serving.port)]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert result.returncode == 1
    assert f"port: {serving.port} at 127.0.0.1 cannot be had" in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""  # not that it serves


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--port", "70000"), "--port: is 70000"),
        (("--port", "x"), "'x' is no whole number"),
        (("--host", "no.such.host.invalid"), "no.such.host.invalid"),
        (("--host", "203.0.113.7"), "cannot be had"),
        (("--trusted-proxies", "10.0.0.0/99"), "trusted-proxies"),
        (("--public-url", "codes.example.org"), "public-url"),
        (("--api-key-file", "/no/such/file"), "api-key-file"),
    ],
)
def test_a_setting_that_cannot_be_used_is_one_line(bundle: Path, options: tuple[str, ...], said: str) -> None:
    command = [TENELEVEN, "serve", "--bundle", str(bundle), "--port", "1", *options]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert result.returncode == 1
    assert said in result.stderr
    assert len((result.stdout + result.stderr).splitlines()) == 1


def test_a_damaged_bundle_is_refused_in_a_line(bundle: Path) -> None:
    (bundle / "search" / "lexicon.tsv").write_text("")
    command = [TENELEVEN, "serve", "--bundle", str(bundle), "--port", "1"]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert result.returncode == 1
    assert "is damaged: search/lexicon.tsv" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_killed_parent_leaves_no_process_behind(bundle: Path) -> None:
    server = Serving(bundle)
    server.until(content_hash(bundle))
    worker = worker_of(server)
    listed = subprocess.run(["pgrep", "-P", str(worker)], capture_output=True, text=True, check=False)
    family = [worker, *map(int, listed.stdout.split())]
    server.process.kill()
    server.process.wait()
    assert within(20, lambda: not any(map(is_running, family)))


def is_replaced(serving: Serving, dead: int) -> bool:
    """Whether another worker serves, under the same parent."""
    return serving.process.poll() is None and worker_of(serving) not in (0, dead)


def test_workers_that_die_are_replaced_more_than_twice(serving: Serving, bundle: Path) -> None:
    seen = set()
    for _ in range(4):
        worker = worker_of(serving)
        seen.add(worker)
        os.kill(worker, signal.SIGKILL)
        assert within(30, partial(is_replaced, serving, worker))
        serving.until(content_hash(bundle))
    assert len(seen) == 4


def test_the_metrics_of_a_server_count_its_requests(serving: Serving) -> None:
    serving.get("/api/v1/codes/icd-10-cm/E11.9")
    connection = HTTPConnection("127.0.0.1", serving.port, timeout=10)
    connection.request("GET", "/metrics")
    text = connection.getresponse().read().decode()
    connection.close()
    counted = 'teneleven_requests_total{method="GET",route="/api/v1/codes/<system>/<code>",status="200"} 1.0'
    assert counted in text
    for name in ("bundle_age_seconds", "heavy_waiting", "response_bytes_total", "request_seconds_bucket"):
        assert f"teneleven_{name}" in text


HEAVY = ("/api/v1/impact", "text/csv", "code,count\nE11.9,5\n")


def send(
    port: int, path: str, kind: str, body: str, timeout: float = 60
) -> tuple[int, dict[str, str], bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("POST", path, body, {"Content-Type": kind})
        answer = connection.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()
    finally:
        connection.close()


def unfinished(port: int, path: str = "/api/v1/impact", said: str = "Content-Length: 1000") -> socket.socket:
    """Begin a request whose body never comes."""
    begun = socket.create_connection(("127.0.0.1", port))
    begun.sendall(f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: text/csv\r\n{said}\r\n\r\n".encode())
    return begun


def test_slow_bodies_and_long_requests_hold_up_nobody_else(serving: Serving) -> None:
    paths = ("/api/v1/impact", "/api/v1/crosswalk", "/impact", "/fhir/CodeSystem/$lookup", "/fhir")
    slow = [unfinished(serving.port, paths[number % len(paths)]) for number in range(64)]
    rows = "".join(f"E11.{number % 10},{number}\n" for number in range(100_000))
    long = [
        threading.Thread(target=send, args=(serving.port, *HEAVY[:2], "code,count\n" + rows))
        for _ in range(4)
    ]
    for each in long:
        each.start()
    waits = []
    while any(each.is_alive() for each in long):
        begun = time.monotonic()
        assert serving.get("/readyz")[0] == 200
        assert serving.get("/api/v1/search?q=diabetes")[0] == 200
        waits.append(time.monotonic() - begun)
    for begun_socket in slow:
        begun_socket.close()
    assert waits
    assert max(waits) < 5  # far above the second that is promised, far below a slow body: never


@pytest.fixture
def bounded(bundle: Path) -> Iterator[Serving]:
    server = Serving(
        bundle,
        *("--heavy-processes", "1", "--heavy-queue", "0", "--body-idle-seconds", "0.5"),
        *("--max-upload-mb", "1", "--heavy-seconds", "5"),
    )
    try:
        server.until(content_hash(bundle))
        yield server
    finally:
        server.process.terminate()
        server.process.wait(40)


def test_a_body_that_stops_is_answered_408(bounded: Serving) -> None:
    begun = unfinished(bounded.port)
    begun.settimeout(20)
    answer = begun.recv(65536)
    begun.close()
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"problem+json" in answer


def test_a_body_over_the_limit_is_answered_413_declared_or_not(bounded: Serving) -> None:
    assert send(bounded.port, "/api/v1/impact", "text/csv", "x" * (2**20 + 1))[0] == 413
    chunked = unfinished(bounded.port, said="Transfer-Encoding: chunked")
    chunked.settimeout(20)
    block = b"10000\r\n" + b"a" * 65536 + b"\r\n"
    try:
        for _ in range(20):
            chunked.sendall(block)
    except OSError:
        pass
    assert chunked.recv(65536).startswith(b"HTTP/1.1 413")
    chunked.close()


def test_a_full_pool_says_when_to_come_back(bounded: Serving) -> None:
    send(bounded.port, *HEAVY)  # the pool is ready
    rows = "code,count\n" + "E11.9,1\n" * 120_000
    answers: list[tuple[int, dict[str, str], bytes]] = []
    ask = lambda: answers.append(send(bounded.port, *HEAVY[:2], rows))  # noqa: E731
    asking = [threading.Thread(target=ask) for _ in range(4)]
    for each in asking:
        each.start()
    for each in asking:
        each.join()
    refused = [answer for answer in answers if answer[0] == 503]
    assert refused
    assert len(refused) < 4
    assert all(int(headers["retry-after"]) > 0 for _, headers, _ in refused)
    assert all(json.loads(body)["request_id"] for _, _, body in refused)


def test_a_request_whose_client_leaves_gives_its_place_away(bounded: Serving) -> None:
    send(bounded.port, *HEAVY)
    rows = "code,count\n" + "E11.9,1\n" * 120_000
    for _ in range(3):
        leaving = unfinished(bounded.port, said=f"Content-Length: {len(rows)}")
        leaving.sendall(rows.encode())
        time.sleep(0.05)
        leaving.close()
    assert within(20, lambda: send(bounded.port, *HEAVY)[0] == 200)


def test_a_path_beyond_reason_is_refused_at_once(serving: Serving) -> None:
    connection = HTTPConnection("127.0.0.1", serving.port, timeout=10)
    connection.request("GET", "/api/v1/codes/icd-10-cm/" + "a" * 60_000)
    assert connection.getresponse().status == 414
    connection.close()
