"""Prometheus metrics: requests by route, their times and sizes, the pool of long requests, the bundle.

``teneleven serve`` sets ``PROMETHEUS_MULTIPROC_DIR`` before anything imports this module; through it
prometheus-client adds the workers' figures up.
"""

from __future__ import annotations

import os
from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from time import perf_counter
from typing import Any

from apiflask import APIBlueprint, APIFlask
from flask import Response, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from web.opened import opened

_BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0, 120.0)
REQUESTS = Counter("teneleven_requests_total", "Requests answered.", ["route", "method", "status"])
SECONDS = Histogram(
    "teneleven_request_seconds",
    "Time to answer, in seconds.",
    ["route"],
    buckets=_BOUNDS,
)
RECEIVED = Counter("teneleven_request_bytes_total", "Bytes of request bodies received.", ["route"])
SENT = Counter("teneleven_response_bytes_total", "Bytes of answers sent.", ["route"])
POOL_RUNNING = Gauge("teneleven_heavy_running", "Long requests being answered.", multiprocess_mode="livesum")
POOL_WAITING = Gauge("teneleven_heavy_waiting", "Long requests in line.", multiprocess_mode="livesum")
POOL_ENDED = Counter("teneleven_heavy_ended_total", "Long requests by how they ended.", ["how"])
BODIES = Gauge("teneleven_bodies_arriving", "Request bodies that are arriving.", multiprocess_mode="livesum")
REFUSED = Counter("teneleven_refused_total", "Requests the gateway refused.", ["status"])
SWAPS = Counter("teneleven_bundle_swaps_total", "Bundles offered by SIGHUP, by each worker.", ["outcome"])
DAMAGED = Gauge(
    "teneleven_bundle_damaged", "1 when files of the bundle are damaged.", multiprocess_mode="max"
)
#: The route of a request that there is nothing for.
UNROUTED = "unrouted"

metrics = APIBlueprint("metrics", __name__, tag="Health")
_TEXT: dict[int | str, dict[str, str | dict[str, dict[str, Any]]]] = {
    200: {
        "description": "Prometheus text format",
        "content": {"text/plain": {"schema": {"type": "string"}}},
    }
}


@metrics.get("/metrics")
@metrics.doc(summary="Prometheus metrics", responses=_TEXT)
def expose() -> Response:
    """Answer in Prometheus' text format."""
    flush()
    registry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return Response(generate_latest(registry) + _bundle(), content_type=CONTENT_TYPE_LATEST)


def register(app: APIFlask) -> None:
    """Measure every request of an application and expose the figures."""
    app.before_request(_start)
    app.after_request(_count)
    app.register_blueprint(metrics)


def count(route: str, method: str, status: int, seconds: float, sizes: tuple[int, int] = (0, 0)) -> None:
    """Count one request; ``sizes`` are the bytes received and sent."""
    with _TALLY_LOCK:
        tally = _TALLIES.get((route, method, status))
        if tally is None:
            tally = _TALLIES[route, method, status] = _Tally()
        tally.requests += 1
        tally.seconds += seconds
        tally.received += sizes[0]
        tally.sent += sizes[1]
        tally.buckets[bisect_left(_BOUNDS, seconds)] += 1


def flush() -> None:
    """Write what was counted where all workers' figures are added up; called some times a second.

    Written one by one they would cost a quick lookup a quarter of its time.
    """
    with _TALLY_LOCK:
        tallies = list(_TALLIES.items())
        _TALLIES.clear()
    for (route, method, status), tally in tallies:
        REQUESTS.labels(route, method, status).inc(tally.requests)
        RECEIVED.labels(route).inc(tally.received)
        SENT.labels(route).inc(tally.sent)
        histogram = SECONDS.labels(route)
        histogram._sum.inc(tally.seconds)  # a histogram has no public way to add many at once
        for bucket, times in zip(histogram._buckets, tally.buckets, strict=True):
            if times:
                bucket.inc(times)


@dataclass(slots=True)
class _Tally:
    """Requests of one route, method and status since the last flush; ``buckets`` has their times."""

    requests: int = 0
    seconds: float = 0.0
    received: int = 0
    sent: int = 0
    buckets: list[int] = field(default_factory=lambda: [0] * (len(_BOUNDS) + 1))


_TALLIES: dict[tuple[str, str, int], _Tally] = {}
_TALLY_LOCK = Lock()


def _start() -> None:
    g.started = perf_counter()


def _count(response: Response) -> Response:
    route = request.url_rule.rule if request.url_rule else UNROUTED
    sent = response.content_length if response.is_sequence else None
    sizes = request.content_length or 0, sent or 0
    g.route = route
    count(route, request.method, response.status_code, perf_counter() - g.started, sizes)
    return response


def _bundle() -> bytes:
    """Return what is known of the bundle this worker has open; all workers have the same one, soon."""
    manifest = opened().store.manifest
    try:
        age = (datetime.now(UTC) - datetime.fromisoformat(manifest.built_at)).total_seconds()
    except (ValueError, TypeError):
        age = float("nan")
    lines = (
        "# HELP teneleven_bundle_age_seconds Time since the bundle was built.",
        "# TYPE teneleven_bundle_age_seconds gauge",
        f"teneleven_bundle_age_seconds {age}",
        "# HELP teneleven_bundle_info The bundle that is open.",
        "# TYPE teneleven_bundle_info gauge",
        f'teneleven_bundle_info{{content="{manifest.content_hash}"}} 1',
    )
    return ("\n".join(lines) + "\n").encode()
