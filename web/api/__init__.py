"""The REST API, version 1: one blueprint per capability, all below ``/api/v1``."""

from __future__ import annotations

from apiflask import APIBlueprint, APIFlask

from web.api.claims.check import claims
from web.api.claims.payers import payers
from web.api.claims.payment import payment
from web.api.codes.by_query import codes_by_query
from web.api.codes.index import index
from web.api.codes.lookup import codes
from web.api.codes.releases import releases
from web.api.codes.search import search
from web.api.codes.systems import systems
from web.api.contract.known_parameters import refuse_other_bodies, refuse_unknown_parameters
from web.api.contract.sparse_answers import sparse
from web.api.contract.system_path import SystemSegment
from web.api.impact.progress import progress
from web.api.impact.report import impact
from web.api.impact.scenario import scenario
from web.api.mapping.clusters import clusters
from web.api.mapping.compare import compare
from web.api.mapping.crosswalk import crosswalk
from web.api.mapping.lists import lists
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
