"""What ``teneleven serve`` tells its workers through the environment, besides the settings."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path

from apiflask import APIFlask

from web.settings import Settings

#: The application factory, ``module:function``.
TARGET_VARIABLE = "TENELEVEN_TARGET"
#: The private folder of a running server: signs, figures, the board of long requests.
SCRATCH_VARIABLE = "TENELEVEN_SCRATCH"
TARGET = "web.app:create_app"


def scratch_folder() -> Path:
    """Return the private folder of the server that this process belongs to."""
    return Path(os.environ[SCRATCH_VARIABLE])


def create_wsgi_app(settings: Settings) -> APIFlask:
    """Return the application that the server was started with, over the bundle of the settings."""
    module, _, name = os.environ.get(TARGET_VARIABLE, TARGET).partition(":")
    app: APIFlask = getattr(import_module(module), name)(settings.bundle, settings)
    return app
