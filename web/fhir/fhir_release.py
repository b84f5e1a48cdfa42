"""FHIR R4 and R5: what differs between them, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from terminology.crosswalk import Relationship

Json = dict[str, object]

_SAME = {word.value: word.value for word in Relationship}

#: R4 states what the target is to the source (ConceptMapEquivalence), R5 what the source is to the target.
_EQUIVALENCE = {
    Relationship.EQUIVALENT.value: "equivalent",
    Relationship.SOURCE_NARROWER.value: "wider",
    Relationship.SOURCE_BROADER.value: "narrower",
    Relationship.RELATED.value: "relatedto",
    Relationship.NOT_RELATED.value: "disjoint",
}
_FROM_EQUIVALENCE = {
    **{r4: r5 for r5, r4 in _EQUIVALENCE.items()},
    "equal": Relationship.EQUIVALENT.value,
    "specializes": Relationship.SOURCE_BROADER.value,
    "subsumes": Relationship.SOURCE_NARROWER.value,
    "inexact": Relationship.RELATED.value,
    "unmatched": Relationship.NOT_RELATED.value,
}


@dataclass(frozen=True, slots=True)
class FhirRelease:
    """One FHIR release as far as terminology services notice it.

    ``relation_element`` is how a match of $translate and a target of a ConceptMap name their relationship,
    ``relations`` its words by those of R5, ``map_source`` and ``map_target`` what a ConceptMap calls its
    value sets. ``native_properties``: an expansion has ``property`` elements; R4 carries them as extensions.
    ``below`` and ``same`` are what a closure table calls a code that lies below the target, or says the same.
    """

    id: str
    version: str
    relation_element: str
    relations: Mapping[str, str]
    map_source: str
    map_target: str
    native_properties: bool
    below: str
    same: str = Relationship.EQUIVALENT.value


R4 = FhirRelease(
    "r4",
    "4.0.1",
    "equivalence",
    _EQUIVALENCE,
    "sourceUri",
    "targetUri",
    native_properties=False,
    below="subsumes",
)
R5 = FhirRelease(
    "r5",
    "5.0.0",
    "relationship",
    _SAME,
    "sourceScopeUri",
    "targetScopeUri",
    native_properties=True,
    below=Relationship.SOURCE_NARROWER.value,
)
RELEASES = {release.id: release for release in (R4, R5)}
#: Where each release is served: path, release, and the name its routes have.
MOUNTS = (("/fhir/r4", R4, "fhir_r4"), ("/fhir/r5", R5, "fhir_r5"), ("/fhir", R5, "fhir"))


def mount_of(path: str) -> str:
    """Return the mount that a path lies below, the shortest when it is none's.

    >>> mount_of("/fhir/r4/CodeSystem"), mount_of("/fhir/CodeSystem")
    ('/fhir/r4', '/fhir')
    """
    return next((mount for mount, *_ in MOUNTS if path.startswith(mount)), MOUNTS[-1][0])


def release_at(path: str) -> FhirRelease:
    """Return the release that is served at a path."""
    return next(release for mount, release, _ in MOUNTS if mount == mount_of(path))


def r5_relationship(word: str | None) -> str:
    """Return the R5 word for a relationship that a ConceptMap states in R4 or R5 words."""
    if word in _SAME:
        return str(word)
    return _FROM_EQUIVALENCE.get(word or "", Relationship.RELATED.value)
