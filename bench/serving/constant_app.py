"""The application with one route more, which answers a constant: what the server set-up can do at most."""

from __future__ import annotations

from apiflask import APIFlask
from flask import Response

from web.app import create_app
from web.responses import answer

PATH = "/api/v1/constant"


def create_constant_app() -> APIFlask:
    """Return the application of ``TENELEVEN_BUNDLE`` with the constant route."""
    app = create_app()

    @app.get(PATH)
    def constant() -> Response:
        return answer({"status": "ok"})

    return app
