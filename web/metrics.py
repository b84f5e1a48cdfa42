"""Prometheus metrics: requests by route and status, and how long they took.

With several workers ``teneleven serve`` sets ``PROMETHEUS_MULTIPROC_DIR``, through which prometheus-client
adds the workers' figures up.
"""

from __future__ import annotations

import os
from time import perf_counter

from apiflask import APIBlueprint, APIFlask
from flask import Response, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

REQUESTS = Counter("teneleven_requests_total", "Requests answered.", ["route", "method", "status"])
SECONDS = Histogram(
    "teneleven_request_seconds",
    "Time to answer, in seconds.",
    ["route"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0),
)
_UNROUTED = "unrouted"

metrics = APIBlueprint("metrics", __name__, tag="Health")


@metrics.get("/metrics")
@metrics.doc(summary="Prometheus metrics")
def expose() -> Response:
    """Answer in Prometheus' text format."""
    registry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def register(app: APIFlask) -> None:
    """Measure every request of an application and expose the figures."""
    app.before_request(_start)
    app.after_request(_count)
    app.register_blueprint(metrics)


def _start() -> None:
    g.started = perf_counter()


def count(route: str, method: str, status: int, seconds: float) -> None:
    """Count one request."""
    REQUESTS.labels(route, method, status).inc()
    SECONDS.labels(route).observe(seconds)


def _count(response: Response) -> Response:
    route = request.url_rule.rule if request.url_rule else _UNROUTED
    count(route, request.method, response.status_code, perf_counter() - g.started)
    return response
