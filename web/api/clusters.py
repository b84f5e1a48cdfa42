"""ICD-11 clusters: validation and description."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import Response

from terminology.bundle.vocabulary import cluster_vocabulary
from terminology.cluster import Cluster, ClusterVocabulary, describe, validate
from web.api.schemas.clusters import ClusterIn, ClusterOut
from web.api.schemas.problems import PROBLEM_RESPONSES
from web.opened import opened
from web.responses import answer

clusters = APIBlueprint("clusters", __name__, tag="Clusters")


@clusters.post("/clusters/validate")
@clusters.input(ClusterIn, location="json")
@clusters.output(ClusterOut)
@clusters.doc(summary="Validate an ICD-11 expression", responses=PROBLEM_RESPONSES)
def validate_cluster(json_data: dict[str, Any]) -> Response:
    """Check grammar, codes, places and axes of an expression of codes or URIs; say what it means in words."""
    vocabulary = cluster_vocabulary(opened().store, json_data.get("release"))
    report = validate(json_data["expression"], vocabulary)
    return answer(
        {
            "expression": report.expression,
            "release": vocabulary.release,
            "valid": report.valid,
            "complete": report.complete,
            "parsed": None if report.parsed is None else _parsed(report.parsed, vocabulary),
            "normalised": None if report.parsed is None else str(report.parsed),
            "description": describe(report.parsed, vocabulary) if report.parsed and report.valid else None,
            "missing_axes": report.missing_axes,
            "unchecked_stems": report.unchecked_stems,
            "precoordinated": report.precoordinated,
            "issues": report.issues,
        }
    )


def _parsed(cluster: Cluster, vocabulary: ClusterVocabulary) -> dict[str, Any]:
    return {
        "groups": [
            {
                "stem": _member(group.stem, vocabulary),
                "extensions": [_member(code, vocabulary) for code in group.extensions],
            }
            for group in cluster.groups
        ]
    }


def _member(code: str, vocabulary: ClusterVocabulary) -> dict[str, str | None]:
    concept = vocabulary.concepts.get(code.replace(".", ""))
    return {"code": code, "title": None if concept is None else concept.title}
