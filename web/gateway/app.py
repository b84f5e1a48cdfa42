"""The application as granian runs it (RSGI): what is quick at once, the rest by threads or processes.

A body is received whole, within bounds, before anything is asked of a thread: a slow client holds a
connection and nothing else. The event loop itself never waits, and lookups do not wait for it
(:mod:`web.gateway.early`).
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter, thread_time
from typing import IO

from apiflask import APIFlask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, Rule

from web.gateway.admission import Admission
from web.gateway.body import BodyLimits, Received, receive
from web.gateway.early import answer_early
from web.gateway.environ import Environ, environ_of, with_body
from web.gateway.pace import Pace
from web.gateway.refusal import KEY as REFUSAL
from web.gateway.refusal import Refusal
from web.gateway.rsgi import RequestProtocol, RequestScope
from web.heavy.board import WorkBoard
from web.heavy.exchange import Answer, answered
from web.heavy.marking import heavy_above
from web.heavy.moving import KEY as MOVABLE
from web.heavy.moving import MovedError
from web.heavy.pool import ClientGoneError, HeavyPool, RefusedWorkError
from web.http.request_ids import KEY as REQUEST_ID
from web.http.request_ids import request_id_of
from web.http.shortcut import Shortcut, is_short
from web.opened import opened
from web.process import logs, metrics, reload
from web.process.serving import create_wsgi_app, scratch_folder
from web.settings import Settings

#: Requests that wait for a thread, per thread.
_IN_LINE = 32
_LONGEST_PATH = 2_048
_BODILESS = frozenset(("GET", "HEAD", "OPTIONS"))


class Gateway:
    """An RSGI application in front of the WSGI application of one worker."""

    def __init__(self, app: APIFlask, settings: Settings, scratch: Path) -> None:
        self.app, self._settings = app, settings
        assert isinstance(app.wsgi_app, Shortcut)
        self._shortcut, self._wsgi = app.wsgi_app, app.wsgi_app.inner
        self._proxies = settings.proxies
        self._limits = BodyLimits(
            settings.max_upload_mb * 2**20, settings.body_idle_seconds, settings.body_seconds
        )
        self._admission = Admission(settings)
        self._pool = HeavyPool(settings, WorkBoard(scratch))
        self._threads = ThreadPoolExecutor(settings.threads, thread_name_prefix="answer")
        self._pace = Pace()
        self._in_line = 0
        self._bodies = 0
        self._routes: MapAdapter = app.url_map.bind("")
        #: Whether quick requests are answered before they come here.
        self.is_early = False

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Start what runs beside the event loop, once it runs."""
        loop.call_soon(self._pool.start)
        self.app.extensions["teneleven.swapped"] = lambda: loop.call_soon_threadsafe(self._swapped)

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        """End what runs beside the event loop."""
        self._pool.close()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def __rsgi__(self, scope: RequestScope, proto: RequestProtocol) -> None:
        """Answer one request."""
        if self.is_early or not self.at_once(scope, proto):
            await self._answer(environ_of(scope, self._proxies), proto)

    def at_once(self, scope: RequestScope, proto: RequestProtocol) -> bool:
        """Answer a request here and now if that is quick; return whether it was."""
        path = scope.path
        if scope.method != "GET" or len(path) > _LONGEST_PATH or not is_short(path):
            return False
        begun = perf_counter()
        environ = environ_of(scope, self._proxies)
        try:
            answer = self._shortcut.quick(environ)
        except Exception:  # it comes up again on the long way, which answers it as a fault
            return False
        if answer is None:
            return False
        route, headers, body = answer
        proto.response_bytes(200, headers, body)
        seconds, sizes = perf_counter() - begun, (0, len(body))
        metrics.count(route, "GET", 200, seconds, sizes)
        if self._settings.access_log:
            _log(environ, route, 200, seconds, sizes)
        return True

    async def _answer(self, environ: Environ, proto: RequestProtocol) -> None:
        begun = perf_counter()
        environ[REQUEST_ID] = request_id_of(environ)
        route, above = self._route(environ)
        refusal = None if above is None else self._admission.refusal(environ)
        received = Received(None, 0)
        if len(environ["PATH_INFO"]) > _LONGEST_PATH:
            refusal = Refusal(414, f"a path has at most {_LONGEST_PATH:,} characters")
        bodiless = environ["REQUEST_METHOD"] in _BODILESS and "CONTENT_LENGTH" not in environ
        if refusal is None and not bodiless:
            received = await self._receive(environ, proto)
            if received.gone:
                return
            refusal = received.refusal
        try:
            if refusal is None and above is not None and received.file and received.length > above:
                answer = await self._heavy(environ, received, route, begun, proto)
            else:
                answer = await self._here(environ, received, refusal, bodiless=bodiless)
        except MovedError:
            answer = await self._moved(environ, received, begun, proto)
        except ClientGoneError:
            return
        finally:
            if received.file is not None:
                received.file.close()
        proto.response_bytes(answer.status, answer.headers, answer.body)
        if self._settings.access_log:
            sizes = received.length, len(answer.body)
            route = route or _name(self._rule(environ))
            _log(environ, route, answer.status, perf_counter() - begun, sizes)

    async def _receive(self, environ: Environ, proto: RequestProtocol) -> Received:
        declared = environ.get("CONTENT_LENGTH", "")
        length = int(declared) if declared.isdecimal() else None
        if length == 0:
            return Received(None, 0)
        if self._bodies >= self._settings.max_bodies:
            detail = f"{self._bodies} bodies are arriving already; come back in a few seconds"
            return Received(None, 0, Refusal(503, detail, retry_after=5))
        self._bodies += 1
        metrics.BODIES.set(self._bodies)
        try:
            return await receive(proto, length, self._limits)
        finally:
            self._bodies -= 1
            metrics.BODIES.set(self._bodies)

    async def _here(
        self, environ: Environ, received: Received, refusal: Refusal | None, *, bodiless: bool
    ) -> Answer:
        """Answer in this process; raises :class:`MovedError` when that turns out to take long."""
        environ[MOVABLE] = True
        if bodiless and refusal is None and self._pace.is_quick(environ["PATH_INFO"]):
            return self._timed(_whole(environ, received))
        return await self._light(environ, received, refusal)

    async def _moved(
        self, environ: Environ, received: Received, begun: float, proto: RequestProtocol
    ) -> Answer:
        """Answer a request in a process of the pool that turned out to be long when it was begun here."""
        del environ[MOVABLE]
        rule = self._rule(environ)
        refusal = self._admission.refusal(environ)
        if refusal is not None:
            return await self._light(environ, Received(None, 0), refusal)
        if received.file is not None:
            received.file.seek(0)
        return await self._heavy(environ, received, _name(rule), begun, proto)

    async def _light(self, environ: Environ, received: Received, refusal: Refusal | None) -> Answer:
        """Answer in a thread."""
        if refusal is None and self._in_line >= _IN_LINE * self._settings.threads:
            refusal = Refusal(503, f"{self._in_line} requests wait; come back in a second", retry_after=1)
        if refusal is not None:
            metrics.REFUSED.labels(refusal.status).inc()
            environ[REFUSAL] = refusal
        self._in_line += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._threads, self._timed, _whole(environ, received)
            )
        finally:
            self._in_line -= 1

    def _timed(self, environ: Environ) -> Answer:
        """Answer in this thread, and note how much processor time that took."""
        begun = thread_time()
        answer = answered(self._wsgi, environ)
        self._pace.note(environ["PATH_INFO"], thread_time() - begun)
        return answer

    async def _heavy(
        self, environ: Environ, received: Received, route: str, begun: float, proto: RequestProtocol
    ) -> Answer:
        """Answer in a process of the pool; what the pool refuses is worded by the application."""
        bundle = opened(self.app).store.content_hash
        name, file = environ[REQUEST_ID], received.file
        try:
            answer = await self._pool.answer(
                _whole(environ, received), file, bundle, name, proto.client_disconnect()
            )
        except RefusedWorkError as refused:
            return await self._light(environ, Received(None, 0), refused.refusal)
        sizes = received.length, len(answer.body)
        metrics.count(route, environ["REQUEST_METHOD"], answer.status, perf_counter() - begun, sizes)
        return answer

    def _route(self, environ: Environ) -> tuple[str, int | None]:
        """Return the route of a request with a body, and above what size of body it is heavy, if ever."""
        if environ["REQUEST_METHOD"] in _BODILESS:
            return "", None
        rule = self._rule(environ)
        return _name(rule), None if rule is None else heavy_above(self.app.view_functions[rule.endpoint])

    def _rule(self, environ: Environ) -> Rule | None:
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
        try:
            return self._routes.match(path, environ["REQUEST_METHOD"], return_rule=True)[0]
        except HTTPException:
            return None

    def _swapped(self) -> None:
        self._pool.take_up(opened(self.app).store.content_hash)


def _name(rule: Rule | None) -> str:
    """Return a route as metrics and log name it."""
    return metrics.UNROUTED if rule is None else rule.rule


def _log(environ: Environ, route: str, status: int, seconds: float, sizes: tuple[int, int]) -> None:
    """Write the line of a request into the access log."""
    name = environ.get(REQUEST_ID) or request_id_of(environ)
    logs.log_access(name, route, environ["REQUEST_METHOD"], status, seconds, sizes, environ["REMOTE_ADDR"])


def _whole(environ: Environ, received: Received) -> Environ:
    body: IO[bytes] | None = received.file
    return with_body(environ, body, received.length or None)


def create_gateway() -> Gateway:
    """Return the gateway of a worker; all it needs to know stands in the environment."""
    settings = Settings.gathered({})
    logs.write_logs(settings)
    gateway = Gateway(create_wsgi_app(settings), settings, scratch_folder())
    gateway.is_early = answer_early(gateway.at_once)
    reload.tidy()
    return gateway
