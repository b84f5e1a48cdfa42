"""The routes: one blueprint per resource, mounted for R4 and for R5."""

from __future__ import annotations

from datetime import date
from typing import Any

from apiflask import APIBlueprint
from flask import Response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from terminology.bundle.kept import kept_by_size
from terminology.errors import TenElevenError
from web.fhir.asking import Asking
from web.fhir.fhir_release import RELEASES, FhirRelease, mount_of
from web.fhir.http import answering
from web.fhir.http.batch import batch
from web.fhir.http.formats import encoded, sent_resource
from web.fhir.http.metadata import described
from web.fhir.http.places import offered_methods
from web.fhir.http.reading import LISTS, read
from web.fhir.http.search import is_strict, search
from web.fhir.http.subset import subset
from web.fhir.maps.map_rows import with_rows
from web.fhir.operations.known_inputs import check_inputs
from web.fhir.operations.offered import OPERATIONS, of_instance, operation
from web.fhir.outcome import FhirError, refuse
from web.fhir.parameters import Inputs
from web.heavy.marking import heavy
from web.http.addresses import base_address
from web.opened import Opened, opened
from web.settings import settings_in_use

Json = dict[str, Any]

#: Operations whose answer depends on nothing but the bundle and the request; the latest are kept encoded.
REPEATABLE = ("lookup", "validate-code", "subsumes", "translate")
#: Bytes of them.
HOT_ANSWERS = 48 * 2**20
_LARGEST_KEPT_REQUEST = 2048
#: Resources sent along that take longer to read than to fork a process.
_LARGE_BODY = 256 * 2**10
#: Bytes of a batch of some six requests; should one of a smaller batch be long, the whole of it moves.
_LARGE_BATCH = 1_024
_DO = ("GET", "POST")
_FORM = "application/x-www-form-urlencoded"


def blueprints(fhir: FhirRelease, name: str) -> list[APIBlueprint]:
    """Return the blueprints of one FHIR release; ``name`` makes their names unique in the application."""
    found = [_server(fhir, name), *(_resource(fhir, name, kind) for kind in LISTS)]
    for blueprint in found:
        blueprint.before_request(answering.check_acceptable)
        blueprint.register_error_handler(FhirError, answering.from_fhir_error)
        blueprint.register_error_handler(TenElevenError, answering.from_domain_error)
        blueprint.register_error_handler(HTTPException, answering.from_http_error)
        blueprint.register_error_handler(RecursionError, answering.from_too_deep)
        blueprint.register_error_handler(MemoryError, answering.from_too_large)
        blueprint.register_error_handler(Exception, answering.from_crash)
    return found


def _server(fhir: FhirRelease, name: str) -> APIBlueprint:
    """Metadata, batches, server operations, and a refusal of everything else."""
    server = APIBlueprint(f"{name}_server", __name__, enable_openapi=False)

    @server.get("/metadata")
    def metadata() -> Response:
        return answering.answer(described(opened(), fhir, _base(), request.args.get("mode") or None))

    @server.post("/")
    @server.post("")
    @heavy(above=_LARGE_BATCH)
    def post_batch() -> Response:
        here = opened()
        language = request.environ.get("HTTP_ACCEPT_LANGUAGE")
        body, base = sent_resource(answering.sent_data(fhir)), _base()
        strict = is_strict(request.environ.get("HTTP_PREFER"))
        return answering.answer(
            batch(fhir, here, body, base, language, most=settings_in_use().max_entries, strict=strict)
        )

    @server.route("/$versions", methods=_DO)
    def versions() -> Response:
        return _perform(fhir, "", "versions")

    @server.post("/$closure")
    def closure() -> Response:
        return _perform(fhir, "", "closure")

    @server.route("/", methods=["GET"])
    @server.route("/<path:rest>", methods=["GET", "POST", "PUT", "DELETE", "PATCH"])
    def nowhere(rest: str = "") -> Response:
        raise _nothing_there(rest)

    return server


