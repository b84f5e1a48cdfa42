"""A server of the project on a free loopback port, and wrk against it."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from web.process.server import SECONDS_TO_FINISH

_UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1.0}


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: ``ready_seconds`` from start to the first answer of /readyz."""

    pid: int
    port: int
    ready_seconds: float

    def resident_bytes(self, own: bool = False) -> list[int]:
        """The resident size of each worker process; its ``own`` is without the pages of files it reads."""
        listed = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.pid)], capture_output=True, text=True, check=False
        )
        return [_resident(pid, "RssAnon" if own else "VmRSS") for pid in listed.stdout.split()]


@dataclass(frozen=True, slots=True)
class Load:
    """What wrk measured: requests per second, latencies in seconds, and answers that were not 2xx."""

    requests_per_second: float
    p50: float
    p99: float
    failures: int


def _resident(pid: str, field: str) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(rf"^{field}:\s+(\d+) kB", status, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


@contextmanager
def served(bundle: Path, target: str = "web.app:create_app", workers: int = 1) -> Iterator[Server]:
    """Serve a bundle until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    begun = time.perf_counter()
    code = (
        "from web.process.server import serve; from web.settings import Settings; "
        f"flags = {{'bundle': {str(bundle)!r}, 'port': {port}, 'workers': {workers}}}; "
        f"serve(Settings.gathered(flags), {target!r})"
    )
    process = subprocess.Popen([sys.executable, "-c", code], env=os.environ)
    try:
        while not _ready(port):
            if process.poll() is not None or time.perf_counter() - begun > 60:
                raise RuntimeError("the server did not start")
            time.sleep(0.01)
        yield Server(process.pid, port, time.perf_counter() - begun)
    finally:
        process.terminate()
        process.wait(2 * SECONDS_TO_FINISH)


def load(port: int, paths: Sequence[str], seconds: int = 5, connections: int = 8) -> Load:
    """Ask for the paths in turn with wrk (Debian package ``wrk``)."""
    return _measured(port, [f"wrk.format('GET', {_quoted(path)})" for path in paths], seconds, connections)


def post(port: int, path: str, bodies: Sequence[bytes], seconds: int = 5, connections: int = 8) -> Load:
    """Post JSON bodies in turn with wrk."""
    head = "{['Content-Type'] = 'application/json'}"
    asked = [f"wrk.format('POST', {_quoted(path)}, {head}, {_quoted(body.decode())})" for body in bodies]
    return _measured(port, asked, seconds, connections)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _measured(port: int, requests: Sequence[str], seconds: int, connections: int) -> Load:
    """Run wrk over requests, each an expression of its Lua."""
    if shutil.which("wrk") is None:
        raise RuntimeError("wrk is not installed: apt-get install wrk")
    address = f"http://127.0.0.1:{port}"
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        listed = "".join(f"asked[#asked + 1] = {request}\n" for request in requests)
        script.write(
            f"local asked = {{}}\nlocal n = 0\ninit = function()\n{listed}end\n"
            "request = function() n = n % #asked + 1; return asked[n] end\n"
        )
        script.flush()
        result = subprocess.run(
            ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", script.name, address],
            capture_output=True,
            text=True,
            check=True,
        )
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", result.stdout)
    return Load(
        float(re.search(r"Requests/sec:\s*([\d.]+)", result.stdout)[1]),  # type: ignore[index]
        _latency(result.stdout, 50),
        _latency(result.stdout, 99),
        int(failed[1]) if failed else 0,
    )


def _latency(text: str, percentile: int) -> float:
    found = re.search(rf"{percentile}%\s+([\d.]+)(us|ms|s)", text)
    return float(found[1]) * _UNITS[found[2]] if found else float("nan")


def _ready(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
