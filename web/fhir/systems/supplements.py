"""What supplements (CodeSystem resources of content ``supplement``) add to the concepts of a code system."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from web.fhir.parameters import canonical, split_canonical
from web.fhir.systems.system import Concept, Designation, Property

Json = dict[str, Any]


class _Addition(NamedTuple):
    """What one supplement states of one concept; ``display`` is its own name for it."""

    display: Designation | None
    designations: tuple[Designation, ...]
    properties: tuple[Property, ...]
    extensions: tuple[Json, ...]


class Supplements:
    """Several supplements of one code system, by code.

    ``key`` makes the codes of the system alike that mean the same.
    """

    def __init__(self, resources: Sequence[Json] = (), key: Callable[[str], str] = str) -> None:
        self.names = [canonical(r.get("url", ""), r.get("version")) for r in resources]
        self.declared: Mapping[str, tuple[str | None, str]] = declared_in(*resources)
        self._key = key
        self._by_code: dict[str, list[_Addition]] = {}
        for name, resource in zip(self.names, resources, strict=True):
            for raw in _flat(resource.get("concept", ())):
                if isinstance(raw.get("code"), str):
                    addition = _addition(raw, resource.get("language"), name)
                    self._by_code.setdefault(key(raw["code"]), []).append(addition)

    def added_to(self, concept: Concept) -> Concept:
        """Return a concept with what the supplements add: names, properties and extensions."""
        additions = self._by_code.get(self._key(concept.normal or concept.code), ())
        for addition in additions:
            named = addition.display
            own = (named,) if named is not None and named.value != concept.display else ()
            concept = concept._replace(
                designations=(*concept.designations, *own, *addition.designations),
                properties=(*concept.properties, *addition.properties),
                extensions=(*concept.extensions, *addition.extensions),
            )
        return concept


def supplemented(resource: Json) -> tuple[str, str | None]:
    """Return the code system a supplement adds to."""
    return split_canonical(resource.get("supplements", ""))


def declared_in(*resources: Json) -> dict[str, tuple[str | None, str]]:
    """Return the uri and type of the properties that CodeSystem resources declare, by code."""
    return {
        p.get("code", ""): (p.get("uri"), p.get("type", "string"))
        for resource in resources
        for p in resource.get("property", ())
    }


def designations_of(raw: Json) -> Iterator[Designation]:
    """Yield the designations of an element."""
    for d in raw.get("designation", ()):
        yield Designation(d.get("value", ""), d.get("language"), d.get("use"), tuple(d.get("extension", ())))


def properties_of(raw: Json) -> Iterator[Property]:
    """Yield the properties of a concept element."""
    for p in raw.get("property", ()):
        for key, value in p.items():
            if key.startswith("value"):
                yield Property(p.get("code", ""), key.removeprefix("value"), value)


def _flat(concepts: Iterable[Json]) -> Iterator[Json]:
    for raw in concepts:
        yield raw
        yield from _flat(raw.get("concept", ()))


def _addition(raw: Json, language: str | None, source: str) -> _Addition:
    return _Addition(
        Designation(raw["display"], language, source=source) if raw.get("display") else None,
        tuple(d._replace(source=source) for d in designations_of(raw)),
        tuple(properties_of(raw)),
        tuple(raw.get("extension", ())),
    )
