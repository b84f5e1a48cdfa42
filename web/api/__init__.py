"""The REST API, version 1: one blueprint per capability, all below ``/api/v1``."""

from __future__ import annotations

from apiflask import APIBlueprint, APIFlask

from web.api.claims import claims
from web.api.clusters import clusters
from web.api.codes import codes
from web.api.codes_by_query import codes_by_query
from web.api.compare import compare
from web.api.crosswalk import crosswalk
from web.api.impact import impact
from web.api.index import index
from web.api.known_parameters import refuse_other_bodies, refuse_unknown_parameters
from web.api.lists import lists
from web.api.payers import payers
from web.api.payment import payment
from web.api.progress import progress
from web.api.releases import releases
from web.api.scenario import scenario
from web.api.search import search
from web.api.sparse_answers import sparse
from web.api.system_path import SystemSegment
from web.api.systems import systems
from web.responses import with_cache_headers


def register_api(app: APIFlask) -> None:
    """Add the API's blueprints to an application."""
    app.url_map.converters["system"] = SystemSegment
    api = APIBlueprint("api", __name__, url_prefix="/api/v1")
    for capability in (
        systems,
        codes,
        codes_by_query,
        search,
        index,
        crosswalk,
        clusters,
        releases,
        compare,
        impact,
        lists,
        scenario,
        payers,
        payment,
        claims,
        progress,
    ):
        api.register_blueprint(capability)
    api.before_request(refuse_unknown_parameters)
    api.before_request(refuse_other_bodies)
    api.after_request(with_cache_headers)
    api.after_request(sparse)
    app.register_blueprint(api)
