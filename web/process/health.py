"""Liveness and readiness."""

from __future__ import annotations

from apiflask import APIBlueprint, APIFlask
from flask import Response

from web.opened import opened
from web.process.bundle_state import bundle_state
from web.responses import answer

health = APIBlueprint("health", __name__, tag="Health")


@health.get("/healthz")
@health.doc(summary="Is the process alive?")
def healthz() -> Response:
    """Answer as long as the process can answer at all."""
    return answer({"status": "ok"})


@health.get("/readyz")
@health.doc(
    summary="Is the bundle open and whole, and which one?",
    responses={200: "Yes.", 503: "It is damaged."},
)
def readyz() -> Response:
    """Answer with the hash of the open bundle, when its files were last checked, and what was refused.

    ``verified`` is false for a bundle without checksums. ``refused`` is set when the newest bundle offered
    (SIGHUP) could not be taken up: the one before is served on. 503 when files in place are damaged.
    """
    store, state = opened().store, bundle_state()
    store.check_readable()
    body = {
        "status": "damaged" if state.damaged else "ready",
        "bundle": store.content_hash,
        "systems": store.systems(),
        "built_at": store.manifest.built_at,
        "opened_at": state.opened_at,
        "verified": bool(store.manifest.files) and not state.damaged,
        "checked_at": state.checked_at,
        "swaps": state.swaps,
        "refused": state.refused,
        "refused_at": state.refused_at,
        "damaged": state.damaged,
    }
    return answer(body, 503 if state.damaged else 200)


def register(app: APIFlask) -> None:
    """Add the health routes to an application."""
    app.register_blueprint(health)