def _resource(fhir: FhirRelease, name: str, kind: str) -> APIBlueprint:
    """Read, search and the operations of one type of resource, on the type and on an instance."""
    blueprint = APIBlueprint(f"{name}_{kind}", __name__, enable_openapi=False, url_prefix=f"/{kind}")

    @blueprint.get("")
    def search_type() -> Response:
        inputs = Inputs.of_query(request.args.items(multi=True))
        return _searched(fhir, kind, inputs)

    @blueprint.post("/_search")
    def search_by_post() -> Response:
        if request.content_length and request.mimetype != _FORM:
            raise refuse(415, "INVALID_BODY", reason=f"a search is sent as {_FORM}")
        inputs = Inputs.of_query([*request.args.items(multi=True), *request.form.items(multi=True)])
        return _searched(fhir, kind, inputs)

    @blueprint.get("/<identifier>")
    def read_instance(identifier: str) -> Response:
        if identifier.startswith(("$", "_")):
            raise _nothing_there(f"{kind}/{identifier}")
        here, inputs = opened(), Inputs.of_query(request.args.items(multi=True))
        resource = read(here.store, fhir, kind, identifier, here.resources)
        return answering.answer(subset(with_rows(here.store, fhir, resource, inputs), inputs))

    for of, called in OPERATIONS:
        if of == kind:
            _add_operation(blueprint, fhir, kind, called)
    return blueprint


def _add_operation(blueprint: APIBlueprint, fhir: FhirRelease, kind: str, called: str) -> None:
    def on_type() -> Response:
        return _perform(fhir, kind, called)

    def on_instance(identifier: str) -> Response:
        return _perform(fhir, kind, called, identifier)

    for view in (on_type, on_instance):
        heavy(above=_LARGE_BODY)(view)
    blueprint.add_url_rule(f"/${called}", f"{called}_type", on_type, methods=_DO)
    blueprint.add_url_rule(f"/<identifier>/${called}", f"{called}_instance", on_instance, methods=_DO)


def _perform(fhir: FhirRelease, kind: str, called: str, identifier: str | None = None) -> Response:
    environ = request.environ
    data = answering.sent_data(fhir)
    here = opened()
    asked = (
        fhir.id,
        kind,
        called,
        identifier,
        environ["QUERY_STRING"],
        data,
        environ.get("HTTP_ACCEPT_LANGUAGE"),
        is_strict(environ.get("HTTP_PREFER")),
    )
    if called in REPEATABLE and len(data) + len(environ["QUERY_STRING"]) <= _LARGEST_KEPT_REQUEST:
        return answering.answer_encoded(repeated(here, date.today(), *asked))
    return answering.answer_encoded(_made(here, *asked))


@kept_by_size(HOT_ANSWERS, len)
def repeated(
    here: Opened,
    today: date,
    fhir: str,
    kind: str,
    called: str,
    identifier: str | None,
    query: str,
    data: bytes,
    language: str | None,
    strict: bool,
) -> bytes:
    """Keep the answers that are asked for often; default releases follow ``today``."""
    return _made(here, fhir, kind, called, identifier, query, data, language, strict)


def _made(
    here: Opened,
    fhir: str,
    kind: str,
    called: str,
    identifier: str | None,
    query: str,
    data: bytes,
    language: str | None,
    strict: bool,
) -> bytes:
    release = RELEASES[fhir]
    inputs = Inputs.of_query_string(query)
    if data:
        inputs = inputs.merged(_of_body(sent_resource(data), kind))
    check_inputs(called, inputs, strict=strict)
    if identifier is not None:
        inputs = of_instance(here.store, release, kind, identifier, inputs, here.resources)
    asking = Asking.of(release, here, inputs, language)
    return encoded(operation(kind, called)(asking, inputs), query)


def _of_body(resource: Json, kind: str) -> Inputs:
    """Read the inputs of a POST; a bare resource stands for the input of its type."""
    if resource.get("resourceType") == kind:
        name = kind[0].lower() + kind[1:]
        return Inputs({name: [resource], **({"url": [resource["url"]]} if resource.get("url") else {})})
    return Inputs.of_resource(resource)


def _searched(fhir: FhirRelease, kind: str, inputs: Inputs) -> Response:
    here, language = opened(), request.environ.get("HTTP_ACCEPT_LANGUAGE")
    asking = Asking.of(fhir, here, Inputs({}), language)
    strict = is_strict(request.environ.get("HTTP_PREFER"))
    return answering.answer(search(asking, kind, inputs, _base(), strict=strict))


def _nothing_there(rest: str) -> Exception:
    """Return 405 for a place that other methods are offered at, else 404."""
    offered = offered_methods(rest)
    if offered and request.method not in offered:
        return MethodNotAllowed(valid_methods=offered)
    return refuse(404, "NO_SUCH_PLACE", path=request.path)


def _base() -> str:
    """Return the address of the mount that was asked."""
    return base_address() + mount_of(request.path)
