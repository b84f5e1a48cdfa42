"""ICD-11 clusters: validation and description."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import Response

from terminology.bundle.concepts.vocabulary import cluster_vocabulary
from terminology.cluster import Cluster, ClusterVocabulary, describe, validate
from terminology.codes import code_key
from terminology.systems import ICD11
from web.api.contract.problems import PROBLEM_RESPONSES
from web.api.schemas.clusters import ClusterIn, ClusterOut, DescribeQuery, DescriptionOut
from web.opened import opened
from web.responses import answer

clusters = APIBlueprint("clusters", __name__, tag="Clusters")


@clusters.post("/clusters/validate")
@clusters.input(ClusterIn, location="json")
@clusters.output(ClusterOut)
@clusters.doc(summary="Validate an ICD-11 expression", responses=PROBLEM_RESPONSES)
def validate_cluster(json_data: dict[str, Any]) -> Response:
    """Check grammar, codes, places and axes of an expression of codes or URIs; say what it means in words."""
    return answer(_described(json_data["expression"], _vocabulary(json_data)))


@clusters.get("/clusters/describe")
@clusters.input(DescribeQuery, location="query")
@clusters.output(DescriptionOut)
@clusters.doc(summary="An ICD-11 expression in words, with its axes", responses=PROBLEM_RESPONSES)
def describe_cluster(query_data: dict[str, Any]) -> Response:
    """Return what an expression means, what is wrong with it, and by which axes its stems may be refined.

    A stem of ``unchecked_stems`` has no ``axes`` here because the loaded files state none of it.
    """
    expression, vocabulary = query_data["expression"], _vocabulary(query_data)
    parsed = validate(expression, vocabulary).parsed
    stems = [vocabulary.concepts.get(code_key(g.stem)) for g in parsed.groups] if parsed else []
    axes = [
        {"stem": stem.code, "axis": axis.axis, "required": axis.required, "values": axis.values}
        for stem in stems
        if stem is not None
        for axis in stem.axes
    ]
    return answer({**_described(expression, vocabulary), "axes": axes})


def _vocabulary(asked: dict[str, Any]) -> ClusterVocabulary:
    """The codes of the release that is asked for, by its name or by a day."""
    store = opened().store
    loaded = store.release(ICD11.id, asked.get("release"), asked.get("date"))
    return cluster_vocabulary(store, loaded.release.id)


def _described(expression: str, vocabulary: ClusterVocabulary) -> dict[str, Any]:
    report = validate(expression, vocabulary)
    return {
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
