"""What a request can refer to by canonical url: the bundle's releases and what came with the request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from terminology.bundle.kept import kept_with_bundle
from terminology.bundle.store import Store
from terminology.systems import HCPCS, ICD10, ICD10CM, ICD11, ICF, code_system
from web.fhir.outcome import refuse
from web.fhir.parameters import canonical, split_canonical
from web.fhir.systems import versions
from web.fhir.systems.bundle_system import BundleSystem
from web.fhir.systems.core_systems import core_resources
from web.fhir.systems.supplements import supplemented
from web.fhir.systems.supplied_system import SuppliedSystem
from web.fhir.systems.system import AskedSystem
from web.fhir.valuesets.implicit_valuesets import implicit
from web.stored_resources import NONE, StoredResources

Json = dict[str, Any]

#: Other names of our code systems (OIDs of HL7's registry).
ALIASES = {
    "urn:oid:2.16.840.1.113883.6.90": ICD10CM.uri,
    "urn:oid:2.16.840.1.113883.6.3": ICD10.uri,
    "urn:oid:2.16.840.1.113883.6.285": HCPCS.uri,
    "urn:oid:2.16.840.1.113883.6.254": ICF.uri,
    "http://id.who.int/icd/release/11/icf": ICF.uri,
    "http://id.who.int/icd11/mms": ICD11.uri,
}
#: Kinds of ``CodeSystem.content`` that say nothing of what is a code.
_NO_CODES = ("supplement", "not-present", "example")
_ICD11_RELEASE = re.compile(r"http://id\.who\.int/icd/release/11/(\d{4}-\d\d)/mms")


class Registry:
    """Finds code systems, value sets and concept maps. What the request brings comes before the bundle."""

    def __init__(
        self,
        store: Store,
        supplied: Sequence[Json] = (),
        wanted_supplements: Sequence[str] = (),
        valueset_versions: Sequence[str] = (),
        fhir_version: str = "5.0.0",
        on: date | None = None,
        stored: StoredResources = NONE,
    ) -> None:
        self.store, self._core = store, core_resources(fhir_version)
        self._pinned = dict(split_canonical(c) for c in valueset_versions)
        self._own = own_systems(store, on)
        self._resources = [r for r in supplied if isinstance(r, dict)]
        self.stored = stored
        supplements = [r for r in self._everything() if r.get("content") == "supplement"]
        self.supplements = supplements
        self._check_supplements(wanted_supplements)
        self._wanted = {split_canonical(s)[0] for s in wanted_supplements}
        self._systems: dict[tuple[str, str | None], AskedSystem] = {}

    def versions(self, url: str) -> list[str | None]:
        """Return the versions of a code system that can be asked."""
        here = [r.get("version") for r in self._of("CodeSystem", url)]
        own = [s.version for s in self._own.get(ALIASES.get(url, url), ())]
        return here or own or ([self._core[url]["version"]] if url in self._core else [])

    def system(self, url: str, pattern: str | None = None) -> AskedSystem | None:
        """Return the version of a code system that a pattern names; the default one without a pattern."""
        release = _ICD11_RELEASE.fullmatch(url)
        if release:
            url, pattern = ICD11.uri, pattern or release.group(1)
        key = (url, pattern)
        if key not in self._systems:
            found = self._supplied(url, pattern) or self._loaded(url, pattern)
            if found is None and url in self._core and fits_any(self._core[url]["version"], pattern):
                found = SuppliedSystem(self._core[url])
            if found is None:
                return None
            self._systems[key] = found
        return self._systems[key]

    def own(self) -> list[BundleSystem]:
        """Return every release of the bundle, the default one of each system first."""
        return [system for group in self._own.values() for system in group]

    def valueset(self, canonical_url: str, version: str | None = None) -> Json | None:
        """Return a value set: one sent along, or an implicit one of a known code system."""
        url, named = split_canonical(canonical_url)
        version = named or version or self._pinned.get(url)
        found = self._of("ValueSet", url)
        chosen = versions.choose([r.get("version") for r in found], version)
        for resource in found:
            if resource.get("version") == chosen and (chosen is not None or version is None):
                return resource
        for resource in self._everything():
            if resource.get("resourceType") == "CodeSystem" and resource.get("valueSet") in (
                url,
                canonical_url,
            ):
                return whole_system(resource, url)
        if url in self._core and not found and fits_any(self._core[url]["version"], version):
            return self._core[url]
        return None if found else implicit(self.system, url, version)

    def pinned(self, canonical_url: str) -> str:
        """Return a canonical with the version that ``default-valueset-version`` sets, if it has none."""
        url, version = split_canonical(canonical_url)
        return canonical(url, version or self._pinned.get(url))

    def imported(self, canonical_url: str, importer: Json) -> Json | None:
        """Return a value set that another one imports: one it contains (``#id``), or any other."""
        if not canonical_url.startswith("#"):
            return self.valueset(canonical_url)
        beside = importer.get("contained", ())
        found = next((r for r in beside if isinstance(r, dict) and f"#{r.get('id')}" == canonical_url), None)
        return None if found is None else {**found, "contained": beside}

    def conceptmaps(self) -> list[Json]:
        """Return the concept maps sent along, and those of the operator's folder."""
        return [r for r in self._everything() if r.get("resourceType") == "ConceptMap"]

    def is_valueset(self, url: str) -> bool:
        """Whether a url names a value set (a usual mistake in ``Coding.system``)."""
        return bool(self._of("ValueSet", url)) or (not self.versions(url) and self.valueset(url) is not None)

    def is_supplement(self, url: str) -> bool:
        """Whether a url names a supplement."""
        return any(s.get("url") == url for s in self.supplements)

    def supplement_named(self, url: str) -> str:
        """Return the canonical of the supplement with a url."""
        found = next((s for s in self.supplements if s.get("url") == url), {})
        return canonical(url, found.get("version"))

    def find_supplement(self, canonical_url: str) -> bool:
        """Whether a supplement is here."""
        url, version = split_canonical(canonical_url)
        return any(
            s.get("url") == url and (version is None or s.get("version") == version) for s in self.supplements
        )

    def use_supplements(self, canonicals: Sequence[str]) -> None:
        """Apply further supplements, as a value set's extensions ask; raises when one is missing."""
        self._check_supplements(canonicals)
        self._wanted.update(split_canonical(c)[0] for c in canonicals)
        self._systems.clear()

    def _check_supplements(self, canonicals: Sequence[str]) -> None:
        for wanted in canonicals:
            if not self.find_supplement(wanted):
                raise refuse(404, "VALUESET_SUPPLEMENT_MISSING", supplement=wanted)

    def _everything(self) -> Iterator[Json]:
        yield from self._resources
        yield from self.stored.resources

    def _of(self, kind: str, url: str) -> list[Json]:
        """Return the resources of a url: those sent along, without such those of the operator's folder."""

        def fitting(resources: Iterable[Json]) -> list[Json]:
            return [
                r
                for r in resources
                if r.get("resourceType") == kind and r.get("url") == url and r.get("content") not in _NO_CODES
            ]

        return fitting(self._resources) or fitting(self.stored.resources)

    def _supplied(self, url: str, pattern: str | None) -> AskedSystem | None:
        found = self._of("CodeSystem", url)
        if not found:
            return None
        chosen = versions.choose([r.get("version") for r in found], pattern)
        if chosen is None and pattern is not None:
            return None
        resource = next(r for r in found if r.get("version") == chosen)
        applied = self._applied(url, chosen)
        return SuppliedSystem(resource, applied) if applied else self._made(resource)

    def _applied(self, url: str, version: str | None) -> list[Json]:
        """Return the supplements that are wanted of a version of a code system."""
        found = []
        for supplement in self.supplements if self._wanted else ():
            target, of = supplemented(supplement)
            named = supplement.get("url") in self._wanted
            if named and url in (target, ALIASES.get(target)) and of in (None, version):
                found.append(supplement)
        return found

    def _made(self, resource: Json) -> SuppliedSystem:
        """Return a supplied system; one of the operator's folder is made once."""
        if not any(resource is each for each in self.stored.resources):
            return SuppliedSystem(resource, [])
        made = self.stored.kept.get(id(resource))
        if made is None:
            made = self.stored.kept[id(resource)] = SuppliedSystem(resource, [])
        return made

    def _loaded(self, url: str, pattern: str | None) -> AskedSystem | None:
        found = self._release(url, pattern)
        if found is None:
            return None
        applied = self._applied(found.url, found.version)
        return found.supplemented(applied) if applied else found

    def _release(self, url: str, pattern: str | None) -> BundleSystem | None:
        group = self._own.get(ALIASES.get(url, url), ())
        if pattern is None:
            return group[0] if group else None
        for system in group:
            if system.version == pattern:
                return system
        chosen = versions.choose([s.version for s in group], pattern)
        return next((s for s in group if s.version == chosen), None) if chosen else None


def fits_any(version: str, pattern: str | None) -> bool:
    """Whether a version is what a pattern names, if there is one."""
    return pattern is None or versions.fits(version, pattern)


def own_systems(store: Store, on: date | None = None) -> dict[str, tuple[BundleSystem, ...]]:
    """Return the releases of a bundle by the url of their system: that of a day first, then newest first.

    Without a day today's comes first.
    """
    day = on or date.today()
    return _own_systems(store, on or store.unchanged_since(day), on is None)


@kept_with_bundle(maxsize=8)
def _own_systems(store: Store, day: date, is_today: bool) -> dict[str, tuple[BundleSystem, ...]]:
    found = {}
    for system in store.systems():
        default = store.release(system, on=day).release
        others = [r for r in reversed(store.releases(system)) if r != default]
        releases = [store.release(system, r.id) for r in (default, *others)]
        found[code_system(system).uri] = tuple(
            BundleSystem(store, loaded, day, is_today=is_today)
            if loaded.release == default
            else BundleSystem(store, loaded)
            for loaded in releases
        )
    return found


def whole_system(resource: Json, url: str) -> Json:
    """Return the value set that a code system's ``valueSet`` element names: all its codes."""
    return {
        "resourceType": "ValueSet",
        "url": url,
        "version": resource.get("version"),
        "name": resource.get("name"),
        "status": resource.get("status", "active"),
        "compose": {"include": [{"system": resource.get("url"), "version": resource.get("version")}]},
    }
