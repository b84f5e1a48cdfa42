"""Liveness and readiness."""

from __future__ import annotations

from apiflask import APIBlueprint, APIFlask
from flask import Response

from web.opened import opened
from web.responses import answer

health = APIBlueprint("health", __name__, tag="Health")


@health.get("/healthz")
@health.doc(summary="Is the process alive?")
def healthz() -> Response:
    """Answer as long as the process can answer at all."""
    return answer({"status": "ok"})


@health.get("/readyz")
@health.doc(summary="Is the bundle open, and which one?")
def readyz() -> Response:
    """Answer with the hash of the open bundle."""
    store = opened().store
    store.query("SELECT 1 FROM release LIMIT 1").fetchone()
    return answer({"status": "ready", "bundle": store.content_hash, "systems": store.systems()})


def register(app: APIFlask) -> None:
    """Add the health routes to an application."""
    app.register_blueprint(health)
