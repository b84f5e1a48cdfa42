"""The application factory."""

from __future__ import annotations

from pathlib import Path

from apiflask import APIFlask

from terminology.version import VERSION
from web import docs, llms, problems
from web.api import register_api
from web.closure_tables import closure_tables
from web.fhir import register_fhir
from web.gateway import refusal
from web.http import addresses, compression, cross_origin, request_ids, security, shortcut
from web.http.request_json import StrictJson, StrictRequest
from web.openapi import complete
from web.opened import BESIDE, open_bundle
from web.pages import register_pages
from web.process import bundle_state, health, metrics, reload
from web.settings import Settings
from web.stored_resources import read_resources


def create_app(bundle: Path | None = None, settings: Settings | None = None) -> APIFlask:
    """Return the WSGI application over the bundle in a folder.

    Without ``settings`` those of the environment count; they name the bundle if ``bundle`` does not. Raises
    :class:`terminology.errors.BundleError` when there is no bundle or it cannot be served.
    """
    chosen = settings or Settings.gathered({})
    folder = bundle or chosen.bundle
    app = APIFlask(
        "web",
        title="TenEleven",
        version=VERSION,
        spec_path="/api/openapi.json",
        docs_path=None,
        json_errors=False,
    )
    app.config.update(
        OPENAPI_VERSION="3.1.0",
        DESCRIPTION="ICD-10-CM, ICD-10, ICD-11 and HCPCS codes, their hierarchy, releases and crosswalk.",
        LICENSE={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        SERVERS=[{"url": "/"}],
        MAX_CONTENT_LENGTH=chosen.max_upload_mb * 2**20,
        AUTO_404_RESPONSE=False,
        VALIDATION_ERROR_STATUS_CODE=400,
    )
    app.extensions[BESIDE] = {
        "resources": read_resources(chosen.resources),
        "closures": closure_tables(chosen.closures),
    }
    open_bundle(app, folder)
    compression.register(app)
    bundle_state.register(app)
    problems.register(app)
    metrics.register(app)
    addresses.register(app, chosen)
    cross_origin.register(app, chosen)
    refusal.register(app)
    app.json = StrictJson(app)
    app.request_class = StrictRequest
    request_ids.register(app)
    health.register(app)
    docs.register(app)
    llms.register(app)
    register_api(app)
    complete.register(app)
    register_fhir(app)
    register_pages(app)
    security.register(app)
    shortcut.register(app)
    reload.register(app, folder, chosen.check_hours)
    return app
