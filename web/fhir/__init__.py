"""The FHIR terminology service: R4 below ``/fhir/r4``, R5 below ``/fhir/r5`` and ``/fhir``.

A request becomes :class:`~web.fhir.asking.Asking` and :class:`~web.fhir.parameters.Inputs`; an operation is a
function from these to a resource (``operations``). Code systems of the bundle and of the client are asked
through one interface (``system``). Wording is in ``messages.tsv``, what R4 and R5 differ in is in
``fhir_release``.
"""

from __future__ import annotations

from apiflask import APIFlask

from web.fhir.fhir_release import MOUNTS
from web.fhir.http.routes import blueprints
from web.fhir.stored import check_stored
from web.opened import opened


def register_fhir(app: APIFlask) -> None:
    """Add the FHIR service to an application.

    Raises :class:`InvalidRequestError` for a resource of the operator's folder that cannot be answered from.
    """
    check_stored(opened(app).resources, opened(app).store)
    for prefix, release, name in MOUNTS:
        for blueprint in blueprints(release, name):
            inner = blueprint.url_prefix or ""
            app.register_blueprint(blueprint, url_prefix=prefix + inner)
