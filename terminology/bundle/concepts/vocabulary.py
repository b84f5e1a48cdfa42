"""The codes of an ICD-11 release as the cluster grammar needs them, read from a bundle."""

from __future__ import annotations

from collections import defaultdict

from terminology.bundle.kept import kept_with_bundle
from terminology.bundle.records import ConceptRecord
from terminology.bundle.store_face import StoreFace
from terminology.cluster import ClusterVocabulary
from terminology.concept import AXES_STATED, Concept, Kind, PostcoordinationAxis
from terminology.systems import ICD11


def cluster_vocabulary(store: StoreFace, release: str | None = None) -> ClusterVocabulary:
    """Return the vocabulary of a release of ICD-11 (today's without ``release``), read once.

    Raises :class:`UnknownReleaseError`.
    """
    return _vocabulary(store, store.release(ICD11.id, release).release.id)


def axes_of(store: StoreFace, concept: ConceptRecord) -> tuple[PostcoordinationAxis, ...]:
    """Return the axes of postcoordination that WHO states for one ICD-11 code."""
    rows = store.query(
        "SELECT axis, required, allow_multiple, scale FROM axis WHERE concept_id = ? ORDER BY seq",
        (concept.id,),
    )
    return tuple(
        PostcoordinationAxis(axis, bool(required), multiple, tuple(scale.split()))
        for axis, required, multiple, scale in rows
    )


@kept_with_bundle(maxsize=4)
def _vocabulary(store: StoreFace, release: str) -> ClusterVocabulary:
    loaded = store.release(ICD11.id, release)
    span = (loaded.first_id, loaded.last_id)
    axes: dict[int, list[PostcoordinationAxis]] = defaultdict(list)
    for number, axis, required, multiple, scale in store.query(
        "SELECT concept_id, axis, required, allow_multiple, scale FROM axis "
        "WHERE concept_id BETWEEN ? AND ? ORDER BY concept_id, seq",
        span,
    ):
        axes[number].append(PostcoordinationAxis(axis, bool(required), multiple, tuple(scale.split())))
    rows = store.query(
        "SELECT c.id, c.code, c.title, c.kind, p.code, c.uri, c.foundation_uri, "
        f"c.properties LIKE '%\"{AXES_STATED}\"%' FROM concept AS c "
        "LEFT JOIN concept AS p ON p.id = c.parent_id WHERE c.id BETWEEN ? AND ? ORDER BY c.id",
        span,
    )
    concepts = (
        Concept(
            ICD11.id,
            code,
            title,
            Kind(kind),
            parent,
            axes=tuple(axes.get(number, ())),
            uri=uri,
            foundation_uri=foundation,
            properties={AXES_STATED: "stated"} if stated else {},
        )
        for number, code, title, kind, parent, uri, foundation, stated in rows
    )
    return ClusterVocabulary.of(loaded.release.id, concepts)
