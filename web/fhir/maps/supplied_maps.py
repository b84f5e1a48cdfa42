"""Concept maps that a client sends along, asked for the translations of a code and for its sources.

Follows the terminology ecosystem where FHIR leaves a choice: a map's scope limits it even when the map is
named, ``unmapped`` is decided group by group, and a chain of ``otherMap`` is followed to its end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from web.fhir.fhir_release import r5_relationship
from web.fhir.maps.own_maps import Match
from web.fhir.outcome import refuse
from web.fhir.parameters import canonical, split_canonical
from web.fhir.registry import Registry
from web.fhir.systems.versions import VersionRules
from web.fhir.valuesets.compose import Composition

Json = dict[str, Any]
_COMMENT = "http://hl7.org/fhir/6.0/StructureDefinition/extension-ConceptMap.group.element.comment"
_SCOPES = {
    "source": ("sourceScopeUri", "sourceScopeCanonical", "sourceUri", "sourceCanonical"),
    "target": ("targetScopeUri", "targetScopeCanonical", "targetUri", "targetCanonical"),
}


class SuppliedMaps:
    """The maps of one request. ``consulted`` are those that a chain led to, beside the one it began with."""

    def __init__(self, registry: Registry, rules: VersionRules, url: str | None) -> None:
        self._registry, self._rules = registry, rules
        self._all = registry.conceptmaps()
        self.named = [m for m in self._all if url is None or _is(m, url)]
        self.consulted: dict[str, None] = {}
        self.out_of_scope = False

    def between(self, source: str | None, target: str | None) -> bool:
        """Whether a map has a group from one system to the other."""
        return any(_groups(m, source, target) for m in self.named)

    def translations(self, coding: Json, target: str | None) -> list[Match]:
        """Return what a coding translates to in a system, in any system without one; each target once."""
        found: dict[tuple[str, str], Match] = {}
        for resource in _ordered([m for m in self.named if _groups(m, coding.get("system"), target)]):
            if self._in_scope(resource, "source", coding):
                name = _name(resource)
                for match in self._forwards(resource, coding, target, name, (name,)):
                    found.setdefault((match.system, match.code), match)
        return list(found.values())

    def sources(self, coding: Json, source: str | None) -> list[Match]:
        """Return what translates to a coding; ``source`` is the system to look in."""
        found: dict[tuple[str, str], Match] = {}
        for resource in _ordered([m for m in self.named if _groups(m, source, coding.get("system"))]):
            if self._in_scope(resource, "target", coding):
                for group in _groups(resource, source, coding.get("system")):
                    for match in _backwards(resource, group, coding.get("code", "")):
                        found.setdefault((match.source["system"], match.source["code"]), match)
        return list(found.values())

    def holds(self, valueset: str, coding: Json, what: str) -> bool:
        """Whether a coding is in a value set that limits a translation; raises when that is unknown.

        The address of a code system, which clients give too, stands for all of it.
        """
        resource = self._registry.valueset(valueset)
        if resource is None and self._registry.system(valueset) is not None:
            return coding.get("system") == valueset
        if resource is None:
            raise refuse(404, "Unable_to_resolve_value_Set_", f"ConceptMap.{what}", valueset=valueset)
        system = self._registry.system(coding.get("system", ""), coding.get("version"))
        concept = system.find(coding.get("code", "")) if system else None
        if system is None or concept is None:
            return False
        return Composition(self._registry, self._rules).member(resource, system, concept) is not None

    def _in_scope(self, resource: Json, side: str, coding: Json) -> bool:
        scope = next((resource[k] for k in _SCOPES[side] if resource.get(k)), None)
        if scope is None or self.holds(scope, coding, f"{side}Scope"):
            return True
        self.out_of_scope = True
        return False

    def _forwards(
        self, resource: Json, coding: Json, target: str | None, origin: str, chain: tuple[str, ...]
    ) -> Iterator[Match]:
        for group in _groups(resource, coding.get("system"), target):
            elements = [e for e in group.get("element", ()) if e.get("code") == coding.get("code")]
            stated = [m for e in elements for m in _stated(group, e, origin)]
            yield from stated or self._unmapped(resource, group, coding, target, origin, chain)

    def _unmapped(
        self,
        resource: Json,
        group: Json,
        coding: Json,
        target: str | None,
        origin: str,
        chain: tuple[str, ...],
    ) -> Iterator[Match]:
        unmapped = group.get("unmapped")
        if not isinstance(unmapped, dict):
            return
        mode = unmapped.get("mode")
        source = {"system": coding.get("system"), "code": coding.get("code", "")}
        word = r5_relationship(unmapped.get("relationship") or unmapped.get("equivalence"))
        system, version = split_canonical(group.get("target", ""))
        if mode in ("use-source-code", "provided"):
            yield Match(source, system, source["code"], word, origin, version)
        elif mode == "fixed" and unmapped.get("code"):
            yield Match(source, system, unmapped["code"], word, origin, version, unmapped.get("display"))
        elif mode == "other-map":
            url = unmapped.get("otherMap") or unmapped.get("url") or ""
            other = next((m for m in self._all if _is(m, url)), None)
            if other is None:
                raise refuse(422, "UNKNOWN_CONCEPTMAP", what=f"group.unmapped.otherMap '{url}'")
            name = _name(other)
            if name in chain:
                path = " -> ".join([*chain, name])
                raise refuse(422, "CONCEPTMAP_CIRCULAR", conceptmap=_name(resource), path=path)
            self.consulted[name] = None
            yield from self._forwards(other, coding, target, origin, (*chain, name))


def _stated(group: Json, element: Json, origin: str) -> Iterator[Match]:
    """Yield what an element says of its code; that it has no target is an answer too."""
    source = {"system": split_canonical(group.get("source", ""))[0], "code": element.get("code", "")}
    comment = element.get("comment") or next(
        (e.get("valueString") for e in element.get("extension", ()) if e.get("url") == _COMMENT), None
    )
    targets = element.get("target", ())
    if element.get("noMap") or (targets and not any(t.get("code") for t in targets)):
        yield Match(source, "", "", "", origin, source_comment=comment)
        return
    system, version = split_canonical(group.get("target", ""))
    for target in targets:
        if target.get("code"):
            yield Match(
                source,
                system,
                target["code"],
                r5_relationship(target.get("relationship") or target.get("equivalence")),
                origin,
                version,
                target.get("display"),
                comment,
                target.get("comment"),
                tuple(target.get("product", ())),
            )


def _backwards(resource: Json, group: Json, code: str) -> Iterator[Match]:
    for element in group.get("element", ()):
        for match in _stated(group, element, _name(resource)):
            if match.code == code:
                yield match


def _groups(resource: Json, source: str | None, target: str | None) -> list[Json]:
    return [
        group
        for group in resource.get("group", ())
        if _fits(group.get("source"), source) and _fits(group.get("target"), target)
    ]


def _ordered(maps: Sequence[Json]) -> list[Json]:
    """Put a map before those it refers to, newer ones first."""
    by_date = sorted(maps, key=lambda m: str(m.get("date") or ""), reverse=True)
    referred = {
        split_canonical(u.get("otherMap") or u.get("url") or "")[0]
        for m in maps
        for g in m.get("group", ())
        if isinstance(u := g.get("unmapped"), dict)
    }
    return sorted(by_date, key=lambda m: m.get("url") in referred)


def _fits(stated: str | None, wanted: str | None) -> bool:
    return stated is None or wanted is None or split_canonical(stated)[0] == wanted


def _is(resource: Json, canonical_url: str) -> bool:
    url, version = split_canonical(canonical_url)
    return resource.get("url") == url and version in (None, resource.get("version"))


def _name(resource: Json) -> str:
    return canonical(resource.get("url"), resource.get("version"))
