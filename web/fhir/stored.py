"""The resources of the operator's folder, checked before the first request."""

from __future__ import annotations

from terminology.bundle.store import Store
from terminology.errors import InvalidRequestError
from web.fhir.outcome import FhirError
from web.fhir.registry import ALIASES, own_systems
from web.fhir.shape import check_shape
from web.stored_resources import StoredResources


def check_stored(stored: StoredResources, store: Store) -> None:
    """Raise :class:`InvalidRequestError` for a wrong shape, or a code system of the bundle's url."""
    taken = {*own_systems(store), *ALIASES}
    for resource in stored.resources:
        name = f"{resource['resourceType']} {resource['url']}"
        try:
            check_shape(resource)
        except FhirError as fault:
            raise InvalidRequestError("resources", f"{name}: {fault}") from None
        if resource["resourceType"] == "CodeSystem" and resource["url"] in taken:
            raise InvalidRequestError("resources", f"{name}: the bundle's own code system stays as published")
