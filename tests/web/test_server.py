"""A real server in a process of its own: start, reload, refusal."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from terminology.bundle.assemble import write_library
from terminology.bundle.manifest import MANIFEST
from terminology.bundle.workspace import workspace
from terminology.graph import TerminologyGraph
from tests.small_library import small_library

TENELEVEN = str(Path(sys.executable).with_name("teneleven"))


class Serving:
    """A server process and the address it answers at."""

    def __init__(self, bundle: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process = subprocess.Popen(
            [TENELEVEN, "serve", "--bundle", str(bundle), "--port", str(self.port)]
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
    return Path(shutil.copytree(small_bundle, tmp_path / "bundle"))


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
        write_library(library, TerminologyGraph.of(library).report, folder, (), "test")
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
