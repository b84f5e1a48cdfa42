"""A local HTTP server that serves files well or badly, as each test tells it to."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

LAST_MODIFIED = "Mon, 06 Jul 2026 08:00:00 GMT"

Behaviour = Callable[["Exchange"], None]


@dataclass
class Request:
    """One request as it arrived, and the body bytes that were sent in answer."""

    path: str
    headers: dict[str, str]
    sent: int = 0


@dataclass
class Server:
    """What the server does: for each path the behaviours of its requests in turn; the last one repeats."""

    behaviours: dict[str, list[Behaviour]] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    address: str = ""

    def at(self, path: str, *behaviours: Behaviour) -> str:
        """Answer requests for ``path`` with ``behaviours``; return its address."""
        self.behaviours[path] = list(behaviours)
        return self.address + path

    def sent(self, path: str) -> list[int]:
        """The body bytes sent in answer to each request for ``path``."""
        return [request.sent for request in self.requests if request.path == path]


class Exchange(BaseHTTPRequestHandler):
    """One request and its answer."""

    told: Server
    request_seen: Request

    def do_GET(self) -> None:
        self.request_seen = Request(self.path, dict(self.headers))
        self.told.requests.append(self.request_seen)
        behaviours = self.told.behaviours.get(self.path, [status(404)])
        behaviour = behaviours.pop(0) if len(behaviours) > 1 else behaviours[0]
        behaviour(self)

    def answer(self, code: int, headers: dict[str, str], body: bytes = b"") -> None:
        """Send a status, headers and a body; the caller answers for their agreement."""
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.request_seen.sent += len(body)
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the test output clean."""


def serve(content: bytes, *, etag: str | None = '"v1"', ranges: bool = True) -> Behaviour:
    """Serve ``content`` as a good server does: ranges, If-Range and conditional requests."""

    def behave(exchange: Exchange) -> None:
        asked = exchange.request_seen.headers
        headers = {"Content-Length": str(len(content)), "Last-Modified": LAST_MODIFIED}
        if etag:
            headers["ETag"] = etag
        if asked.get("If-None-Match", "absent") == etag:
            exchange.answer(304, {})
        elif ranges and asked.get("Range") and asked.get("If-Range") in (etag, LAST_MODIFIED):
            start = int(asked["Range"].removeprefix("bytes=").removesuffix("-"))
            if start >= len(content):
                exchange.answer(416, {"Content-Range": f"bytes */{len(content)}"})
                return
            headers["Content-Length"] = str(len(content) - start)
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
            exchange.answer(206, headers, content[start:])
        else:
            exchange.answer(200, headers, content)

    return behave


def truncate(content: bytes, after: int, *, etag: str | None = '"v1"') -> Behaviour:
    """Announce all of ``content``, send ``after`` bytes of it and hang up."""

    def behave(exchange: Exchange) -> None:
        headers = {"Content-Length": str(len(content))} | ({"ETag": etag} if etag else {})
        exchange.answer(200, headers, content[:after])

    return behave


def stall(content: bytes, after: int) -> Behaviour:
    """Send ``after`` bytes of ``content``, then nothing more, without hanging up."""

    def behave(exchange: Exchange) -> None:
        exchange.answer(200, {"Content-Length": str(len(content)), "ETag": '"v1"'}, content[:after])
        exchange.wfile.flush()
        exchange.told.over.wait(10)

    return behave


def drip(content: bytes, pause: float) -> Behaviour:
    """Send ``content`` byte by byte, with a pause of so many seconds after each."""

    def behave(exchange: Exchange) -> None:
        exchange.answer(200, {"Content-Length": str(len(content))})
        for byte in content:
            if exchange.told.over.is_set():
                return
            try:
                exchange.wfile.write(bytes([byte]))
            except OSError:
                return
            time.sleep(pause)

    return behave


def status(code: int, headers: dict[str, str] | None = None, body: bytes = b"") -> Behaviour:
    """Answer with a status, and with a body if given."""
    return lambda exchange: exchange.answer(code, {"Content-Length": str(len(body))} | (headers or {}), body)


def hang_up() -> Behaviour:
    """Close the connection without an answer."""
    return lambda exchange: None


@contextmanager
def running() -> Iterator[Server]:
    """Run a server on a free port of the loopback interface."""
    told = Server()
    handler = type("ToldExchange", (Exchange,), {"told": told})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    told.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        told.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
