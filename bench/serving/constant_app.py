"""The application with one route more, which answers a constant: what the server set-up can do at most."""

from __future__ import annotations

from pathlib import Path

from apiflask import APIFlask
from flask import Response

from web.app import create_app
from web.responses import answer
from web.settings import Settings

PATH = "/api/v1/constant"


def create_constant_app(bundle: Path, settings: Settings) -> APIFlask:
    """Return the application over a bundle with the constant route."""
    app = create_app(bundle, settings)

    @app.get(PATH)
    def constant() -> Response:
        return answer({"status": "ok"})

    return app
